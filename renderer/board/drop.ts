/**
 * What a drop on a column does: the order alone changes. Hold and a drop that cancels ask for a reason; a new order that was
 * planned by the drop is asked for its technician afterwards, which may be waved away.
 */
import type { Column, OrderStatus } from "../../shared/domain/status.ts";
import type { RecordId } from "../../shared/ids.ts";
import { setStatus } from "../state/commands.ts";
import { desk } from "../state/desk.ts";
import { view } from "../state/view.ts";

const STATUS_OF: Readonly<Record<Column, OrderStatus>> = {
  new: "new",
  scheduled: "scheduled",
  in_progress: "in_progress",
  on_hold: "on_hold",
  done: "done",
};

/** All selected orders move with the one in the hand. */
export const dropOn = (column: Column, order: RecordId): void => {
  const selected = view.get().selected;
  const orders = selected.includes(order) ? selected : [order];
  view.set({ selected: orders });
  if (column === "on_hold") {
    view.set({ ask: { kind: "hold", orders } });
    return;
  }
  setStatus(orders, STATUS_OF[column]);
  const days = desk.get().days;
  const isBare = days?.board.visitsOf(order).every((visit) => visit.status === "cancelled") ?? false;
  if (column === "scheduled" && orders.length === 1 && isBare) view.set({ ask: { kind: "assign", orders } });
};
