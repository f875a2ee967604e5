/**
 * What becomes of a visit and its order when a person assigns, moves, unassigns it or sets its status. Both are written in one
 * change; no replica ever repairs one from the other. Pure: records in, writes out. Source: domain page, section 3.
 */
import { AppError } from "../errors.ts";
import type { EpochMs, RecordId } from "../ids.ts";
import type { Hint } from "../ipc/answers.ts";
import { type FieldWrite, put } from "./field-writes.ts";
import { statusWords, unusualStep } from "./orders.ts";
import type { OrderFacts } from "./read.ts";
import type { Visit } from "./records.ts";
import { isUsualVisitStep, type OrderStatus, orderStatusFromVisits, VISIT_STATUSES, type VisitStatus } from "./status.ts";

/** A visit's planned place; what is undefined stays. */
export interface Placement {
  readonly technicians?: readonly RecordId[];
  readonly plannedFrom?: EpochMs | null;
  readonly plannedMinutes?: number;
}

const OPEN: ReadonlySet<VisitStatus> = new Set(["planned", "confirmed", "dispatched", "travelling", "working", "paused"]);

/** A visit whose time is still to come or going on. */
export const isOpenVisit = (visit: Pick<Visit, "status">): boolean => OPEN.has(visit.status ?? "planned");

/** The visit that "assign" means: the open one; of several the one that comes first. */
export const visitToAssign = (visits: readonly Visit[]): Visit | undefined =>
  visits.filter(isOpenVisit).sort((a, b) => (a.plannedFrom ?? 0) - (b.plannedFrom ?? 0) || (a.id < b.id ? -1 : 1))[0];

/** The order's status once its visits have these; what a person set by hand and visits don't speak of stays. */
export const orderStatusAfter = (order: Pick<OrderFacts, "status">, statuses: readonly VisitStatus[]): OrderStatus => {
  const now = order.status ?? "new";
  const said = orderStatusFromVisits(statuses);
  if (now === "on_hold") return now;
  if (said === "new" || said === "done") return now === "cancelled" || now === "closed" ? now : said;
  return said;
};

/** What the order writes to follow its visits; nothing when it is there already. */
export const orderFollows = (order: OrderFacts, statuses: readonly VisitStatus[]): readonly FieldWrite[] => {
  const status = orderStatusAfter(order, statuses);
  if (status === order.status) return [];
  return [put("status", status), ...(order.cancelReason !== null && status !== "cancelled" ? [put("cancelReason", null)] : [])];
};

/** The statuses of an order's visits once one of them has `status`. */
export const statusesWith = (visits: readonly Visit[], changed: RecordId, status: VisitStatus): readonly VisitStatus[] => {
  const known = visits.some(({ id }) => id === changed);
  const statuses = [...visits]
    .sort((a, b) => (a.plannedFrom ?? Number.MAX_SAFE_INTEGER) - (b.plannedFrom ?? Number.MAX_SAFE_INTEGER))
    .map((visit) => (visit.id === changed ? status : (visit.status ?? "planned")));
  return known ? statuses : [...statuses, status];
};

const technicianWrites = (held: readonly string[], wanted: readonly RecordId[], lead: RecordId | null): readonly FieldWrite[] => {
  const set = (technician: string, value: boolean): FieldWrite => ({ kind: "put", path: ["technicians", technician], value });
  const gone = held.filter((one) => !wanted.some((id) => id === one)).map((one) => set(one, false));
  const added = wanted.filter((one) => !held.includes(one)).map((one) => set(one, true));
  const next = lead !== null && wanted.includes(lead) ? lead : (wanted[0] ?? null);
  return [...gone, ...added, ...(next === lead ? [] : [put("lead", next)])];
};

/** What the new visit of an order writes. Its window is the order's. */
export const newVisitWrites = (order: OrderFacts, place: Required<Placement>): readonly FieldWrite[] => [
  put("workOrder", order.id),
  put("status", "planned"),
  ...technicianWrites([], place.technicians, null),
  ...(place.plannedFrom === null ? [] : [put("plannedFrom", place.plannedFrom)]),
  put("plannedMinutes", place.plannedMinutes),
  ...(order.requestedFrom === null ? [] : [put("windowFrom", order.requestedFrom)]),
  ...(order.requestedTo === null ? [] : [put("windowTo", order.requestedTo)]),
];

export interface Moved {
  readonly writes: readonly FieldWrite[];
  readonly status: VisitStatus;
  readonly hints: readonly Hint[];
}

/** Moves, hands over or resizes a visit. A dispatched one goes back to planned: its technician must be told again. */
export const moveVisit = (visit: Visit, place: Placement): Moved => {
  const writes: FieldWrite[] = [];
  if (place.technicians !== undefined) writes.push(...technicianWrites(visit.technicians, place.technicians, visit.lead));
  if (place.plannedFrom !== undefined && place.plannedFrom !== visit.plannedFrom) writes.push(put("plannedFrom", place.plannedFrom));
  if (place.plannedMinutes !== undefined && place.plannedMinutes !== visit.plannedMinutes)
    writes.push(put("plannedMinutes", place.plannedMinutes));
  const status = visit.status ?? "planned";
  if (writes.length === 0 || status !== "dispatched") return { writes, status, hints: [] };
  return {
    writes: [...writes, put("status", "planned"), put("changedSinceDispatch", true)],
    status: "planned",
    hints: [{ code: "changed_since_dispatch", text: "The technician had been told: dispatch the visit again." }],
  };
};

const stamps = (visit: Visit, to: VisitStatus, now: EpochMs): readonly FieldWrite[] => {
  const clear = (field: "travelFrom" | "arrivedAt" | "finishedAt"): readonly FieldWrite[] =>
    visit[field] === null ? [] : [put(field, null)];
  switch (to) {
    case "dispatched":
      return [put("dispatchedAt", now), ...(visit.changedSinceDispatch === true ? [put("changedSinceDispatch", false)] : [])];
    case "travelling":
      return [put("travelFrom", now)];
    case "working":
      return [...(visit.arrivedAt === null ? [put("arrivedAt", now)] : []), ...clear("finishedAt")];
    case "done":
    case "no_access":
      return [put("finishedAt", now)];
    case "planned":
      return [...clear("travelFrom"), ...clear("arrivedAt"), ...clear("finishedAt")];
    case "confirmed":
    case "paused":
    case "cancelled":
      return [];
  }
};

/** Reads a visit's status as typed. Throws `unusable_value`. */
export const parseVisitStatus = (typed: string): VisitStatus => {
  const text = typed
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, "_");
  const status = VISIT_STATUSES.find((one) => one === text);
  if (status === undefined) throw new AppError("unusable_value", `A visit's status is one of ${VISIT_STATUSES.join(", ")}.`);
  return status;
};

/** Sets a visit's status and stamps the moment it says. `number`: its order's, for the hint. */
export const setVisitStatus = (visit: Visit, to: VisitStatus, now: EpochMs, number: string | null): Moved => {
  const from = visit.status ?? "planned";
  if (from === to) return { writes: [], status: to, hints: [] };
  const hints = isUsualVisitStep(from, to) ? [] : [unusualStep(number === null ? null : `The visit of ${number}`, from, to)];
  return { writes: [put("status", to), ...stamps(visit, to, now)], status: to, hints };
};

/** Takes a visit off the schedule: it is cancelled. Throws `visit_done` for a done one. */
export const unassignVisit = (visit: Visit): Moved => {
  const status = visit.status ?? "planned";
  if (status === "done")
    throw new AppError("visit_done", "This visit is done: it stays with the technician who did it. Reopen it first if that is wrong.");
  if (status === "cancelled") return { writes: [], status, hints: [] };
  const under = status === "travelling" || status === "working" || status === "paused";
  return {
    writes: [put("status", "cancelled")],
    status: "cancelled",
    hints: under ? [{ code: "unusual_step", text: `The visit was ${statusWords(status)}: the technician must be told.` }] : [],
  };
};
