/**
 * Where the arrows lead from a bar: along its row by time, and to the bar of the next row that lies nearest in time.
 * Pure, over the schedule's model.
 */
import type { RecordId } from "../../shared/ids.ts";
import type { RowModel, ScheduleModel } from "./model.ts";

export interface BarPlace {
  readonly technician: RecordId;
  readonly visit: RecordId;
}

const rowsOf = (model: ScheduleModel): readonly RowModel[] => model.groups.flatMap((group) => group.rows);

/** The first bar of the schedule, where the focus starts. */
export const firstBar = (model: ScheduleModel): BarPlace | undefined => {
  for (const { row, bars } of rowsOf(model)) {
    const [bar] = bars;
    if (bar !== undefined) return { technician: row.technician, visit: bar.visit };
  }
  return undefined;
};

/** The technician of the row above or below; undefined at the edge. */
export const neighbourRow = (model: ScheduleModel, technician: RecordId, to: "up" | "down"): RecordId | undefined => {
  const rows = rowsOf(model);
  const index = rows.findIndex(({ row }) => row.technician === technician);
  return index === -1 ? undefined : rows[index + (to === "down" ? 1 : -1)]?.row.technician;
};

export const walk = (model: ScheduleModel, from: BarPlace, to: "left" | "right" | "up" | "down"): BarPlace | undefined => {
  const rows = rowsOf(model);
  const index = rows.findIndex(({ row }) => row.technician === from.technician);
  const row = rows[index];
  const at = row?.bars.findIndex((bar) => bar.visit === from.visit) ?? -1;
  const bar = row?.bars[at];
  if (row === undefined || bar === undefined) return firstBar(model);
  if (to === "left" || to === "right") {
    const next = row.bars[at + (to === "right" ? 1 : -1)];
    return next === undefined ? undefined : { technician: from.technician, visit: next.visit };
  }
  const step = to === "down" ? 1 : -1;
  for (let i = index + step; i >= 0 && i < rows.length; i += step) {
    const [nearest] = [...(rows[i]?.bars ?? [])].sort((a, b) => Math.abs(a.from - bar.from) - Math.abs(b.from - bar.from));
    const technician = rows[i]?.row.technician;
    if (nearest !== undefined && technician !== undefined) return { technician, visit: nearest.visit };
  }
  return undefined;
};
