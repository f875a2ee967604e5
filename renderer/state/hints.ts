/**
 * What is odd about an order, worst first, computed when read and never stored: late, over, overlapping, about to break a
 * promise, changed since dispatch, held. All are hints; none blocks anything.
 */
import type { Visit, WorkOrder } from "../../shared/domain/records.ts";
import { spanOf } from "../../shared/domain/schedule/fit.ts";
import { isLiveVisit, orderStatusFromVisits, type VisitStatus } from "../../shared/domain/status.ts";
import type { Board } from "./board.ts";
import type { BoardOrder } from "./records.ts";

export type Hint =
  | { readonly kind: "late"; readonly minutes: number }
  | { readonly kind: "over"; readonly minutes: number; readonly atRisk: Visit | undefined }
  | { readonly kind: "overlap"; readonly order: string; readonly visit: Visit }
  | { readonly kind: "startsSoon"; readonly minutes: number }
  | { readonly kind: "hold"; readonly reason: string | null }
  | { readonly kind: "changed" }
  | { readonly kind: "notCalled" }
  /** Stands only because it was edited while someone deleted it. */
  | { readonly kind: "edited" }
  | { readonly kind: "suggest"; readonly status: "new" | "scheduled" | "in_progress" | "done" };

const MINUTE_MS = 60_000;
/** How long before an unassigned promise begins the card says so. */
const SOON_MINUTES = 30;
/** A next visit that begins within this time of now is at risk while the one before runs over. */
const RISK_MINUTES = 30;

/** Not on the way yet: the window may pass. */
const WAITING: ReadonlySet<VisitStatus> = new Set(["planned", "confirmed", "dispatched"]);
const FINISHED: ReadonlySet<VisitStatus> = new Set(["done", "no_access", "cancelled"]);

/** The visit that a card speaks of: what is going on, else the day's next, else the nearest one. */
export const leadVisit = (visits: readonly Visit[], from: number, to: number): Visit | undefined => {
  const live = visits.filter((visit) => visit.status !== "cancelled" && visit.status !== "no_access");
  const going = live.find((visit) => visit.status === "travelling" || visit.status === "working" || visit.status === "paused");
  if (going !== undefined) return going;
  const onDay = live.filter((visit) => visit.plannedFrom !== null && visit.plannedFrom >= from && visit.plannedFrom < to);
  return (
    onDay.find((visit) => visit.status !== "done") ??
    onDay.at(-1) ??
    live.find((visit) => visit.plannedFrom !== null && visit.plannedFrom >= to && visit.status !== "done") ??
    live.at(-1)
  );
};

/** The promise: the visit's window, else the order's wish. */
export const promiseOf = (order: WorkOrder, visit: Visit | undefined): { readonly from: number; readonly to: number } | undefined => {
  const from = visit?.windowFrom ?? order.requestedFrom;
  if (from === null || from === undefined) return undefined;
  return { from, to: (visit?.windowFrom == null ? order.requestedTo : visit.windowTo) ?? from };
};

const nextOf = (board: Board, visit: Visit): Visit | undefined => {
  const span = spanOf(visit);
  if (span === undefined) return undefined;
  return visit.technicians
    .flatMap((technician) => board.visitsNear(technician, span.from, span.to + 12 * 60 * MINUTE_MS))
    .filter(
      (other) =>
        other.id !== visit.id && other.plannedFrom !== null && other.plannedFrom >= span.to && WAITING.has(other.status ?? "planned"),
    )
    .sort((a, b) => (a.plannedFrom ?? 0) - (b.plannedFrom ?? 0))[0];
};

const overlapOf = (board: Board, visit: Visit): Hint | undefined => {
  const span = spanOf(visit);
  if (span === undefined || FINISHED.has(visit.status ?? "planned")) return undefined;
  for (const technician of visit.technicians) {
    for (const other of board.visitsNear(technician, span.from, span.to)) {
      const otherSpan = spanOf(other);
      if (other.id === visit.id || otherSpan === undefined || FINISHED.has(other.status ?? "planned")) continue;
      if (other.workOrder === visit.workOrder || !other.technicians.includes(technician)) continue;
      if (span.from < otherSpan.to && otherSpan.from < span.to)
        return { kind: "overlap", order: board.get("workOrder", other.workOrder)?.number ?? "", visit: other };
    }
  }
  return undefined;
};

const timeHints = (board: Board, order: WorkOrder, visit: Visit | undefined, now: number): readonly Hint[] => {
  const promise = promiseOf(order, visit);
  const wholeDay = promise !== undefined && promise.to - promise.from >= 20 * 60 * MINUTE_MS;
  if (order.status === "new" || visit === undefined) {
    if (order.status !== "new" || promise === undefined || wholeDay) return [];
    const minutes = Math.floor((now - promise.from) / MINUTE_MS);
    if (minutes >= 0) return [{ kind: "late", minutes }];
    return -minutes <= SOON_MINUTES ? [{ kind: "startsSoon", minutes: -minutes }] : [];
  }
  const status = visit.status ?? "planned";
  const span = spanOf(visit);
  if (WAITING.has(status)) {
    const start = wholeDay || promise === undefined ? span?.from : promise.from;
    const minutes = start === undefined ? -1 : Math.floor((now - start) / MINUTE_MS);
    if (minutes < 1) return [];
    return status === "planned" ? [{ kind: "late", minutes }, { kind: "notCalled" }] : [{ kind: "late", minutes }];
  }
  if ((status === "working" || status === "paused") && span !== undefined && now - span.to >= MINUTE_MS) {
    const next = nextOf(board, visit);
    const atRisk = next?.plannedFrom != null && next.plannedFrom - now < RISK_MINUTES * MINUTE_MS ? next : undefined;
    return [{ kind: "over", minutes: Math.floor((now - span.to) / MINUTE_MS), atRisk }];
  }
  return [];
};

/** At most two, worst first. `visits` are the order's own. */
export const hintsOf = (
  board: Board,
  order: BoardOrder,
  visits: readonly Visit[],
  visit: Visit | undefined,
  now: number,
): readonly Hint[] => {
  const edited: readonly Hint[] = order.editedWhileDeleted ? [{ kind: "edited" }] : [];
  if (order.status === "done" || order.status === "closed" || order.status === "cancelled") return edited;
  if (order.status === "on_hold") return [{ kind: "hold", reason: order.holdReason }, ...edited];
  const hints: Hint[] = [...timeHints(board, order, visit, now), ...edited];
  const overlap = visit === undefined ? undefined : overlapOf(board, visit);
  if (overlap !== undefined) hints.push(overlap);
  if (visit?.changedSinceDispatch === true) hints.push({ kind: "changed" });
  const statuses = visits.map((each) => each.status ?? "planned");
  const suggested = orderStatusFromVisits(statuses);
  if (statuses.some(isLiveVisit) && suggested === "done") hints.push({ kind: "suggest", status: "done" });
  const rank = { late: 0, over: 0, overlap: 1, startsSoon: 2, hold: 3, changed: 4, notCalled: 5, edited: 6, suggest: 7 } as const;
  return hints.sort((a, b) => rank[a.kind] - rank[b.kind]).slice(0, 2);
};
