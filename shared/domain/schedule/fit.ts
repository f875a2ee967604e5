/**
 * How well a planned stretch of time fits a technician: overlap, hours, absence, skills, promise. All are hints, never blocks:
 * the dispatcher knows more than we do (domain page, section 6). The board's ghost and the desk's answers say the same.
 */
import { type EpochMs, parseEpochMs } from "../../ids.ts";
import type { Absence, Technician, Visit, WorkOrder } from "../records.ts";
import { isLiveVisit } from "../status.ts";
import { dateAt, dayOf, minuteAt } from "./day.ts";
import { overlaps, sharedTime } from "./lanes.ts";

const MINUTE_MS = 60_000;
/** What a visit takes when nobody said so. */
export const DEFAULT_VISIT_MINUTES = 60;

export type Misfit =
  | { readonly code: "overlap"; readonly minutes: number; readonly visit: Visit }
  | { readonly code: "absent"; readonly absence: Absence }
  | { readonly code: "outside_hours" }
  | { readonly code: "skill_missing"; readonly skills: readonly string[] }
  | { readonly code: "window_missed" };

export interface Span {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** When a visit is planned; undefined while it has no time. */
export const spanOf = (visit: Pick<Visit, "plannedFrom" | "plannedMinutes">): Span | undefined => {
  if (visit.plannedFrom === null) return undefined;
  const to = parseEpochMs(visit.plannedFrom + (visit.plannedMinutes ?? DEFAULT_VISIT_MINUTES) * MINUTE_MS);
  return to === undefined ? undefined : { from: visit.plannedFrom, to };
};

export interface FitQuestion {
  readonly span: Span;
  readonly technician: Technician;
  /** The order that the visit is for, where known: its window and skills count. */
  readonly order: Pick<WorkOrder, "skills" | "requestedFrom" | "requestedTo"> | undefined;
  /** The visit being placed, which does not overlap itself. */
  readonly visitId: string | undefined;
  /** All visits that may matter; those of others are passed over. */
  readonly visits: readonly Visit[];
  readonly absences: readonly Absence[];
  readonly zone: string;
}

const isOutsideHours = ({ span, technician, zone }: FitQuestion): boolean => {
  if (technician.workingHours === null) return false;
  const day = dayOf(dateAt(span.from, zone), zone);
  const hours = technician.workingHours[String(day.weekday)];
  return hours === undefined || minuteAt(day, span.from, zone) < hours[0] || minuteAt(day, span.to, zone) > hours[1];
};

/** What does not fit, worst first; empty when all is well. */
export const misfits = (question: FitQuestion): readonly Misfit[] => {
  const { span, technician, order, visitId, visits, absences } = question;
  const found: Misfit[] = [];
  for (const visit of visits) {
    if (visit.id === visitId || !visit.technicians.includes(technician.id) || !isLiveVisit(visit.status ?? "planned")) continue;
    const other = spanOf(visit);
    if (other !== undefined && overlaps(span, other))
      found.push({ code: "overlap", minutes: Math.round(sharedTime(span, other) / MINUTE_MS), visit });
  }
  for (const absence of absences) {
    if (absence.from === null || absence.to === null || !absence.technicians.includes(technician.id)) continue;
    if (overlaps(span, { from: absence.from, to: absence.to })) found.push({ code: "absent", absence });
  }
  if (isOutsideHours(question)) found.push({ code: "outside_hours" });
  if (order !== undefined) {
    const known = new Set(technician.skills.map(({ skill }) => skill));
    const skills = order.skills.filter((skill) => !known.has(skill));
    if (skills.length > 0) found.push({ code: "skill_missing", skills });
    if (order.requestedTo !== null && span.from >= order.requestedTo) found.push({ code: "window_missed" });
    else if (order.requestedFrom !== null && span.to <= order.requestedFrom) found.push({ code: "window_missed" });
  }
  return found;
};
