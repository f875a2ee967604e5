/**
 * What each side of an open session has told the other to lie on its disk: the ground that purging stands on. The first word vouches for
 * the vector that opened the session, each later one for what came since; none is said of what is not synced yet, nor often.
 */
import type { VersionVector } from "../crdt/types.ts";
import type { Context, SessionEffect, Step } from "./session-events.ts";
import type { Open } from "./session-state.ts";
import { beyond, covers, join } from "./vector.ts";

/** Heartbeats between two words, so that work in full swing costs neither messages nor writes. */
const EVERY_HEARTBEATS = 6;

export interface Holdings {
  /** Ours, as far as the peer knows once it was said; before, what opened the session. */
  readonly told: VersionVector;
  /** When we said it last, monotonic; null: not yet. */
  readonly toldAt: number | null;
  /** The peer's: what opened the session until it speaks. */
  readonly theirs: VersionVector;
}

export const startHoldings = (told: VersionVector, theirs: VersionVector): Holdings => ({ told, toldAt: null, theirs });

const NEWS: readonly SessionEffect[] = [{ kind: "consider-fetch" }];

/** To be asked after syncing and at each heartbeat. */
export const tellHolds = (session: Open, { durable, now }: Context): Step<Open> => {
  const { holdings, pulse } = session;
  const { told, toldAt } = holdings;
  if (durable === null || (toldAt === null ? !covers(durable, told) : now - toldAt < EVERY_HEARTBEATS * pulse.everyMs))
    return [session, []];
  const vector = beyond(durable, told);
  if (toldAt !== null && vector.size === 0) return [session, []];
  const next = { ...session, holdings: { ...holdings, told: join(told, vector), toldAt: now } };
  return [next, [{ kind: "send", message: { kind: "holds", vector } }]];
};

/** The peer has spoken. It tells what is new as well as an announcement, should that be lost. */
export const heardHolds = (session: Open, vector: VersionVector): Step<Open> => {
  const theirs = join(session.holdings.theirs, vector);
  const next = { ...session, theirs: join(session.theirs, theirs), holdings: { ...session.holdings, theirs } };
  return [next, [{ kind: "peer-holds", replica: session.peer.replica, vector: theirs }, ...(session.peerSends ? NEWS : [])]];
};
