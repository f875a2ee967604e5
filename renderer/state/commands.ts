/**
 * What a person does to orders, from a key, a menu, a drag or the palette alike. Each command is one request, durable when it
 * answers; the change comes back as an event. A refusal and a hint are said in a toast, never in a dialog.
 */

import type { OrderStatus, Priority, VisitStatus } from "../../shared/domain/status.ts";
import type { ActionId, EpochMs, RecordId } from "../../shared/ids.ts";
import type { Written } from "../../shared/ipc/answers.ts";
import type { Input } from "../../shared/ipc/contract.ts";
import { t } from "../i18n.ts";
import { adviceOf } from "./advice.ts";
import { call, desk } from "./desk.ts";
import { leadVisit } from "./hints.ts";
import { say } from "./said.ts";
import { view } from "./view.ts";

type Values = Input<"order.set">["values"];

export const refused = (error: unknown): void => say(adviceOf(error));

export const undoAction = (action: ActionId): void => {
  call("undo", { action }).then(({ undone }) => {
    if (!undone) say(t("undo.nothing"));
  }, refused);
};

/** Says a hint of the desk, or the given sentence, with the way back. */
export const tell = (written: Written, sentence?: string): void => {
  const words = [sentence, ...written.hints.map((hint) => hint.text)].filter((part) => part !== undefined).join(" ");
  if (words !== "") say(words, { label: t("undo.undo"), keys: "Ctrl+Z", run: () => undoAction(written.action) });
};

const numberOf = (id: RecordId): string => desk.get().days?.board.get("workOrder", id)?.number ?? t("order.unnumbered");

/** Writes fields of one order. Resolves to what is wrong in words, undefined when all is well. */
export const setOrder = async (order: RecordId, values: Values): Promise<string | undefined> => {
  try {
    tell(await call("order.set", { order, values }));
    return undefined;
  } catch (error) {
    return adviceOf(error);
  }
};

const setOrders = (orders: readonly RecordId[], values: Values, sentence?: string): void => {
  const [first] = orders;
  if (first === undefined) return;
  if (orders.length === 1) {
    call("order.set", { order: first, values }).then((written) => tell(written, sentence), refused);
    return;
  }
  call("order.setMany", { orders: [...orders], values }).then(
    (done) =>
      say(t("toast.changedMany", { count: done.orders }), { label: t("undo.undo"), keys: "Ctrl+Z", run: () => undoAction(done.action) }),
    refused,
  );
};

export const setStatus = (orders: readonly RecordId[], status: OrderStatus): void => setOrders(orders, { status });
export const setPriority = (orders: readonly RecordId[], priority: Priority): void => setOrders(orders, { priority });
export const holdOrders = (orders: readonly RecordId[], reason: string): void =>
  setOrders(orders, { status: "on_hold", holdReason: reason });
export const cancelOrders = (orders: readonly RecordId[], reason: string): void => {
  const [first] = orders;
  if (first !== undefined)
    setOrders(orders, { status: "cancelled", cancelReason: reason }, t("toast.cancelled", { order: numberOf(first) }));
};

/** The visit that a key on a card means. */
export const visitMeant = (order: RecordId): RecordId | undefined => {
  const days = desk.get().days;
  if (days === undefined) return undefined;
  const bounds = days.zone.bounds(days.day());
  return leadVisit(days.board.visitsOf(order), bounds.from, bounds.to)?.id;
};

export const setVisitStatus = (orders: readonly RecordId[], status: VisitStatus): void => {
  const visits = orders.map(visitMeant).filter((visit) => visit !== undefined);
  if (visits.length === 0) {
    say(t("toast.noVisit"));
    return;
  }
  for (const visit of visits) call("visit.setStatus", { visit, status }).then((written) => tell(written), refused);
};

export const deleteOrders = (orders: readonly RecordId[]): void => {
  for (const order of orders) {
    const number = numberOf(order);
    call("order.delete", { order }).then((written) => {
      tell(written, t("toast.deleted", { order: number }));
      view.set((state) => ({
        open: state.open === order ? undefined : state.open,
        selected: state.selected.filter((id) => id !== order),
      }));
    }, refused);
  }
};

/** Brings a deleted record back, of whatever collection. */
export const restoreRecord = (record: RecordId): void => {
  call("record.restore", { record }).then((written) => tell(written, t("toast.restored")), refused);
};

export interface Assignment {
  readonly technician: RecordId;
  /** When; without it the visit's own time stands, else the desk takes the promise or the first free time. */
  readonly at?: EpochMs;
  /** Beside those who are there, not instead. */
  readonly add?: boolean;
  /** Another visit, whatever visits there are. */
  readonly anew?: boolean;
}

/** `Planned for Wed, Nov 25 08:00`, when that is not on the day shown. */
const plannedElsewhere = (order: RecordId): string | undefined => {
  const days = desk.get().days;
  const at = days?.board.get("visit", visitMeant(order) ?? null)?.plannedFrom;
  if (days === undefined || at == null) return undefined;
  const day = days.zone.dateAt(at);
  return day === days.day() ? undefined : t("toast.plannedFor", { day: days.zone.longDay(day), time: days.zone.time(at) });
};

export const assign = (orders: readonly RecordId[], { technician, at, add = false, anew = false }: Assignment): void => {
  for (const order of orders) {
    const input = {
      order,
      technician: add ? `+${technician}` : technician,
      ...(at === undefined ? {} : { at }),
      ...(anew ? { visit: "new" as const } : {}),
    };
    call("order.assign", input).then((written) => tell(written, plannedElsewhere(order)), refused);
  }
};

export const unassign = (visit: RecordId): void => {
  call("visit.unassign", { visit }).then((written) => tell(written), refused);
};

/** Takes back this desk's last action and says what it was and what it left alone. */
export const undo = (): void => {
  call("undo", {}).then(({ undone, label, kept }) => {
    if (!undone) say(t("undo.nothing"));
    else if (kept.length > 0) say(t("undo.undoneKept", { label, fields: kept.map((each) => each.field).join(", ") }));
    else say(t("undo.undone", { label }), { label: t("undo.redo"), keys: "Ctrl+Y", run: redo });
  }, refused);
};

export const redo = (): void => {
  call("redo", {}).then(({ undone, label }) => say(undone ? t("undo.redone", { label }) : t("undo.nothingAgain")), refused);
};

export const setOneVisit = (visit: RecordId, status: VisitStatus): void => {
  call("visit.setStatus", { visit, status }).then((written) => tell(written), refused);
};
