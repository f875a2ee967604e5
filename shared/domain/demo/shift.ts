/**
 * The demo's days: two working days back, today, four ahead, and the hours worked on them. So that a demo made at any hour
 * shows a working day under way, the shift is the usual one by day and is laid around the present hour in the evening and at night.
 */
import { type EpochMs, parseEpochMs } from "../../ids.ts";
import type { WorkingHours } from "../records.ts";
import { type Day, dateAt, dayOf, instantAtMinute, minuteAt, shiftDate } from "../schedule/day.ts";

export const SHIFT_MINUTES = 540;
const USUAL_START = 7 * 60;
/** In this time of day (minutes after midnight) the usual shift shows enough of itself. */
const USUAL_HOURS = [6.5 * 60, 15.5 * 60] as const;

export interface Calendar {
  readonly now: EpochMs;
  /** Today's present minute after midnight. */
  readonly minuteNow: number;
  readonly before: readonly [Day, Day];
  readonly today: Day;
  readonly after: readonly [Day, Day, Day, Day];
  /** When the shift begins, minutes after midnight; it ends within the day. */
  readonly shiftStart: number;
  /** The working hours of someone who begins `late` minutes after the others. */
  hours(late: number): WorkingHours;
  at(day: Day, minute: number): EpochMs;
}

export const calendarOf = (now: EpochMs, zone: string): Calendar => {
  const today = dayOf(dateAt(now, zone), zone);
  const minuteNow = Math.floor(minuteAt(today, now, zone));
  const isUsual = minuteNow >= USUAL_HOURS[0] && minuteNow <= USUAL_HOURS[1];
  const around = Math.floor((minuteNow - 4 * 60) / 30) * 30;
  const shiftStart = isUsual ? USUAL_START : Math.min(1440 - SHIFT_MINUTES, Math.max(0, around));
  const working = (from: string, step: 1 | -1): Day => {
    const day = dayOf(shiftDate(from, step), zone);
    return day.weekday > 5 ? working(day.date, step) : day;
  };
  const yesterday = working(today.date, -1);
  const one = working(today.date, 1);
  const two = working(one.date, 1);
  const three = working(two.date, 1);
  return {
    now,
    minuteNow,
    before: [working(yesterday.date, -1), yesterday],
    today,
    after: [one, two, three, working(three.date, 1)],
    shiftStart,
    // Today is worked on whatever day it is: who opens the demo on a Sunday wants to see something.
    hours: (late) => {
      const span: readonly [number, number] = [shiftStart + late, Math.min(1440, shiftStart + late + SHIFT_MINUTES)];
      return Object.fromEntries([1, 2, 3, 4, 5, today.weekday].map((weekday) => [String(weekday), span]));
    },
    at: (day, minute) => instantAtMinute(day, Math.min(1439, Math.max(0, minute)), zone),
  };
};

/** `at` moved by minutes. */
export const plusMinutes = (at: EpochMs, minutes: number): EpochMs => {
  const moved = parseEpochMs(at + minutes * 60_000);
  if (moved === undefined) throw new RangeError(`${minutes} minutes lead out of time`);
  return moved;
};
