/**
 * What a bar says: the words and marks of a visit on the schedule, made from the live set. Layout (where it lies) is
 * `shared/domain/schedule`; this file only adds what is written on it. Pure.
 */
import type { Visit, WorkOrder } from "../../shared/domain/records.ts";
import { minuteAt } from "../../shared/domain/schedule/day.ts";
import type { Bar } from "../../shared/domain/schedule/layout.ts";
import type { VisitStatus } from "../../shared/domain/status.ts";
import type { RecordId } from "../../shared/ids.ts";
import type { Board } from "../state/board.ts";
import type { CardMark } from "../state/cards.ts";
import { type DayText, instant, type Zone } from "../state/zone.ts";

export interface BarModel {
  readonly visit: RecordId;
  readonly order: RecordId | undefined;
  readonly from: number;
  readonly to: number;
  readonly lane: number;
  readonly overlapMinutes: number;
  readonly mark: CardMark;
  readonly status: VisitStatus;
  readonly number: string;
  readonly customer: string;
  /** Site, and the promised window when there is one. */
  readonly second: string;
  readonly title: string;
  readonly pinned: boolean;
  readonly changed: boolean;
  readonly finished: boolean;
  /** The filter does not keep its order; it stays, so that the day's load stays in sight. */
  readonly dimmed: boolean;
  /** Minutes since the start of the day at which the visit is or was on the way; the track under the bar ends at now. */
  readonly startedAt: number | undefined;
}

const VISIT_MARKS: Readonly<Record<VisitStatus, CardMark>> = {
  planned: "planned",
  confirmed: "confirmed",
  dispatched: "dispatched",
  travelling: "travelling",
  working: "working",
  paused: "paused",
  done: "done",
  no_access: "cancelled",
  cancelled: "cancelled",
};

const WAITING: ReadonlySet<VisitStatus> = new Set(["planned", "confirmed", "dispatched"]);
const RUNNING: ReadonlySet<VisitStatus> = new Set(["travelling", "working", "paused"]);

const isLate = (visit: Visit, status: VisitStatus, now: number): boolean => {
  const start = visit.windowFrom ?? visit.plannedFrom;
  return WAITING.has(status) && start !== null && now - start >= 60_000;
};

const markOf = (visit: Visit, order: WorkOrder | undefined, status: VisitStatus, now: number): CardMark => {
  if (order?.status === "on_hold" && status !== "done") return "hold";
  return isLate(visit, status, now) ? "late" : VISIT_MARKS[status];
};

/** Undefined when the visit is no longer in the set. */
export const barModel = (
  board: Board,
  bar: Bar,
  moment: { readonly now: number; readonly day: DayText; readonly zone: Zone; readonly keeps: (order: RecordId) => boolean },
): BarModel | undefined => {
  const visit = board.get("visit", bar.visit);
  if (visit === undefined) return undefined;
  const { zone, day, now, keeps } = moment;
  const order = board.get("workOrder", visit.workOrder);
  const site = board.get("site", order?.site ?? null);
  const status = visit.status ?? "planned";
  const window = visit.windowFrom !== null && visit.windowTo !== null ? `${zone.hour(visit.windowFrom)}–${zone.hour(visit.windowTo)}` : "";
  const started = visit.travelFrom ?? visit.arrivedAt ?? visit.plannedFrom;
  return {
    visit: visit.id,
    order: order?.id,
    from: bar.from,
    to: bar.to,
    lane: bar.lane,
    overlapMinutes: Math.round(bar.overlapMinutes),
    mark: markOf(visit, order, status, now),
    status,
    number: order?.number ?? "",
    customer: board.get("customer", order?.customer ?? null)?.name ?? order?.title ?? "",
    second: [site?.address ?? site?.name ?? "", window].filter((part) => part !== "").join(" · "),
    title: order?.title ?? "",
    pinned: visit.pinned === true,
    changed: visit.changedSinceDispatch === true,
    dimmed: visit.workOrder !== null && !keeps(visit.workOrder),
    finished: status === "done" || status === "no_access",
    startedAt: RUNNING.has(status) && started !== null ? minuteAt(zone.bounds(day), instant(started), zone.id) : undefined,
  };
};
