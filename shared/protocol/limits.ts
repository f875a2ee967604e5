/**
 * The bounds of `switchyard.v1`, each checked before anything is allocated for what it bounds.
 * Sender and receiver use the same numbers; bytes unless said otherwise. Sources: merge.md, contracts.md, trust.md.
 */
export const PROTOCOL = { min: 1, max: 1 } as const;

/** A WebSocket message that the transport takes is at most 1 MiB; longer messages travel in pieces of this size. */
export const PIECE_BYTES = 512 * 1024;
/** A message put together from its pieces, and what a compressed body may expand to. */
export const MESSAGE_BYTES = 16 * 1024 * 1024;
/** What a sender aims at for one batch of a sweep, before compression. One record may be larger. */
export const BATCH_BYTES = 256 * 1024;
/** Arrays and maps within each other: a message's own shape and a value of depth 16. */
export const MAX_DEPTH = 24;
export const MAX_CHANGE_CELLS = 500;
export const MAX_REPLICAS = 100_000;
export const MAX_HEADS = 1_000;
export const MAX_OPERATION_BYTES = 4 * 1024;
export const MAX_OPERATIONS = 100_000;
export const MAX_PATH_SEGMENTS = 8;
export const MAX_SEGMENT_BYTES = 256;
/** Records asked for whole in one message, and live changes that may wait for them. */
export const MAX_NEEDED = 1_000;
/** Nodes of a hash tree asked for in one message, and records fetched at once in a repair. */
export const MAX_TREE_NODES = 8;
export const MAX_REPAIR_RECORDS = 64;
export const MAX_WAITING_CHANGES = 256;
/** Batches that may be under way to a receiver at once. */
export const CREDIT = 4;
/** From the first byte to open records, milliseconds. */
export const GREETING_MS = 15_000;
