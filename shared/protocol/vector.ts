/**
 * Version vectors: what two replicas say of each other, compared, joined, and written to the wire.
 * They only grow; all functions leave their arguments as they are. Source: merge.md, "Vector, live changes, catch-up".
 */
import type { Hlc, VectorEntry, VersionVector } from "../crdt/types.ts";
import type { ReplicaId } from "../ids.ts";
import { asCount, asHlc, asList, asReplica, bytesFromHex } from "./fields.ts";
import { withEntry } from "./layered-vector.ts";
import { MAX_REPLICAS } from "./limits.ts";
import { garbled } from "./refusal.ts";

export const EMPTY_VECTOR: VersionVector = new Map();

export const seqOf = (vector: VersionVector, replica: ReplicaId): number => vector.get(replica)?.seq ?? 0;

/** The entries of `vector` that `base` has not, or less of. */
export const beyond = (vector: VersionVector, base: VersionVector): VersionVector => {
  const more = new Map<ReplicaId, VectorEntry>();
  for (const [replica, entry] of vector) if (entry.seq > seqOf(base, replica)) more.set(replica, entry);
  return more;
};

/** Does `base` have all of `vector`? */
export const covers = (base: VersionVector, vector: VersionVector): boolean => {
  for (const [replica, entry] of vector) if (entry.seq > seqOf(base, replica)) return false;
  return true;
};

/** For each replica the greater of the two. Gives `a` itself when `b` adds nothing. */
export const join = (a: VersionVector, b: VersionVector): VersionVector => {
  const more = beyond(b, a);
  return more.size === 0 ? a : new Map([...a, ...more]);
};

/** `vector` with one replica further on. */
export const advanced = (vector: VersionVector, replica: ReplicaId, seq: number, hlc: Hlc): VersionVector =>
  seq > seqOf(vector, replica) ? withEntry(vector, replica, { seq, hlc }) : vector;

/** The wire form: replica as 16 bytes, seq, HLC. */
export const packVector = (vector: VersionVector): readonly unknown[] =>
  Array.from(vector, ([replica, { seq, hlc }]) => [bytesFromHex(replica), seq, hlc]);

export const readVector = (value: unknown, what: string): VersionVector => {
  const vector = new Map<ReplicaId, VectorEntry>();
  for (const item of asList(value, what, MAX_REPLICAS)) {
    const [replica, seq, hlc] = asList(item, what, 3);
    const id = asReplica(replica, what);
    if (vector.has(id)) throw garbled(what);
    vector.set(id, { seq: asCount(seq, what), hlc: asHlc(hlc, what) });
  }
  return vector;
};

/**
 * What equal vectors have in common whatever their order: hash it for the digest in `hello`. The numbers alone: after a fork two desks may
 * know one number with two clocks, and neither lacks a change for that.
 */
export const vectorText = (vector: VersionVector): string =>
  [...vector]
    .filter(([, { seq }]) => seq > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([replica, { seq }]) => `${replica} ${seq}\n`)
    .join("");
