/**
 * Times and durations as people and scripts write them: ISO instants, local times of the workspace's zone, `14:30` of today,
 * `1 h 30`. Of an ambiguous hour the earlier is meant, a skipped one moves on. Undefined when unreadable. Pure: now is passed in.
 */
import { Temporal } from "temporal-polyfill";
import { type EpochMs, parseEpochMs } from "../ids.ts";
import { dateAt, dayOf, instantAtMinute, shiftDate } from "./schedule/day.ts";

const WITH_OFFSET = /(?:z|[+-]\d{2}:?\d{2})$/i;
const CLOCK = /^(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?$/i;

/** Minutes after midnight of `9`, `9:30`, `2 pm`; at most 24:00. */
const minuteOf = (text: string): number | undefined => {
  const match = CLOCK.exec(text);
  if (match === null) return undefined;
  const half = match[3]?.toLowerCase();
  const given = Number(match[1]);
  const hour = half === "pm" && given < 12 ? given + 12 : half === "am" && given === 12 ? 0 : given;
  const minute = hour * 60 + Number(match[2] ?? 0);
  return minute > 1440 || Number(match[2] ?? 0) > 59 ? undefined : minute;
};

const local = (text: string, zone: string): EpochMs | undefined => {
  try {
    return parseEpochMs(Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds);
  } catch (error) {
    if (error instanceof RangeError) return undefined; // no date and time of ISO 8601
    throw error;
  }
};

const exact = (text: string): EpochMs | undefined => {
  try {
    return parseEpochMs(Temporal.Instant.from(text).epochMilliseconds);
  } catch (error) {
    if (error instanceof RangeError) return undefined; // no instant of ISO 8601
    throw error;
  }
};

/** Reads `2026-11-24T14:30Z`, `2026-11-24 14:30`, `2026-11-24`, `14:30`, `tomorrow 9:00`, or milliseconds since 1970. */
export const parseInstant = (typed: string, zone: string, now: EpochMs): EpochMs | undefined => {
  const text = typed.trim();
  if (/^\d{11,16}$/.test(text)) return parseEpochMs(Number(text));
  if (/^\d{4}-\d{2}-\d{2}/.test(text)) {
    const iso = text.replace(/^(\d{4}-\d{2}-\d{2})\s+/, "$1T");
    return iso.includes("T") && WITH_OFFSET.test(iso) ? exact(iso) : local(iso, zone);
  }
  const [, word, time] = /^(today|tomorrow)?\s*(.*)$/i.exec(text) ?? [];
  const minute = time === undefined ? undefined : time === "" && word !== undefined ? 0 : minuteOf(time);
  if (minute === undefined) return undefined;
  const today = dateAt(now, zone);
  return instantAtMinute(dayOf(word?.toLowerCase() === "tomorrow" ? shiftDate(today, 1) : today, zone), minute, zone);
};

/** A moment as local time with its zone, in the form that is stored. */
export const zonedAt = (at: EpochMs | undefined, zone: string): string | undefined =>
  at === undefined ? undefined : Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toString({ smallestUnit: "second" });

/** Reads minutes from `90`, `1:30`, `1 h 30`, `1.5 h`, `45 min`, and ISO 8601's `PT1H30M`. */
export const parseMinutes = (typed: string): number | undefined => {
  const text = typed.trim().toLowerCase().replace(",", ".");
  const plain = /^(\d+)\s*(?:m|min|minutes?)?$/.exec(text);
  if (plain !== null) return Number(plain[1]);
  const iso = /^pt(?=\d)(?:(\d+)h)?(?:(\d+)m)?$/.exec(text);
  if (iso !== null) return Number(iso[1] ?? 0) * 60 + Number(iso[2] ?? 0);
  const hours = /^(\d+(?:\.\d+)?)\s*(?:h|hours?)$/.exec(text);
  if (hours !== null) return Math.round(Number(hours[1]) * 60);
  const both = /^(\d+)\s*(?::|h|hours?)\s*(\d{1,2})\s*(?:m|min|minutes?)?$/.exec(text);
  return both === null || Number(both[2]) > 59 ? undefined : Number(both[1]) * 60 + Number(both[2]);
};

/** A day of ISO 8601, `2026-11-24`; undefined when there is no such day. */
export const parseDay = (typed: string): string | undefined => {
  const text = typed.trim();
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" }).toString();
  } catch (error) {
    if (error instanceof RangeError) return undefined; // no such day
    throw error;
  }
};

/** Whether the zone is one that this machine knows. */
export const isZone = (zone: string): boolean => {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
};
