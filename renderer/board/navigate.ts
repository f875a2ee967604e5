/**
 * Moving the selection over the columns by arrows, and on from an order that leaves. Pure: answers which order leads next.
 */
import { COLUMNS } from "../../shared/domain/status.ts";
import type { RecordId } from "../../shared/ids.ts";

export type Direction = "up" | "down" | "left" | "right" | "first" | "last";

/** `columns` are the shown ids, in the order of `COLUMNS`. Without a leading card the first one is meant. */
export const nextCard = (
  columns: readonly (readonly RecordId[])[],
  leading: RecordId | undefined,
  direction: Direction,
): RecordId | undefined => {
  const column = leading === undefined ? -1 : columns.findIndex((ids) => ids.includes(leading));
  if (column < 0 || leading === undefined) return columns.find((ids) => ids.length > 0)?.[0];
  const ids = columns[column] ?? [];
  const row = ids.indexOf(leading);
  switch (direction) {
    case "up":
      return ids[Math.max(0, row - 1)];
    case "down":
      return ids[Math.min(ids.length - 1, row + 1)];
    case "first":
      return ids[0];
    case "last":
      return ids.at(-1);
    case "left":
    case "right": {
      const step = direction === "left" ? -1 : 1;
      for (let at = column + step; at >= 0 && at < COLUMNS.length; at += step) {
        const beside = columns[at] ?? [];
        if (beside.length > 0) return beside[Math.min(row, beside.length - 1)];
      }
      return leading;
    }
  }
};

/** Who leads after an order that has left its list: what stood next to it and stays, else the last before it that stays. */
export const successorOf = (ids: readonly RecordId[], gone: RecordId, stays: (id: RecordId) => boolean): RecordId | undefined => {
  const row = ids.indexOf(gone);
  return row < 0 ? undefined : (ids.slice(row + 1).find(stays) ?? ids.slice(0, row).findLast(stays));
};
