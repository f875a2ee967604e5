/**
 * What a person does to orders, from a key, a menu, a drag or the palette alike. Each command is one request, durable when it
 * answers; the change comes back as an event. A refusal and a hint are said in a toast, never in a dialog.
 */

import type { OrderStatus, Priority, VisitStatus } from "../../shared/domain/status.ts";
import type { ActionId, EpochMs, RecordId } from "../../shared/ids.ts";
import type { Undone, Written } from "../../shared/ipc/answers.ts";
import type { Input } from "../../shared/ipc/contract.ts";
import { t } from "../i18n.ts";
import { adviceOf } from "./advice.ts";
import { call, desk } from "./desk.ts";
import { anyField } from "./field-words.ts";
import { leadVisit } from "./hints.ts";
import { outdate, say } from "./said.ts";
import { view } from "./view.ts";

type Values = Input<"order.set">["values"];

export const refused = (error: unknown): void => say(adviceOf(error));

/** What undo or redo left as it was; undefined when it left nothing. */
const leftWords = (did: "undone" | "redone", { records, kept, label }: Undone): string | undefined => {
  const fields = [...new Set(kept.map(({ field }) => anyField(field)))].join(", ");
  if (records.length > 0) return kept.length === 0 ? undefined : t(`undo.${did}Kept`, { label, fields });
  return kept.length === 0 ? t(`undo.${did}Gone`, { label }) : t(`undo.${did}None`, { label, fields });
};

/** Takes one action back. Silent when all of it went: what is shown says it. */
export const undoAction = (action: ActionId): void => {
  call("undo", { action }).then((answer) => {
    const words = answer.undone ? leftWords("undone", answer) : t("undo.nothing");
    if (words !== undefined) say(words);
  }, refused);
};

/** Says a hint of the desk, or the given sentence, with the way back. Without either, what was offered before goes. */
export const tell = (written: Written, sentence?: string): void => {
  const words = [sentence, ...written.hints.map((hint) => hint.text)].filter((part) => part !== undefined).join(" ");
  if (words === "") outdate();
  else say(words, { label: t("undo.undo"), keys: "Ctrl+Z", run: () => undoAction(written.action) });
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
      // It stays selected until it has left the board: then its neighbour takes over.
      view.set(({ open }) => (open === order ? { open: undefined, openAt: undefined } : {}));
    }, refused);
  }
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
  call("undo", {}).then((answer) => {
    const left = answer.undone ? leftWords("undone", answer) : t("undo.nothing");
    if (left === undefined) say(t("undo.undone", { label: answer.label }), { label: t("undo.redo"), keys: "Ctrl+Y", run: redo });
    else say(left);
  }, refused);
};

export const redo = (): void => {
  call("redo", {}).then((answer) => {
    const left = answer.undone ? leftWords("redone", answer) : t("undo.nothingAgain");
    say(left ?? t("undo.redone", { label: answer.label }));
  }, refused);
};

export const setOneVisit = (visit: RecordId, status: VisitStatus): void => {
  call("visit.setStatus", { visit, status }).then((written) => tell(written), refused);
};
