/**
 * What is read without writing: records with their texts, an order's visits with the names of their technicians, lists and
 * the whole board.
 */
import { readNote } from "../../shared/crdt/notes/doc.ts";
import { compareNumbers } from "../../shared/domain/numbers.ts";
import { textIn, visitIn } from "../../shared/domain/read.ts";
import type { Visit } from "../../shared/domain/records.ts";
import { AppError } from "../../shared/errors.ts";
import { parseRecordId, type RecordId } from "../../shared/ids.ts";
import type { RecordData } from "../../shared/ipc/answers.ts";
import type { Handlers } from "../host/ports.ts";
import type { RecordRow, Store } from "../store/api.ts";
import { plainRow } from "./changes.ts";
import { type DeskContext, ORDER, TECHNICIAN, VISIT } from "./context.ts";
import { findOrders } from "./find-orders.ts";
import { nameOf, orderOf } from "./refs.ts";

/** The live visits records of an order, by time. */
export const visitRowsOf = (store: Store, order: RecordId): readonly RecordRow[] =>
  store
    .where(VISIT, "workOrder", order)
    .flatMap((id) => store.row(id) ?? [])
    .sort((a, b) => startOf(a) - startOf(b) || (a.id < b.id ? -1 : 1));

const startOf = (row: RecordRow): number => {
  const from = row["plannedFrom"];
  return typeof from === "number" ? from : Number.MAX_SAFE_INTEGER;
};

export const visitsOf = (store: Store, order: RecordId): readonly Visit[] => visitRowsOf(store, order).map(visitIn);

const technicianName = (store: Store, id: string): string => {
  const record = parseRecordId(id);
  const row = record === undefined ? undefined : store.row(record, { deleted: true });
  return (row === undefined ? null : textIn(row["name"])) ?? id;
};

/** A record with its texts as strings; an order also with its visits. Deleted ones too, marked. Throws `not_found`. */
export const fullRecord = (context: DeskContext, id: RecordId): RecordData => {
  const { store } = context.deps;
  const row = store.row(id, { deleted: true });
  if (row === undefined) throw new AppError("not_found", `There is no record "${id}" here.`);
  const texts = context
    .typeOf(row.collection)
    .fields.filter(({ kind }) => kind === "text")
    .map((field) => [field.id, readNote(store.text(id, field.id).updates)] as const);
  const visits =
    row.collection === ORDER
      ? visitRowsOf(store, id).map((visit) => ({
          ...plainRow(visit),
          technicianNames: visitIn(visit).technicians.map((technician) => technicianName(store, technician)),
        }))
      : undefined;
  return {
    ...plainRow(row),
    ...Object.fromEntries(texts),
    ...(visits === undefined ? {} : { visits }),
    ...(row.deleted ? { deleted: true } : {}),
  };
};

/**
 * What a deleted record is called and what it belongs to, whether that is deleted too or not: a visit has no name but its order's. Empty
 * when there is none.
 */
const trashWords = (store: Store, row: RecordRow): { readonly called: string; readonly belongsTo: string } => {
  const nameIn = (field: string): string => {
    const value = row[field];
    const [first] = Array.isArray(value) ? value : [value];
    const id = typeof first === "string" ? parseRecordId(first) : undefined;
    const held = id === undefined ? undefined : store.row(id, { deleted: true });
    return held === undefined || nameOf(held) === held.id ? "" : nameOf(held);
  };
  const own = textIn(row["title"]) ?? textIn(row["name"]) ?? textIn(row["address"]);
  const belongsTo = ["customer", "workOrder", "technicians", "technician", "site"].map(nameIn).filter((name) => name !== "");
  const [first = "", second = ""] = belongsTo;
  return own === null ? { called: first, belongsTo: second } : { called: own, belongsTo: first };
};

const SEARCH_LIMIT = 100;

type Reads = Pick<Handlers, "order.list" | "order.search" | "order.get" | "technician.list" | "trash.list">;

export const createReads = (context: DeskContext): Reads => {
  const { store } = context.deps;
  return {
    "order.list": ({ status, limit }) => {
      const all = status === undefined ? store.rows([ORDER]) : store.rowsBy(ORDER, "status", { kind: "in", values: [status] });
      const rows = all.sort((a, b) => compareNumbers(textIn(a["number"]), textIn(b["number"])));
      return limit === undefined ? rows : rows.slice(0, limit);
    },
    "order.search": async ({ text, limit }) => (await findOrders(context, text, limit ?? SEARCH_LIMIT)).map(plainRow),
    "order.get": ({ order }) => fullRecord(context, orderOf(store, order).id),
    "technician.list": () => store.rows([TECHNICIAN]).sort((a, b) => ((textIn(a["name"]) ?? "") < (textIn(b["name"]) ?? "") ? -1 : 1)),
    "trash.list": () => {
      const rows = store.trash();
      const orders = new Set(rows.filter((row) => row.collection === ORDER).map(({ id }) => id));
      // A visit deleted with its order comes back with it: it is no thing of its own here.
      return rows
        .filter((row) => row.collection !== VISIT || !orders.has(visitIn(row).workOrder ?? row.id))
        .map((row) => ({ ...row, ...trashWords(store, row) }));
    },
  };
};
