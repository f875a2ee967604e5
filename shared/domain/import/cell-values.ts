/**
 * One cell of a file as the value of a field: text in, the type's value or a reason out. Empty cells are no values.
 * What refers to other records is left as its name; finding or making those is the planner's.
 */
import type { Value } from "../../crdt/types.ts";
import type { FieldDef } from "../../schema/types.ts";
import { parseMinutes } from "../typed-time.ts";
import type { DateFormat } from "./date-tokens.ts";
import { knownOption, plainWords } from "./known-words.ts";
import { type DayEdge, isoDate, type LocalTimes } from "./local-time.ts";

export interface CellReading {
  /** The map's own words for values. */
  readonly values: Readonly<Record<string, string>> | undefined;
  readonly format: DateFormat | undefined;
  /** The times of the zone that the file's dates are meant in. */
  readonly times: LocalTimes;
}

export type CellValue =
  | { readonly kind: "none" }
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "bad"; readonly reason: string };

const MAX_STRING = 4_000;
/** In UTF-8: a row with a few such texts still fits one change. */
const MAX_TEXT_BYTES = 24_000;
const MAX_ELEMENT_BYTES = 256;
const MOST_NAMED = 8;
const YES: ReadonlySet<string> = new Set(["yes", "y", "true", "1", "x", "ja", "j", "wahr"]);
const NO: ReadonlySet<string> = new Set(["no", "n", "false", "0", "nein", "falsch"]);

const bad = (reason: string): CellValue => ({ kind: "bad", reason });
const value = (given: Value): CellValue => ({ kind: "value", value: given });

/** Fields whose date alone means the end of its day. */
const ENDS: ReadonlySet<string> = new Set(["dueBy", "requestedTo", "to", "windowTo"]);
const edgeOf = (field: string): DayEdge => (ENDS.has(field) ? "end" : "start");

export const readCell = (field: FieldDef, cell: string, reading: CellReading): CellValue => {
  const written = cell.trim();
  if (written === "") return { kind: "none" };
  const mapped = mappedValue(reading.values, written);
  const text = mapped ?? written;
  if (text === "") return { kind: "none" };
  switch (field.kind) {
    case "string":
    case "reference": {
      const plain = text.replaceAll(/\s+/g, " ");
      return plain.length > Math.min(MAX_STRING, (field.kind === "string" ? field.maxLength : undefined) ?? MAX_STRING)
        ? bad("the text is too long")
        : value(plain);
    }
    case "text":
      return utf8Bytes(text) > MAX_TEXT_BYTES ? bad(`the text has more than ${MAX_TEXT_BYTES} bytes`) : value(text);
    case "choice": {
      const option = field.options.find((one) => one === text) ?? knownOption(field.id, field.options, text);
      if (option !== undefined) return value(option);
      const told = reading.values === undefined ? "" : "not among the map's values and ";
      return bad(`“${written}” is ${told}none of ${field.options.slice(0, MOST_NAMED).join(", ")}`);
    }
    case "number": {
      const number = parseNumber(text);
      if (number === undefined) return bad(`“${written}” is no number`);
      if (field.min !== undefined && number < field.min) return bad(`${number} is below ${field.min}`);
      if (field.max !== undefined && number > field.max) return bad(`${number} is above ${field.max}`);
      return field.integer === true && !Number.isInteger(number) ? bad(`${number} is no whole number`) : value(number);
    }
    case "money": {
      const number = parseNumber(text);
      return number === undefined ? bad(`“${written}” is no amount`) : value(Math.round(number * 100));
    }
    case "minutes": {
      const minutes = parseMinutes(text);
      return minutes === undefined ? bad(`“${written}” is no length of time, like 90 or 1 h 30`) : value(minutes);
    }
    case "boolean": {
      const word = plainWords(text);
      return YES.has(word) ? value(true) : NO.has(word) ? value(false) : bad(`“${written}” is neither yes nor no`);
    }
    case "date":
    case "instant":
      return readDate(field, text, reading);
    case "set": {
      const elements = text.split(/[,;\n]/).flatMap((element) => (element.trim() === "" ? [] : [element.trim()]));
      const long = elements.find((element) => utf8Bytes(element) > MAX_ELEMENT_BYTES);
      return long === undefined ? value(elements) : bad(`“${long.slice(0, 40)}…” has more than ${MAX_ELEMENT_BYTES} bytes`);
    }
    default:
      return bad("this field cannot be imported");
  }
};

const readDate = (field: FieldDef, text: string, { format, times }: CellReading): CellValue => {
  if (format === undefined) return bad("the date format of this column is not known; say it in the map");
  const parts = format.parse(text);
  if ("reason" in parts) return bad(parts.reason);
  if (field.kind === "date") return value(isoDate(parts));
  const at = times(parts, edgeOf(field.id));
  return typeof at === "number" ? value(at) : bad(at.reason);
};

/** The map's word for a value: as it is written, else whatever its case. */
const mappedValue = (values: CellReading["values"], text: string): string | undefined => {
  if (values === undefined) return undefined;
  if (Object.hasOwn(values, text)) return values[text];
  const words = text.toLowerCase();
  return Object.entries(values).find(([from]) => from.trim().toLowerCase() === words)?.[1];
};

/** `1,234.5`, `1'234.5`, `1.234,5`, `2,5`: the last mark is the decimal one, unless it only groups thousands. */
export const parseNumber = (text: string): number | undefined => {
  const bare = text.replaceAll(/[\s'’\u00a0]/g, "");
  if (!/^[+-]?\d[\d.,]*(?:[eE][+-]?\d{1,3})?$/.test(bare)) return undefined;
  const last = Math.max(bare.lastIndexOf("."), bare.lastIndexOf(","));
  const mark = bare[last];
  const marks = [...bare].filter((character) => character === mark).length;
  const groups = marks > 1 || (mark === "," && /^[+-]?\d{1,3},\d{3}$/.test(bare));
  const plain =
    last < 0 || groups ? bare.replaceAll(/[.,]/g, "") : `${bare.slice(0, last).replaceAll(/[.,]/g, "")}.${bare.slice(last + 1)}`;
  const number = Number(plain);
  return Number.isFinite(number) ? number : undefined;
};

const utf8Bytes = (text: string): number => {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
};
