/**
 * The hybrid logical clock as one safe integer: `(ms since 2020-01-01) * 2048 + counter`, 42 + 11 bits (Kulkarni et al. 2014).
 * Pure: the caller passes the wall clock in and keeps the result in the transaction it belongs to. It never runs backwards;
 * a full counter borrows the next millisecond.
 */
import type { Hlc } from "../crdt/types.ts";
import { type EpochMs, parseEpochMs } from "../ids.ts";

/** 2020-01-01T00:00:00Z in milliseconds since 1970. */
const EPOCH_MS = 1_577_836_800_000;
const TICKS_PER_MS = 2048;
/** Changes stamped further past reference time than this are held (merge.md, "Clock, held work, release"). */
const HOLD_AFTER_MS = 5 * 60 * 1000;

/** Reads a clock value from outside; undefined when it is none. The only place that makes one from a number. */
export const parseHlc = (value: number): Hlc | undefined => (Number.isSafeInteger(value) && value >= 0 ? (value as Hlc) : undefined);

const hlc = (value: number): Hlc => {
  const parsed = parseHlc(value);
  if (parsed === undefined) throw new RangeError(`${value} is no clock value`);
  return parsed;
};

/** Before anything was stamped. */
export const ZERO_HLC: Hlc = hlc(0);

/** The first clock value of this millisecond; before 2020 the zero value. */
export const hlcAt = (ms: EpochMs): Hlc => hlc(Math.max(0, (ms - EPOCH_MS) * TICKS_PER_MS));

/** For a local change: after all we know of, at wall time if that is later. */
export const nextHlc = (last: Hlc, wall: EpochMs): Hlc => hlc(Math.max(last + 1, (wall - EPOCH_MS) * TICKS_PER_MS));

/** After a merge: once a batch, with the greatest merged stamp; held stamps never get here. */
export const observeHlc = (last: Hlc, greatest: Hlc): Hlc => (greatest > last ? greatest : last);

const epochMs = (ms: number): EpochMs => {
  const parsed = parseEpochMs(ms);
  if (parsed === undefined) throw new RangeError(`${ms} is no instant`);
  return parsed;
};

/** The wall time that a clock value names, in milliseconds since 1970. */
export const msOfHlc = (value: Hlc): EpochMs => epochMs(Math.floor(value / TICKS_PER_MS) + EPOCH_MS);

/** The greatest clock value that is merged at this reference time; what is stamped later is held. */
export const holdLimit = (reference: EpochMs): Hlc =>
  hlc(Math.max(0, (reference + HOLD_AFTER_MS - EPOCH_MS) * TICKS_PER_MS + TICKS_PER_MS - 1));
