/**
 * The map file (contracts.md, "Command line"): which column of a file goes to which field, and how its values are read.
 * Parsed once, checked against the file's columns and the type's fields; every refusal says what is there instead.
 */
import { z } from "zod";
import { AppError } from "../../errors.ts";
import { BUILT_IN_TYPES } from "../../schema/builtin.ts";
import type { FieldDef, TypeDef } from "../../schema/types.ts";
import { isZone } from "../typed-time.ts";
import { compileDateFormat } from "./date-tokens.ts";
import { columnsOfTemplate } from "./template.ts";

const column = z.strictObject({
  column: z.string().min(1),
  /** The file's words and what they mean here. */
  values: z.record(z.string(), z.string()).optional(),
  /** Unicode date tokens. */
  format: z.string().min(1).max(64).optional(),
});
const template = z.strictObject({ template: z.string().min(1).max(1000) });

const importMap = z.strictObject({
  type: z.string().default("workOrder"),
  encoding: z.string().max(40).optional(),
  delimiter: z.string().min(1).max(3).optional(),
  zone: z.string().max(100).optional(),
  key: z.string().min(1).nullish(),
  fields: z.record(z.string().min(1).max(64), z.union([column, template])),
});

export type ImportMap = z.infer<typeof importMap>;
export type FieldSource = ImportMap["fields"][string];

/** Fields of the site that an order's columns may fill beside its address (`site`). */
export const SITE_FIELDS = ["site.lat", "site.lon"] as const;

const bad = (why: string): AppError => new AppError("bad_map", `The map cannot be used: ${why}`);

/** Reads a map from outside. Throws `bad_map`. */
export const parseImportMap = (given: unknown): ImportMap => {
  const read = importMap.safeParse(given);
  if (read.success) return read.data;
  const [first] = read.error.issues;
  throw bad(`${first?.path.join(".") || "it"}: ${first?.message ?? "unreadable"}`);
};

/** The type that the map's rows become. Throws `bad_map`. */
export const typeOfMap = ({ type }: ImportMap): TypeDef => {
  const found = BUILT_IN_TYPES.find(({ collection }) => collection === type);
  if (found === undefined)
    throw bad(`there is no type “${type}”. There are ${BUILT_IN_TYPES.map(({ collection }) => collection).join(", ")}.`);
  return found;
};

const isImportable = ({ id, kind }: FieldDef): boolean => kind !== "list" && kind !== "counter" && kind !== "json" && id !== "number";

/** Throws `bad_map` where the map names a column, field, format or zone that is not there. */
export const checkImportMap = (map: ImportMap, headers: readonly string[]): void => {
  const type = typeOfMap(map);
  const requireColumn = (name: string): void => {
    if (!headers.includes(name))
      throw bad(`the file has no column “${name}”. It has ${headers.map((header) => `“${header}”`).join(", ")}.`);
  };
  if (map.zone !== undefined && !isZone(map.zone)) throw bad(`there is no time zone “${map.zone}”. It is written like Europe/Zurich.`);
  if (map.key != null) {
    requireColumn(map.key);
    if (!type.fields.some(({ id }) => id === "externalRef"))
      throw bad(`a ${type.name.toLowerCase()} has no external reference, so it can have no key.`);
  }
  for (const [id, source] of Object.entries(map.fields)) {
    if (id === "number") throw bad("order numbers are given by the desk. Send that column to externalRef.");
    const fields = type.fields.filter(isImportable).map((field) => field.id);
    const extra: readonly string[] = type.collection === "workOrder" ? SITE_FIELDS : [];
    if (![...fields, ...extra].includes(id))
      throw bad(`there is no field “${id}” to import into. There are ${[...fields, ...extra].join(", ")}.`);
    for (const name of columnsOf(source)) requireColumn(name);
    if ("column" in source && source.format !== undefined) {
      const format = compileDateFormat(source.format);
      if ("reason" in format) throw bad(`${id}: ${format.reason}.`);
    }
  }
};

export const columnsOf = (source: FieldSource): readonly string[] =>
  "column" in source ? [source.column] : columnsOfTemplate(source.template);
