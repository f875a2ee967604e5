/**
 * Reads what people type for times: `14-16`, `tomorrow 9:30-11`, `2026-11-26`, `1 h 30`, `90`. Pure; undefined when unreadable.
 */
import { shiftDate } from "../../shared/domain/schedule/day.ts";
import { type EpochMs, parseEpochMs } from "../../shared/ids.ts";
import type { DayText, Zone } from "./zone.ts";

export interface TypedWindow {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** A day without a time: any time of it. */
  readonly wholeDay: boolean;
}

const CLOCK = /^(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?$/i;

/** Minutes after midnight. */
const clock = (text: string): number | undefined => {
  const match = CLOCK.exec(text.trim()) ?? /^(\d{1,2})(\d{2})$/.exec(text.trim());
  if (match === null) return undefined;
  let hour = Number(match[1]);
  const minute = Number(match[2] ?? 0);
  const half = match[3]?.toLowerCase();
  if (half === "pm" && hour < 12) hour += 12;
  if (half === "am" && hour === 12) hour = 0;
  return hour * 60 + minute > 1440 || minute > 59 ? undefined : hour * 60 + minute;
};

const validDay = (year: number, month: number, date: number): DayText | undefined => {
  const made = new Date(Date.UTC(year, month - 1, date));
  if (made.getUTCMonth() !== month - 1 || made.getUTCDate() !== date) return undefined;
  return made.toISOString().slice(0, 10);
};

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** A leading day and what follows it. Without a day the given one is meant. */
const takeDay = (
  text: string,
  shown: DayText,
  today: DayText,
): { readonly day: DayText; readonly rest: string; readonly named: boolean } | undefined => {
  const year = Number(today.slice(0, 4));
  const iso = /^(\d{4})-(\d{2})-(\d{2})[,\s]*/.exec(text);
  if (iso !== null) {
    const day = validDay(Number(iso[1]), Number(iso[2]), Number(iso[3]));
    return day === undefined ? undefined : { day, rest: text.slice(iso[0].length), named: true };
  }
  const word = /^(today|tomorrow)\b[,\s]*/.exec(text);
  if (word !== null) return { day: word[1] === "today" ? today : shiftDate(today, 1), rest: text.slice(word[0].length), named: true };
  const monthDay = /^([a-z]{3})[a-z]*\.?\s+(\d{1,2})\b[,\s]*/.exec(text);
  const month = monthDay === null ? -1 : MONTHS.indexOf(monthDay[1] ?? "");
  if (monthDay !== null && month >= 0) {
    const day = validDay(year, month + 1, Number(monthDay[2]));
    return day === undefined ? undefined : { day, rest: text.slice(monthDay[0].length), named: true };
  }
  const weekday = /^([a-z]{3})[a-z]*[,\s]*/.exec(text);
  const wanted = weekday === null ? -1 : WEEKDAYS.indexOf(weekday[1] ?? "");
  if (weekday !== null && wanted >= 0) {
    const now = new Date(`${today}T12:00:00Z`).getUTCDay();
    const rest = text.slice(weekday[0].length);
    const afterWeekday = takeDay(rest, shown, today);
    return afterWeekday?.named === true ? afterWeekday : { day: shiftDate(today, (wanted - now + 7) % 7), rest, named: true };
  }
  return { day: shown, rest: text, named: false };
};

/** Reads a window or a day. One time alone is a window of two hours, what customers are promised by habit. */
export const parseWindow = (typed: string, shown: DayText, today: DayText, zone: Zone): TypedWindow | undefined => {
  const text = typed.trim().toLowerCase().replaceAll(/[–—]/g, "-");
  const taken = takeDay(text, shown, today);
  if (taken === undefined) return undefined;
  const { from, to } = zone.bounds(taken.day);
  const rest = taken.rest.trim();
  if (rest === "" || rest === "any time") return text === "" ? undefined : { from, to, wholeDay: true };
  const [first = "", second] = rest.split(/\s*(?:-|\bto\b)\s*/);
  const start = clock(first);
  const end = second === undefined ? undefined : clock(second);
  if (start === undefined || (second !== undefined && end === undefined)) return undefined;
  const startAt = zone.at(taken.day, start);
  const endAt = end === undefined ? parseEpochMs(startAt + 2 * 3_600_000) : zone.at(taken.day, end);
  return endAt !== undefined && endAt > startAt ? { from: startAt, to: endAt, wholeDay: false } : undefined;
};

/** Reads one point in time: `14:30`, `tomorrow 9`. */
export const parseMoment = (typed: string, shown: DayText, today: DayText, zone: Zone): EpochMs | undefined => {
  const taken = takeDay(typed.trim().toLowerCase(), shown, today);
  const time = taken === undefined ? undefined : clock(taken.rest);
  return taken === undefined || time === undefined ? undefined : zone.at(taken.day, time);
};

/** Minutes from `90`, `1:30`, `1 h 30`, `1.5 h`, `45 min`. */
export const parseMinutes = (typed: string): number | undefined => {
  const text = typed.trim().toLowerCase().replace(",", ".");
  const plain = /^(\d+)\s*(?:m|min|minutes)?$/.exec(text);
  if (plain !== null) return Number(plain[1]);
  const hours = /^(\d+(?:\.\d+)?)\s*(?:h|hours?)$/.exec(text);
  if (hours !== null) return Math.round(Number(hours[1]) * 60);
  const both = /^(\d+)\s*(?::|h|hours?)\s*(\d{1,2})\s*(?:m|min|minutes)?$/.exec(text);
  return both === null || Number(both[2]) > 59 ? undefined : Number(both[1]) * 60 + Number(both[2]);
};

/** `1 h 30`, `45 min`, `2 h`. */
export const minutesText = (minutes: number): string => {
  const hours = Math.floor(minutes / 60);
  const rest = Math.round(minutes % 60);
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${String(rest).padStart(2, "0")}`;
};
