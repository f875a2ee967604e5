/**
 * The tray's rows for a tab and a search: group heads and orders. What a search hides is counted, so that nothing seems gone.
 */
import type { RecordId } from "../../shared/ids.ts";
import type { DayBoard, TrayLists } from "../state/day-board.ts";
import { matches, wordsOf } from "../state/search.ts";
import type { TrayGroup } from "../state/tray.ts";
import type { TrayTab } from "../state/view.ts";

export type TrayRow =
  | { readonly kind: "head"; readonly group: TrayGroup; readonly count: number }
  | { readonly kind: "order"; readonly id: RecordId };

export interface TrayRows {
  readonly rows: readonly TrayRow[];
  readonly hidden: number;
  /** Closed orders that the search would find. */
  readonly closed: number;
}

export const trayRows = (days: DayBoard, lists: TrayLists, tab: TrayTab, search: string): TrayRows => {
  const words = wordsOf(search);
  const keep = (ids: readonly RecordId[]): readonly RecordId[] =>
    words.length === 0
      ? ids
      : ids.filter((id) => {
          const order = days.board.get("workOrder", id);
          return order !== undefined && matches(days.board, order, words);
        });
  const rows: TrayRow[] = [];
  let all = 0;
  if (tab === "open") {
    for (const { group, ids } of lists.open) {
      all += ids.length;
      const kept = keep(ids);
      if (kept.length > 0) rows.push({ kind: "head", group, count: kept.length });
      for (const id of kept) rows.push({ kind: "order", id });
    }
  } else {
    const ids = tab === "hold" ? lists.hold : lists.alerts;
    all = ids.length;
    for (const id of keep(ids)) rows.push({ kind: "order", id });
  }
  const shown = rows.filter((row) => row.kind === "order").length;
  const closed =
    words.length === 0 || shown > 0
      ? 0
      : days.board
          .all("workOrder")
          .filter(
            (order) =>
              (order.status === "closed" || order.status === "cancelled" || order.status === "done") && matches(days.board, order, words),
          ).length;
  return { rows, hidden: all - shown, closed };
};
