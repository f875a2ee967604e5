/**
 * What the rest of the main process knows of the store: two handles on one database file.
 * `Store` is connection 1 (reads, local commits, durable before they return); `ReplicaStore` is the sync worker's
 * connection 2 (merges, sweeps, checkpoints). SQL never leaves this folder. All calls are synchronous.
 */
import type { Edit } from "../../shared/crdt/edit.ts";
import type { TreeDifference, TreeNode, TreePart } from "../../shared/crdt/record-tree.ts";
import type { Change, Hlc, RecordCells, VersionVector } from "../../shared/crdt/types.ts";
import type { ActionId, CollectionId, DeviceId, EpochMs, RecordId, ReplicaId, WorkspaceId } from "../../shared/ids.ts";
import type { PurgeRules, PurgeVerdict } from "../../shared/protocol/purge.ts";
import type { TypeDef } from "../../shared/schema/types.ts";

/** A record in read form: a flat object by field id (`null` where absent, sets as sorted arrays, counters summed, lists as items; text fields left out). */
export interface RecordRow {
  readonly id: RecordId;
  readonly collection: CollectionId;
  readonly [field: string]: unknown;
}

export interface OpenOptions {
  /** The database file; its `-wal` and `-shm` lie beside it. */
  readonly file: string;
  readonly types: readonly TypeDef[];
  /** Wall clock, corrected by reference time where known. */
  readonly wall: () => EpochMs;
  readonly random: (bytes: number) => Uint8Array;
  /** Shared by both connections: see `gate.ts`. */
  readonly gate: SharedArrayBuffer;
  /** What names this machine in the copy token; without it, the system's own name for it. */
  readonly machine?: string;
  /** False: no history is written, and nothing can be undone (for measuring what it costs). */
  readonly keepHistory?: boolean;
}

export interface Committed {
  readonly change: Change;
  /** The records it touched, in the order of the edits, each once. */
  readonly records: readonly RecordId[];
}

export interface CommitOptions {
  readonly action: ActionId;
  /** For people and the undo button: "Assign A-42". */
  readonly label: string;
  /** False: undo passes it over, as the founding of a demo, which nobody means to take back, and typing, whose undo is the editor's own. */
  readonly undoable?: boolean;
}

export type UndoOutcome =
  | { readonly kind: "nothing" }
  | {
      readonly kind: "undone";
      readonly label: string;
      readonly committed: readonly Committed[];
      /** Cells left alone since another write came after the action. */
      readonly kept: readonly {
        readonly record: RecordId;
        readonly field: string;
      }[];
    };

/** What a check of the whole file found. */
export interface Verification {
  /** SQLite's own findings; empty when it found nothing. */
  readonly integrity: readonly string[];
  readonly fingerprint: string;
  /** The fingerprint worked out again from the rows; equal unless something is wrong. */
  readonly recomputed: string;
  /** Live records of all non-system collections, counted. */
  readonly records: number;
  /** Everything that is not as the cells say, the first hundred of it; empty for a sound file. */
  readonly differences: readonly Difference[];
}

/** One thing that is kept beside the cells and is not what they say. */
export interface Difference {
  readonly what: "integrity" | "unreadable" | "fingerprint" | "records" | "held" | "vector" | "touched" | "text" | "lookup" | "state";
  /** Null where it is about the whole file. */
  readonly record: RecordId | null;
  readonly stored: string;
  readonly recomputed: string;
}

/** One transaction of a long undo. */
export interface UndoStep {
  readonly label: string;
  /** Changes of the action dealt with so far, and in all. */
  readonly done: number;
  readonly total: number;
  readonly committed: readonly Committed[];
  readonly kept: readonly { readonly record: RecordId; readonly field: string }[];
}

/** One cell's change as the history shows it; of a text only that it was changed, without values. */
export interface HistoryEntry {
  readonly at: EpochMs;
  readonly replica: ReplicaId;
  readonly action: ActionId | null;
  readonly path: readonly string[];
  readonly from: unknown;
  readonly to: unknown;
  /** False for a value that lost to one written at the same time: at once, or a value of this desk when the other one came. */
  readonly won: boolean;
}

/** A record as it stood at an earlier time, texts left out. */
export type AsOfRow = RecordRow & {
  readonly deleted: boolean;
  /** Fields of which this desk does not know what they were then: a text that grew since, a value that came only later. */
  readonly unknown: readonly string[];
};

/** The workspace as it stood at an earlier time; reads the history of each record it is asked for. */
export interface AsOf {
  /** Undefined: there was none then. Deleted ones too, marked. */
  row(id: RecordId): AsOfRow | undefined;
  rows(collection: CollectionId): readonly AsOfRow[];
}

/** Which records are asked for, by the values of a looked-up field; an absent value counts as the field's default. */
export type Which =
  | { readonly kind: "in"; readonly values: readonly (string | number)[] }
  | { readonly kind: "notIn"; readonly values: readonly string[] }
  /** From `from` on and before `to`, by value; of these those alone whose other indexed field is (or, a set, holds) a value. */
  | {
      readonly kind: "within";
      readonly from: number;
      readonly to: number;
      readonly and?: { readonly field: string; readonly value: string | number };
    }
  /** The records that came here last, the last first. */
  | { readonly kind: "newest"; readonly value: string | number; readonly limit: number };

/** A record that search found. */
export interface SearchHit {
  readonly id: RecordId;
  readonly collection: CollectionId;
  /** False: found by a name that is only close to what was typed. */
  readonly exact: boolean;
}

export interface TextSegments {
  /** All standing Yjs updates of the field; merged with `Y.applyUpdate`, in any order. */
  readonly updates: readonly Uint8Array[];
}

export interface HeldSummary {
  readonly replica: ReplicaId;
  readonly changes: number;
  /** When the last of them joins. */
  readonly until: EpochMs;
}

/** Small durable facts of this device (kept port, peers' last addresses, burned invitations), never synced. */
export interface Notebook {
  get(key: string): string | undefined;
  set(key: string, value: string | undefined): void;
}

/** The membership log and the replicas' signed lines, as opaque bytes by hash; the rules are in `shared/membership`. */
export interface LogStore {
  operations(): readonly Uint8Array[];
  addOperations(
    operations: readonly {
      readonly hash: string;
      readonly bytes: Uint8Array;
    }[],
  ): void;
  replicaLines(): readonly {
    readonly replica: ReplicaId;
    readonly device: DeviceId;
    readonly bytes: Uint8Array;
  }[];
  addReplicaLine(line: { readonly replica: ReplicaId; readonly device: DeviceId; readonly bytes: Uint8Array }): void;
}

/** What a device has said to lie on its disk. */
export interface Acknowledged {
  /** Its replica that said so; null when none has. */
  readonly replica: ReplicaId | null;
  /** Numbers alone: the clocks in it are zero. */
  readonly vector: VersionVector;
  /** Since when it is not waited for, by an admin's word; null: it is. */
  readonly away: EpochMs | null;
}

/** One record of the trash, and what becomes of it. */
export interface PurgeLine {
  readonly record: RecordId;
  readonly collection: CollectionId;
  readonly verdict: PurgeVerdict;
}

export interface PurgeStep {
  readonly purged: readonly RecordId[];
  /** Where the next step goes on; null: all of the trash was looked at. */
  readonly next: number | null;
}

/** Removing for good what is deleted everywhere (merge.md, "Purge and rejoin"). */
export interface Purging {
  /** The purge vector: what was purged here, or by whom our vector came from. Numbers alone. */
  vector(): VersionVector;
  /** By device; those that never said anything are left out. */
  acknowledged(): ReadonlyMap<DeviceId, Acknowledged>;
  /** The device said that this lies on its disk. Nothing is written for what is known; whoever speaks is not away. */
  note(device: DeviceId, replica: ReplicaId, vector: VersionVector): void;
  /** By an admin's word: it is not waited for until it is heard again. */
  setAway(device: DeviceId, since: EpochMs): void;
  /** What would go now and what waits, for at most so many records of the trash. Changes nothing. */
  look(rules: PurgeRules, limit: number): readonly PurgeLine[];
  /** One step: looks at no more than `limit` records after `from` (0: from the beginning), and removes those that may go. */
  step(rules: PurgeRules, from: number, limit: number): PurgeStep;
}

interface Common {
  readonly replica: ReplicaId;
  readonly purging: Purging;
  readonly notebook: Notebook;
  readonly log: LogStore;
  vector(): VersionVector;
  /** 32 hex characters. */
  fingerprint(): string;
  held(): readonly HeldSummary[];
  /** Own changes beyond the highest number that any peer has durably acknowledged, and what is carried over of this file's earlier replicas. */
  unseen(): number;
  close(): void;
}

export interface Store extends Common {
  /** The letters of order numbers: set when founding or joining. */
  readonly letters: string | undefined;
  readonly workspace: WorkspaceId | undefined;
  /** Founding or joining: names the workspace and this replica's letters; only while no record is held. */
  adopt(workspace: WorkspaceId, letters: string): void;
  /** All edits as one change with one stamp, durable before it returns. At most 500 cells and 128 KiB (`change_too_large`). */
  commit(edits: readonly Edit[], options: CommitOptions): Committed;
  /** Live records of all non-system collections. */
  count(): number;
  /** Live, or deleted too if asked; undefined when there is none. */
  row(
    id: RecordId,
    options?: { readonly deleted?: boolean },
  ):
    | (RecordRow & {
        readonly deleted: boolean;
        readonly editedWhileDeleted: boolean;
      })
    | undefined;
  /** All live records of these collections, the renderer's form. Looks at every record of the file unless the collection is listed. */
  rows(collections: readonly CollectionId[]): RecordRow[];
  /** Live records by an indexed field, the renderer's form; empty for fields that are not. */
  rowsBy(collection: CollectionId, field: string, which: Which): RecordRow[];
  /** Those of these records that are live and of this collection, the renderer's form, in any order. */
  rowsOf(collection: CollectionId, records: readonly RecordId[]): RecordRow[];
  /** Live records with ids before this one (null: from the last on), the last made first, at most `limit`. */
  page(collection: CollectionId, before: RecordId | null, limit: number): RecordRow[];
  /** How many live records a listed collection has, counted no further than `most`; 0 for others. Costs as much as it counts. */
  countOf(collection: CollectionId, most: number): number;
  /** Live records that stand only since somebody edited them whom their deleter had not seen. */
  editedWhileDeleted(): readonly RecordId[];
  /** Deleted records that are still here, newest deletion first. */
  trash(): readonly (RecordRow & { readonly deletedAt: EpochMs })[];
  /** Work orders whose number is exactly this, live ones first; several when two foreign files collide. */
  byNumber(number: string): readonly RecordId[];
  /** Work orders whose number ends in `-digits`. */
  byDigits(digits: string): readonly RecordId[];
  /** Live records of a collection whose indexed field equals the value, or whose indexed set holds it; with `deleted` also deleted ones, last. */
  where(collection: CollectionId, field: string, value: string | number, options?: { readonly deleted?: boolean }): readonly RecordId[];
  /** Live records whose indexed field is a number from `from` on and before `to`, by that number. */
  between(collection: CollectionId, field: string, from: number, to: number): readonly RecordId[];
  /**
   * Live records whose searched fields have words beginning with all of the text's, or names a slip or two away; at most `limit`.
   * Always complete and of the present state; `bringInForSearch` before it keeps it short after much was written at once.
   */
  search(text: string, collections: readonly CollectionId[], limit: number): readonly SearchHit[];
  /** Brings at most so many changed records into the search index; 0 when a search is short without it, or it cannot be written. */
  bringInForSearch(records: number): number;
  text(record: RecordId, field: string): TextSegments;
  history(record: RecordId, limit: number): readonly HistoryEntry[];
  /** Throws `before_history` for a time that the history kept here does not reach back to. */
  asOf(at: EpochMs): AsOf;
  /** This replica's latest action that is not undone, taken back as a new change of `options.action`. */
  undo(options: { readonly action: ActionId; readonly target?: ActionId }): UndoOutcome;
  redo(options: { readonly action: ActionId }): UndoOutcome;
  /** The same undo in steps, one transaction each, so that the caller can yield, show progress, stop and go on later (also after a crash). */
  undoSteps(options: { readonly action: ActionId; readonly target?: ActionId }): Iterable<UndoStep>;
  /** The labels of what `undo` and `redo` would take back and do again now; null when nothing. */
  undoable(): { readonly undo: string | null; readonly redo: string | null };
  /** Checks the whole file; takes seconds for a large one. */
  verify(): Verification;
  /** This replica's highest own sequence number. */
  ownSeq(): number;
}

/** What became of one live change. */
export type LiveOutcome =
  | { readonly kind: "merged"; readonly records: readonly RecordId[] }
  | { readonly kind: "known" }
  /** Not the next of its replica: dropped, its sender owes a round. */
  | { readonly kind: "gap" }
  /** These records have no row here and the change does not create them: ask for them whole. Nothing was merged. */
  | { readonly kind: "missing"; readonly records: readonly RecordId[] };

export interface BatchOutcome {
  readonly records: readonly RecordId[];
  readonly missing: readonly RecordId[];
  readonly held: number;
}

export interface SweepBatch {
  readonly records: readonly RecordCells[];
  /** The last record id looked at; null when the sweep is through. */
  readonly cursor: RecordId | null;
}

/** What of the history is kept, and how much one step may remove. */
export interface HistoryLimits {
  /** Rows stamped before this go. */
  readonly before: EpochMs;
  /** About so many bytes stay. */
  readonly maxBytes: number;
  /** At most so many rows go at once. */
  readonly rows: number;
}

/** The hash tree over all records that repairs walk; read and compared as it was when it was last made. */
export interface RecordTreeStore {
  /** Works at it for about so many records; true when it stands. One of the state as it is now is not made again. */
  build(records: number): boolean;
  /** What lies below each of these nodes; null when there is no tree. */
  read(nodes: readonly TreeNode[]): readonly TreePart[] | null;
  /** Where another desk's parts differ from ours; null when there is no tree. */
  compare(parts: readonly TreePart[]): TreeDifference | null;
  /** How often it was read or compared so far. */
  readonly uses: number;
  drop(): void;
}

export interface ReplicaStore extends Common {
  readonly tree: RecordTreeStore;
  /** Cells beyond `base`, in record-id order after `cursor`, about `maxBytes` of them at most (one record may be larger). */
  sweep(base: VersionVector, cursor: RecordId | null, maxBytes: number): SweepBatch;
  /** Everything held of these records, each whole. */
  whole(records: readonly RecordId[]): readonly RecordCells[];
  /**
   * Merges a catch-up batch. Idempotent; the vector does not move. `limit`: reference time plus five minutes, as an HLC. `seen`: of our own
   * changes, what those who wrote this had seen (all if left out): a later value of ours that it stands over was written at the same time.
   */
  mergeBatch(records: readonly RecordCells[], limit: Hlc, seen?: number): BatchOutcome;
  /** It holds no record and knows of no change. */
  isEmpty(): boolean;
  /** A sweep has ended: its vector is taken in, and with it what its sender had purged. */
  takeVector(vector: VersionVector, purge?: VersionVector): void;
  mergeLive(change: Change, limit: Hlc, seen?: number): LiveOutcome;
  /** The highest number seen anywhere of these replicas (also beyond the vector), with its clock; zero where that is not known. */
  seen(replicas: readonly ReplicaId[]): VersionVector;
  /** The clock of one of our own changes; undefined when nothing here tells it any more. */
  ownHlc(seq: number): Hlc | undefined;
  /** Merges held cells that are due; the records they touched. */
  mergeDue(limit: Hlc): readonly RecordId[];
  /** What a peer has durably taken in of our own replica. */
  acknowledge(device: DeviceId, seq: number): void;
  /** A peer was found to hold all that we hold: nothing is carried any more. */
  carriedSeen(): void;
  /** One step of keeping the history within its limits: the rows that went, fewer than `limits.rows` when it is within them. */
  trimHistory(limits: HistoryLimits): number;
  /** Brings at most so many changed records into the search index, making way for local commits; how many that were. */
  updateSearch(records: number): number;
  /** Syncs the WAL to disk, so that what was merged may be acknowledged. */
  sync(): void;
  /** The two-step checkpoint beside the writers. */
  checkpoint(): void;
}
