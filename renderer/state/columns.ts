/**
 * Which order stands in which column on a day, and in what order: by the time of its promise, then priority, then number.
 * The New column holds what is wanted on the day; held and running work is shown whatever its day.
 */
import type { Visit, WorkOrder } from "../../shared/domain/records.ts";
import { type Column, columnOf, PRIORITIES } from "../../shared/domain/status.ts";
import { leadVisit, promiseOf } from "./hints.ts";
import type { DayText, Zone } from "./zone.ts";

export interface Place {
  readonly column: Column;
  /** Technician's name when grouped; empty for none, which stands first. */
  readonly group: string;
  readonly time: number;
  readonly priority: number;
  readonly number: string;
}

export interface PlaceMoment {
  readonly day: DayText;
  readonly today: DayText;
  readonly zone: Zone;
  /** Orders changed while this window is open: undated ones that were finished stay in sight today. */
  readonly recent: boolean;
  readonly groupOf: (visit: Visit | undefined) => string;
}

const touches = (from: number, to: number, bounds: { readonly from: number; readonly to: number }): boolean =>
  from < bounds.to && Math.max(to, from + 1) > bounds.from;

/** Undefined when the order does not stand on the board that day. */
export const placeOf = (order: WorkOrder, visits: readonly Visit[], moment: PlaceMoment): Place | undefined => {
  const { day, today, zone, recent, groupOf } = moment;
  const bounds = zone.bounds(day);
  const status = order.status ?? "new";
  const column = columnOf(status);
  const visit = leadVisit(visits, bounds.from, bounds.to);
  const promise = promiseOf(order, visit);
  const planned = visits.filter((each) => each.plannedFrom !== null && each.status !== "cancelled");
  const visitedOnDay = planned.some((each) =>
    touches(each.plannedFrom ?? 0, (each.plannedFrom ?? 0) + (each.plannedMinutes ?? 0) * 60_000, bounds),
  );
  const wantedFrom = order.requestedFrom ?? order.dueBy;
  const undated = wantedFrom === null && planned.length === 0;
  const wantedOnDay = wantedFrom !== null && touches(wantedFrom, order.requestedTo ?? wantedFrom, bounds);

  const stands = ((): boolean => {
    switch (column) {
      case "on_hold":
        return true;
      case "new":
        return undated || wantedOnDay;
      case "scheduled":
        return visitedOnDay || (planned.length === 0 && (undated || wantedOnDay));
      case "in_progress":
        return visitedOnDay || day === today || (planned.length === 0 && wantedOnDay);
      case "done":
        return visitedOnDay || (planned.length === 0 && wantedOnDay) || (undated && day === today && (status === "done" || recent));
    }
  })();
  if (!stands) return undefined;
  const from = promise?.from ?? visit?.plannedFrom ?? order.dueBy ?? Infinity;
  const wholeDay = promise !== undefined && promise.from <= bounds.from && promise.to >= bounds.to - 60_000;
  return {
    column,
    group: groupOf(visit),
    time: wholeDay ? bounds.to : from,
    priority: PRIORITIES.indexOf(order.priority ?? "normal"),
    number: order.number ?? "",
  };
};

/** Numbers of one desk count upwards: shorter first, then by letters and digits. */
const compareNumbers = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

export const comparePlaces = (a: Place, b: Place): number =>
  (a.group < b.group ? -1 : a.group > b.group ? 1 : 0) ||
  (a.time === b.time ? 0 : a.time - b.time) ||
  b.priority - a.priority ||
  compareNumbers(a.number, b.number);
