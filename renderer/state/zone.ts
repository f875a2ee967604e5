/**
 * Days and times of the workspace's zone in words. A day is text (`2026-11-24`), an instant milliseconds since 1970 UTC.
 * The arithmetic is `shared/domain/schedule/day.ts`; dates follow the desk's locale, hours run from 0 to 24.
 */
import { type Day as DayBounds, dateAt, dayOf, instantAtMinute, minuteAt } from "../../shared/domain/schedule/day.ts";
import { type EpochMs, parseEpochMs } from "../../shared/ids.ts";

/** `2026-11-24`. */
export type DayText = string;

export interface Zone {
  readonly id: string;
  readonly dateAt: (at: EpochMs) => DayText;
  /** The day's first instant and the next day's. */
  readonly bounds: (day: DayText) => DayBounds;
  /** The instant of a wall time (minutes after midnight) on a day. */
  readonly at: (day: DayText, minute: number) => EpochMs;
  /** `14` on the hour, else `14:30`. */
  readonly hour: (at: EpochMs) => string;
  /** `14:30`. */
  readonly time: (at: EpochMs) => string;
  /** `Nov 26`. */
  readonly shortDay: (day: DayText) => string;
  /** `Tue, Nov 24`. */
  readonly longDay: (day: DayText) => string;
}

const pad = (value: number): string => String(value).padStart(2, "0");

/** Instants of this process's clock; a clock outside all ranges would be a broken machine. */
export const instant = (ms: number): EpochMs => {
  const parsed = parseEpochMs(Math.round(ms));
  if (parsed === undefined) throw new RangeError(`${ms} is no instant`);
  return parsed;
};

/** Everything that needs the zone; days asked for often are kept. */
export const createZone = (id: string, locale: string | undefined): Zone => {
  const known = new Map<DayText, DayBounds>();
  const short = new Intl.DateTimeFormat(locale, { timeZone: "UTC", month: "short", day: "numeric" });
  const long = new Intl.DateTimeFormat(locale, { timeZone: "UTC", weekday: "short", month: "short", day: "numeric" });
  const noon = (day: DayText): Date => new Date(`${day}T12:00:00Z`);
  const bounds = (day: DayText): DayBounds => {
    const made = known.get(day) ?? dayOf(day, id);
    known.set(day, made);
    return made;
  };
  const minuteOf = (at: EpochMs): number => Math.floor(minuteAt(bounds(dateAt(at, id)), at, id));
  return {
    id,
    dateAt: (at) => dateAt(at, id),
    bounds,
    at: (day, minute) => instantAtMinute(bounds(day), minute, id),
    hour: (at) => {
      const minute = minuteOf(at);
      return minute % 60 === 0 ? String(minute / 60) : `${Math.floor(minute / 60)}:${pad(minute % 60)}`;
    },
    time: (at) => {
      const minute = minuteOf(at);
      return `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;
    },
    shortDay: (day) => short.format(noon(day)),
    longDay: (day) => long.format(noon(day)),
  };
};
