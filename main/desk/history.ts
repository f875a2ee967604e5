/**
 * Who changed what in a record, the latest first; in an order's the changes of its visits stand too, since who comes when is what people ask
 * an order for. Deleted records answer like any other: who deleted one is asked while it lies in the trash.
 */
import { pathText } from "../../shared/crdt/paths.ts";
import { parseRecordId, type RecordId } from "../../shared/ids.ts";
import type { HistoryLine } from "../../shared/ipc/answers.ts";
import type { Handlers } from "../host/ports.ts";
import { type DeskContext, ORDER, VISIT } from "./context.ts";
import { orderOf } from "./refs.ts";

export const createHistory = (context: DeskContext): Pick<Handlers, "record.history"> => {
  const { store } = context.deps;

  /** An id of any record, or an order's number. */
  const meant = (ref: string): { readonly id: RecordId; readonly isOrder: boolean } => {
    const id = parseRecordId(ref);
    const row = id === undefined ? undefined : store.row(id, { deleted: true });
    if (row !== undefined) return { id: row.id, isOrder: row.collection === ORDER };
    return { id: orderOf(store, ref, { deleted: true }).id, isOrder: true };
  };

  const linesOf = (record: RecordId, visit: RecordId | null, limit: number): readonly HistoryLine[] => {
    const entries = store.history(record, limit);
    // Its last deletion lost to an edit that the deleter had not seen.
    const lost = store.row(record)?.editedWhileDeleted === true ? entries.find(({ path }) => path[0] === "deleted") : undefined;
    return entries.map((entry) => {
      const device = context.members.deviceOf(entry.replica) ?? null;
      return {
        at: entry.at,
        device,
        deviceName: (device === null ? undefined : context.members.nameOf(device)) ?? "an unknown desk",
        visit,
        field: entry.path.length === 1 && entry.path[0] === "kept" ? "restored" : pathText(entry.path),
        from: entry.from,
        to: entry.to,
        won: entry.won && entry !== lost,
      };
    });
  };

  return {
    "record.history": ({ record, limit }) => {
      const { id, isOrder } = meant(record);
      const own = linesOf(id, null, limit);
      if (!isOrder) return own;
      const visits = store.where(VISIT, "workOrder", id, { deleted: true });
      const lines = [...own, ...visits.flatMap((visit) => linesOf(visit, visit, limit))];
      return lines.sort((a, b) => b.at - a.at).slice(0, limit);
    },
  };
};
