/**
 * Leases of Yjs client ids: which editor may write as which client. One pool a text; a client id has one live holder, since two
 * editors that share one lose characters for good. A lease that ended without a word is not given again in this run of the host
 * nor in the next, so what its editor had not yet been told is safe is never mistaken for another's. Pure. Source: merge.md, "Text".
 */
import type { EpochMs, ReplicaId } from "../../ids.ts";
import { hashOfText } from "../hash.ts";

const SEED = 0x6e6f7465;

/** The slot under which the store takes texts back, within one transaction each; never leased. */
export const TAKE_BACK_SLOT = -1;

/** The client id of a replica's slot: 53 bits of a hash, never 0. */
export const clientIdOf = (replica: ReplicaId, slot: number): number => {
  const hash = hashOfText(`${replica}/${slot}`, SEED);
  const id = ((hash[0] ?? 0) >>> 11) * 2 ** 32 + ((hash[1] ?? 0) >>> 0);
  return id === 0 ? 1 : id;
};

export interface Lease {
  readonly editor: string;
  readonly slot: number;
  readonly usedAt: EpochMs;
}

export interface LeasePool {
  /** Even and odd runs of the host take even and odd slots in turn. */
  readonly run: number;
  readonly live: readonly Lease[];
  /** Slots whose lease lapsed in this run. */
  readonly lapsed: readonly number[];
}

export const emptyPool = (run: number): LeasePool => ({ run, live: [], lapsed: [] });

/** Gives the lowest free slot to an editor. */
export const openLease = (pool: LeasePool, editor: string, now: EpochMs): readonly [LeasePool, Lease] => {
  const taken = new Set([...pool.lapsed, ...pool.live.map(({ slot }) => slot)]);
  let slot = pool.run % 2;
  while (taken.has(slot)) slot += 2;
  const lease: Lease = { editor, slot, usedAt: now };
  return [{ ...pool, live: [...pool.live, lease] }, lease];
};

/** The editor has sent all it had: its slot is free again. */
export const closeLease = (pool: LeasePool, editor: string): LeasePool => ({
  ...pool,
  live: pool.live.filter((lease) => lease.editor !== editor),
});

export const useLease = (pool: LeasePool, editor: string, now: EpochMs): LeasePool => ({
  ...pool,
  live: pool.live.map((lease) => (lease.editor === editor ? { ...lease, usedAt: now } : lease)),
});

/** Ends leases that were not used since `before`: their windows are probably gone. */
export const lapseIdle = (pool: LeasePool, before: EpochMs): readonly [LeasePool, readonly Lease[]] => {
  const idle = pool.live.filter(({ usedAt }) => usedAt < before);
  if (idle.length === 0) return [pool, idle];
  return [
    {
      ...pool,
      live: pool.live.filter(({ usedAt }) => usedAt >= before),
      lapsed: [...pool.lapsed, ...idle.map(({ slot }) => slot)],
    },
    idle,
  ];
};
