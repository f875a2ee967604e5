/**
 * Rows of a file as what is to be written: an order made or changed, with the customer, contact and site that it names made or
 * used again. A row that cannot be is given its reasons, one for each column, and costs no other row. Pure but for what it
 * remembers of earlier rows; who is known already is asked of `known`.
 */
import type { Value } from "../../crdt/types.ts";
import { type CollectionId, parseEpochMs, type RecordId } from "../../ids.ts";
import type { FieldDef, TypeDef } from "../../schema/types.ts";
import { type FieldWrite, put } from "../field-writes.ts";
import { creationConsequences, orderConsequences } from "../orders.ts";
import { type FlatRecord, orderIn, textIn, textsIn } from "../read.ts";
import type { Visit } from "../records.ts";
import { readCell } from "./cell-values.ts";
import type { CsvFault, CsvRow } from "./csv-records.ts";
import { type FieldSource, type ImportMap, typeOfMap } from "./import-map.ts";
import { shownTime } from "./local-time.ts";
import { planColumns } from "./plan-columns.ts";
import { filledTemplate } from "./template.ts";

/** Why a row, or one cell of it, is left out. `column` is the header, empty for the whole row. */
export interface BadCell {
  readonly column: string;
  readonly reason: string;
}

export interface PlannedRecord {
  readonly collection: CollectionId;
  readonly record: RecordId;
  /** A new order: it gets this desk's next number. */
  readonly isNumbered: boolean;
  readonly writes: readonly FieldWrite[];
}

export type ImportRow =
  | { readonly kind: "bad"; readonly line: number; readonly bad: readonly BadCell[] }
  | {
      readonly kind: "ready";
      readonly line: number;
      /** `change` may write nothing, when all stands already. */
      readonly will: "make" | "change";
      readonly title: string;
      /** Values by field as a person reads them; made when asked for, since only a few rows are shown. */
      readonly shown: () => Readonly<Record<string, string>>;
      readonly records: readonly PlannedRecord[];
    };

/** What is known before the import. Names and addresses are compared as `sameText` does. */
export interface Known {
  /** The live order with this external reference. */
  byReference(reference: string): KnownOrder | undefined;
  named(collection: CollectionId, name: string): RecordId | undefined;
}

export interface KnownOrder {
  readonly row: FlatRecord;
  readonly visits: readonly Visit[];
  /** What one of its merging texts reads. */
  text(field: string): string;
}

export interface PlanOptions {
  readonly map: ImportMap;
  readonly headers: readonly string[];
  /** The workspace's, where the map names none. */
  readonly zone: string;
  readonly known: Known;
  readonly newRecord: () => RecordId;
}

/** How names and addresses are told to be the same: without regard to case, spaces and marks at their end. */
export const sameText = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/\s+/g, " ")
    .trim()
    .replace(/[.,;]+$/, "");

type Values = Map<string, Value>;

/** In this order: a site and a contact belong to the customer of their row. */
const MADE_ALONG = ["customer", "site", "contact"] as const;

/** One function for the rows of one pass, in their order. */
export const rowPlanner = (options: PlanOptions): ((row: CsvRow) => ImportRow) => {
  const { map, headers, known, newRecord } = options;
  const type = typeOfMap(map);
  const zone = map.zone ?? options.zone;
  const columns = planColumns(type, map, zone);
  const places = new Map(headers.map((header, index) => [header, index]));
  const needed = type.fields.find(({ required }) => required === true);
  const linesByKey = new Map<string, number>();
  const made = new Map<string, RecordId>();

  const cellOf = (cells: readonly string[], header: string): string => cells[places.get(header) ?? -1] ?? "";
  const textOf = (cells: readonly string[], source: FieldSource): string =>
    "column" in source ? cellOf(cells, source.column) : filledTemplate(source.template, (name) => cellOf(cells, name));

  const readValues = (cells: readonly string[], bad: BadCell[]): Values => {
    const values: Values = new Map();
    for (const { field, source, reading, name } of columns) {
      const read = readCell(field, textOf(cells, source), reading);
      if (read.kind === "value") values.set(field.id, read.value);
      else if (read.kind === "bad" && !bad.some(({ column }) => column === name)) bad.push({ column: name, reason: read.reason });
    }
    return values;
  };

  /** What names the row: its external reference, once in a file. */
  const readKey = (cells: readonly string[], bad: BadCell[]): string | undefined => {
    if (map.key == null) return undefined;
    const reference = cellOf(cells, map.key).trim();
    const earlier = linesByKey.get(reference);
    if (reference === "") bad.push({ column: map.key, reason: "the column that names the row is empty" });
    else if (earlier !== undefined) bad.push({ column: map.key, reason: `“${reference}” is already on line ${earlier}` });
    return reference;
  };

  /** Names of what must be there already (assets, related orders) as ids. */
  const findNamed = (values: Values, bad: BadCell[]): void => {
    for (const { field, name } of columns) {
      const to = field.kind === "set" || field.kind === "reference" ? field.to : undefined;
      if (to === undefined || isMadeAlong(field)) continue;
      const given = values.get(field.id);
      const names = typeof given === "string" ? [given] : textsIn(given);
      const ids = names.flatMap((one) => known.named(to, one) ?? []);
      if (ids.length < names.length)
        bad.push({ column: name, reason: `there is no ${to} “${names.find((one) => known.named(to, one) === undefined) ?? ""}”` });
      else if (field.kind === "set") values.set(field.id, ids);
      else if (ids[0] !== undefined) values.set(field.id, ids[0]);
    }
  };

  /** The customer, site and contact of the row: known, made by an earlier row, or made with this one. */
  const findOrMake = (values: Values): readonly PlannedRecord[] => {
    const records: PlannedRecord[] = [];
    for (const id of MADE_ALONG) {
      const name = values.get(id);
      const field = type.fields.find((one) => one.id === id);
      if (typeof name !== "string" || field?.kind !== "reference") continue;
      const key = `${field.to}/${sameText(name)}`;
      const found = made.get(key) ?? known.named(field.to, name);
      const record = found ?? newRecord();
      if (found === undefined) {
        made.set(key, record);
        records.push({ collection: field.to, record, isNumbered: false, writes: makeAlong(id, name, values) });
      }
      values.set(id, record);
    }
    values.delete("site.lat");
    values.delete("site.lon");
    return records;
  };

  return (row) => {
    if (row.kind === "fault") return { kind: "bad", line: row.line, bad: [{ column: "", reason: faultWords(row.fault) }] };
    const { line, cells } = row;
    const bad: BadCell[] = [];
    const values = readValues(cells, bad);
    const reference = readKey(cells, bad);
    const existing = reference === undefined || reference === "" ? undefined : known.byReference(reference);
    if (needed !== undefined && existing === undefined && !values.has(needed.id)) {
      const column = columns.find(({ field }) => field.id === needed.id);
      if (column === undefined) bad.push({ column: "", reason: `no column goes to ${needed.name}` });
      else if (!bad.some(({ column: name }) => name === column.name))
        bad.push({ column: column.name, reason: `${needed.name} must not be empty` });
    }
    findNamed(values, bad);
    if (bad.length > 0) return { kind: "bad", line, bad };

    if (reference !== undefined) {
      linesByKey.set(reference, line);
      values.set("externalRef", reference);
    }
    const read = new Map(values);
    const shown = () => Object.fromEntries([...read].map(([id, value]) => [id, shownValue(type, id, value, zone)]));
    const along = findOrMake(values);
    const writes = writesOf(type, values, existing);
    const order: PlannedRecord = {
      collection: type.collection,
      record: existing?.row.id ?? newRecord(),
      isNumbered: existing === undefined && type.collection === "workOrder",
      writes: [...writes, ...consequences(type, writes, existing)],
    };
    const title = values.get(needed?.id ?? "") ?? existing?.row[needed?.id ?? ""];
    return {
      kind: "ready",
      line,
      will: existing === undefined ? "make" : "change",
      title: textIn(title) ?? "",
      shown,
      records: [...along, order],
    };
  };
};

const isMadeAlong = ({ id }: FieldDef): boolean => MADE_ALONG.some((one) => one === id);

/** A new customer, site or contact as far as the row tells of it. */
const makeAlong = (id: (typeof MADE_ALONG)[number], name: string, values: Values): readonly FieldWrite[] => {
  const told = (from: string, field: string): readonly FieldWrite[] => {
    const value = values.get(from);
    return value === undefined ? [] : [put(field, value)];
  };
  switch (id) {
    case "customer":
      return [put("name", name)];
    case "site":
      return [
        put("address", name),
        ...told("customer", "customer"),
        ...told("territory", "territory"),
        ...told("site.lat", "lat"),
        ...told("site.lon", "lon"),
      ];
    case "contact":
      return [put("name", name), ...told("customer", "customer")];
  }
};

/**
 * What the values write. Of a record that stands only what differs: elements are added to sets and never taken away, and a
 * text is written only while it is empty, since people have worked with it.
 */
const writesOf = (type: TypeDef, values: Values, existing: KnownOrder | undefined): readonly FieldWrite[] =>
  type.fields.flatMap((field): readonly FieldWrite[] => {
    const value = values.get(field.id);
    const standing = existing?.row[field.id];
    if (value === undefined) return existing === undefined && field.default !== undefined ? [put(field.id, field.default)] : [];
    if (field.kind === "text") {
      const text = textIn(value);
      return text === null || (existing !== undefined && existing.text(field.id) !== "") ? [] : [{ kind: "text", field: field.id, text }];
    }
    if (field.kind === "set") {
      const held = new Set(textsIn(standing));
      return [...new Set(textsIn(value))]
        .filter((one) => !held.has(one))
        .map((one) => ({ kind: "put", path: [field.id, one], value: true }));
    }
    return existing !== undefined && standing === value ? [] : [put(field.id, value)];
  });

const consequences = (type: TypeDef, writes: readonly FieldWrite[], existing: KnownOrder | undefined): readonly FieldWrite[] => {
  if (type.collection !== "workOrder") return [];
  return existing === undefined ? creationConsequences(writes) : orderConsequences(orderIn(existing.row), writes, existing.visits).order;
};

const shownValue = (type: TypeDef, id: string, value: Value, zone: string): string => {
  const kind = type.fields.find((field) => field.id === id)?.kind;
  const at = kind === "instant" && typeof value === "number" ? parseEpochMs(value) : undefined;
  return at === undefined ? (Array.isArray(value) ? value.join(", ") : String(value)) : shownTime(at, zone);
};

const faultWords = (fault: CsvFault): string => {
  switch (fault.kind) {
    case "unclosed_quote":
      return "a quote is opened and not closed";
    case "stray_quote":
      return "text follows a closing quote";
    case "few_fields":
      return `${fault.found} of ${fault.expected} fields: the line ends early`;
    case "many_fields":
      return `${fault.found} fields instead of ${fault.expected}`;
    case "header_again":
      return "the header stands here again";
  }
};
