/**
 * The day's schedule as data: a row a technician, grouped by team, with its bars on lanes, its hours, absences and load.
 * A pure function of the records; the view only draws it. All positions are wall-clock minutes of the day in the workspace's zone.
 */
import type { EpochMs, RecordId } from "../../ids.ts";
import type { Absence, Technician, Visit } from "../records.ts";
import { isLiveVisit } from "../status.ts";
import { type Day, minuteAt } from "./day.ts";
import { spanOf } from "./fit.ts";
import { assignLanes, sharedTime } from "./lanes.ts";

export interface Bar {
  readonly visit: RecordId;
  /** Minutes of the day, cut to 0..1440. */
  readonly from: number;
  readonly to: number;
  readonly lane: number;
  /** Minutes shared with bars that began before it on this row; said once, at the later one. */
  readonly overlapMinutes: number;
}

export interface AbsenceBlock {
  readonly absence: RecordId;
  readonly kind: Absence["kind"];
  readonly from: number;
  readonly to: number;
}

export interface ScheduleRow {
  readonly technician: RecordId;
  readonly bars: readonly Bar[];
  readonly lanes: number;
  readonly absences: readonly AbsenceBlock[];
  /** Working minutes of the day, `[from, to]`; undefined when off. */
  readonly hours: readonly [number, number] | undefined;
  /** Planned share of the working time, 0 to …; undefined when there is none. */
  readonly load: number | undefined;
}

export interface ScheduleGroup {
  readonly team: string;
  readonly rows: readonly ScheduleRow[];
  readonly load: number | undefined;
}

export interface ScheduleInput {
  readonly day: Day;
  readonly zone: string;
  readonly technicians: readonly Technician[];
  readonly visits: readonly Visit[];
  readonly absences: readonly Absence[];
}

const clampMinute = (minute: number): number => Math.min(1440, Math.max(0, minute));

const minutesOf = (day: Day, zone: string, from: EpochMs, to: EpochMs): readonly [number, number] | undefined =>
  to <= day.from || from >= day.to ? undefined : [clampMinute(minuteAt(day, from, zone)), clampMinute(minuteAt(day, to, zone))];

const barsOf = (day: Day, zone: string, visits: readonly Visit[]): Omit<ScheduleRow, "technician" | "absences" | "hours" | "load"> => {
  const placed = visits
    .flatMap((visit) => {
      const span = spanOf(visit);
      const minutes = span && minutesOf(day, zone, span.from, span.to);
      return minutes === undefined ? [] : [{ visit: visit.id, from: minutes[0], to: Math.max(minutes[1], minutes[0] + 1) }];
    })
    .sort((a, b) => a.from - b.from || (a.visit < b.visit ? -1 : 1));
  const { lanes, count } = assignLanes(placed);
  const bars = placed.map((bar, index) => ({
    ...bar,
    lane: lanes[index] ?? 0,
    overlapMinutes: placed.slice(0, index).reduce((minutes, earlier) => minutes + sharedTime(bar, earlier), 0),
  }));
  return { bars, lanes: count };
};

const shareOf = (minutes: number, available: number): number | undefined => (available > 0 ? minutes / available : undefined);

/** Minutes planned and minutes available of a row, absences taken off. */
const workOf = (row: ScheduleRow): readonly [number, number] => {
  const planned = row.bars.reduce((sum, bar) => sum + bar.to - bar.from, 0);
  if (row.hours === undefined) return [planned, 0];
  const hours = { from: row.hours[0], to: row.hours[1] };
  const away = row.absences.reduce((sum, block) => sum + sharedTime(hours, block), 0);
  return [planned, Math.max(0, hours.to - hours.from - away)];
};

/** Rows by team and name. Inactive technicians are left out unless they have a bar that day. */
export const layOutSchedule = ({ day, zone, technicians, visits, absences }: ScheduleInput): readonly ScheduleGroup[] => {
  const byTechnician = new Map<string, Visit[]>();
  for (const visit of visits) {
    if (!isLiveVisit(visit.status ?? "planned")) continue;
    for (const technician of visit.technicians) {
      const list = byTechnician.get(technician);
      if (list === undefined) byTechnician.set(technician, [visit]);
      else list.push(visit);
    }
  }
  const groups = new Map<string, ScheduleRow[]>();
  const sorted = [...technicians].sort(
    (a, b) => (a.team ?? "").localeCompare(b.team ?? "") || (a.name ?? "").localeCompare(b.name ?? "") || (a.id < b.id ? -1 : 1),
  );
  for (const technician of sorted) {
    const placed = barsOf(day, zone, byTechnician.get(technician.id) ?? []);
    if (technician.active === false && placed.bars.length === 0) continue;
    const blocks = absences.flatMap((absence): AbsenceBlock[] => {
      if (absence.from === null || absence.to === null || !absence.technicians.includes(technician.id)) return [];
      const minutes = minutesOf(day, zone, absence.from, absence.to);
      return minutes === undefined ? [] : [{ absence: absence.id, kind: absence.kind, from: minutes[0], to: minutes[1] }];
    });
    const hours = technician.workingHours === null ? undefined : technician.workingHours[String(day.weekday)];
    const bare = { technician: technician.id, ...placed, absences: blocks, hours, load: undefined };
    const row = { ...bare, load: shareOf(...workOf(bare)) };
    const team = technician.team ?? "";
    const rows = groups.get(team);
    if (rows === undefined) groups.set(team, [row]);
    else rows.push(row);
  }
  return [...groups].map(([team, rows]) => {
    const [planned, available] = rows
      .map(workOf)
      .reduce(([p, a], [planned, available]) => [p + planned, a + available] as const, [0, 0] as const);
    return { team, rows, load: shareOf(planned, available) };
  });
};

/** An empty schedule shows these; a full one is never narrower than their usual working part. */
const EMPTY_HOURS: readonly [number, number] = [6, 20];
const LEAST_HOURS = 12;

/** The hours to draw: all working hours and bars with an hour to spare on each side, at least twelve; whole hours of the day. */
export const shownHours = (groups: readonly ScheduleGroup[]): readonly [number, number] => {
  const spans = groups.flatMap(({ rows }) =>
    rows.flatMap(({ bars, hours }) => [...bars.map(({ from, to }) => [from, to] as const), ...(hours ? [hours] : [])]),
  );
  if (spans.length === 0) return EMPTY_HOURS;
  const first = Math.max(0, Math.floor(Math.min(...spans.map(([from]) => from)) / 60) - 1);
  const last = Math.min(24, Math.ceil(Math.max(...spans.map(([, to]) => to)) / 60) + 1);
  const lacking = Math.max(0, LEAST_HOURS - (last - first));
  const end = Math.min(24, last + lacking);
  return [Math.max(0, Math.min(first, end - LEAST_HOURS)), end];
};
