/**
 * One given value of a scalar field, as the value that is stored. Null, an empty text and `k=` clear.
 * Texts are read as people write them; typed values must fit the kind as they are.
 */
import type { Value } from "../crdt/types.ts";
import { parseEpochMs } from "../ids.ts";
import type { FieldDef } from "../schema/types.ts";
import { parseZoned } from "../schema/zoned.ts";
import { unusable, type ValueContext } from "./field-writes.ts";
import { parseDay, parseInstant, parseMinutes, zonedAt } from "./typed-time.ts";

const MAX_TEXT = 10_000;
const YES: ReadonlySet<string> = new Set(["true", "yes", "on", "1"]);
const NO: ReadonlySet<string> = new Set(["false", "no", "off", "0"]);

const decimal = (text: string): number => (/^[+-]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN);

/** How many decimals an amount of a currency has: two of the euro, none of the yen. */
const minorDigits = (currency: string): number =>
  new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** `12.50` or `12,5` as 1250, by its digits: no rounding, and more decimals than the currency has are none of its amounts. */
const minorUnits = (text: string, digits: number): number => {
  const [, sign, whole, part = ""] = /^([+-]?)(\d{1,15})(?:[.,](\d+))?$/.exec(text) ?? [];
  if (whole === undefined || part.length > digits) return Number.NaN;
  return Number(`${sign ?? ""}${whole}${part.padEnd(digits, "0")}`) + 0;
};

const isValue = (value: unknown): value is Value =>
  value === null ||
  typeof value === "string" ||
  typeof value === "boolean" ||
  (typeof value === "number" && Number.isFinite(value)) ||
  (Array.isArray(value) ? value.every(isValue) : typeof value === "object" && Object.values(value ?? {}).every(isValue));

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text; // a text that is no JSON is meant as that text
  }
};

const optionOf = (options: readonly string[], text: string): string | undefined => {
  const plain = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, "_");
  return options.find((option) => option === text) ?? options.find((option) => option.toLowerCase() === plain);
};

/** Throws `unusable_value`. */
export const parseScalar = (field: FieldDef, given: unknown, context: ValueContext): Value => {
  if (given === null || given === undefined || given === "") return null;
  const text = typeof given === "string" ? given.trim() : undefined;
  switch (field.kind) {
    case "string": {
      const value = typeof given === "string" ? given : typeof given === "number" ? String(given) : undefined;
      if (value === undefined) throw unusable(field, "a text.");
      const most = field.maxLength ?? MAX_TEXT;
      if (value.length > most) throw unusable(field, `at most ${most} characters.`);
      return value;
    }
    case "number": {
      const value = text === undefined ? given : decimal(text);
      if (typeof value !== "number" || !Number.isFinite(value)) throw unusable(field, "a number.");
      if (field.integer === true && !Number.isInteger(value)) throw unusable(field, "a whole number.");
      if (field.min !== undefined && value < field.min) throw unusable(field, `at least ${field.min}.`);
      if (field.max !== undefined && value > field.max) throw unusable(field, `at most ${field.max}.`);
      return value;
    }
    case "money": {
      const digits = minorDigits(field.currency);
      const value = text === undefined ? given : minorUnits(text, digits);
      if (typeof value === "number" && Number.isSafeInteger(value)) return value;
      throw unusable(
        field,
        `an amount in ${field.currency}, like ${(12.5).toFixed(digits)}${text === undefined ? " as a text, or a whole number of its smallest unit" : ""}.`,
      );
    }
    case "boolean": {
      if (typeof given === "boolean") return given;
      const word = String(given).trim().toLowerCase();
      if (YES.has(word)) return true;
      if (NO.has(word)) return false;
      throw unusable(field, "yes or no.");
    }
    case "date": {
      const day = text === undefined ? undefined : parseDay(text);
      if (day === undefined) throw unusable(field, "a day like 2026-11-24.");
      return day;
    }
    case "instant": {
      const at =
        typeof given === "number" ? parseEpochMs(given) : text === undefined ? undefined : parseInstant(text, context.zone, context.now);
      if (at === undefined) throw unusable(field, "a time like 2026-11-24 14:30, 14:30 or 2026-11-24T14:30Z.");
      return at;
    }
    case "zoned": {
      const zoned =
        text === undefined ? undefined : (parseZoned(text) ?? zonedAt(parseInstant(text, context.zone, context.now), context.zone));
      if (zoned === undefined) throw unusable(field, "a time like 2026-11-24 14:30, or with its zone 2026-11-24T14:30[Europe/Berlin].");
      return zoned;
    }
    case "minutes": {
      const minutes = typeof given === "number" ? given : text === undefined ? undefined : parseMinutes(text);
      if (minutes === undefined || !Number.isInteger(minutes) || minutes < 0) throw unusable(field, "minutes, like 90 or 1 h 30.");
      return minutes;
    }
    case "choice": {
      const option = text === undefined ? undefined : optionOf(field.options, text);
      if (option === undefined) throw unusable(field, `one of ${field.options.join(", ")}.`);
      return option;
    }
    case "reference":
      if (text === undefined || text === "") throw unusable(field, "an id or a name.");
      return context.find(field.to, text, field);
    case "json": {
      const value = typeof given === "string" ? jsonOf(given) : given;
      if (!isValue(value)) throw unusable(field, "JSON data.");
      return value;
    }
    default:
      throw unusable(field, "it cannot be given like this.");
  }
};
