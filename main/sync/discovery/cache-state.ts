/**
 * The shape of what is known of the desks nearby. Invariant: a peer stands only while its SRV record does (a PTR
 * outlives a killed desk by an hour), and everything is keyed by the device id of the TXT record, since names and
 * addresses repeat, change and lie. Rules: lan-notes.md.
 */
import type { DeviceId } from "../../../shared/ids.ts";
import type { HeardRecord } from "./records.ts";

/** All times are milliseconds of one steady clock that starts anywhere. */
export type SteadyMs = number;

export interface Question {
  readonly name: string;
  readonly type: "PTR" | "SRV" | "TXT" | "A" | "AAAA";
}

/** An instance we know already, so that its desk need not answer. */
export interface KnownAnswer {
  readonly instance: string;
  readonly ttlSeconds: number;
}

/** To be asked on one link, or on all (`null`). */
export interface Ask {
  readonly link: string | null;
  readonly questions: readonly Question[];
  readonly known: readonly KnownAnswer[];
}

export interface CachedPeer {
  readonly device: DeviceId;
  readonly workspaceTag: string;
  /** The first label of the service's name. */
  readonly name: string;
  /** Newest first; of the same age (10 s) IPv4 before IPv6 before link-local. */
  readonly addresses: readonly { readonly host: string; readonly port: number; readonly seenAt: SteadyMs }[];
}

export interface Service {
  readonly spelled: string;
  readonly ptr: { readonly ttlMs: number; readonly until: SteadyMs } | null;
  readonly srv: {
    readonly target: string;
    readonly port: number;
    readonly at: SteadyMs;
    readonly ttlMs: number;
    readonly until: SteadyMs;
  } | null;
  readonly txt: { readonly device: DeviceId; readonly workspaceTag: string; readonly at: SteadyMs } | null;
  /** How many of the three renewals of the present SRV were asked for. */
  readonly renewals: number;
  /** Asking for what a reply left out; `asks` counts. */
  readonly gap: { readonly asks: number; readonly nextAt: SteadyMs } | null;
  /** A dial failed: the SRV must be heard again before `until`. */
  readonly probe: { readonly until: SteadyMs; readonly nextAt: SteadyMs } | null;
  readonly probedAt: SteadyMs;
}

export interface Address {
  readonly seenAt: SteadyMs;
  readonly until: SteadyMs;
}

export interface PeerCache {
  readonly own: DeviceId;
  /** A share of a record's life, 0 to 0.02, so that not all desks ask at once. */
  readonly spread: number;
  readonly services: ReadonlyMap<string, Service>;
  readonly hosts: ReadonlyMap<string, ReadonlyMap<string, Address>>;
  readonly links: ReadonlyMap<string, { readonly asks: number; readonly openedAt: SteadyMs; readonly nextAt: SteadyMs }>;
  /** Nothing but loopback is there: only then its addresses count. */
  readonly loopbackOnly: boolean;
}

export type CacheEvent =
  | { readonly kind: "heard"; readonly at: SteadyMs; readonly records: readonly HeardRecord[] }
  | { readonly kind: "links"; readonly at: SteadyMs; readonly links: readonly string[]; readonly loopbackOnly: boolean }
  /** The machine slept, or the network changed: ask as if just started. */
  | { readonly kind: "resumed"; readonly at: SteadyMs }
  | { readonly kind: "dial-failed"; readonly at: SteadyMs; readonly device: DeviceId }
  | { readonly kind: "tick"; readonly at: SteadyMs };

/** Of one peer or host; more is either a flood or of no use. */
export const MAX_ADDRESSES = 16;
/** Since a link opened: the first questions, then one a minute. */
export const FIRST_ASKS_MS = [100, 1_000, 3_000, 9_000] as const;

export const emptyCache = (own: DeviceId, spread: number): PeerCache => ({
  own,
  spread,
  services: new Map(),
  hosts: new Map(),
  links: new Map(),
  loopbackOnly: false,
});
