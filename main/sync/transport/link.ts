/**
 * A member's WebSocket as a `Link`. Messages are binary, at most 1 MiB, uncompressed; whatever else comes closes it.
 * What arrives before `listen` waits; nothing is called after `closed`.
 */
import type { TLSSocket } from "node:tls";
import type { WebSocket } from "ws";
import type { DeviceId } from "../../../shared/ids.ts";
import { type Link, type LinkHandlers, MAX_MESSAGE_BYTES } from "./api.ts";
import { plainAddress } from "./peer.ts";

const CLOSE_TIMEOUT_MS = 2000;
/** A peer that reads nothing is cut before its queue fills our memory. */
const MAX_BUFFERED_BYTES = 32 * MAX_MESSAGE_BYTES;
const MAX_REASON_BYTES = 123;
const UNSUPPORTED = 1003;

type Event = (handlers: LinkHandlers) => void;

const shortReason = (reason: string): string => {
  let short = reason;
  while (Buffer.byteLength(short) > MAX_REASON_BYTES) short = short.slice(0, -1);
  return short;
};

export const openLink = (socket: WebSocket, line: TLSSocket, device: DeviceId, dialled: boolean): Link => {
  const remoteAddress = plainAddress(line.remoteAddress);
  const remotePort = line.remotePort ?? 0;
  const early: Event[] = [];
  let handlers: LinkHandlers | undefined;
  let closed = false;
  const tell = (event: Event): void => {
    if (handlers) event(handlers);
    else early.push(event);
  };
  const close = (code: number, reason: string): void => {
    if (socket.readyState !== socket.OPEN) return;
    socket.close(code, shortReason(reason));
    setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS).unref();
  };
  const overfull = (): boolean => {
    if (socket.bufferedAmount <= MAX_BUFFERED_BYTES) return false;
    socket.terminate();
    return true;
  };
  socket.pause();
  socket.on("message", (data, isBinary) => {
    if (closed) return;
    if (!isBinary || !(data instanceof Buffer)) close(UNSUPPORTED, "Only binary messages");
    else tell(({ message }) => message(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
  });
  socket.on("ping", overfull); // answered by ws itself
  socket.on("pong", () => tell(({ pong }) => pong()));
  socket.on("error", () => undefined); // the close that always follows tells the code
  socket.on("close", (code, reason) => {
    closed = true;
    tell((listeners) => listeners.closed(code, reason.toString("utf8")));
  });
  return {
    device,
    dialled,
    remoteAddress,
    remotePort,
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    get open() {
      return !closed && socket.readyState === socket.OPEN;
    },
    listen: (listeners) => {
      handlers = listeners;
      for (const event of early.splice(0)) event(listeners);
      socket.resume();
    },
    send: (bytes) => {
      if (closed || socket.readyState !== socket.OPEN || overfull()) return false;
      socket.send(bytes, { binary: true }, () => undefined); // a failed write ends in `closed`
      return true;
    },
    ping: () => {
      if (!closed && socket.readyState === socket.OPEN && !overfull()) socket.ping();
    },
    close,
    terminate: () => socket.terminate(),
  };
};
