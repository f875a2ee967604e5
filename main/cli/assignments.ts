/**
 * `field=value` words to a request's values: `field=` clears, `tags=+a,-b` changes a set, `tags=a,b` replaces it. Each text is read as
 * its field's kind says; what cannot be read that way goes on as text, for the desk alone decides what a field takes. Amounts and counters
 * go as text: `12` is twelve euros, not cents, and `+2` counts on.
 */
import { AppError } from "../../shared/errors.ts";
import type { Input } from "../../shared/ipc/contract.ts";
import { whyNoJson } from "../../shared/ipc/json.ts";
import type { FieldDef } from "../../shared/schema/types.ts";
import { unusable } from "./arguments.ts";

export type Values = Input<"order.set">["values"];
type Json = Values[string];

const NUMBER = /^[+-]?(\d+(\.\d+)?|\.\d+)$/;
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["yes", true],
  ["false", false],
  ["no", false],
]);

/** Throws `bad_arguments` for a word without `=`, a field named twice, a set that is both changed and replaced. */
export const readAssignments = (words: readonly string[], fields: readonly FieldDef[]): Values => {
  const values = new Map<string, Json>();
  for (const word of words) {
    const [, name = "", text = ""] = /^([^=]+)=([\s\S]*)$/.exec(word) ?? [];
    if (name === "") throw unusable(`"${word}" is no field=value.`);
    if (values.has(name)) throw unusable(`The field ${name} was given twice.`);
    // Readers of JSON drop this name without a word, so the desk would never see it.
    if (name === "__proto__") throw new AppError("unknown_field", `There is no field "${name}".`);
    const field = fields.find(({ id }) => id === name);
    values.set(name, text === "" ? null : readValue(text, field));
  }
  return Object.fromEntries(values);
};

const readValue = (text: string, field: FieldDef | undefined): Json => {
  switch (field?.kind) {
    case "set":
      return readSet(text, field.id);
    case "number":
    case "minutes":
      return NUMBER.test(text) ? Number(text) : text;
    case "instant":
      return /^\d{9,}$/.test(text) ? Number(text) : text;
    case "boolean":
      return BOOLEANS.get(text.toLowerCase()) ?? text;
    case "json":
    case "list":
      return readJson(text, field.id);
    default:
      return text;
  }
};

const readSet = (text: string, field: string): Json => {
  const elements = text.split(",").map((element) => element.trim());
  if (elements.some((element) => element === "" || element === "+" || element === "-"))
    throw unusable(`${field}=${text} has an empty element.`);
  const signed = elements.filter((element) => element.startsWith("+") || element.startsWith("-"));
  if (signed.length === 0) return elements;
  if (signed.length < elements.length)
    throw unusable(`${field}=${text} both changes and replaces: put + or - before every element, or before none.`);
  const withSign = (sign: string): string[] => signed.filter((element) => element.startsWith(sign)).map((element) => element.slice(1));
  return { add: withSign("+"), remove: withSign("-") };
};

const readJson = (text: string, field: string): Json => {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (cause) {
    if (cause instanceof SyntaxError) return text;
    throw cause;
  }
  const why = whyNoJson(value);
  if (why !== undefined) throw unusable(`${field}: ${why}.`);
  return value;
};
