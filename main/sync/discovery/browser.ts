/**
 * The sockets of discovery: one multicast-dns socket for each link, found anew every 3 s, all feeding one record cache.
 * Invariant: no error of a socket, a frame or an interface ends the process; a socket that fails is closed and tried
 * again at the next look. Shapes and traps of the library: lan-notes.md.
 */
import { networkInterfaces } from "node:os";
import { performance } from "node:perf_hooks";
import multicastDns from "multicast-dns";
import type { DeviceId } from "../../../shared/ids.ts";
import { type Ask, type CachedPeer, type CacheEvent, emptyCache } from "./cache-state.ts";
import type { DiscoveryLog } from "./discovery.ts";
import { type Link, linksOf } from "./links.ts";
import { wakeAt } from "./peer-asks.ts";
import { step } from "./peer-cache.ts";
import { peersOf } from "./peers-nearby.ts";
import { heardRecords, MAX_FRAME_BYTES, SERVICE } from "./records.ts";

const RESCAN_MS = 3_000;
/** Frames a second that are looked at; a busy office sends a few. */
const MAX_FRAMES = 200;
/** The wall clock ran this much further than the steady one: the machine slept. */
const SLEPT_MS = 20_000;

export interface Browser {
  dialFailed(device: DeviceId): void;
  stop(): void;
}

interface BrowserOptions {
  readonly own: DeviceId;
  readonly wall: () => number;
  readonly log: DiscoveryLog;
  /** After each event that may have changed them; `seenAt` is on the steady clock, whose present time is given. */
  readonly onPeers: (peers: readonly CachedPeer[], steadyNow: number) => void;
}

type Socket = ReturnType<typeof multicastDns>;

/** Listens and asks until stopped. */
export const openBrowser = ({ own, wall, log, onPeers }: BrowserOptions): Browser => {
  const now = (): number => performance.now();
  // The first characters of an id are as good as random, and differ between the desks that ask each other.
  let cache = emptyCache(own, (Buffer.from(own, "base64url")[0] ?? 0) / 255 / 50);
  const sockets = new Map<string, Socket>();
  const complained = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let frames = { second: 0, count: 0 };
  let lead = wall() - now();
  let isStopped = false;

  const complain = (key: string, what: string, error: unknown): void => {
    if (complained.has(`${key} ${what}`) || complained.size > 200) return;
    complained.add(`${key} ${what}`);
    log.warn(what, { link: key, error: error instanceof Error ? error.message : String(error) });
  };

  const feed = (event: CacheEvent): void => {
    if (isStopped) return;
    const [next, asks] = step(cache, event);
    cache = next;
    for (const ask of asks) send(ask);
    onPeers(peersOf(cache), event.at);
    clearTimeout(timer);
    const due = wakeAt(cache);
    if (due !== undefined) timer = setTimeout(() => feed({ kind: "tick", at: now() }), Math.max(20, due - now()));
  };

  const send = (ask: Ask): void => {
    for (const [key, socket] of sockets) {
      if (ask.link !== null && ask.link !== key) continue;
      const answers = ask.known.map(({ instance, ttlSeconds }) => ({
        type: "PTR" as const,
        name: SERVICE,
        ttl: ttlSeconds,
        data: instance,
      }));
      try {
        socket.query({ questions: [...ask.questions], answers }, (error) => {
          if (error) complain(key, "A question could not be sent on a network link", error);
        });
      } catch (error) {
        complain(key, "A question could not be sent on a network link", error);
      }
    }
  };

  const drop = (key: string): void => {
    const socket = sockets.get(key);
    sockets.delete(key);
    try {
      socket?.destroy();
    } catch (error) {
      complain(key, "A network link could not be closed", error);
    }
  };

  const open = (link: Link): void => {
    const { key } = link;
    try {
      const socket = multicastDns(
        link.family === 4
          ? { interface: link.address, bind: "0.0.0.0", reuseAddr: true }
          : { type: "udp6", ip: "ff02::fb", interface: `::%${link.scope}`, bind: "::", reuseAddr: true },
      );
      sockets.set(key, socket);
      socket.on("error", (error) => {
        complain(key, "A network link cannot be listened on", error);
        if (sockets.get(key) === socket) drop(key);
      });
      socket.on("warning", (error) => complain(key, "A network link gives trouble", error));
      socket.on("response", (response, { address, size }) => {
        const at = now();
        const second = Math.floor(at / 1000);
        frames = frames.second === second ? { second, count: frames.count + 1 } : { second, count: 1 };
        if (size > MAX_FRAME_BYTES || frames.count > MAX_FRAMES) return;
        const records = heardRecords([...(response.answers ?? []), ...(response.additionals ?? [])], address);
        if (records.length > 0) feed({ kind: "heard", at, records });
      });
    } catch (error) {
      complain(key, "A network link cannot be opened", error);
    }
  };

  const rescan = (): void => {
    let links: readonly Link[] = [];
    try {
      links = linksOf(networkInterfaces(), process.platform === "win32");
    } catch (error) {
      complain("-", "The network interfaces cannot be listed", error);
    }
    const wanted = new Set(links.map(({ key }) => key));
    const gone = [...sockets.keys()].filter((key) => !wanted.has(key));
    const fresh = links.filter(({ key }) => !sockets.has(key));
    for (const key of gone) drop(key);
    for (const link of fresh) open(link);
    if (gone.length > 0 || fresh.length > 0) {
      const loopbackOnly = links.every(({ isLoopback }) => isLoopback);
      feed({ kind: "links", at: now(), links: [...sockets.keys()], loopbackOnly });
    }
    const leadNow = wall() - now();
    if (leadNow - lead > SLEPT_MS) feed({ kind: "resumed", at: now() });
    lead = leadNow;
  };

  rescan();
  const rescans = setInterval(rescan, RESCAN_MS);

  return {
    dialFailed: (device) => feed({ kind: "dial-failed", at: now(), device }),
    stop: () => {
      isStopped = true;
      clearInterval(rescans);
      clearTimeout(timer);
      for (const key of sockets.keys()) drop(key);
    },
  };
};
