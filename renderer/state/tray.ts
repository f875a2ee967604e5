/**
 * The tray beside the board: orders without a live visit whatever day they are wanted, what is on hold, and what needs
 * attention. Call-backs stand first, then what is due, then maintenance (the trade's order of precedence).
 */
import type { Visit, WorkOrder } from "../../shared/domain/records.ts";
import { isLiveVisit } from "../../shared/domain/status.ts";

export type TrayGroup = "callBacks" | "dueThisWeek" | "maintenance" | "later";
export const TRAY_GROUPS: readonly TrayGroup[] = ["callBacks", "dueThisWeek", "maintenance", "later"];

const WEEK_MS = 7 * 86_400_000;

export const isUnassigned = (order: WorkOrder, visits: readonly Visit[]): boolean =>
  (order.status === "new" || order.status === "scheduled" || order.status === "in_progress") &&
  !visits.some((visit) => isLiveVisit(visit.status ?? "planned") && visit.status !== "no_access");

/** When an unassigned order is wanted; those without a day come last. */
export const wantedAt = (order: WorkOrder): number => order.requestedFrom ?? order.dueBy ?? Number.POSITIVE_INFINITY;

export const trayGroupOf = (order: WorkOrder, now: number): TrayGroup => {
  if (order.kind === "call_back") return "callBacks";
  if (order.kind === "maintenance") return "maintenance";
  return wantedAt(order) < now + WEEK_MS ? "dueThisWeek" : "later";
};
