/**
 * A technician's day in the demo: which stretches are worked, and how far each has come by now. What is past is done, what
 * lies around now is under way, what follows is dispatched, then confirmed, then planned, as on a real board.
 */
import type { EpochMs } from "../../ids.ts";
import type { Day } from "../schedule/day.ts";
import type { VisitStatus } from "../status.ts";
import type { VisitDraft } from "./drafts.ts";
import type { Random } from "./random.ts";
import { type Calendar, plusMinutes, SHIFT_MINUTES } from "./shift.ts";

/** Minutes after midnight and length. */
export interface Slot {
  readonly start: number;
  readonly minutes: number;
}

const GAP_MINUTES = 15;
const GRID_MINUTES = 30;
const onGrid = (minute: number): number => Math.ceil(minute / GRID_MINUTES) * GRID_MINUTES;

/** Stretches one after another from `start` that end by `end`, of the lengths that `next` gives, each on the half hour. */
export const slotsOf = (start: number, end: number, next: () => number): readonly Slot[] => {
  const slots: Slot[] = [];
  for (let at = onGrid(start); ; ) {
    const minutes = next();
    if (at + minutes > end) return slots;
    slots.push({ start: at, minutes });
    at = onGrid(at + minutes + GAP_MINUTES);
  }
};

/** The end of the last stretch that a shift beginning `late` minutes after the others has room for. */
export const shiftEnd = (calendar: Calendar, late: number): number => Math.min(1440, calendar.shiftStart + late + SHIFT_MINUTES);

/** How far a visit of today has come at minute `now`. */
export const statusAt = ({ start, minutes }: Slot, now: number, random: Random): VisitStatus => {
  if (start + minutes <= now) return "done";
  if (start <= now) return random.chance(0.12) ? "paused" : "working";
  if (start - now <= 20) return "travelling";
  if (start - now <= 120) return "dispatched";
  return random.chance(0.65) ? "confirmed" : "planned";
};

const LEFT: ReadonlySet<VisitStatus> = new Set(["travelling", "working", "paused", "done", "no_access"]);
const ARRIVED: ReadonlySet<VisitStatus> = new Set(["working", "paused", "done", "no_access"]);

/** The visit at a stretch of a day, with the times that its status has stamped. The window is two hours, or longer for long work. */
export const visitAt = (calendar: Calendar, day: Day, worker: number, slot: Slot, status: VisitStatus): VisitDraft => {
  const from = calendar.at(day, slot.start);
  const until = calendar.at(day, Math.max(slot.start + 120, onGrid(slot.start + slot.minutes)));
  const isDispatched = status === "dispatched" || LEFT.has(status);
  // What was stamped lies in the past, also when the visit is a little ahead of its time.
  const past = (at: EpochMs): EpochMs => (at < calendar.now ? at : plusMinutes(calendar.now, -2));
  return {
    worker,
    from,
    minutes: slot.minutes,
    windowFrom: from,
    windowTo: until,
    status,
    ...(isDispatched ? { dispatchedAt: past(calendar.at(day, Math.min(slot.start, calendar.shiftStart) - 20)) } : {}),
    ...(LEFT.has(status) ? { travelFrom: past(plusMinutes(from, -14)) } : {}),
    ...(ARRIVED.has(status) ? { arrivedAt: past(plusMinutes(from, 3)) } : {}),
    ...(status === "done" || status === "no_access" ? { finishedAt: past(plusMinutes(from, Math.max(10, slot.minutes - 6))) } : {}),
  };
};
