/**
 * How many of our own changes a peer had taken in when it gathered what it sends. Where what it sends stands over a later one of ours, two
 * people wrote without knowing of each other, and ours is to be told that. What a peer forwards of others counts as its own: they can hardly
 * have heard of us but through it.
 */
import type { VersionVector } from "../crdt/types.ts";
import type { ReplicaId } from "../ids.ts";
import type { Context } from "./session-events.ts";
import type { Open } from "./session-state.ts";
import { covers, seqOf } from "./vector.ts";

export interface SeenOfOurs {
  /** When the session opened; null once its first round has come, or there was none to come. */
  readonly atOpen: number | null;
  /** The highest that it acknowledged. */
  readonly acknowledged: number;
}

export const startSeen = (own: ReplicaId, theirs: VersionVector): SeenOfOurs => ({ atOpen: seqOf(theirs, own), acknowledged: 0 });

/** Of what it writes from now on. */
export const seenNow = ({ theirs, ours, seenOfOurs }: Open): number => Math.max(seqOf(theirs, ours.replica), seenOfOurs.acknowledged);

/** Of what a round brings: the first one, what it wrote before it met us, however long that takes. */
export const seenByRound = (session: Open): number => session.seenOfOurs.atOpen ?? seenNow(session);

export const roundCame = (session: Open): Open =>
  session.seenOfOurs.atOpen === null ? session : { ...session, seenOfOurs: { ...session.seenOfOurs, atOpen: null } };

/** It has ours on its disk up to here. Where it holds nothing that we lack there is no first round to wait for. */
export const acknowledgedOurs = (session: Open, seq: number, { vector }: Context): Open => {
  const next = { ...session, seenOfOurs: { ...session.seenOfOurs, acknowledged: Math.max(session.seenOfOurs.acknowledged, seq) } };
  return session.in === null && covers(vector, session.theirs) ? roundCame(next) : next;
};
