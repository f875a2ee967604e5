/**
 * The clockwork of the record cache: what has ended by now, what is due to be asked, and when to look again.
 * A service is asked about when a part of it is missing, its SRV nears its end, or a dial to it failed (lan-notes.md).
 */
import {
  type Address,
  type Ask,
  FIRST_ASKS_MS,
  type KnownAnswer,
  type PeerCache,
  type Question,
  type Service,
  type SteadyMs,
} from "./cache-state.ts";
import { SERVICE } from "./records.ts";

/** More do not fit one frame of an Ethernet; the desks left out answer once more, which harms nobody. */
const MAX_KNOWN = 30;
/** RFC 6762 would double this up to an hour; a minute finds a healed partition soon and costs one small frame. */
const STEADY_ASK_MS = 60_000;
const GAP_ASKS_MS = [0, 1_000, 3_000, 9_000] as const;
const RENEWAL_SHARES = [0.8, 0.9, 0.95] as const;
const PROBE_ASK_MS = 1_000;

/** Drops what has ended and collects the questions that are due. */
export const advance = (cache: PeerCache, at: SteadyMs): readonly [PeerCache, readonly Ask[]] => {
  const hosts = new Map<string, ReadonlyMap<string, Address>>();
  for (const [host, addresses] of cache.hosts) hosts.set(host, new Map([...addresses].filter(([, { until }]) => until > at)));

  const services = new Map<string, Service>();
  const questions: Question[] = [];
  for (const [instance, service] of cache.services) {
    if (endOf(service) <= at) continue;
    const [kept, asked] = askAbout({ ...cache, hosts }, service, at);
    services.set(instance, kept);
    questions.push(...asked);
  }

  const known = knownAnswers(services, at);
  const asks: Ask[] = questions.length > 0 ? [{ link: null, questions, known: [] }] : [];
  const links = new Map(cache.links);
  for (const [link, { asks: count, openedAt, nextAt }] of cache.links) {
    if (nextAt > at) continue;
    asks.push({ link, questions: [{ name: SERVICE, type: "PTR" }], known });
    const early = FIRST_ASKS_MS[count + 1];
    links.set(link, { asks: count + 1, openedAt, nextAt: early === undefined ? at + STEADY_ASK_MS : Math.max(at + 1, openedAt + early) });
  }
  return [{ ...cache, services, hosts, links }, asks];
};

const askAbout = (cache: PeerCache, service: Service, at: SteadyMs): readonly [Service, readonly Question[]] => {
  let kept = service;
  let isAsked = false;
  if (service.probe !== null && service.probe.nextAt <= at) {
    kept = { ...kept, probe: { ...service.probe, nextAt: at + PROBE_ASK_MS } };
    isAsked = true;
  }
  if (renewalAt(cache, service) <= at) {
    kept = { ...kept, renewals: service.renewals + 1 };
    isAsked = true;
  }
  const addresses = service.srv && cache.hosts.get(service.srv.target);
  const isWhole = service.txt !== null && addresses != null && addresses.size > 0;
  if (isWhole) kept = { ...kept, gap: null };
  else {
    const gap = service.gap ?? { asks: 0, nextAt: at };
    if (gap.nextAt <= at) {
      const wait = GAP_ASKS_MS[gap.asks + 1] ?? STEADY_ASK_MS;
      kept = { ...kept, gap: { asks: gap.asks + 1, nextAt: at + wait } };
      isAsked = true;
    }
  }
  return [kept, isAsked ? everythingOf(service) : []];
};

const everythingOf = ({ spelled, srv }: Service): readonly Question[] => [
  { name: spelled, type: "SRV" },
  { name: spelled, type: "TXT" },
  ...(srv === null
    ? []
    : ([
        { name: srv.target, type: "A" },
        { name: srv.target, type: "AAAA" },
      ] as const)),
];

/** RFC 6762, 7.1: only answers with more than half of their life left. One not seen whole is left out, so that it is told again. */
const knownAnswers = (services: ReadonlyMap<string, Service>, at: SteadyMs): readonly KnownAnswer[] => {
  const known: KnownAnswer[] = [];
  for (const { spelled, ptr, srv, txt, gap, probe } of services.values()) {
    if (ptr === null || srv === null || txt === null || gap !== null || probe !== null || ptr.until - at <= ptr.ttlMs / 2) continue;
    known.push({ instance: spelled, ttlSeconds: Math.floor((ptr.until - at) / 1000) });
  }
  return known.length > MAX_KNOWN ? [] : known;
};

/** When something is next due, or undefined when there is nothing to wait for. */
export const wakeAt = (cache: PeerCache): SteadyMs | undefined => {
  let at = Number.POSITIVE_INFINITY;
  for (const link of cache.links.values()) at = Math.min(at, link.nextAt);
  for (const service of cache.services.values()) {
    at = Math.min(at, endOf(service), renewalAt(cache, service), service.gap?.nextAt ?? at, service.probe?.nextAt ?? at);
  }
  for (const addresses of cache.hosts.values()) for (const { until } of addresses.values()) at = Math.min(at, until);
  return Number.isFinite(at) ? at : undefined;
};

/** When a service is forgotten: at the end of its SRV, of a probe without answer, or, never seen whole, of its PTR. */
const endOf = (service: Service): SteadyMs => {
  const life = service.srv?.until ?? service.ptr?.until ?? Number.NEGATIVE_INFINITY;
  return service.probe === null ? life : Math.min(life, service.probe.until);
};

const renewalAt = (cache: PeerCache, { srv, renewals }: Service): SteadyMs => {
  const share = RENEWAL_SHARES[renewals];
  return srv === null || share === undefined ? Number.POSITIVE_INFINITY : srv.at + srv.ttlMs * (share + cache.spread);
};
