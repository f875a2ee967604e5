/**
 * Which date format a column is written in: the one that reads most of its values. Where days and months can be confused in
 * all of them, the workspace's place decides.
 */
import { compileDateFormat, type DateFormat } from "./date-tokens.ts";

const TIMES = ["", " HH:mm:ss", " HH:mm", " hh:mm:ss a", " hh:mm a"] as const;
const ISO = [
  "yyyy-MM-dd",
  "yyyy-MM-dd HH:mm:ss",
  "yyyy-MM-dd HH:mm",
  "yyyy-MM-dd'T'HH:mm:ss",
  "yyyy-MM-dd'T'HH:mm",
  "yyyy-MM-dd'T'HH:mm:ssXXX",
  "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
  "yyyy-MM-dd HH:mm:ss.SSS",
  "yyyy/MM/dd",
];
const WORDS = ["d MMM yyyy", "d. MMMM yyyy", "MMM d, yyyy", "EEE, d MMM yyyy"];
const withTimes = (dates: readonly string[]): readonly string[] => dates.flatMap((date) => TIMES.map((time) => date + time));
const MONTH_FIRST = withTimes(["MM/dd/yyyy", "MM/dd/yy", "MM-dd-yyyy"]);
const DAY_FIRST = withTimes(["dd/MM/yyyy", "dd/MM/yy", "dd-MM-yyyy"]);
const DOTTED = withTimes(["dd.MM.yyyy", "dd.MM.yy"]);

/** The places where dates are written month first. */
const MONTH_FIRST_ZONES = /^(America\/(?!Argentina|Sao_Paulo|Mexico|Bogota|Lima|Santiago)|US\/|Pacific\/Honolulu)/;
/** Fewer values that are read, and the column is something else. */
const LEAST_SHARE = 0.5;

const compiled = (formats: readonly string[]): readonly DateFormat[] =>
  formats.flatMap((format) => {
    const one = compileDateFormat(format);
    return "reason" in one ? [] : [one];
  });
const AMERICAN = compiled([...ISO, ...DOTTED, ...MONTH_FIRST, ...DAY_FIRST, ...WORDS]);
const OTHER = compiled([...ISO, ...DOTTED, ...DAY_FIRST, ...MONTH_FIRST, ...WORDS]);

/** The format of these values (empty ones are passed over), or undefined when they are no dates. */
export const guessDateFormat = (values: readonly string[], zone: string): DateFormat | undefined => {
  const told = values.map((value) => value.trim()).filter((value) => value !== "");
  if (told.length === 0) return undefined;
  let best: { readonly format: DateFormat; readonly read: number } | undefined;
  for (const format of MONTH_FIRST_ZONES.test(zone) ? AMERICAN : OTHER) {
    const read = told.reduce((count, value) => count + ("reason" in format.parse(value) ? 0 : 1), 0);
    if (read > (best?.read ?? 0)) best = { format, read };
    if (read === told.length) break;
  }
  return best !== undefined && best.read / told.length >= LEAST_SHARE ? best.format : undefined;
};
