/**
 * When to dial whom: a book of peers with their addresses, and back-off with jitter for those that do not answer. Pure; times are
 * monotonic milliseconds and randomness is passed in as a number in [0, 1). A peer that is connected or being dialled is never due.
 */
import type { DeviceId } from "../ids.ts";

/** `good`: answered before. `nearby`: seen by discovery. `typed`: given by a person. `told`: the peer said where it listens. */
export type AddressSource = "good" | "nearby" | "typed" | "told";

export interface Address {
  readonly host: string;
  readonly port: number;
  readonly source: AddressSource;
}

interface PeerEntry {
  /** Best first. */
  readonly addresses: readonly Address[];
  readonly state: "idle" | "dialling" | "connected";
  /** Dials in a row that led to nothing. */
  readonly failures: number;
  readonly dueAt: number;
}

export type PeerBook = ReadonlyMap<DeviceId, PeerEntry>;

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;
/** The device with the greater id waits so long at first: of two connections the other's would stay anyhow. */
const COURTESY_MS = 700;
const MAX_ADDRESSES = 8;
const ORDER: Readonly<Record<AddressSource, number>> = { typed: 0, good: 1, nearby: 2, told: 3 };

/** Doubles from half a second to half a minute; between half and all of it, so that desks that lost one hub do not come back at once. */
export const backoffMs = (failures: number, random: number): number =>
  Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures, 16)) * (0.5 + random / 2);

const UNKNOWN: PeerEntry = { addresses: [], state: "idle", failures: 0, dueAt: 0 };

const put = (book: PeerBook, device: DeviceId, change: Partial<PeerEntry>): PeerBook =>
  new Map(book).set(device, { ...(book.get(device) ?? UNKNOWN), ...change });

const merged = (known: readonly Address[], news: readonly Address[]): readonly Address[] => {
  const byPlace = new Map<string, Address>();
  for (const address of [...news, ...known]) {
    const place = `${address.host} ${address.port}`;
    const other = byPlace.get(place);
    if (other === undefined || ORDER[address.source] < ORDER[other.source]) byPlace.set(place, address);
  }
  return [...byPlace.values()].sort((a, b) => ORDER[a.source] - ORDER[b.source]).slice(0, MAX_ADDRESSES);
};

/** Addresses came up; a peer that was seen right now is dialled soon, whatever failed before. */
export const found = (book: PeerBook, self: DeviceId, device: DeviceId, addresses: readonly Address[], now: number): PeerBook => {
  const entry = book.get(device) ?? UNKNOWN;
  const all = merged(entry.addresses, addresses);
  const isNews =
    all.length !== entry.addresses.length ||
    all.some(({ host, port }, at) => host !== entry.addresses[at]?.host || port !== entry.addresses[at]?.port);
  if (!isNews) return book;
  return put(book, device, { addresses: all, failures: 0, dueAt: now + (self < device ? 0 : COURTESY_MS) });
};

/** Discovery no longer sees it: what came from there alone is dropped. */
export const vanished = (book: PeerBook, device: DeviceId): PeerBook => {
  const entry = book.get(device);
  return entry === undefined ? book : put(book, device, { addresses: entry.addresses.filter(({ source }) => source !== "nearby") });
};

export const dialling = (book: PeerBook, device: DeviceId): PeerBook => put(book, device, { state: "dialling" });

/** A session is open; `address` is the one that led to it, where we dialled. */
export const connected = (book: PeerBook, device: DeviceId, address: Address | null): PeerBook => {
  const entry = book.get(device) ?? UNKNOWN;
  const addresses = address === null ? entry.addresses : merged(entry.addresses, [{ ...address, source: "good" }]);
  return put(book, device, { addresses, state: "connected" });
};

/** A dial led to nothing. */
export const failed = (book: PeerBook, device: DeviceId, now: number, random: number): PeerBook => {
  const entry = book.get(device) ?? UNKNOWN;
  if (entry.state === "connected") return book;
  return put(book, device, { state: "idle", failures: entry.failures + 1, dueAt: now + backoffMs(entry.failures, random) });
};

/** The last connection with it ended in an ordinary way. */
export const lost = (book: PeerBook, self: DeviceId, device: DeviceId, now: number, random: number): PeerBook =>
  put(book, device, { state: "idle", failures: 0, dueAt: now + backoffMs(0, random) + (self < device ? 0 : COURTESY_MS) });

/** The last connection with it ended by an error or before it was open: the next attempt will hardly do better, so waits grow. */
export const refused = (book: PeerBook, device: DeviceId, now: number, random: number): PeerBook =>
  failed(put(book, device, { state: "idle" }), device, now, random);

/** The machine woke up or its network changed: everybody at once. */
export const woken = (book: PeerBook, now: number): PeerBook => {
  const next = new Map(book);
  for (const [device, entry] of book) if (entry.state === "idle") next.set(device, { ...entry, failures: 0, dueAt: now });
  return next;
};

export const forgotten = (book: PeerBook, device: DeviceId): PeerBook => {
  const next = new Map(book);
  next.delete(device);
  return next;
};

const isWaiting = ({ state, addresses }: PeerEntry): boolean => state === "idle" && addresses.length > 0;

/** Whom to dial now. */
export const due = (book: PeerBook, now: number): readonly DeviceId[] =>
  [...book].filter(([, entry]) => isWaiting(entry) && entry.dueAt <= now).map(([device]) => device);

/** When somebody is due next; Infinity when nobody is. */
export const nextDue = (book: PeerBook): number =>
  Math.min(Number.POSITIVE_INFINITY, ...[...book.values()].filter(isWaiting).map(({ dueAt }) => dueAt));
