/**
 * Frames on a byte stream: four bytes of length (big-endian), then the frame. The length is checked before anything is kept for
 * it, so a peer can't make memory grow beyond the limit; a longer one ends the stream with `frame_too_large`.
 */
import type { Duplex } from "node:stream";
import { AppError } from "../../shared/errors.ts";

const HEADER_BYTES = 4;

export interface FrameStream {
  /** False when more is waiting to be taken by the system than is wise; `drained` says when it is well again. */
  send(frame: Uint8Array): boolean;
  /** Bytes handed over and not yet taken by the system. */
  readonly waitingBytes: number;
  /** Whole frames, in order. One listener at a time; what came before it was set is handed over first. */
  onFrame(listener: (frame: Uint8Array) => void): void;
  /** Once, when nothing follows; the error if something was wrong. */
  onEnd(listener: (error: Error | undefined) => void): void;
  /** The largest frame taken from here on. */
  limit(maxBytes: number): void;
  /** Lets what was sent go out, then closes. */
  end(): void;
  destroy(error?: Error): void;
}

export const frameStream = (stream: Duplex, firstLimit: number): FrameStream => {
  let maxBytes = firstLimit;
  let listener: ((frame: Uint8Array) => void) | undefined;
  let ended: ((error: Error | undefined) => void) | undefined;
  let failure: Error | undefined;
  let isEnded = false;
  const pending: Uint8Array[] = [];
  let chunks: Buffer[] = [];
  let held = 0;
  const fail = (error: Error): void => {
    failure ??= error;
    stream.destroy();
  };
  /** Cuts `count` bytes off the front of what is held. */
  const take = (count: number): Buffer => {
    const all = chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks);
    chunks = all.length > count ? [all.subarray(count)] : [];
    held -= count;
    return all.subarray(0, count);
  };
  let expected: number | undefined;
  const read = (): void => {
    while (failure === undefined) {
      if (expected === undefined) {
        if (held < HEADER_BYTES) return;
        expected = take(HEADER_BYTES).readUInt32BE(0);
        if (expected > maxBytes)
          return fail(
            new AppError(
              "frame_too_large",
              `A message of ${expected} bytes came in where at most ${maxBytes} are taken; the connection was closed.`,
            ),
          );
      }
      if (held < expected) return;
      const frame = take(expected);
      expected = undefined;
      if (listener) listener(frame);
      else pending.push(frame);
    }
  };
  stream.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    held += chunk.length;
    read();
  });
  stream.on("error", (error) => {
    failure ??= error;
  });
  stream.on("close", () => {
    isEnded = true;
    ended?.(failure);
  });
  return {
    send: (frame) => {
      if (stream.destroyed || stream.writableEnded) return false;
      const header = Buffer.alloc(HEADER_BYTES);
      header.writeUInt32BE(frame.byteLength);
      stream.write(header);
      return stream.write(frame);
    },
    get waitingBytes() {
      return stream.writableLength;
    },
    onFrame: (next) => {
      listener = next;
      for (const frame of pending.splice(0)) next(frame);
    },
    onEnd: (next) => {
      ended = next;
      if (isEnded) next(failure);
    },
    limit: (bytes) => {
      maxBytes = bytes;
    },
    end: () => void stream.end(),
    destroy: (error) => {
      failure ??= error;
      stream.destroy();
    },
  };
};
