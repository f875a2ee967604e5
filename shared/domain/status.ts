/**
 * Statuses of orders and visits, what may follow what, and the letters that choose them. The tables are the trade's
 * (domain page, section 3). A transition off the table is a hint to the person, never a refusal, and nothing on a merge.
 */

export const ORDER_STATUSES = ["new", "scheduled", "in_progress", "on_hold", "done", "closed", "cancelled"] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export const VISIT_STATUSES = [
  "planned",
  "confirmed",
  "dispatched",
  "travelling",
  "working",
  "paused",
  "done",
  "no_access",
  "cancelled",
] as const;
export type VisitStatus = (typeof VISIT_STATUSES)[number];

export const PRIORITIES = ["low", "normal", "high", "urgent"] as const;
export type Priority = (typeof PRIORITIES)[number];

export const HOLD_REASONS = ["parts", "customer", "access", "approval", "weather"] as const;

/** The board's columns; closed and cancelled orders stand under Done, struck or dimmed. */
export const COLUMNS = ["new", "scheduled", "in_progress", "on_hold", "done"] as const;
export type Column = (typeof COLUMNS)[number];

export const columnOf = (status: OrderStatus): Column => (status === "closed" || status === "cancelled" ? "done" : status);

const ORDER_NEXT: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  new: ["scheduled", "on_hold", "cancelled"],
  scheduled: ["new", "in_progress", "on_hold", "cancelled"],
  in_progress: ["scheduled", "done", "on_hold", "cancelled"],
  on_hold: ["new", "scheduled", "in_progress"],
  done: ["closed", "in_progress"],
  closed: ["done"],
  cancelled: ["new", "scheduled", "in_progress"],
};

const VISIT_NEXT: Readonly<Record<VisitStatus, readonly VisitStatus[]>> = {
  planned: ["confirmed", "dispatched", "cancelled"],
  confirmed: ["dispatched", "planned", "cancelled"],
  dispatched: ["travelling", "working", "planned", "cancelled"],
  travelling: ["working", "dispatched", "no_access", "cancelled"],
  working: ["paused", "done", "no_access"],
  paused: ["working", "done", "planned"],
  done: ["working", "planned"],
  no_access: ["working", "planned"],
  cancelled: ["working", "planned"],
};

export const isUsualOrderStep = (from: OrderStatus, to: OrderStatus): boolean => from === to || ORDER_NEXT[from].includes(to);
export const isUsualVisitStep = (from: VisitStatus, to: VisitStatus): boolean => from === to || VISIT_NEXT[from].includes(to);

/** A visit that still binds a technician's time or did; anything but cancelled. */
export const isLiveVisit = (status: VisitStatus): boolean => status !== "cancelled";

/** What an order's visits say its status should be (shown as a hint when it differs, never written by a merge). */
export const orderStatusFromVisits = (visits: readonly VisitStatus[]): OrderStatus => {
  const live = visits.filter(isLiveVisit);
  if (live.length === 0) return "new";
  if (live.some((status) => status === "travelling" || status === "working" || status === "paused")) return "in_progress";
  if (live.every((status) => status === "done")) return "done";
  if (live.at(-1) === "no_access") return "new";
  return live.some((status) => status === "done") ? "in_progress" : "scheduled";
};
