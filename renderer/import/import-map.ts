/**
 * Changing an import map from the page: which column goes to which field, and what an unusual line may do. The map keeps its
 * file's form (contracts.md), so what the page does not know in it stays as it was.
 */
import { BUILT_IN_TYPES } from "../../shared/schema/builtin.ts";

export interface MapField {
  readonly id: string;
  readonly name: string;
}

type Plain = Readonly<Record<string, unknown>>;

const asPlain = (value: unknown): Plain => (typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {});

/** The fields of orders that a column can go to. */
export const mapFields = (): readonly MapField[] =>
  (BUILT_IN_TYPES.find((type) => type.collection === "workOrder")?.fields ?? [])
    .filter(
      (field) => field.kind !== "list" && field.kind !== "json" && field.id !== "plan" && field.id !== "heldFrom" && field.id !== "related",
    )
    .map((field) => ({ id: field.id, name: field.name }));

/** Points a column at a field, or leaves it out. A field has one column: the newer wins. */
export const withColumn = (map: unknown, header: string, field: string | null): Plain => {
  const plain = asPlain(map);
  const fields = Object.entries(asPlain(plain["fields"])).filter(([id, entry]) => id !== field && asPlain(entry)["column"] !== header);
  return { ...plain, fields: Object.fromEntries(field === null ? fields : [...fields, [field, { column: header }]]) };
};

/** The column that says which order a line is; lines with a known value change that order. */
export const keyColumn = (map: unknown): string | null => {
  const key = asPlain(map)["key"];
  return typeof key === "string" ? key : null;
};

export const withKey = (map: unknown, header: string | null): Plain => {
  const { key: _, ...rest } = asPlain(map);
  return header === null ? rest : { ...rest, key: header };
};

/** False while nothing, neither a column nor a template, makes the title that every order needs. */
export const hasTitle = (map: unknown): boolean => asPlain(asPlain(map)["fields"])["title"] !== undefined;

const DATE_FIELDS = ["requestedFrom", "requestedTo", "dueBy"] as const;
const FORMATS = { month: "MM/dd/yyyy", day: "dd.MM.yyyy" } as const;
export type DateOrder = keyof typeof FORMATS;

/** How dates are read, where a date field says so. */
export const dateOrder = (map: unknown): DateOrder | undefined => {
  const fields = asPlain(asPlain(map)["fields"]);
  const format = DATE_FIELDS.map((field) => asPlain(fields[field])["format"]).find((each) => typeof each === "string");
  if (typeof format !== "string") return undefined;
  const month = format.indexOf("M");
  const day = format.indexOf("d");
  return month < 0 || day < 0 || format.startsWith("y") ? undefined : month < day ? "month" : "day";
};

/** Swaps month and day in every date format; separators and times stay. */
export const withDateOrder = (map: unknown, order: DateOrder): Plain => {
  const plain = asPlain(map);
  if (dateOrder(map) === order) return plain;
  const fields = Object.entries(asPlain(plain["fields"])).map(([id, entry]) => {
    const { format, ...rest } = asPlain(entry);
    if (typeof format !== "string") return [id, entry];
    return [id, { ...rest, format: format.replace(/(d+|M+)(\W)(d+|M+)/, "$3$2$1") }];
  });
  return { ...plain, fields: Object.fromEntries(fields) };
};
