/**
 * Records of any collection by their values: customers, sites, technicians, absences, and what has no rules of its own.
 * Orders go by their rules whichever way they are named.
 */
import type { Edit } from "../../shared/crdt/edit.ts";
import { parseScalar } from "../../shared/domain/scalar-values.ts";
import { creationWrites, valueWrites } from "../../shared/domain/values.ts";
import { AppError } from "../../shared/errors.ts";
import type { CollectionId } from "../../shared/ids.ts";
import type { FieldDef } from "../../shared/schema/types.ts";
import type { Handlers } from "../host/ports.ts";
import type { RecordRow } from "../store/api.ts";
import { plainRow } from "./changes.ts";
import { type DeskContext, ORDER, SAVED_VIEW } from "./context.ts";
import type { Notes } from "./notes.ts";
import { fullRecord } from "./reads.ts";
import { findFor, liveRow, nameOf } from "./refs.ts";
import { commitAndAnswer, editsOf, valueContext } from "./writes.ts";

type RecordHandlers = Pick<Handlers, "record.get" | "record.list" | "record.create" | "record.set" | "record.delete" | "record.restore">;

export const createRecords = (
  context: DeskContext,
  notes: Notes,
  orders: Pick<Handlers, "order.create" | "order.set" | "order.delete" | "order.restore">,
): RecordHandlers => {
  const { store } = context.deps;
  /** What a typed value of a field is stored as. Throws `unusable_value`. */
  const typed = (field: FieldDef, text: string): unknown =>
    field.kind === "set" || field.kind === "counter" || field.kind === "list" || field.kind === "text"
      ? field.kind === "set" && field.to !== undefined
        ? findFor(store)(field.to, text, field)
        : text
      : parseScalar(field, text, valueContext(context, undefined));
  const select = (collection: CollectionId, where: { readonly field: string; readonly value: string }): readonly RecordRow[] => {
    const type = context.typeOf(collection);
    const field = type.fields.find(({ id }) => id === where.field);
    if (field === undefined) throw new AppError("unknown_field", `${type.name} has no field "${where.field}".`);
    if (field.kind === "text" || field.kind === "list" || field.kind === "json")
      throw new AppError("unusable_value", `${field.name} (${field.id}): records are not told apart by a ${field.kind}.`);
    const value = typed(field, where.value);
    const isIndexed = field.indexed === true || field.id === "number";
    if (isIndexed && (typeof value === "string" || typeof value === "number"))
      return store.rowsBy(collection, field.id, { kind: "in", values: [value] });
    const isOne = (held: unknown): boolean => (Array.isArray(held) ? held.includes(value) : String(held) === String(value));
    return store.rows([collection]).filter((row) => isOne(row[field.id]));
  };
  return {
    "record.get": ({ record }) => fullRecord(context, record),
    "record.list": ({ collection, where, limit }) => {
      context.typeOf(collection);
      const rows = where === undefined ? store.rows([collection]) : select(collection, where);
      return rows.slice(0, limit ?? rows.length).map(plainRow);
    },
    "record.create": ({ collection, values }, caller) => {
      if (collection === ORDER) return orders["order.create"]({ values }, caller);
      context.members.requireWriter();
      const type = context.typeOf(collection);
      const record = context.newRecord();
      const edits = editsOf({ collection, record }, creationWrites(type, values, valueContext(context, undefined)), notes);
      if (edits.length === 0) throw new AppError("unusable_value", `A ${typeWord(context, collection)} needs at least one value.`);
      const label =
        collection === SAVED_VIEW ? `Keep ${namedLabel(context, collection, values)}` : `Create ${typeWord(context, collection)}`;
      return commitAndAnswer(context, edits, { record, label, hints: [] });
    },
    "record.set": ({ record, values }, caller) => {
      const row = liveRow(store, record);
      if (row.collection === ORDER) return orders["order.set"]({ order: record, values }, caller);
      const writes = valueWrites(context.typeOf(row.collection), values, valueContext(context, row));
      const edits = editsOf({ collection: row.collection, record }, writes, notes);
      const verb = row.collection === SAVED_VIEW && Object.hasOwn(values, "name") ? "Rename" : "Change";
      return commitAndAnswer(context, edits, { record, label: `${verb} ${labelOf(context, row)}`, hints: [] });
    },
    "record.delete": ({ record }, caller) => {
      const row = liveRow(store, record);
      if (row.collection === ORDER) return orders["order.delete"]({ order: record }, caller);
      const edits: readonly Edit[] = [{ collection: row.collection, record, kind: "delete" }];
      return commitAndAnswer(context, edits, { record, label: `Delete ${labelOf(context, row)}`, hints: [] });
    },
    "record.restore": ({ record }, caller) => {
      const row = store.row(record, { deleted: true });
      if (row === undefined) throw new AppError("not_found", `There is no record "${record}" here.`);
      if (row.collection === ORDER) return orders["order.restore"]({ order: record }, caller);
      const edits: readonly Edit[] = row.deleted ? [{ collection: row.collection, record, kind: "restore" }] : [];
      return commitAndAnswer(context, edits, { record, label: `Restore ${labelOf(context, row)}`, hints: [] });
    },
  };
};

/** People keep filters; that they are saved views is the schema's word alone. */
const typeWord = (context: DeskContext, collection: CollectionId): string =>
  collection === SAVED_VIEW ? "filter" : context.typeOf(collection).name.toLowerCase();

const labelOf = (context: DeskContext, row: RecordRow): string => {
  const name = nameOf(row);
  const type = typeWord(context, row.collection);
  return name === row.id ? `a ${type}` : `${type} ${name}`;
};

/** The same for values that are no record yet. */
const namedLabel = (context: DeskContext, collection: CollectionId, { name }: Readonly<Record<string, unknown>>): string =>
  typeof name === "string" && name.trim() !== "" ? `${typeWord(context, collection)} ${name.trim()}` : `a ${typeWord(context, collection)}`;
