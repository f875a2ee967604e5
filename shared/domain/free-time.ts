/**
 * Where a visit goes when only the technician was named: the first stretch of today that is free and within working hours, from
 * now on; after the last visit when the day is full (a hint says that it is outside hours). Pure.
 */
import { type EpochMs, parseEpochMs } from "../ids.ts";
import type { Absence, Technician, Visit } from "./records.ts";
import { dateAt, dayOf, instantAtMinute } from "./schedule/day.ts";
import { type Span, spanOf } from "./schedule/fit.ts";
import { isLiveVisit } from "./status.ts";

const MINUTE_MS = 60_000;
/** The schedule's step. */
const STEP_MS = 15 * MINUTE_MS;

export interface FreeQuestion {
  readonly technician: Technician;
  readonly minutes: number;
  readonly now: EpochMs;
  readonly zone: string;
  readonly visits: readonly Visit[];
  readonly absences: readonly Absence[];
}

const roundUp = (ms: number): number => Math.ceil(ms / STEP_MS) * STEP_MS;

/** The start of the first free stretch. */
export const firstFree = ({ technician, minutes, now, zone, visits, absences }: FreeQuestion): EpochMs => {
  const day = dayOf(dateAt(now, zone), zone);
  const hours = technician.workingHours?.[String(day.weekday)];
  const opening = hours === undefined ? now : Math.max(now, instantAtMinute(day, hours[0], zone));
  const away = absences.flatMap(({ technicians, from, to }): readonly Span[] =>
    from !== null && to !== null && technicians.includes(technician.id) ? [{ from, to }] : [],
  );
  const busy = visits
    .filter((visit) => visit.technicians.includes(technician.id) && isLiveVisit(visit.status ?? "planned"))
    .flatMap((visit) => spanOf(visit) ?? [])
    .concat(away)
    .filter((span) => span.to > opening && span.from < day.to)
    .sort((a, b) => a.from - b.from);
  let start = roundUp(opening);
  for (const span of busy) {
    if (span.from >= start + minutes * MINUTE_MS) break;
    start = Math.max(start, roundUp(span.to));
  }
  return parseEpochMs(start) ?? now;
};
