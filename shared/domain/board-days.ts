/**
 * What a board holds from its start: work that is not finished, whenever it is planned, and what is finished of the last days. Older
 * orders are fetched when somebody looks at their day, finds them or scrolls to them. Pure; the desk's `board-set.ts` carries it out.
 */
import type { EpochMs } from "../ids.ts";
import type { Absence, Visit, WorkOrder } from "./records.ts";

const DAY_MS = 86_400_000;
/** Days before today that are there at once: a week to look back over. */
const DAYS_BACK = 8;
/** An absence reaches into the board's days if it began within this time before them: a year's leave. */
const LONGEST_ABSENCE_MS = 400 * DAY_MS;
/** No visit takes longer (the contract's limit). */
export const LONGEST_VISIT_MS = 10 * DAY_MS;

/** Orders in these statuses are finished: on the board only for the days they belong to. */
export const FINISHED = ["done", "closed", "cancelled"] as const;

/** From `from` on and before `to`, milliseconds since 1970 UTC. */
export interface Days {
  readonly from: number;
  readonly to: number;
}

/** The days that every board has from its start; they have no end. */
export const boardDays = (now: EpochMs): Days => ({ from: now - DAYS_BACK * DAY_MS, to: Number.MAX_SAFE_INTEGER });

/** When an absence must have begun to matter on these days. */
export const absenceDays = ({ from, to }: Days): Days => ({ from: from - LONGEST_ABSENCE_MS, to });

const isIn = (at: number | null, days: readonly Days[]): boolean => at !== null && days.some(({ from, to }) => at >= from && at < to);

/** Whether an order is on these days' board by itself, without a visit. */
export const isOrderOn = (order: Pick<WorkOrder, "status" | "requestedFrom" | "dueBy">, days: readonly Days[]): boolean =>
  !FINISHED.some((status) => status === (order.status ?? "new")) || isIn(order.requestedFrom, days) || isIn(order.dueBy, days);

export const isVisitOn = (visit: Pick<Visit, "plannedFrom">, days: readonly Days[]): boolean => isIn(visit.plannedFrom, days);

export const isAbsenceOn = (absence: Pick<Absence, "from">, days: readonly Days[]): boolean => isIn(absence.from, days.map(absenceDays));
