/**
 * Read dates as instants of a zone. Of an hour that the clocks repeat the earlier is meant; an hour that they skip never was,
 * so its row is bad (contracts.md). A date alone is the start or the end of its day.
 */
import { Temporal } from "temporal-polyfill";
import { type EpochMs, parseEpochMs } from "../../ids.ts";
import type { DateParts } from "./date-tokens.ts";

/** Which end of its day a date without a time means. */
export type DayEdge = "start" | "end";

export type LocalTimes = (parts: DateParts, edge: DayEdge) => EpochMs | { readonly reason: string };

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Ten years of days; the rules of a zone take long to ask for, and a file's dates lie close together. */
const MOST_DAYS = 3_660;

interface DayBounds {
  readonly start: number;
  readonly end: number;
}

/** The times of one IANA zone. Remembers the days it was asked for. */
export const localTimesOf = (zone: string): LocalTimes => {
  const days = new Map<string, DayBounds>();
  const boundsOf = (year: number, month: number, day: number): DayBounds => {
    const key = `${year}-${month}-${day}`;
    const known = days.get(key);
    if (known !== undefined) return known;
    const date = Temporal.PlainDate.from({ year, month, day });
    const bounds = {
      start: date.toZonedDateTime(zone).epochMilliseconds,
      end: date.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds,
    };
    if (days.size >= MOST_DAYS) days.clear();
    days.set(key, bounds);
    return bounds;
  };

  return ({ year, month, day, time, offsetMinutes }, edge) => {
    if (time === undefined) {
      const { start, end } = boundsOf(year, month, day);
      return epoch(edge === "start" ? start : end - MINUTE_MS);
    }
    const ofDay = ((time.hour * 60 + time.minute) * 60 + time.second) * 1000;
    if (offsetMinutes !== undefined) return epoch(utcDay(year, month, day) + ofDay - offsetMinutes * MINUTE_MS);
    const { start, end } = boundsOf(year, month, day);
    if (end - start === DAY_MS) return epoch(start + ofDay);

    // Clocks change on this day: the zone's rules are asked for the very minute.
    const local = Temporal.PlainDateTime.from({ year, month, day, ...time });
    const zoned = local.toZonedDateTime(zone, { disambiguation: "earlier" });
    if (zoned.toPlainDateTime().equals(local)) return epoch(zoned.epochMilliseconds);
    return {
      reason: `the clocks of ${zone} skipped ${local.toPlainTime().toString({ smallestUnit: "minute" })} on ${local.toPlainDate().toString()}`,
    };
  };
};

const utcDay = (year: number, month: number, day: number): number =>
  Temporal.PlainDate.from({ year, month, day }).toZonedDateTime("UTC").epochMilliseconds;

/** A date as it is stored: `2026-11-24`. */
export const isoDate = ({ year, month, day }: DateParts): string => Temporal.PlainDate.from({ year, month, day }).toString();

/** A date as it is shown in a preview: `2026-11-24 14:30`. */
export const shownTime = (at: EpochMs, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: "minute" })
    .replace("T", " ");

const epoch = (ms: number): EpochMs | { readonly reason: string } => parseEpochMs(ms) ?? { reason: "this time cannot be kept" };
