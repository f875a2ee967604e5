/** Which orders are in sight, and which of them a key acts on: never one that is neither shown nor open. */
import { COLUMNS } from "../../shared/domain/status.ts";
import { parseRecordId, type RecordId } from "../../shared/ids.ts";
import type { DayBoard } from "../state/day-board.ts";
import { desk } from "../state/desk.ts";
import { orderFilter } from "../state/search.ts";
import { view } from "../state/view.ts";
import { isTrayFolded } from "./folding.ts";
import { trayRows } from "./tray-rows.ts";

export type Columns = readonly (readonly RecordId[])[];

export const columnsOf = (days: DayBoard): Columns => COLUMNS.map((name) => days.column(name).ids);

export const isIn = (columns: Columns, id: RecordId): boolean => columns.some((ids) => ids.includes(id));

const isInTray = (days: DayBoard, id: RecordId): boolean => {
  const state = view.get();
  return (
    !isTrayFolded(state) &&
    trayRows(days, days.tray(), state.trayTab, state.traySearch).rows.some((row) => row.kind === "order" && row.id === id)
  );
};

const isOnSchedule = (days: DayBoard, id: RecordId): boolean => {
  const { from, to } = days.zone.bounds(days.day());
  return days.board
    .visitsOf(id)
    .some(
      ({ plannedFrom, plannedMinutes }) => plannedFrom !== null && plannedFrom < to && plannedFrom + (plannedMinutes ?? 0) * 60_000 >= from,
    );
};

/** Whether the view shows the order, scrolled to or not. */
export const isShown = (days: DayBoard, id: RecordId): boolean => {
  const state = view.get();
  const order = days.board.get("workOrder", id);
  if (order === undefined) return false;
  switch (state.view) {
    case "board":
      return isIn(columnsOf(days), id) || isInTray(days, id);
    case "schedule":
      return isOnSchedule(days, id) || isInTray(days, id);
    case "list":
      return orderFilter(days.board, days.zone, days.today(), state.filter)(order);
    case "trash":
    case "import":
      return false;
  }
};

/** The order of the card, row or bar that has the focus, selected or not. */
export const focusedOrder = (days: DayBoard): RecordId | undefined => {
  const element = document.activeElement?.closest<HTMLElement>("[data-order], [data-visit]");
  const order = element?.dataset["order"] ?? days.board.get("visit", element?.dataset["visit"] ?? null)?.workOrder;
  return order == null ? undefined : parseRecordId(order);
};

/** What a key acts on: the selection as far as it is in sight, else the open order, else what has the focus. */
export const targets = (): readonly RecordId[] => {
  const { selected, open } = view.get();
  const days = desk.get().days;
  if (days === undefined) return [];
  const focused = focusedOrder(days);
  // Arrows on the schedule move the focus alone: the bar they led to is meant, not the one selected before.
  const isOnBar = document.activeElement?.matches(".schedule-bar") === true;
  if (isOnBar && focused !== undefined && !selected.includes(focused)) return [focused];
  const meant = selected.filter((id) => (id === open ? days.board.get("workOrder", id) !== undefined : isShown(days, id)));
  if (meant.length > 0) return meant;
  if (open !== undefined) return days.board.get("workOrder", open) === undefined ? [] : [open];
  return focused === undefined || !isShown(days, focused) ? [] : [focused];
};
