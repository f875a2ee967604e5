/**
 * `switchyard-log.v1`: a device that the listener does not know hands over operations and is sent nothing until they make it a member;
 * then one byte says so and it dials again. Frames hold packed arrays of operations, an empty frame ends them. Bounds: trust.md.
 */
import { AppError } from "../../../shared/errors.ts";
import { MAX_OPERATION_BYTES } from "../../../shared/membership/operation.ts";
import { type Packed, pack, unpack } from "../../../shared/membership/packing.ts";
import type { Channel } from "./api.ts";
import { MAX_FRAME_BYTES } from "./channel.ts";

const MAX_LOG_BYTES = 4 * 1024 * 1024;
const LOG_TIMEOUT_MS = 10_000;
const ACCEPTED = 1;
/** What a packed array and each item's header add, at most. */
const FRAME_OVERHEAD = 5;
const ITEM_OVERHEAD = 5;

/** Operations in as few frames as hold them; each frame is a packed array of byte strings. */
export const framesOf = (operations: readonly Uint8Array[]): readonly Uint8Array[] => {
  const frames: Uint8Array[] = [];
  let open: Uint8Array[] = [];
  let size = FRAME_OVERHEAD;
  for (const operation of operations) {
    if (size + operation.length + ITEM_OVERHEAD > MAX_FRAME_BYTES) {
      frames.push(pack(open));
      open = [];
      size = FRAME_OVERHEAD;
    }
    open.push(operation);
    size += operation.length + ITEM_OVERHEAD;
  }
  return open.length > 0 ? [...frames, pack(open)] : frames;
};

/** Undefined unless the frame is a packed array of operations' sizes of bytes. */
const operationsOf = (frame: Uint8Array): readonly Uint8Array[] | undefined => {
  const read: Packed | undefined = unpack(frame);
  if (!Array.isArray(read)) return undefined;
  const items: Uint8Array[] = [];
  for (const item of read as readonly Packed[]) {
    if (!(item instanceof Uint8Array) || item.length > MAX_OPERATION_BYTES) return undefined;
    items.push(item);
  }
  return items;
};

/** Frames up to the empty one, within the limits. Throws `channel_…` and `log_too_large`. */
export const receiveOperations = async (channel: Channel, maxBytes: number, timeoutMs: number): Promise<readonly Uint8Array[]> => {
  const deadline = performance.now() + timeoutMs;
  const operations: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const frame = await channel.receive(Math.max(1, deadline - performance.now()));
    if (frame.length === 0) return operations;
    bytes += frame.length;
    if (bytes > maxBytes) throw new AppError("log_too_large", "The other device sent more operations than a log may hold.");
    const read = operationsOf(frame);
    if (read === undefined) throw new AppError("channel_garbled", "The other device sent something that is no membership log.");
    operations.push(...read);
  }
};

/** The listener's side. Closes without a byte unless `take` says that the device is a member now. */
export const receiveLog = async (
  channel: Channel,
  take: (operations: readonly Uint8Array[]) => boolean | Promise<boolean>,
): Promise<void> => {
  const operations = await receiveOperations(channel, MAX_LOG_BYTES, LOG_TIMEOUT_MS);
  if (!(await take(operations))) {
    channel.destroy();
    return;
  }
  await channel.send(Uint8Array.of(ACCEPTED));
  channel.end();
};

/** The dialler's side: true when the other device knows us now. */
export const sendLog = async (channel: Channel, operations: readonly Uint8Array[]): Promise<boolean> => {
  try {
    for (const frame of framesOf(operations)) await channel.send(frame);
    await channel.send(new Uint8Array());
    const answer = await channel.receive(LOG_TIMEOUT_MS);
    return answer.length === 1 && answer[0] === ACCEPTED;
  } finally {
    channel.destroy();
  }
};
