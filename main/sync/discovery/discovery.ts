/**
 * LAN discovery: says on every network link that this device listens, and tells which others do. mDNS is a hint and no
 * proof: peers are keyed by the device id they claim, and believed only once the dialled key matches it (trust.md).
 * Runs in a worker thread; the rest of the sync worker knows nothing of DNS.
 */
import { advertise } from "dnssd-advertise";
import { type DeviceId, type EpochMs, parseEpochMs } from "../../../shared/ids.ts";
import { openBrowser } from "./browser.ts";
import type { CachedPeer } from "./cache-state.ts";

export interface DiscoveryLog {
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
}

/** A device that says it listens nearby. */
export interface NearbyPeer {
  readonly device: DeviceId;
  /** A short hash of its workspace's id; empty while it has none. */
  readonly workspaceTag: string;
  /** To be dialled in this order, newest first. `host` may carry a scope (`fe80::1%eth0`). */
  readonly addresses: readonly { readonly host: string; readonly port: number; readonly lastSeen: EpochMs }[];
  /** What its service is called on the network: for people, proves nothing. */
  readonly name?: string;
}

export interface DiscoveryOptions {
  readonly device: DeviceId;
  readonly workspaceTag: string;
  /** Where this device listens for its peers. */
  readonly port: number;
  readonly wall: () => EpochMs;
  readonly log: DiscoveryLog;
  /** What the service is called, at most 40 characters of it; everyone on the network can read it. Without it a neutral name. */
  readonly name?: string;
}

export interface Discovery {
  /** Calls back at once and after each change of who is there, under which tag, or where. Returns its end. */
  onPeers(listener: (peers: readonly NearbyPeer[]) => void): () => void;
  /** Asks for the device at once; without an answer in 3 s it goes. */
  dialFailed(device: DeviceId): void;
  /** After founding, joining, or moving to another port. */
  update(change: { readonly workspaceTag: string; readonly port: number }): void;
  /** Says goodbye and closes all sockets; await it before the process ends. */
  stop(): Promise<void>;
}

/** The seconds after which a desk that was killed is forgotten, if nobody dials it before. */
const TTL_SECONDS = 120;
const TXT_VERSION = "1";
/** A goodbye is a courtesy: a network that takes longer does without. */
const GOODBYE_PATIENCE_MS = 2_000;

/** Starts at once and goes on through lost links, changed addresses and sleep, until stopped. Never throws. */
export const startDiscovery = ({ device, workspaceTag, port, wall, log, name }: DiscoveryOptions): Discovery => {
  const listeners = new Set<(peers: readonly NearbyPeer[]) => void>();
  let peers: readonly NearbyPeer[] = [];
  let told = "[]";

  const browser = openBrowser({
    own: device,
    wall,
    log,
    onPeers: (cached, steadyNow) => {
      const sketch = sketchOf(cached);
      if (sketch === told) return;
      told = sketch;
      const at = wall();
      peers = cached.map((peer) => nearbyPeer(peer, at, at - steadyNow));
      for (const listener of listeners) listener(peers);
    },
  });

  const short = device
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "")
    .slice(0, 8);
  const announce = (tag: string, at: number): (() => Promise<void>) => {
    try {
      return advertise({
        name: serviceName(name ?? "Switchyard", short),
        type: "switchyard",
        protocol: "tcp",
        hostname: `sy-${short}`,
        port: at,
        ttl: TTL_SECONDS,
        txt: { v: TXT_VERSION, id: device, ws: tag },
        onError: (error) => log.warn("Announcing on the network gives trouble", { error: String(error) }),
      });
    } catch (error) {
      log.warn("This desk cannot be announced on the network", { error: String(error) });
      return async () => undefined;
    }
  };

  let announced = { workspaceTag, port };
  let isStopped = false;
  /** The advertiser that runs; changes and the end wait for one another. */
  let running = Promise.resolve(announce(workspaceTag, port));
  const end = async (stop: () => Promise<void>): Promise<void> => {
    const patience = new Promise<void>((resolve) => setTimeout(resolve, GOODBYE_PATIENCE_MS).unref());
    await Promise.race([stop().catch((error: unknown) => log.warn("The goodbye could not be sent", { error: String(error) })), patience]);
  };

  return {
    onPeers: (listener) => {
      listeners.add(listener);
      listener(peers);
      return () => listeners.delete(listener);
    },
    dialFailed: (peer) => browser.dialFailed(peer),
    update: (change) => {
      if (isStopped || (change.workspaceTag === announced.workspaceTag && change.port === announced.port)) return;
      announced = { workspaceTag: change.workspaceTag, port: change.port };
      running = running.then(async (stop) => {
        await end(stop);
        return announce(change.workspaceTag, change.port);
      });
    },
    stop: async () => {
      if (isStopped) return;
      isStopped = true;
      browser.stop();
      listeners.clear();
      await end(await running);
    },
  };
};

const nearbyPeer = ({ device, workspaceTag, name, addresses }: CachedPeer, at: EpochMs, lead: number): NearbyPeer => ({
  device,
  workspaceTag,
  name,
  addresses: addresses.map(({ host, port, seenAt }) => ({ host, port, lastSeen: parseEpochMs(Math.round(lead + seenAt)) ?? at })),
});

/** Equal for lists that a listener need not tell apart: all but when an address was last seen. */
const sketchOf = (peers: readonly CachedPeer[]): string =>
  JSON.stringify(
    peers.map(({ device, workspaceTag, name, addresses }) => [device, workspaceTag, name, addresses.map(({ host, port }) => [host, port])]),
  );

/** At most 63 bytes with what the advertiser appends to a name that is taken; no dots, which some software cuts at. */
const serviceName = (name: string, short: string): string => {
  let fitting = "";
  for (const character of name.replaceAll(".", " ").trim()) {
    if (Buffer.byteLength(fitting + character) > 40) break;
    fitting += character;
  }
  return `${fitting} ${short}`;
};
