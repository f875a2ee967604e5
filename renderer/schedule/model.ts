/**
 * The schedule of the shown day as rows of bars, made from the live set. What did not change keeps its identity, so that
 * an edit of one visit draws one row again.
 */
import type { Visit } from "../../shared/domain/records.ts";
import { layOutSchedule, type ScheduleRow, shownHours } from "../../shared/domain/schedule/layout.ts";
import type { RecordId } from "../../shared/ids.ts";
import { sameData } from "../state/cards.ts";
import type { DayBoard } from "../state/day-board.ts";
import { type BarModel, barModel } from "./bars.ts";
import { type Scale, scaleOfHours } from "./scale.ts";

export interface RowModel {
  readonly row: ScheduleRow;
  readonly name: string;
  readonly skills: string;
  readonly bars: readonly BarModel[];
  /** Where the row's overlap is said in words, once. */
  readonly overlap: { readonly from: number; readonly to: number; readonly minutes: number } | undefined;
}

export interface GroupModel {
  readonly team: string;
  readonly rows: readonly RowModel[];
  /** Percent of the team's working time; undefined when nobody works. */
  readonly load: number | undefined;
}

export interface ScheduleModel {
  readonly groups: readonly GroupModel[];
  readonly scale: Scale;
  /** The minute of the day now; undefined on another day. */
  readonly now: number | undefined;
  readonly rows: number;
  readonly visits: number;
  /** Of those, what the filter does not keep. */
  readonly dimmed: number;
}

/** Visits that may touch the day, each once. */
const visitsOfDay = (days: DayBoard): readonly Visit[] => {
  const { from, to } = days.zone.bounds(days.day());
  const found = new Map<RecordId, Visit>();
  for (const technician of days.board.all("technician"))
    for (const visit of days.board.visitsNear(technician.id, from, to)) found.set(visit.id, visit);
  return [...found.values()];
};

const overlapOf = (bars: readonly BarModel[]): RowModel["overlap"] => {
  const later = bars.filter((bar) => bar.overlapMinutes > 0);
  if (later.length === 0) return undefined;
  const { lane } = later.reduce((lowest, bar) => (bar.lane > lowest.lane ? bar : lowest));
  const onLane = later.filter((bar) => bar.lane === lane);
  return {
    from: Math.min(...onLane.map((bar) => bar.from)),
    to: Math.max(...onLane.map((bar) => bar.to)),
    minutes: later.reduce((sum, bar) => sum + bar.overlapMinutes, 0),
  };
};

const minuteNow = (days: DayBoard): number | undefined => {
  if (days.day() !== days.today()) return undefined;
  const { from } = days.zone.bounds(days.day());
  return (days.now() - from) / 60_000;
};

/** Makes the model; called again after a change it returns the same rows where nothing on them changed. */
export const createScheduleModel = (days: DayBoard): (() => ScheduleModel) => {
  let kept = new Map<RecordId, RowModel>();
  let last: ScheduleModel | undefined;
  return () => {
    const { zone, board } = days;
    const day = days.day();
    const groups = layOutSchedule({
      day: zone.bounds(day),
      zone: zone.id,
      technicians: board.all("technician"),
      visits: visitsOfDay(days),
      absences: board.all("absence"),
    });
    const moment = { now: days.now(), day, zone, keeps: days.keeps };
    const rows = new Map<RecordId, RowModel>();
    const models = groups.map(
      (group): GroupModel => ({
        team: group.team,
        load: group.load === undefined ? undefined : Math.round(group.load * 100),
        rows: group.rows.map((row) => {
          const technician = board.get("technician", row.technician);
          const bars = row.bars.flatMap((bar) => barModel(board, bar, moment) ?? []);
          const made: RowModel = {
            row,
            name: technician?.name ?? "",
            skills: technician?.skills.flatMap(({ skill }) => skill ?? []).join(", ") ?? "",
            bars,
            overlap: overlapOf(bars),
          };
          const before = kept.get(row.technician);
          const model = before !== undefined && sameData(before, made) ? before : made;
          rows.set(row.technician, model);
          return model;
        }),
      }),
    );
    kept = rows;
    const all = models.flatMap((group) => group.rows.flatMap((row) => row.bars));
    const model: ScheduleModel = {
      groups: models,
      scale: scaleOfHours(shownHours(groups)),
      now: minuteNow(days),
      rows: rows.size,
      visits: new Set(all.map((bar) => bar.visit)).size,
      dimmed: new Set(all.filter((bar) => bar.dimmed).map((bar) => bar.visit)).size,
    };
    if (last === undefined || !sameData(last, model)) last = model;
    return last;
  };
};
