/**
 * What a drag on the schedule would do: where the ghost lies and how it fits. A ghost is decided here, from plain data;
 * the pointer code only says where the pointer is, and the row only draws it.
 */
import { DEFAULT_VISIT_MINUTES, type Misfit, misfits } from "../../shared/domain/schedule/fit.ts";
import type { EpochMs, RecordId } from "../../shared/ids.ts";
import type { Board } from "../state/board.ts";
import { createStore } from "../state/store.ts";
import { type DayText, instant, type Zone } from "../state/zone.ts";
import { snapMinute } from "./scale.ts";

/** What is being dragged: a visit from its bar, or an order without one from the tray. */
export type Dragged =
  | { readonly kind: "visit"; readonly visit: RecordId; readonly from: RecordId | undefined; readonly grabMinutes: number }
  | { readonly kind: "order"; readonly order: RecordId };

export interface Ghost {
  readonly technician: RecordId;
  readonly fromMinute: number;
  readonly minutes: number;
  readonly at: EpochMs;
  readonly number: string;
  readonly customer: string;
  readonly misfits: readonly Misfit[];
}

export const drag = createStore<{ readonly dragged: Dragged | undefined; readonly ghost: Ghost | undefined }>({
  dragged: undefined,
  ghost: undefined,
});

export interface GhostQuestion {
  readonly board: Board;
  readonly zone: Zone;
  readonly day: DayText;
  readonly dragged: Dragged;
  readonly technician: RecordId;
  /** The minute under the pointer. */
  readonly minute: number;
}

/** Undefined when what is dragged, or the row, is gone meanwhile. */
export const ghostAt = ({ board, zone, day, dragged, technician, minute }: GhostQuestion): Ghost | undefined => {
  const row = board.get("technician", technician);
  const visit = dragged.kind === "visit" ? board.get("visit", dragged.visit) : undefined;
  const order = board.get("workOrder", dragged.kind === "visit" ? (visit?.workOrder ?? null) : dragged.order);
  if (row === undefined || (dragged.kind === "visit" ? visit : order) === undefined) return undefined;
  const minutes = visit?.plannedMinutes ?? order?.estimatedMinutes ?? DEFAULT_VISIT_MINUTES;
  const fromMinute = Math.max(0, Math.min(1440 - minutes, snapMinute(minute - (dragged.kind === "visit" ? dragged.grabMinutes : 0))));
  const at = zone.at(day, fromMinute);
  const to = instant(at + minutes * 60_000);
  return {
    technician,
    fromMinute,
    minutes,
    at,
    number: order?.number ?? "",
    customer: board.get("customer", order?.customer ?? null)?.name ?? order?.title ?? "",
    misfits: misfits({
      span: { from: at, to },
      technician: row,
      order,
      visitId: visit?.id,
      visits: board.visitsNear(technician, at, to),
      absences: board.all("absence"),
      zone: zone.id,
    }),
  };
};
