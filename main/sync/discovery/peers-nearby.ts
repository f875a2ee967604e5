/**
 * The peers that stand in the record cache, by device. Two services of one device (two network cards, a rename)
 * are one peer with the addresses of both; loopback counts only where nothing else is there (lan-notes.md).
 */
import type { DeviceId } from "../../../shared/ids.ts";
import { type CachedPeer, MAX_ADDRESSES, type PeerCache, type SteadyMs } from "./cache-state.ts";
import { isLinkLocal, isLoopback, SERVICE } from "./records.ts";

/** The peers that stand, ours left out; two services of one device are one peer. */
export const peersOf = (cache: PeerCache): readonly CachedPeer[] => {
  const found = new Map<DeviceId, { txtAt: SteadyMs; workspaceTag: string; name: string; addresses: Map<string, Address> }>();
  for (const service of cache.services.values()) {
    if (service.srv === null || service.txt === null || service.txt.device === cache.own) continue;
    const { device, workspaceTag, at } = service.txt;
    const peer = found.get(device) ?? { txtAt: Number.NEGATIVE_INFINITY, workspaceTag, name: "", addresses: new Map() };
    if (at >= peer.txtAt) Object.assign(peer, { txtAt: at, workspaceTag, name: service.spelled.slice(0, -SERVICE.length - 1) });
    for (const [host, { seenAt }] of cache.hosts.get(service.srv.target) ?? []) {
      if (isLoopback(host) && !cache.loopbackOnly) continue;
      const key = `${host} ${service.srv.port}`;
      const known = peer.addresses.get(key);
      if (known === undefined || known.seenAt < seenAt) peer.addresses.set(key, { host, port: service.srv.port, seenAt });
    }
    found.set(device, peer);
  }
  return [...found]
    .filter(([, peer]) => peer.addresses.size > 0)
    .map(([device, { workspaceTag, name, addresses }]) => ({
      device,
      workspaceTag,
      name,
      addresses: [...addresses.values()].sort(dialOrder).slice(0, MAX_ADDRESSES),
    }))
    .sort((a, b) => (a.device < b.device ? -1 : 1));
};

/** One announcement comes over several links within some milliseconds; without this their order would change each time. */
const SAME_AGE_MS = 10_000;

type Address = CachedPeer["addresses"][number];

const dialOrder = (a: Address, b: Address): number =>
  Math.floor(b.seenAt / SAME_AGE_MS) - Math.floor(a.seenAt / SAME_AGE_MS) ||
  rank(a.host) - rank(b.host) ||
  (a.host < b.host ? -1 : a.host > b.host ? 1 : a.port - b.port);

const rank = (host: string): number => (!host.includes(":") ? 0 : isLinkLocal(host) ? 2 : 1);
