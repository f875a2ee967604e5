/**
 * Reference time: which clock is believed when they differ (merge.md, "Clock, held work, release"). Clocks are given as
 * offsets from our own, so that a result stays right while time passes. Pure; what is stamped beyond `holdLimit(at)` of
 * `hlc.ts` is held. Invariant: one wrong clock among three or more never moves reference time beyond the others.
 */
import { type EpochMs, parseEpochMs } from "../ids.ts";

/** Beyond this our stamps follow reference time instead of our own clock: within it clocks differ on any network. */
const CORRECT_AFTER_MS = 60_000;

export interface Clocks {
  /** Our own clock, now. */
  readonly wall: EpochMs;
  /** No clock that stands before it can be right. */
  readonly buildDate: EpochMs;
  /** Each connected peer's clock less ours, in milliseconds; positive: it is ahead of ours. */
  readonly peerOffsetsMs: readonly number[];
  /** The hub's clock less ours; null without a hub. */
  readonly hubOffsetMs: number | null;
  /** A person said "this clock is right". */
  readonly ownIsRight: boolean;
}

export interface ReferenceTime {
  readonly at: EpochMs;
  /** Our clock less reference time, in milliseconds; positive: ours is ahead. */
  readonly aheadMs: number;
  /** What to stamp by: our own clock while it is within a minute, else reference time. */
  readonly stampAt: EpochMs;
}

/** The hub's clock, else the median of our own and the peers' (of an even number the earlier middle one), never before the build date. */
export const referenceTime = ({ wall, buildDate, peerOffsetsMs, hubOffsetMs, ownIsRight }: Clocks): ReferenceTime => {
  const isPossible = (offsetMs: number): boolean => Number.isFinite(offsetMs) && wall + offsetMs >= buildDate;
  const hub = hubOffsetMs !== null && isPossible(hubOffsetMs) ? hubOffsetMs : undefined;
  const offsetMs = ownIsRight ? 0 : (hub ?? earlierMiddle([0, ...peerOffsetsMs].filter(isPossible)) ?? buildDate - wall);
  const at = instant(wall + offsetMs);
  return { at, aheadMs: wall - at, stampAt: Math.abs(wall - at) > CORRECT_AFTER_MS ? at : wall };
};

/**
 * A peer's clock less ours, from one question and answer: its answer is taken to be from the middle of the round trip,
 * so the error is at most half of it.
 */
export const clockOffset = (peerWall: EpochMs, askedAt: EpochMs, answeredAt: EpochMs): number =>
  peerWall - (askedAt + (answeredAt - askedAt) / 2);

const earlierMiddle = (offsetsMs: readonly number[]): number | undefined =>
  [...offsetsMs].sort((a, b) => a - b)[Math.floor((offsetsMs.length - 1) / 2)];

const instant = (ms: number): EpochMs => {
  const parsed = parseEpochMs(Math.round(ms));
  if (parsed === undefined) throw new RangeError(`${ms} is no instant`);
  return parsed;
};
