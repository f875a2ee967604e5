/**
 * What follows from an order's new status, written in the same change by the person's action: holds remember where they came
 * from, leaving one clears it, a cancelled order frees its planned visits. A step off the table gets a hint, never a refusal.
 * Source: domain page, section 3.
 */
import type { RecordId } from "../ids.ts";
import type { Hint } from "../ipc/answers.ts";
import { type FieldWrite, fieldOf, put } from "./field-writes.ts";
import type { OrderFacts } from "./read.ts";
import type { Visit } from "./records.ts";
import { isUsualOrderStep, ORDER_STATUSES, type OrderStatus, type VisitStatus } from "./status.ts";

export interface Consequences {
  /** For the order, beside what was asked. */
  readonly order: readonly FieldWrite[];
  /** Visits that are cancelled along. */
  readonly cancelled: readonly RecordId[];
  readonly hints: readonly Hint[];
}

/** Time that can still be freed: nobody has worked there yet. */
const FREEABLE: ReadonlySet<VisitStatus> = new Set(["planned", "confirmed", "dispatched", "travelling"]);

/** `on_hold` as people read it. */
export const statusWords = (status: string): string => status.replaceAll("_", " ");

export const unusualStep = (number: string | null, from: string, to: string): Hint => ({
  code: "unusual_step",
  text: `${number ?? "It"} goes from ${statusWords(from)} to ${statusWords(to)}, which is unusual.`,
});

const statusAsked = (writes: readonly FieldWrite[]): OrderStatus | undefined => {
  const write = writes.find((one) => one.kind === "put" && one.path.length === 1 && one.path[0] === "status");
  return write?.kind === "put" ? ORDER_STATUSES.find((status) => status === write.value) : undefined;
};

/** `writes`: what was asked of the order. `visits`: all of the order's. */
export const orderConsequences = (order: OrderFacts, writes: readonly FieldWrite[], visits: readonly Visit[]): Consequences => {
  const to = statusAsked(writes);
  const from = order.status ?? "new";
  if (to === undefined || to === from) return { order: [], cancelled: [], hints: [] };
  const asked = new Set(writes.map(fieldOf));
  const added: FieldWrite[] = [];
  const hints: Hint[] = isUsualOrderStep(from, to) ? [] : [unusualStep(order.number, from, to)];
  const clear = (field: "heldFrom" | "holdReason" | "cancelReason"): void => {
    if (order[field] !== null && !asked.has(field)) added.push(put(field, null));
  };
  if (to === "on_hold") {
    added.push(put("heldFrom", from));
    if (!asked.has("holdReason") && order.holdReason === null)
      hints.push({ code: "reason_missing", text: `${order.number ?? "The order"} is held without a reason.` });
  } else {
    clear("heldFrom");
    clear("holdReason");
  }
  if (to === "cancelled") {
    if (!asked.has("cancelReason") && order.cancelReason === null)
      hints.push({ code: "reason_missing", text: `${order.number ?? "The order"} is cancelled without a reason.` });
  } else clear("cancelReason");
  const cancelled = to === "cancelled" ? visits.filter(({ status }) => FREEABLE.has(status ?? "planned")).map(({ id }) => id) : [];
  return { order: added, cancelled, hints };
};

/** For an order made with a status of its own: the same fields, without a step. */
export const creationConsequences = (writes: readonly FieldWrite[]): readonly FieldWrite[] =>
  statusAsked(writes) === "on_hold" ? [put("heldFrom", "new")] : [];
