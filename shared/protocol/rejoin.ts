/**
 * What becomes of one record of an old file once a fresh copy has taken its place: the old file acts as a peer, and what was edited here
 * of a record that is gone elsewhere comes back as a new one. Source: merge.md, "Purge and rejoin".
 */
import type { Stamp, VersionVector } from "../crdt/types.ts";
import { seqOf } from "./vector.ts";

export interface OldRecord {
  readonly creation: Stamp;
  /** Deleted in the old file. */
  readonly isDeleted: boolean;
}

export type Return =
  /** Its cells beyond the copy's vector are merged. */
  | "merge"
  /** The copy has never heard of it: it is merged whole. */
  | "merge-whole"
  /** The copy lacks what it had: it was purged, and was edited here meanwhile. */
  | "new-record"
  /** It was purged, and nobody here wanted it otherwise. */
  | "nothing";

/** Of a record with cells beyond the copy's vector. `copy`: that vector; `isThere`: the copy has a row of the record. */
export const returnOf = ({ creation, isDeleted }: OldRecord, copy: VersionVector, isThere: boolean): Return => {
  if (isThere) return "merge";
  if (creation.seq > seqOf(copy, creation.replica)) return "merge-whole";
  return isDeleted ? "nothing" : "new-record";
};
