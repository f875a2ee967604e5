/**
 * When a difference is repaired, and when it is told: only one that nothing under way explains, one walk at a time, each later one after a
 * longer pause, and never again for the same two states: what a whole walk did not mend it will not mend the next time. Pure.
 */
import type { DeviceId } from "../ids.ts";
import type { SyncNode } from "./node-state.ts";
import { REPAIR_CAPABILITY } from "./repair.ts";
import type { Open, SyncSession } from "./session-state.ts";
import { covers } from "./vector.ts";

/** What is kept of the repairs with one device, until its state is ours. */
export interface RepairMemory {
  /** The fingerprints that the last walk to its end began with. */
  readonly tried: { readonly ours: string; readonly theirs: string } | null;
  /** Walks since the two last held the same. */
  readonly walks: number;
  /** No walk before, monotonic. */
  readonly notBefore: number;
}

/** What a heartbeat told of the peer's state. */
export interface Comparison {
  /** All that the peer's vector covers ours does, and the other way round. */
  readonly sameVector: boolean;
  readonly ours: string;
  readonly theirs: string;
}

/** `differs`: people are to know. */
export type RepairChoice = "same" | "leave" | "walk" | "differs";

const NONE: RepairMemory = { tried: null, walks: 0, notBefore: Number.NEGATIVE_INFINITY };
/** The longest pause, in heartbeats: ten minutes. */
const MAX_PAUSE = 120;
/** A walk or a question that has not moved for so many heartbeats is no longer under way. */
const STALL_HEARTBEATS = 24;
/** States that still differ after so many walks are no matter of edits that came in between. */
const MANY_WALKS = 6;

const isMoving = (at: number, now: number, everyMs: number): boolean => now - at < STALL_HEARTBEATS * everyMs;

const isWalking = (session: SyncSession, now: number): boolean =>
  session.phase === "open" && session.repair.walk !== null && isMoving(session.repair.walk.movedAt, now, session.pulse.everyMs);

const isBusy = ({ in: incoming, out, waiting, behind, congested }: Open): boolean =>
  incoming !== null || out !== null || waiting.length > 0 || behind || congested;

type NodeFacts = Pick<SyncNode, "checkpoint" | "checkpointAt" | "vector" | "heartbeatMs" | "sessions">;

/**
 * A catch-up was cut, so that we hold what our vector does not claim; its rest is likely to come. After a while it is no longer waited for:
 * its sender may be gone for good, or its disk may.
 */
export const isCatchUpCut = ({ checkpoint, checkpointAt, vector, heartbeatMs }: Omit<NodeFacts, "sessions">, now: number): boolean =>
  checkpoint !== null && isMoving(checkpointAt, now, heartbeatMs) && !covers(vector, checkpoint.vector);

/** Work that is on its way explains a difference. */
const isUnderWay = (node: NodeFacts, session: Open, now: number): boolean =>
  isCatchUpCut(node, now) ||
  isBusy(session) ||
  [...node.sessions.values()].some((other) => isWalking(other, now) || (other.phase === "open" && other.in !== null));

export const chooseRepair = (
  node: NodeFacts & Pick<SyncNode, "repairs">,
  session: Open,
  { sameVector, ours, theirs }: Comparison,
  now: number,
): RepairChoice => {
  if (ours === theirs) return "same";
  if (!sameVector || !session.peerSends || !session.peer.capabilities.includes(REPAIR_CAPABILITY)) return "leave";
  if (isUnderWay(node, session, now)) return "leave";
  const { tried, walks, notBefore } = node.repairs.get(session.device) ?? NONE;
  const isTried = tried !== null && tried.ours === ours && tried.theirs === theirs;
  // The peer may be about to mend itself.
  const isHopeless = (isTried || walks >= MANY_WALKS) && !isMoving(session.repair.askedAt, now, session.pulse.everyMs);
  if (isHopeless) return "differs";
  return isTried || now < notBefore ? "leave" : "walk";
};

/** After a walk; `complete`: it saw all that differs. */
export const walkedWith = (
  repairs: SyncNode["repairs"],
  { device, pulse }: Open,
  { ours, theirs, complete }: { readonly ours: string; readonly theirs: string; readonly complete: boolean },
  now: number,
): SyncNode["repairs"] => {
  const { tried, walks } = repairs.get(device) ?? NONE;
  const pause = Math.min(MAX_PAUSE, 2 ** Math.min(walks, 10));
  return new Map(repairs).set(device, {
    tried: complete ? { ours, theirs } : tried,
    walks: complete ? walks + 1 : walks,
    notBefore: now + pause * pulse.everyMs,
  });
};

/** The two hold the same: nothing is remembered. */
export const agreedWith = (repairs: SyncNode["repairs"], device: DeviceId): SyncNode["repairs"] => {
  if (!repairs.has(device)) return repairs;
  const left = new Map(repairs);
  left.delete(device);
  return left;
};
