/**
 * When a deleted record may go for good: every other device has durably acknowledged all that it is made of, its deletions and what their
 * lists name; nothing in it is held; it lay in the trash for a while. Time alone is never a reason. Source: merge.md, "Purge and rejoin".
 */
import { isDeletionPath } from "../crdt/paths.ts";
import type { Cell, Stamp, VersionVector } from "../crdt/types.ts";
import { type DeviceId, type EpochMs, isReplicaText, parseEpochMs, type ReplicaId } from "../ids.ts";
import { EMPTY_VECTOR, seqOf } from "./vector.ts";

/** For each replica the highest number that something is made of. */
export type Reach = ReadonlyMap<ReplicaId, number>;

export interface Deleted {
  readonly reach: Reach;
  /** Something in it is stamped in the future. */
  readonly isHeld: boolean;
  /** The latest deletion, by its stamp. */
  readonly deletedAt: EpochMs;
}

export interface PurgeRules {
  /** Reference time. */
  readonly now: EpochMs;
  /** How long a record stays in the trash at least. */
  readonly trashMs: number;
  /** What is on this device's own disk. */
  readonly own: VersionVector;
  /** What each device that is waited for has durably acknowledged; empty where nothing was heard of it. */
  readonly others: ReadonlyMap<DeviceId, VersionVector>;
}

export type PurgeVerdict =
  | { readonly kind: "goes" }
  /** Part of it is stamped in the future, or has not come whole. */
  | { readonly kind: "unsettled" }
  | { readonly kind: "recent"; readonly until: EpochMs }
  | { readonly kind: "waits"; readonly devices: readonly DeviceId[] };

/** All that a record's cells, its creation and its deletions' lists name. */
export const reachOf = (creation: Stamp, cells: readonly Cell[]): Reach => {
  const reach = new Map<ReplicaId, number>();
  const add = (replica: ReplicaId, seq: number): void => {
    if (seq > (reach.get(replica) ?? 0)) reach.set(replica, seq);
  };
  add(creation.replica, creation.seq);
  for (const { path, stamp, value } of cells) {
    add(stamp.replica, stamp.seq);
    if (!isDeletionPath(path) || value === null || typeof value !== "object" || value instanceof Uint8Array) continue;
    for (const [replica, seqs] of Object.entries(value)) {
      if (!isReplicaText(replica) || !Array.isArray(seqs)) continue;
      for (const seq of seqs) if (typeof seq === "number") add(replica, seq);
    }
  }
  return reach;
};

const hasAll = (vector: VersionVector, reach: Reach): boolean => {
  for (const [replica, seq] of reach) if (seq > seqOf(vector, replica)) return false;
  return true;
};

/** May it go, and if not, why. */
export const judgePurge = ({ reach, isHeld, deletedAt }: Deleted, { now, trashMs, own, others }: PurgeRules): PurgeVerdict => {
  if (isHeld || !hasAll(own, reach)) return { kind: "unsettled" };
  if (deletedAt + trashMs > now) return { kind: "recent", until: parseEpochMs(deletedAt + trashMs) ?? deletedAt };
  const devices = [...others].filter(([, vector]) => !hasAll(vector, reach)).map(([device]) => device);
  return devices.length === 0 ? { kind: "goes" } : { kind: "waits", devices };
};

/**
 * Whom purging waits for: every other member, unless an admin said that it is away; whoever is connected is never away.
 * Of each, what it has durably acknowledged.
 */
export const waitedFor = (
  others: Iterable<DeviceId>,
  acknowledged: ReadonlyMap<DeviceId, { readonly vector: VersionVector; readonly away: EpochMs | null }>,
  connected: ReadonlySet<DeviceId>,
): PurgeRules["others"] => {
  const waited = new Map<DeviceId, VersionVector>();
  for (const device of others) {
    const known = acknowledged.get(device);
    if (known === undefined) waited.set(device, EMPTY_VECTOR);
    else if (known.away === null || connected.has(device)) waited.set(device, known.vector);
  }
  return waited;
};
