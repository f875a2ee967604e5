/**
 * A version vector as a large map that stays, and the few entries that moved since: so that each live change costs what it moves, not
 * what the workspace ever had of replicas. Reads as the plain map would; neither layer is changed after it was made.
 */
import type { VectorEntry, VersionVector } from "../crdt/types.ts";
import type { ReplicaId } from "../ids.ts";

/** Below this a plain copy is as quick. */
const LARGE = 128;
/** So many may have moved before both layers become one map again. */
const MOVED = 64;

class LayeredVector implements VersionVector {
  readonly base: VersionVector;
  readonly moved: ReadonlyMap<ReplicaId, VectorEntry>;
  readonly size: number;

  constructor(base: VersionVector, moved: ReadonlyMap<ReplicaId, VectorEntry>) {
    this.base = base;
    this.moved = moved;
    let added = 0;
    for (const replica of moved.keys()) if (!base.has(replica)) added += 1;
    this.size = base.size + added;
  }

  get(replica: ReplicaId): VectorEntry | undefined {
    return this.moved.get(replica) ?? this.base.get(replica);
  }

  has(replica: ReplicaId): boolean {
    return this.moved.has(replica) || this.base.has(replica);
  }

  *entries(): Generator<[ReplicaId, VectorEntry], undefined> {
    for (const [replica, entry] of this.base) yield [replica, this.moved.get(replica) ?? entry];
    for (const [replica, entry] of this.moved) if (!this.base.has(replica)) yield [replica, entry];
  }

  *keys(): Generator<ReplicaId, undefined> {
    for (const [replica] of this.entries()) yield replica;
  }

  *values(): Generator<VectorEntry, undefined> {
    for (const [, entry] of this.entries()) yield entry;
  }

  forEach(visit: (entry: VectorEntry, replica: ReplicaId, vector: VersionVector) => void): void {
    for (const [replica, entry] of this.entries()) visit(entry, replica, this);
  }

  [Symbol.iterator](): Generator<[ReplicaId, VectorEntry], undefined> {
    return this.entries();
  }
}

/** `vector` with this entry in place of its own. */
export const withEntry = (vector: VersionVector, replica: ReplicaId, entry: VectorEntry): VersionVector => {
  if (vector.size < LARGE) return new Map(vector).set(replica, entry);
  if (!(vector instanceof LayeredVector)) return new LayeredVector(vector, new Map([[replica, entry]]));
  if (vector.moved.size >= MOVED) return new Map(vector).set(replica, entry);
  return new LayeredVector(vector.base, new Map(vector.moved).set(replica, entry));
};
