/**
 * Orders: made, changed, deleted, restored, noted. What a new status brings along is written in the same change
 * (`shared/domain/orders.ts`). Every answer comes after the durable commit, with the record as it then stands.
 */
import type { Edit } from "../../shared/crdt/edit.ts";
import { type FieldWrite, fieldOf } from "../../shared/domain/field-writes.ts";
import { creationConsequences, orderConsequences, statusWords } from "../../shared/domain/orders.ts";
import { orderIn, textIn, visitIn } from "../../shared/domain/read.ts";
import { creationWrites, valueWrites } from "../../shared/domain/values.ts";
import { AppError } from "../../shared/errors.ts";
import type { RecordId } from "../../shared/ids.ts";
import type { Hint } from "../../shared/ipc/answers.ts";
import type { Handlers } from "../host/ports.ts";
import type { RecordRow } from "../store/api.ts";
import { commitMany } from "./batches.ts";
import { type DeskContext, ORDER, VISIT } from "./context.ts";
import type { Notes } from "./notes.ts";
import { fullRecord, visitRowsOf, visitsOf } from "./reads.ts";
import { liveRow, nameOf, orderOf } from "./refs.ts";
import { commitAndAnswer, editsOf, valueContext } from "./writes.ts";

type Values = Readonly<Record<string, unknown>>;

const refuseNumber = (values: Values): void => {
  if (Object.hasOwn(values, "number"))
    throw new AppError("unusable_value", "Number (number): the desk gives it, and it never changes afterwards.");
};

const label = (row: RecordRow, writes: readonly FieldWrite[]): string => {
  const status = writes.find((write) => write.kind === "put" && write.path.length === 1 && write.path[0] === "status");
  if (status?.kind === "put" && typeof status.value === "string") return `${nameOf(row)} to ${statusWords(status.value)}`;
  const [field, ...others] = new Set(writes.map(fieldOf));
  return field === undefined || others.length > 0 ? `Change ${nameOf(row)}` : `Change ${field} of ${nameOf(row)}`;
};

/** The edits that the values mean for one order, and what there is to say about them. */
const settingOf = (
  context: DeskContext,
  notes: Notes,
  row: RecordRow,
  values: Values,
): { readonly edits: readonly Edit[]; readonly hints: readonly Hint[]; readonly label: string } => {
  refuseNumber(values);
  const writes = valueWrites(context.typeOf(ORDER), values, valueContext(context, row));
  const { order, cancelled, hints } = orderConsequences(orderIn(row), writes, visitsOf(context.deps.store, row.id));
  const edits = [
    ...editsOf({ collection: ORDER, record: row.id }, [...writes, ...order], notes),
    ...cancelled.map((record): Edit => ({ collection: VISIT, record, kind: "put", path: ["status"], value: "cancelled" })),
  ];
  return { edits, hints, label: label(row, writes) };
};

/** The order's visits that were deleted together with it. */
const deletedWith = (context: DeskContext, order: RecordId): readonly RecordId[] => {
  const trash = context.deps.store.trash();
  const at = trash.find(({ id }) => id === order)?.deletedAt;
  return trash.filter((row) => row.collection === VISIT && row.deletedAt === at && visitIn(row).workOrder === order).map(({ id }) => id);
};

type OrderHandlers = Pick<Handlers, "order.create" | "order.set" | "order.setMany" | "order.delete" | "order.restore" | "order.note">;

export const createOrders = (context: DeskContext, notes: Notes): OrderHandlers => {
  const { store } = context.deps;
  return {
    "order.create": ({ values }) => {
      refuseNumber(values);
      context.members.requireWriter();
      const record = context.newRecord();
      const writes = creationWrites(context.typeOf(ORDER), values, valueContext(context, undefined));
      const edits: readonly Edit[] = [
        { collection: ORDER, record, kind: "number", field: "number" },
        ...editsOf({ collection: ORDER, record }, [...writes, ...creationConsequences(writes)], notes),
      ];
      return commitAndAnswer(context, edits, { record, label: `Create “${String(values["title"])}”`, hints: [] });
    },
    "order.set": ({ order, values }) => {
      const row = orderOf(store, order);
      const setting = settingOf(context, notes, row, values);
      return commitAndAnswer(context, setting.edits, { record: row.id, label: setting.label, hints: setting.hints });
    },
    "order.setMany": async ({ orders, values }) => {
      context.members.requireWriter();
      const editsFor = (id: RecordId): readonly Edit[] => settingOf(context, notes, liveRow(store, id), values).edits;
      // All are looked at before the first is written: a value that is unusable stops it with nothing done.
      const changed = orders.filter((id) => editsFor(id).length > 0);
      const action = context.newAction();
      const groups = changed.map((id) => () => editsFor(id));
      const written = await commitMany(context, groups, { action, label: `Change ${changed.length} orders` });
      return { action, orders: written };
    },
    "order.delete": ({ order }) => {
      const row = orderOf(store, order);
      const edits: readonly Edit[] = [
        { collection: ORDER, record: row.id, kind: "delete" },
        ...visitRowsOf(store, row.id).map((visit): Edit => ({ collection: VISIT, record: visit.id, kind: "delete" })),
      ];
      return commitAndAnswer(context, edits, { record: row.id, label: `Delete ${nameOf(row)}`, hints: [] });
    },
    "order.restore": ({ order }) => {
      const row = orderOf(store, order, { deleted: true });
      if (store.row(row.id) !== undefined) return commitAndAnswer(context, [], { record: row.id, label: "", hints: [] });
      const edits: readonly Edit[] = [
        { collection: ORDER, record: row.id, kind: "restore" },
        ...deletedWith(context, row.id).map((record): Edit => ({ collection: VISIT, record, kind: "restore" })),
      ];
      return commitAndAnswer(context, edits, { record: row.id, label: `Restore ${nameOf(row)}`, hints: [] });
    },
    "order.note": ({ order, text }) => {
      const row = orderOf(store, order);
      const action = context.newAction();
      notes.append(row, "notes", text, `Note on ${textIn(row["number"]) ?? nameOf(row)}`, action);
      return { record: fullRecord(context, row.id), action, hints: [] };
    },
  };
};
