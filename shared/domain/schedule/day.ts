/**
 * A day of the workspace's zone as instants, and instants as minutes of such a day. Days have 23 or 25 hours where
 * clocks change, so bounds come from the zone's rules (Temporal), never from adding 24 hours.
 */
import { Temporal } from "temporal-polyfill";
import { type EpochMs, parseEpochMs } from "../../ids.ts";

export interface Day {
  /** `2026-11-24`. */
  readonly date: string;
  /** ISO weekday, 1 is Monday. */
  readonly weekday: number;
  readonly from: EpochMs;
  /** The first instant of the next day. */
  readonly to: EpochMs;
}

const instantOf = (ms: number): EpochMs => {
  const instant = parseEpochMs(ms);
  if (instant === undefined) throw new RangeError(`${ms} is no instant`);
  return instant;
};

/** The day `date` (ISO) in an IANA `zone`. Throws RangeError for a date or zone that does not exist. */
export const dayOf = (date: string, zone: string): Day => {
  const day = Temporal.PlainDate.from(date);
  return {
    date: day.toString(),
    weekday: day.dayOfWeek,
    from: instantOf(day.toZonedDateTime(zone).epochMilliseconds),
    to: instantOf(day.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds),
  };
};

/** The date on which an instant falls in `zone`. */
export const dateAt = (at: EpochMs, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();

/** `date` moved by whole days. */
export const shiftDate = (date: string, days: number): string => Temporal.PlainDate.from(date).add({ days }).toString();

/** The instant of a wall-clock minute (after midnight) of a day; a skipped time moves on, of an ambiguous one the earlier is meant. */
export const instantAtMinute = (day: Day, minute: number, zone: string): EpochMs => {
  const time = Temporal.PlainTime.from({ hour: Math.floor(minute / 60) % 24, minute: minute % 60 });
  const date = Temporal.PlainDate.from(day.date).add({ days: Math.floor(minute / 1440) });
  return instantOf(date.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds);
};

/** The wall-clock minute after midnight at which an instant falls; below 0 before the day, from 1440 on after it. */
export const minuteAt = (day: Day, at: EpochMs, zone: string): number => {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const days = Temporal.PlainDate.from(day.date).until(local.toPlainDate()).days;
  return days * 1440 + local.hour * 60 + local.minute + local.second / 60;
};
