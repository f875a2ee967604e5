/**
 * Two vectors compared without sending them: their entries in 256 buckets by the first byte of the replica's id, a digest each, and then
 * the entries of those buckets alone whose digests differ. So a reconnect with news costs a few kilobytes however many replicas the
 * workspace ever had. A bucket that is empty has no digest. Source: design.md, "Protocol".
 */
import { hashOfText } from "../crdt/hash.ts";
import type { VectorEntry, VersionVector } from "../crdt/types.ts";
import type { ReplicaId } from "../ids.ts";

/** In hello: whoever lacks it is told the whole vector. */
export const DIGESTS_CAPABILITY = "digests";

/** Hex of 8 bytes by bucket. */
export type VectorDigests = ReadonlyMap<number, string>;

export const VECTOR_BUCKETS = 256;

const bucketOf = (replica: ReplicaId): number => Number.parseInt(replica.slice(0, 2), 16);

const hexOf = (word: number): string => (word >>> 0).toString(16).padStart(8, "0");

/** By the numbers alone, as the digest of the whole. */
export const digestsOf = (vector: VersionVector): VectorDigests => {
  const words = new Map<number, readonly [number, number]>();
  for (const [replica, { seq }] of vector) {
    if (seq === 0) continue;
    const bucket = bucketOf(replica);
    const [first, second] = words.get(bucket) ?? [0, 0];
    const hash = hashOfText(`${replica} ${seq}`, 0);
    words.set(bucket, [first ^ (hash[0] ?? 0), second ^ (hash[1] ?? 0)]);
  }
  return new Map([...words].map(([bucket, [first, second]]) => [bucket, hexOf(first) + hexOf(second)]));
};

/** The entries of `vector` in those buckets whose digests are not `theirs`. */
export const unlike = (vector: VersionVector, theirs: VectorDigests): VersionVector => {
  const ours = digestsOf(vector);
  return new Map([...vector].filter(([replica]) => ours.get(bucketOf(replica)) !== theirs.get(bucketOf(replica))));
};

/** The peer's whole vector: what it sent, and our own entries where its digests are ours. */
export const filledUp = (ours: VersionVector, theirs: VectorDigests, sent: VersionVector): VersionVector => {
  const whole = new Map<ReplicaId, VectorEntry>(sent);
  const differing = unlike(ours, theirs);
  for (const [replica, entry] of ours) if (!differing.has(replica) && !whole.has(replica)) whole.set(replica, entry);
  return whole;
};
