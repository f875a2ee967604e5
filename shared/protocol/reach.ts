/**
 * Whether two replicas may exchange records at all: whoever lacks what the other has purged can neither be told of it nor be trusted to
 * keep it gone, and must take a fresh copy first (merge.md, "Purge and rejoin"). Both sides judge the same two vectors, so they agree.
 */
import type { VersionVector } from "../crdt/types.ts";
import type { DeviceId } from "../ids.ts";
import { covers } from "./vector.ts";

/** A replica's first copy: it holds nothing yet, or has begun to take everything from this one device, which had purged this. */
export type FirstCopy = { readonly kind: "empty" } | { readonly kind: "from"; readonly device: DeviceId; readonly purge: VersionVector };

/** What a replica says of itself when a connection opens. */
export interface Reached {
  readonly device: DeviceId;
  readonly vector: VersionVector;
  readonly purge: VersionVector;
  /** Its role lets it send. */
  readonly sends: boolean;
}

export type Meeting =
  | { readonly kind: "open" }
  /** We take our first copy from this peer, and open nothing else meanwhile. */
  | { readonly kind: "first-copy" }
  /** We must rejoin, from a copy of this peer's. */
  | { readonly kind: "rejoin" }
  /** The peer must rejoin. */
  | { readonly kind: "they-rejoin" }
  /** Nothing is exchanged for now: another copy is under way, or who is ahead may not send. */
  | { readonly kind: "wait" };

const isSame = (a: VersionVector, b: VersionVector): boolean => covers(a, b) && covers(b, a);

/** Do we lack what the peer has purged? Never while it has purged nothing, or our copy of it goes on. */
const lacks = (behind: Reached, ahead: Reached, first: FirstCopy | null): boolean =>
  !covers(behind.vector, ahead.purge) &&
  !(first?.kind === "from" && behind.vector.size === 0 && first.device === ahead.device && isSame(first.purge, ahead.purge));

/** `first`: our own first copy, null once it was taken. */
export const meet = (ours: Reached, theirs: Reached, first: FirstCopy | null): Meeting => {
  if (first?.kind === "from" && first.device !== theirs.device && ours.vector.size === 0) return { kind: "wait" };
  const weLack = lacks(ours, theirs, first);
  // A replica that holds nothing has nothing to lose: it is given everything.
  const theyLack = theirs.vector.size > 0 && !covers(theirs.vector, ours.purge);
  // Of two that lack each other's the one with the smaller id stays.
  if (theyLack && (!weLack || ours.device < theirs.device)) return { kind: ours.sends ? "they-rejoin" : "wait" };
  if (!weLack) return { kind: "open" };
  if (!theirs.sends) return { kind: "wait" };
  return { kind: first?.kind === "empty" ? "first-copy" : "rejoin" };
};
