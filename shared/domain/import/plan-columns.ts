/**
 * The columns of a map, ready to read rows with: each field with where its text comes from and how it is read.
 */
import type { FieldDef, TypeDef } from "../../schema/types.ts";
import type { CellReading } from "./cell-values.ts";
import { compileDateFormat } from "./date-tokens.ts";
import { columnsOf, type FieldSource, type ImportMap } from "./import-map.ts";
import { localTimesOf } from "./local-time.ts";

export interface PlanColumn {
  readonly field: FieldDef;
  readonly source: FieldSource;
  readonly reading: CellReading;
  /** The header that a person finds it by. */
  readonly name: string;
}

const SITE_PLACE: readonly FieldDef[] = [
  { id: "site.lat", name: "Latitude", kind: "number", min: -90, max: 90 },
  { id: "site.lon", name: "Longitude", kind: "number", min: -180, max: 180 },
];

export const planColumns = (type: TypeDef, map: ImportMap, zone: string): readonly PlanColumn[] => {
  const fields = [...type.fields, ...SITE_PLACE];
  const times = localTimesOf(zone);
  const columns = Object.entries(map.fields).flatMap(([id, source]): PlanColumn[] => {
    const field = fields.find((one) => one.id === id);
    if (field === undefined) return [];
    const compiled = "column" in source && source.format !== undefined ? compileDateFormat(source.format) : undefined;
    const format = compiled === undefined || "reason" in compiled ? undefined : compiled;
    const name = "column" in source ? source.column : (columnsOf(source)[0] ?? "");
    return [{ field, source, name, reading: { values: "column" in source ? source.values : undefined, format, times } }];
  });
  return [...columns, ...anyTimeOfThatDay(fields, columns)];
};

/** An order wanted on a date without a time is wanted any time of that day: the same cell also says until when. */
const anyTimeOfThatDay = (fields: readonly FieldDef[], columns: readonly PlanColumn[]): readonly PlanColumn[] => {
  const from = columns.find(({ field }) => field.id === "requestedFrom");
  const until = fields.find(({ id }) => id === "requestedTo");
  if (from?.reading.format === undefined || from.reading.format.hasTime || until === undefined) return [];
  return columns.some(({ field }) => field.id === "requestedTo") ? [] : [{ ...from, field: until }];
};
