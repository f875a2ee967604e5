/**
 * What is typed into a filter or a search for orders: words, and beside them `status:hold`, `@meier` (a technician of a visit) and
 * `on:today` (planned or wanted then; also `tomorrow`, `week` and `2026-11-24`). Several statuses or technicians are any of them, different
 * things all hold. A term without its value (`status:`, `@`) is still being typed and asks for nothing; a value that is not understood is
 * taken as a word, and named. Pure; the board and the desk ask alike.
 */
import type { Visit, WorkOrder } from "./records.ts";
import { shiftDate } from "./schedule/day.ts";
import { ORDER_STATUSES, type OrderStatus } from "./status.ts";
import { parseDay } from "./typed-time.ts";

/** What a term was given that it does not know. */
export interface UnknownValue {
  readonly kind: "status" | "day";
  readonly typed: string;
}

export interface OrderQuery {
  /** The words, as typed. */
  readonly text: string;
  /** Empty: any. */
  readonly statuses: readonly OrderStatus[];
  /** Beginnings of technicians' names, folded; empty: any or none. */
  readonly technicians: readonly string[];
  /** Days of the workspace's zone, from `from` on and before `to`. */
  readonly days: { readonly from: string; readonly to: string } | undefined;
  readonly unknown: readonly UnknownValue[];
}

/** The query with names and days looked up. */
export interface OrderTerms {
  readonly statuses: readonly OrderStatus[];
  /** The technicians that are meant; undefined: any or none. */
  readonly technicians: ReadonlySet<string> | undefined;
  /** Instants. */
  readonly days: { readonly from: number; readonly to: number } | undefined;
}

const WEEK_DAYS = 7;

/** Lower case without accents, so that `muller` means Müller. */
export const folded = (text: string): string => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** `hold` means on_hold, `in` in_progress: the beginning of the status or of one of its words. */
const statusesLike = (typed: string): readonly OrderStatus[] => {
  const text = folded(typed).replaceAll(/[\s-]/g, "_");
  return text === ""
    ? []
    : ORDER_STATUSES.filter((status) => status.startsWith(text) || status.split("_").some((part) => part.startsWith(text)));
};

const DAY_WORDS = ["today", "tomorrow", "week"] as const;

/** `tom` means tomorrow; `t` may be two days and is none. */
const daysLike = (typed: string, today: string): OrderQuery["days"] => {
  const [word, ...others] = DAY_WORDS.filter((each) => each.startsWith(folded(typed)));
  switch (others.length === 0 ? word : undefined) {
    case "today":
      return { from: today, to: shiftDate(today, 1) };
    case "tomorrow":
      return { from: shiftDate(today, 1), to: shiftDate(today, 2) };
    case "week":
      return { from: today, to: shiftDate(today, WEEK_DAYS) };
    default: {
      const day = parseDay(typed);
      return day === undefined ? undefined : { from: day, to: shiftDate(day, 1) };
    }
  }
};

/** `today`: the day in the workspace's zone. */
export const parseOrderQuery = (typed: string, today: string): OrderQuery => {
  const words: string[] = [];
  const statuses: OrderStatus[] = [];
  const technicians: string[] = [];
  const unknown: UnknownValue[] = [];
  let days: OrderQuery["days"];
  for (const part of typed.split(/\s+/).filter((one) => one !== "")) {
    const [, key = "", value = ""] = /^(@|status:|on:)(.*)$/i.exec(part) ?? [];
    const values = value.split(",").filter((one) => one !== "");
    if (key === "") words.push(part);
    else if (values.length === 0) continue;
    else if (key === "@") technicians.push(folded(value));
    else if (key.toLowerCase() === "status:") {
      const meant = values.flatMap(statusesLike);
      statuses.push(...meant);
      for (const one of values) if (statusesLike(one).length === 0) unknown.push({ kind: "status", typed: one });
      if (meant.length === 0) words.push(part);
    } else {
      const then = daysLike(value, today);
      if (then !== undefined) days = then;
      else {
        unknown.push({ kind: "day", typed: value });
        words.push(part);
      }
    }
  }
  return { text: words.join(" "), statuses, technicians, days, unknown };
};

/** Nothing is asked for (yet), so everything fits. */
export const isEmptyQuery = ({ text, statuses, technicians, days }: OrderQuery): boolean =>
  text === "" && statuses.length === 0 && technicians.length === 0 && days === undefined;

/** More letters than a desk of a third generation has are a word with a number after it: `Main 12`. */
const SPOKEN = /^([a-z]{1,4})(\d{2}(?=[\s-]))?[\s-]?(\d+)$/i;
/** The random digits behind a restored desk's letters. */
const RESTORED = 2;

/**
 * The order numbers that may be meant when a number is typed as it is spoken: `a89` and `A 89` are A-89, `a731043` also A73-1043.
 * None for anything else; a number without letters is `numbers.ts`'s.
 */
export const numbersMeant = (typed: string): readonly string[] => {
  const [, letters = "", restored = "", digits = ""] = SPOKEN.exec(typed.trim().replace(/^#/, "")) ?? [];
  if (letters === "") return [];
  const number = (behind: string, counter: string): string => `${letters.toUpperCase()}${behind}-${counter.replace(/^0+(?=\d)/, "")}`;
  const isOpen = restored === "" && digits.length > RESTORED && /^[a-z]+\d+$/i.test(typed.trim());
  return [number(restored, digits), ...(isOpen ? [number(digits.slice(0, RESTORED), digits.slice(RESTORED))] : [])];
};

/** Whether a technician is meant by the beginning of one of the names. */
export const isMeant = (name: string | null, technicians: readonly string[]): boolean => {
  const parts = folded(name ?? "").split(/[\s-]+/);
  return technicians.some((typed) => parts.some((part) => part.startsWith(typed)));
};

type PlannedVisit = Pick<Visit, "status" | "technicians" | "plannedFrom">;

/** Whether an order fits all but the words. An order stands on the days of its visits; on the day it is wanted while it has none. */
export const orderFits = (
  order: Pick<WorkOrder, "status" | "requestedFrom" | "dueBy">,
  visits: readonly PlannedVisit[],
  { statuses, technicians, days }: OrderTerms,
): boolean => {
  if (statuses.length > 0 && !statuses.includes(order.status ?? "new")) return false;
  if (technicians === undefined && days === undefined) return true;
  const isThen = (at: number | null): boolean => days === undefined || (at !== null && at >= days.from && at < days.to);
  const planned = visits.filter(({ status }) => status !== "cancelled");
  if (
    planned.some((visit) => isThen(visit.plannedFrom) && (technicians === undefined || visit.technicians.some((id) => technicians.has(id))))
  )
    return true;
  return technicians === undefined && planned.length === 0 && isThen(order.requestedFrom ?? order.dueBy);
};

/** How much of a UUIDv7 tells when it was made: 48 bits and a hyphen. */
const TIME_DIGITS = 13;

/** For sorting: what was made last is what is looked for most, and stays where a list is cut. Of one millisecond, as they came. */
export const newestFirst = (a: { readonly id: string }, b: { readonly id: string }): number => {
  const [first, second] = [a.id.slice(0, TIME_DIGITS), b.id.slice(0, TIME_DIGITS)];
  return first < second ? 1 : first > second ? -1 : 0;
};
