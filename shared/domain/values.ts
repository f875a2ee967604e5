/**
 * What a person, a script or the board gives as values of fields, read against the type and turned into what is to be written.
 * Takes typed JSON from the board and texts from the command line alike (`tags=+a,-b`, `k=` clears, local times, `1 h 30`).
 * Every refusal names the field and what is allowed. Pure: what others are called is asked of `context`.
 */
import { withoutDust } from "../crdt/kinds.ts";
import { AppError } from "../errors.ts";
import type { FieldDef, TypeDef } from "../schema/types.ts";
import { type FieldWrite, fieldOf, unusable, type ValueContext } from "./field-writes.ts";
import { listWrites } from "./list-values.ts";
import { textsIn } from "./read.ts";
import { parseScalar } from "./scalar-values.ts";

const MAX_ELEMENT_BYTES = 256;
/** Bytes of a text in UTF-8. */
const utf8Length = (text: string): number => {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
};

const element = (field: FieldDef, given: unknown, context: ValueContext): string => {
  const text = typeof given === "string" ? given.trim() : typeof given === "number" ? String(given) : "";
  if (text === "") throw unusable(field, "an element must be a text.");
  if (utf8Length(text) > MAX_ELEMENT_BYTES) throw unusable(field, `an element has at most ${MAX_ELEMENT_BYTES} bytes.`);
  return field.kind === "set" && field.to !== undefined ? context.find(field.to, text, field) : text;
};

interface SetDelta {
  readonly add: readonly unknown[];
  readonly remove: readonly unknown[];
}

/** `+a,-b` is a change; anything else the whole set. */
const readSetText = (text: string): SetDelta | readonly string[] => {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (!parts.every((part) => /^[+-]./.test(part)) || parts.length === 0) return parts;
  const those = (sign: string): readonly string[] => parts.filter((part) => part.startsWith(sign)).map((part) => part.slice(1));
  return { add: those("+"), remove: those("-") };
};

const isDelta = (given: unknown): given is Partial<SetDelta> =>
  typeof given === "object" &&
  given !== null &&
  Object.entries(given).every(([key, value]) => (key === "add" || key === "remove") && Array.isArray(value));

const setWrites = (field: FieldDef, given: unknown, context: ValueContext): readonly FieldWrite[] => {
  const asked = typeof given === "string" ? readSetText(given) : (given ?? []);
  const held = new Set(textsIn(context.current?.[field.id]));
  const put = (name: string, value: boolean): FieldWrite => ({ kind: "put", path: [field.id, name], value });
  if (Array.isArray(asked)) {
    const wanted = new Set(asked.map((one: unknown) => element(field, one, context)));
    const removed = [...held].filter((name) => !wanted.has(name)).map((name) => put(name, false));
    return [...removed, ...[...wanted].filter((name) => !held.has(name)).map((name) => put(name, true))];
  }
  if (!isDelta(asked)) throw unusable(field, "a list of texts, or +this,-that.");
  const added = (asked.add ?? []).map((one) => element(field, one, context));
  const gone = (asked.remove ?? []).map((one) => (held.has(String(one)) ? String(one) : element(field, one, context)));
  const both = added.find((name) => gone.includes(name));
  if (both !== undefined) throw unusable(field, `"${both}" cannot be both added and taken away.`);
  return [
    ...gone.filter((name) => held.has(name)).map((name) => put(name, false)),
    ...added.filter((name) => !held.has(name)).map((name) => put(name, true)),
  ];
};

/** Up to here every whole number has a value of its own. */
const MOST_COUNTED = 2 ** 53;

/** By how much a counter goes on, so that its replicas' totals come to `target`. */
const countWrites = (field: string, held: number, target: number): readonly FieldWrite[] => {
  const by = target - held;
  if (held + by === target) return [{ kind: "count", field, by }];
  // 3.1 on -3 would be 0.10000000000000009: the total goes to 0 first, and from there to what was asked.
  return [
    { kind: "count", field, by: -held },
    { kind: "count", field, by: target },
  ];
};

const counterWrites = (field: FieldDef, given: unknown, context: ValueContext): readonly FieldWrite[] => {
  const text = typeof given === "string" ? given.trim() : "";
  const typed =
    text === "" ? (given === null || given === "" ? 0 : Number.NaN) : /^[+-]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  const number = typeof given === "number" ? given : typed;
  if (Number.isNaN(number)) throw unusable(field, "a number, or +2 and -2 to count on.");
  const current = context.current?.[field.id];
  const held = typeof current === "number" ? current : 0;
  const target = /^[+-]/.test(text) ? withoutDust(held + number, Math.max(Math.abs(held), Math.abs(number))) : number;
  if (!(Math.abs(target) <= MOST_COUNTED) || !(Math.abs(number) <= MOST_COUNTED))
    throw unusable(field, `a number from -${MOST_COUNTED} to ${MOST_COUNTED}.`);
  if (target !== held) return countWrites(field.id, held, target);
  if (number !== 0 && /^[+-]/.test(text)) throw unusable(field, `${text} is too little to change ${held}.`);
  // A new record keeps the 0 that it was given.
  return context.current === undefined && given !== null && given !== "" ? [{ kind: "count", field: field.id, by: 0 }] : [];
};

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

const fieldWrites = (field: FieldDef, given: unknown, context: ValueContext): readonly FieldWrite[] => {
  switch (field.kind) {
    case "set":
      return setWrites(field, given, context);
    case "counter":
      return counterWrites(field, given, context);
    case "list":
      return listWrites(field, field.item, given, context);
    case "text":
      if (given !== null && typeof given !== "string") throw unusable(field, "a text.");
      return [{ kind: "text", field: field.id, text: given ?? "" }];
    default: {
      const value = parseScalar(field, given, context);
      const isBlank = value === null || (typeof value === "string" && value.trim() === "");
      if (isBlank && field.required === true) throw unusable(field, "it cannot be empty.");
      if (context.current !== undefined && same(value, context.current[field.id] ?? null)) return [];
      if (context.current === undefined && value === null) return [];
      return [{ kind: "put", path: [field.id], value }];
    }
  }
};

/** The type's field ids and names, for people. */
const fieldList = (type: TypeDef): string => type.fields.map(({ id }) => id).join(", ");

/**
 * What the given values write. A value that stands already writes nothing. Throws `unknown_field` and `unusable_value`.
 */
export const valueWrites = (type: TypeDef, values: Readonly<Record<string, unknown>>, context: ValueContext): readonly FieldWrite[] => {
  const fields = new Map(type.fields.map((field) => [field.id, field]));
  return Object.entries(values).flatMap(([id, given]) => {
    const field = fields.get(id);
    if (field === undefined) throw new AppError("unknown_field", `${type.name} has no field "${id}". It has ${fieldList(type)}.`);
    return fieldWrites(field, given, context);
  });
};

/** For a record to be made: the given values, and the type's defaults where none is given. Throws for a missing required one. */
export const creationWrites = (type: TypeDef, values: Readonly<Record<string, unknown>>, context: ValueContext): readonly FieldWrite[] => {
  const writes = valueWrites(type, values, context);
  const written = new Set(writes.map(fieldOf));
  for (const field of type.fields)
    if (field.required === true && !written.has(field.id)) throw unusable(field, "it is needed for a new record.");
  const defaults = type.fields.flatMap((field): FieldWrite[] =>
    field.default === undefined || written.has(field.id) ? [] : [{ kind: "put", path: [field.id], value: field.default }],
  );
  return [...defaults, ...writes];
};
