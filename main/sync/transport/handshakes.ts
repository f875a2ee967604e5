/**
 * How many TLS handshakes may be open at once: they cost the listener CPU, so a stranger may not open them without limit.
 * Counted from the first packet to the verdict; beyond the limits the line is cut before any work is done for it.
 */
import type { Socket } from "node:net";
import type { Server } from "node:tls";
import { plainAddress } from "./peer.ts";

const MAX_PER_ADDRESS = 16;
const MAX_IN_ALL = 128;

const keyOf = (line: Socket): string => `${plainAddress(line.remoteAddress)} ${line.remotePort}`;

/** Starts counting on a server. A handshake counts for `timeoutMs` at most, whatever becomes of it. */
export const limitHandshakes = (server: Server, timeoutMs: number): void => {
  const open = new Map<string, { readonly address: string; readonly timer: NodeJS.Timeout }>();
  const perAddress = new Map<string, number>();
  const done = (key: string): void => {
    const entry = open.get(key);
    if (entry === undefined) return;
    open.delete(key);
    clearTimeout(entry.timer);
    const left = (perAddress.get(entry.address) ?? 1) - 1;
    if (left > 0) perAddress.set(entry.address, left);
    else perAddress.delete(entry.address);
  };
  server.on("connection", (line: Socket) => {
    const address = plainAddress(line.remoteAddress);
    const key = keyOf(line);
    const count = perAddress.get(address) ?? 0;
    if (count >= MAX_PER_ADDRESS || open.size >= MAX_IN_ALL) {
      line.destroy();
      return;
    }
    perAddress.set(address, count + 1);
    const timer = setTimeout(() => done(key), timeoutMs);
    timer.unref();
    open.set(key, { address, timer });
    line.once("close", () => done(key));
  });
  server.on("secureConnection", (socket) => done(keyOf(socket)));
};
