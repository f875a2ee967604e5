/**
 * A TLS connection that speaks in frames: 4 bytes of length (big endian), then at most 64 KiB. For peers that are no members (yet).
 * Reading stops while four frames wait, so a stranger cannot fill the memory.
 */
import type { TLSSocket } from "node:tls";
import { AppError } from "../../../shared/errors.ts";
import type { Channel } from "./api.ts";
import { type PeerKey, plainAddress } from "./peer.ts";

export const MAX_FRAME_BYTES = 64 * 1024;
const HEADER_BYTES = 4;
const MAX_WAITING = 4;
/** For a peer that does not close its end. */
const END_TIMEOUT_MS = 2000;
const EXPORTER = "EXPORTER-switchyard-invite";

const closedError = (): AppError => new AppError("channel_closed", "The other device closed the connection.");

interface Receiver {
  readonly resolve: (frame: Uint8Array) => void;
  readonly reject: (error: AppError) => void;
}

/** Takes over the socket: it must have passed its handshake, and nobody else may read from it. */
export const openChannel = (socket: TLSSocket, peer: PeerKey): Channel => {
  const exporter = new Uint8Array(socket.exportKeyingMaterial(32, EXPORTER, Buffer.alloc(0)));
  const waiting: Uint8Array[] = [];
  let buffer = Buffer.alloc(0);
  let receiver: Receiver | undefined;
  let failure: AppError | undefined;

  const fail = (error: AppError): void => {
    failure ??= error;
    receiver?.reject(failure);
  };
  const deliver = (frame: Uint8Array): void => {
    if (receiver) receiver.resolve(frame);
    else waiting.push(frame);
  };
  const readFrames = (): void => {
    while (buffer.length >= HEADER_BYTES && waiting.length < MAX_WAITING) {
      const length = buffer.readUInt32BE(0);
      if (length > MAX_FRAME_BYTES) {
        fail(new AppError("channel_garbled", "The other device sent something that is no Switchyard message."));
        socket.destroy();
        return;
      }
      if (buffer.length < HEADER_BYTES + length) break;
      const frame = new Uint8Array(buffer.subarray(HEADER_BYTES, HEADER_BYTES + length));
      buffer = buffer.subarray(HEADER_BYTES + length);
      deliver(frame);
    }
    if (waiting.length >= MAX_WAITING) socket.pause();
    else socket.resume();
  };
  socket.on("data", (data: Buffer) => {
    buffer = Buffer.concat([buffer, data]);
    readFrames();
  });
  socket.on("error", () => fail(closedError())); // reset and the like: all the same to who waits here
  socket.on("end", () => fail(closedError()));
  socket.on("close", () => fail(closedError()));

  return {
    device: peer.device,
    publicKey: peer.publicKey,
    remoteAddress: plainAddress(socket.remoteAddress),
    exporter,
    send: (frame) =>
      new Promise((resolve, reject) => {
        if (frame.length > MAX_FRAME_BYTES) throw new AppError("frame_too_large", "A frame is longer than 64 KiB.");
        const header = Buffer.alloc(HEADER_BYTES);
        header.writeUInt32BE(frame.length, 0);
        socket.write(Buffer.concat([header, frame]), (error) => (error ? reject(closedError()) : resolve()));
      }),
    receive: (timeoutMs) => {
      const next = waiting.shift();
      if (next) {
        readFrames();
        return Promise.resolve(next);
      }
      if (failure) return Promise.reject(failure);
      return new Promise<Uint8Array>((resolve, reject) => {
        const timer = setTimeout(
          () => receiver?.reject(new AppError("channel_timeout", "The other device took too long to answer.")),
          timeoutMs,
        );
        const settle = (): void => {
          clearTimeout(timer);
          receiver = undefined;
        };
        receiver = {
          resolve: (frame) => {
            settle();
            resolve(frame);
          },
          reject: (error) => {
            settle();
            reject(error);
          },
        };
      });
    },
    end: () => {
      socket.end();
      setTimeout(() => socket.destroy(), END_TIMEOUT_MS).unref();
    },
    destroy: () => socket.destroy(),
  };
};
