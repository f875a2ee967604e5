/**
 * Forks: a peer that knows a change of our replica which we do not know, or one number of it with another clock, has met another life of
 * this file: it was rolled back or copied, and must go on as a new replica before its next commit. Whatever a peer says of our replica is
 * held against what we know, in hello and after. Source: merge.md, "Forks".
 */
import { ZERO_HLC } from "../clock/hlc.ts";
import type { Hlc, VersionVector } from "../crdt/types.ts";
import type { ReplicaId } from "../ids.ts";
import type { Message } from "./messages/message.ts";
import type { SessionEffect } from "./session-events.ts";
import { seqOf } from "./vector.ts";

export type Claim =
  | { readonly kind: "forked" }
  /** A number of ours that we have gone beyond: what our own change had for a clock must be looked up. */
  | { readonly kind: "fits"; readonly effects: readonly SessionEffect[] };

export const FORKED: Claim = { kind: "forked" };
const FITS: Claim = { kind: "fits", effects: [] };

/** A peer says that it has seen this number of our replica with this clock; a clock of zero is one that it does not know. */
export const judgeClaim = (
  replica: ReplicaId,
  vector: VersionVector,
  claim: { readonly seq: number; readonly hlc: Hlc } | undefined,
): Claim => {
  if (claim === undefined || claim.seq === 0) return FITS;
  const own = vector.get(replica);
  if (claim.seq > seqOf(vector, replica)) return FORKED;
  if (claim.hlc === 0) return FITS;
  if (claim.seq === own?.seq) return claim.hlc === own.hlc ? FITS : FORKED;
  return { kind: "fits", effects: [{ kind: "check-own", seq: claim.seq, hlc: claim.hlc }] };
};

/** What an open connection's message says of our replica. A peer that never met another life of it says no more than we told. */
export const claimIn = (replica: ReplicaId, message: Message): { readonly seq: number; readonly hlc: Hlc } | undefined => {
  switch (message.kind) {
    case "vector":
    case "announce":
    case "ask":
    case "sweep-start":
      return message.vector.get(replica);
    case "change":
      return message.change.stamp.replica === replica ? message.change.stamp : undefined;
    case "ack":
      return { seq: message.seq, hlc: ZERO_HLC };
    default:
      return undefined;
  }
};
