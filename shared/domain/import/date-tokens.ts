/**
 * Dates and times by Unicode date tokens (UTS 35): `dd.MM.yyyy`, `MM/dd/yyyy hh:mm:ss a`, `yyyy-MM-dd'T'HH:mm:ssXXX`. One or two
 * digits are taken for days, months and hours, as spreadsheets write both. Every refusal is a sentence for a person.
 */

export interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** Absent when the format has no time of day. */
  readonly time?: { readonly hour: number; readonly minute: number; readonly second: number };
  /** Minutes east of UTC, where the format has an offset. */
  readonly offsetMinutes?: number;
}

export interface DateFormat {
  readonly format: string;
  readonly hasTime: boolean;
  /** What is read first: "month first", "day first", "year first". */
  readonly order: string;
  parse(text: string): DateParts | { readonly reason: string };
}

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;
/** English and German, by their first three letters without marks. */
const MONTH_OF: Readonly<Record<string, number>> = {
  jan: 1,
  feb: 2,
  mar: 3,
  mrz: 3,
  apr: 4,
  may: 5,
  mai: 5,
  jun: 6,
  jul: 7,
  aug: 8,
  sep: 9,
  oct: 10,
  okt: 10,
  nov: 11,
  dec: 12,
  dez: 12,
};
const MAX_FORMAT = 64;

type Part = "year" | "shortYear" | "month" | "monthName" | "day" | "hour" | "hour12" | "minute" | "second" | "half" | "offset";

/** Each token as the pattern of what it takes; `skip` is read past. */
const TOKENS: readonly { readonly token: RegExp; readonly part: Part | "skip"; readonly pattern: string }[] = [
  { token: /^(y{3,}|u{1,4}|y)$/, part: "year", pattern: "\\d{4}" },
  { token: /^yy$/, part: "shortYear", pattern: "\\d{2}" },
  { token: /^[ML]{3,4}$/, part: "monthName", pattern: "\\p{L}{3,12}\\.?" },
  { token: /^[ML]{1,2}$/, part: "month", pattern: "\\d{1,2}" },
  { token: /^d{1,2}$/, part: "day", pattern: "\\d{1,2}" },
  { token: /^H{1,2}$/, part: "hour", pattern: "\\d{1,2}" },
  { token: /^h{1,2}$/, part: "hour12", pattern: "\\d{1,2}" },
  { token: /^m{1,2}$/, part: "minute", pattern: "\\d{1,2}" },
  { token: /^s{1,2}$/, part: "second", pattern: "\\d{1,2}" },
  { token: /^S{1,9}$/, part: "skip", pattern: "\\d{1,9}" },
  { token: /^a{1,3}$/, part: "half", pattern: "[AaPp]\\.?[Mm]\\.?" },
  { token: /^[Ec]{1,4}$/, part: "skip", pattern: "\\p{L}{2,12}\\.?" },
  { token: /^([XxZ]{1,3}|Z{5}|X{5})$/, part: "offset", pattern: "(?:Z|[+-]\\d{2}(?::?\\d{2})?)" },
];

/** The format compiled, or why it cannot be used. */
export const compileDateFormat = (format: string): DateFormat | { readonly reason: string } => {
  if (format.length > MAX_FORMAT) return { reason: `the date format has more than ${MAX_FORMAT} characters` };
  const parts: Part[] = [];
  let pattern = "";
  for (const [piece] of format.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|\s+|[\s\S]/gu)) {
    const letter = /^[A-Za-z]/.test(piece);
    const token = letter ? TOKENS.find((one) => one.token.test(piece)) : undefined;
    if (letter && token === undefined) return { reason: `“${piece}” in “${format}” is no part of a date (MM is the month, mm the minute)` };
    if (token === undefined) pattern += /^\s/.test(piece) ? "\\s+" : escaped(unquoted(piece));
    else if (token.part === "skip") pattern += token.pattern;
    else {
      if (parts.includes(token.part)) return { reason: `“${format}” has ${token.part} twice` };
      parts.push(token.part);
      pattern += `(${token.pattern})`;
    }
  }
  const has = (...wanted: readonly Part[]): boolean => wanted.some((part) => parts.includes(part));
  if (!has("year", "shortYear") || !has("month", "monthName") || !has("day")) return { reason: `“${format}” lacks year, month or day` };
  const hasTime = has("hour", "hour12");
  const first = parts.find((part) => part === "year" || part === "shortYear" || part === "month" || part === "monthName" || part === "day");
  const matcher = new RegExp(`^${pattern}$`, "u");
  const order = first === "day" ? "day first" : first === "month" || first === "monthName" ? "month first" : "year first";
  return {
    format,
    hasTime,
    order,
    parse: (text) => {
      const found = matcher.exec(text.trim());
      if (found === null) return { reason: `“${text.trim()}” is not of the form ${format}` };
      return partsOf(new Map(parts.map((part, index) => [part, found[index + 1] ?? ""])), hasTime, order);
    },
  };
};

const escaped = (literal: string): string => literal.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");

const unquoted = (piece: string): string => (piece === "''" ? "'" : piece.length > 1 ? piece.slice(1, -1).replaceAll("''", "'") : piece);

const partsOf = (found: ReadonlyMap<Part, string>, hasTime: boolean, order: string): DateParts | { readonly reason: string } => {
  const numberOf = (part: Part): number => Number(found.get(part) ?? "0");
  const short = found.get("shortYear");
  const year = short === undefined ? numberOf("year") : Number(short) + (Number(short) < 70 ? 2000 : 1900);
  const name = found.get("monthName");
  const month = name === undefined ? numberOf("month") : monthOf(name);
  if (month === undefined) return { reason: `there is no month “${name}”` };
  if (month < 1 || month > 12) return { reason: `there is no month ${month}; dates are read ${order}` };
  const day = numberOf("day");
  const days = daysIn(year, month);
  if (day < 1 || day > days) return { reason: `${MONTHS[month - 1] ?? month} ${month === 2 ? `${year} ` : ""}has no day ${day}` };
  if (!hasTime) return { year, month, day };
  const half = found.get("half")?.[0]?.toLowerCase();
  const written = found.has("hour12") ? numberOf("hour12") : numberOf("hour");
  if (found.has("hour12") && (written < 1 || written > 12)) return { reason: `there is no hour ${written} of twelve` };
  const hour = half === undefined ? written : (written % 12) + (half === "p" ? 12 : 0);
  const time = { hour, minute: numberOf("minute"), second: numberOf("second") };
  if (time.hour > 23 || time.minute > 59 || time.second > 59) {
    return { reason: `there is no time ${time.hour}:${String(time.minute).padStart(2, "0")}:${String(time.second).padStart(2, "0")}` };
  }
  const offset = found.get("offset");
  return { year, month, day, time, ...(offset === undefined ? {} : { offsetMinutes: offsetOf(offset) }) };
};

const monthOf = (name: string): number | undefined => MONTH_OF[name.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase().slice(0, 3)];

const daysIn = (year: number, month: number): number =>
  month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

const offsetOf = (text: string): number => {
  if (text === "Z") return 0;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})?$/.exec(text) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
};
