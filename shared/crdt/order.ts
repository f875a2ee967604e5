/**
 * Which of two cells of one path stands: the one merge rule, called by commit, merge, held work and history alike.
 * By term, then clock, then replica; on an owned path by the owner's sequence number alone, and the owner beats anybody else.
 * Source: merge.md, "Stamps and cells". Commutative, associative, idempotent.
 */
import type { ReplicaId } from "../ids.ts";
import { ownerOf } from "./paths.ts";
import type { Cell, Path, Stamp, Value } from "./types.ts";
import { valueText } from "./value.ts";

/** Greater term, then clock, then replica; zero for stamps of the same change. */
export const compareStamps = (a: Stamp, b: Stamp): number =>
  a.term - b.term || a.hlc - b.hlc || (a.replica < b.replica ? -1 : a.replica > b.replica ? 1 : 0);

const compareOwned = (owner: ReplicaId, a: Stamp, b: Stamp): number => {
  // Two stamps with one number are a fork; the clock then tells them apart, so that all replicas keep the same one.
  if (a.replica === owner && b.replica === owner) return a.seq - b.seq || compareStamps(a, b);
  if (a.replica === owner) return 1;
  return b.replica === owner ? -1 : compareStamps(a, b);
};

/** Positive when `a` stands over `b` on this path, zero when only their values can tell. */
export const compareOn = (path: Path, a: Stamp, b: Stamp): number => {
  const owner = ownerOf(path);
  return owner === undefined ? compareStamps(a, b) : compareOwned(owner, a, b);
};

/**
 * Breaks the tie of equal stamps (a fork wrote twice with one number): the greater value, then the greater sequence number.
 * Zero means the same cell.
 */
export const compareTied = (a: Value, aSeq: number, b: Value, bSeq: number): number => {
  const aText = valueText(a);
  const bText = valueText(b);
  return aText < bText ? -1 : aText > bText ? 1 : aSeq - bSeq;
};

/** Positive when cell `a` stands over cell `b`, zero when they are the same cell. Both are of one path. */
export const compareCells = (a: Cell, b: Cell): number =>
  compareOn(a.path, a.stamp, b.stamp) || compareTied(a.value, a.stamp.seq, b.value, b.stamp.seq);
