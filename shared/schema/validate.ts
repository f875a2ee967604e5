/**
 * One compiled validator a type: may this value stand at this path? Runs at every local write, in every process; merges never
 * refuse (what no longer validates is kept and shown as "needs attention"). Reasons are sentences for people.
 */

import type { Path, Value } from "../crdt/types.ts";
import { AppError } from "../errors.ts";
import { isNameId, parseRecordId } from "../ids.ts";
import { compilePattern } from "./pattern.ts";
import type { FieldDef, TypeDef } from "./types.ts";
import { parseZoned } from "./zoned.ts";

/** Why a value may not stand at a path; undefined when it may. */
export type Reason = { readonly code: "unknown_field" | "invalid_value"; readonly field: string; readonly sentence: string } | undefined;
export type Validator = (path: Path, value: Value) => Reason;

/** The longest element of a set, item id or position, in bytes of UTF-8. */
const MAX_SEGMENT_BYTES = 256;
/** The longest text that a pattern is held against: a tenth of a second at worst. */
const MAX_PATTERNED = 1000;
const MAX_JSON_DEPTH = 16;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const LONE_SURROGATE = /\p{Surrogate}/u;

type ValueCheck = (value: Value) => string | undefined;

const utf8Bytes = (text: string): number => {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
};

const isSegment = (text: string): boolean => text.length > 0 && utf8Bytes(text) <= MAX_SEGMENT_BYTES && !LONE_SURROGATE.test(text);

const isDate = (text: string): boolean => {
  const [, year, month, day] = DATE.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const y = Number(year);
  const leap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Number(month) - 1];
  return days !== undefined && Number(day) >= 1 && Number(day) <= days;
};

const isJson = (value: Value, depth = 0): boolean => {
  if (value === null || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value === "string") return !LONE_SURROGATE.test(value);
  if (value instanceof Uint8Array || depth >= MAX_JSON_DEPTH) return false;
  // No peer would take that key, and with it nothing else of this desk.
  return Object.entries(value).every(([key, inner]) => key !== "__proto__" && !LONE_SURROGATE.test(key) && isJson(inner, depth + 1));
};

const stringCheck = (field: FieldDef & { readonly kind: "string" }): ValueCheck => {
  const { maxLength, pattern } = field;
  const compiled = pattern === undefined ? undefined : compilePattern(pattern);
  if (compiled !== undefined && "refused" in compiled)
    throw new AppError("type_unsupported", `${field.name} has a pattern that this version cannot check: ${compiled.refused}.`);
  return (value) => {
    if (typeof value !== "string") return "must be a text";
    if (LONE_SURROGATE.test(value)) return "contains half a character";
    if (maxLength !== undefined && value.length > maxLength) return `must have at most ${maxLength} characters`;
    if (compiled === undefined || value === "") return undefined;
    if (value.length > MAX_PATTERNED) return `must have at most ${MAX_PATTERNED} characters`;
    return compiled.matches(value) ? undefined : `must look like ${pattern}`;
  };
};

const numberCheck = (field: FieldDef & { readonly kind: "number" }): ValueCheck => {
  const { min, max, integer } = field;
  return (value) => {
    if (typeof value !== "number" || !Number.isFinite(value)) return "must be a number";
    if (integer === true && !Number.isSafeInteger(value)) return "must be a whole number";
    if (min !== undefined && value < min) return `must be at least ${min}`;
    return max !== undefined && value > max ? `must be at most ${max}` : undefined;
  };
};

/** How the values of a scalar kind, or of the counters and sets that are written below their field, are checked. */
const checkOf = (field: FieldDef): ValueCheck => {
  switch (field.kind) {
    case "string":
      return stringCheck(field);
    case "number":
      return numberCheck(field);
    case "money":
      return (value) => (Number.isSafeInteger(value) ? undefined : `must be a whole number of the smallest unit of ${field.currency}`);
    case "boolean":
    case "set":
      return (value) => (typeof value === "boolean" ? undefined : "must be true or false");
    case "date":
      return (value) => (typeof value === "string" && isDate(value) ? undefined : "must be a date like 2026-11-24");
    case "zoned":
      return (value) =>
        typeof value === "string" && parseZoned(value) === value
          ? undefined
          : "must be a local time with its zone like 2026-11-24T14:30:00+01:00[Europe/Berlin]";
    case "instant":
      return (value) => (Number.isSafeInteger(value) ? undefined : "must be a point in time in milliseconds since 1970");
    case "minutes":
      return (value) => (Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : "must be a whole number of minutes");
    case "choice":
      return (value) =>
        typeof value === "string" && field.options.includes(value) ? undefined : `must be one of ${field.options.join(", ")}`;
    case "reference":
      return (value) => (typeof value === "string" && parseRecordId(value) !== undefined ? undefined : `must be the id of a ${field.to}`);
    case "json":
      return (value) => (isJson(value) ? undefined : "must be plain data");
    case "counter":
    case "list":
    case "text":
      return () => `is a ${field.kind} and takes no value of its own`;
  }
};

const invalid = (field: FieldDef, sentence: string): Reason => ({
  code: "invalid_value",
  field: field.id,
  sentence: `${field.name} ${sentence}.`,
});
const unknown = (name: string, of: string): Reason => ({ code: "unknown_field", field: name, sentence: `${of} has no field “${name}”.` });

const listValidator = (field: FieldDef & { readonly kind: "list" }): Validator => {
  const items = new Map(field.item.map((def) => [def.id, { def, check: checkOf(def) }]));
  return ([, id, name, ...deeper], value) => {
    if (id === undefined || name === undefined || deeper.length > 0) return invalid(field, "is a list; write the fields of its items");
    if (!isSegment(id)) return invalid(field, `has an item id that is empty or longer than ${MAX_SEGMENT_BYTES} bytes`);
    if (name === "pos") {
      return value === null || (typeof value === "string" && isSegment(value))
        ? undefined
        : invalid(field, "has an item whose position is no text");
    }
    const item = items.get(name);
    if (item === undefined) return unknown(name, field.name);
    const sentence = value === null ? undefined : item.check(value);
    return sentence === undefined ? undefined : invalid(item.def, sentence);
  };
};

const setValidator = (field: FieldDef): Validator => {
  const check = checkOf(field);
  return ([, element, ...deeper], value) => {
    if (element === undefined || deeper.length > 0) return invalid(field, "is a set; write its elements");
    if (!isSegment(element)) return invalid(field, `has an element that is empty or longer than ${MAX_SEGMENT_BYTES} bytes`);
    const sentence = value === null ? undefined : check(value);
    return sentence === undefined ? undefined : invalid(field, sentence);
  };
};

const scalarValidator = (field: FieldDef): Validator => {
  const check = checkOf(field);
  return (path, value) => {
    if (path.length !== 1) return unknown(path.join("/"), field.name);
    if (value === null || (field.required === true && value === ""))
      return field.required === true ? invalid(field, "is required") : undefined;
    const sentence = check(value);
    return sentence === undefined ? undefined : invalid(field, sentence);
  };
};

const validatorOf = (field: FieldDef): Validator => {
  if (field.kind === "list") return listValidator(field);
  return field.kind === "set" ? setValidator(field) : scalarValidator(field);
};

/** A type, compiled. */
export interface TypeRules {
  readonly validate: Validator;
  /** Why the field is not of this kind; undefined when it is. */
  requireKind(field: string, kind: FieldDef["kind"]): Reason;
}

/** Compiles a type. Throws `type_unsupported` for what this version cannot check and `type_invalid` for unusable field ids. */
export const compileType = (type: TypeDef): TypeRules => {
  const bad = type.fields.find(({ id }) => !isNameId(id));
  if (bad !== undefined) throw new AppError("type_invalid", `${type.name} has a field with an unusable id. Rename it.`);
  const fields = new Map(type.fields.map((field) => [field.id, { field, validate: validatorOf(field) }]));
  return {
    validate: (path, value) => {
      const [name = ""] = path;
      const found = fields.get(name);
      return found === undefined ? unknown(name, type.name) : found.validate(path, value);
    },
    requireKind: (name, kind) => {
      const found = fields.get(name);
      if (found === undefined) return unknown(name, type.name);
      return found.field.kind === kind ? undefined : invalid(found.field, `is a ${found.field.kind}, not a ${kind}`);
    },
  };
};
