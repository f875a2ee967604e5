/**
 * The reducer of discovery: heard records, passing time and failed dials in, questions out. No sockets, no clock.
 * A goodbye, a failed dial and an ended SRV are the only ways a peer goes. Rules: lan-notes.md.
 */
import {
  type Address,
  type Ask,
  type CacheEvent,
  FIRST_ASKS_MS,
  MAX_ADDRESSES,
  type PeerCache,
  type Service,
  type SteadyMs,
} from "./cache-state.ts";
import { advance } from "./peer-asks.ts";
import type { HeardRecord } from "./records.ts";

const MAX_SERVICES = 500;
const GOODBYE_MS = 1_000;
const PROBE_MS = 3_000;
/** A desk that is there but refuses us fails every dial: it is not asked for more often than this. */
const PROBE_REST_MS = 5_000;

/** One event; the questions to send now. Call again with `tick` at `wakeAt`. */
export const step = (cache: PeerCache, event: CacheEvent): readonly [PeerCache, readonly Ask[]] => {
  const next = apply(cache, event);
  return advance(next, event.at);
};

const apply = (cache: PeerCache, event: CacheEvent): PeerCache => {
  switch (event.kind) {
    case "heard":
      return event.records.length === 0 ? cache : hear(cache, event.records, event.at);
    case "links": {
      const links = new Map(
        event.links.map((link) => [link, cache.links.get(link) ?? { asks: 0, openedAt: event.at, nextAt: event.at + FIRST_ASKS_MS[0] }]),
      );
      return { ...cache, links, loopbackOnly: event.loopbackOnly };
    }
    case "resumed": {
      const fresh = { asks: 0, openedAt: event.at, nextAt: event.at + FIRST_ASKS_MS[0] };
      return { ...cache, links: new Map([...cache.links.keys()].map((link) => [link, fresh])) };
    }
    case "dial-failed": {
      const services = new Map(cache.services);
      for (const [instance, service] of services) {
        if (service.txt?.device !== event.device || service.probe !== null || event.at - service.probedAt < PROBE_REST_MS) continue;
        services.set(instance, { ...service, probe: { until: event.at + PROBE_MS, nextAt: event.at }, probedAt: event.at });
      }
      return { ...cache, services };
    }
    case "tick":
      return cache;
  }
};

const hear = (cache: PeerCache, records: readonly HeardRecord[], at: SteadyMs): PeerCache => {
  const services = new Map(cache.services);
  for (const record of records) {
    if (record.type === "address") continue;
    const known = services.get(record.instance);
    if (known === undefined && (record.ttlMs === 0 || record.type === "txt" || services.size >= MAX_SERVICES)) continue;
    const spelled = record.type === "txt" ? record.instance : record.spelled;
    services.set(record.instance, hearAbout(known ?? unknownService(spelled), record, at));
  }
  // A TXT that stood before its PTR or SRV in the frame.
  for (const record of records) {
    const known = record.type === "txt" ? services.get(record.instance) : undefined;
    if (record.type === "txt" && record.ttlMs > 0 && known?.txt === null) services.set(record.instance, hearAbout(known, record, at));
  }
  const targets = new Set([...services.values()].flatMap(({ srv }) => (srv === null ? [] : [srv.target])));
  const hosts = new Map([...cache.hosts].filter(([host]) => targets.has(host)));
  for (const record of records) {
    if (record.type !== "address" || !targets.has(record.host)) continue;
    const addresses = new Map(hosts.get(record.host));
    const known = addresses.get(record.address);
    if (record.ttlMs > 0) addresses.set(record.address, { seenAt: at, until: at + record.ttlMs });
    else if (known !== undefined) addresses.set(record.address, { ...known, until: Math.min(known.until, at + GOODBYE_MS) });
    if (addresses.size > MAX_ADDRESSES) addresses.delete(oldest(addresses));
    hosts.set(record.host, addresses);
  }
  return { ...cache, services, hosts };
};

const unknownService = (spelled: string): Service => ({
  spelled,
  ptr: null,
  srv: null,
  txt: null,
  renewals: 0,
  gap: null,
  probe: null,
  probedAt: Number.NEGATIVE_INFINITY,
});

/** A goodbye lets the service stand for one second more: a desk that only renames or moves is back by then. */
const hearAbout = (service: Service, record: Exclude<HeardRecord, { type: "address" }>, at: SteadyMs): Service => {
  const until = at + (record.ttlMs > 0 ? record.ttlMs : GOODBYE_MS);
  switch (record.type) {
    case "ptr":
      if (record.ttlMs > 0) return { ...service, spelled: record.spelled, ptr: { ttlMs: record.ttlMs, until } };
      return { ...service, ptr: null, srv: service.srv && { ...service.srv, until: Math.min(service.srv.until, until) } };
    case "srv":
      if (record.ttlMs === 0) return { ...service, srv: service.srv && { ...service.srv, until: Math.min(service.srv.until, until) } };
      return {
        ...service,
        spelled: record.spelled,
        srv: { target: record.target, port: record.port, at, ttlMs: record.ttlMs, until },
        renewals: 0,
        probe: null,
      };
    case "txt":
      return record.ttlMs === 0 ? service : { ...service, txt: { device: record.device, workspaceTag: record.workspaceTag, at } };
  }
};

const oldest = (addresses: ReadonlyMap<string, Address>): string => [...addresses].reduce((a, b) => (b[1].seenAt < a[1].seenAt ? b : a))[0];
