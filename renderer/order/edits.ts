/**
 * What the panel's fields write. Each answers what is wrong in words, or undefined when it is kept; nothing is kept half.
 */
import type { Contact, WorkOrder } from "../../shared/domain/records.ts";
import { t } from "../i18n.ts";
import { adviceOf } from "../state/advice.ts";
import { setOrder } from "../state/commands.ts";
import { call } from "../state/desk.ts";
import { say } from "../state/said.ts";
import { minutesText, parseMinutes, parseWindow } from "../state/typed-time.ts";
import { type DayText, instant, type Zone } from "../state/zone.ts";
import { ensure, type Named } from "./draft.ts";

const report = (problem: string | undefined): void => {
  if (problem !== undefined) say(problem);
};

/** Writes, and says a refusal in a toast (the field shows the record's value again). */
export const write = (order: WorkOrder, values: Parameters<typeof setOrder>[1]): void => void setOrder(order.id, values).then(report);

export const writeTitle = (order: WorkOrder, text: string): string | undefined => {
  if (text.trim() === "") return t("order.titleMissing");
  write(order, { title: text.trim() });
  return undefined;
};

/** `Today 14:00 – 16:00`, `Nov 26`, or nothing. */
export const windowText = (order: WorkOrder, today: DayText, zone: Zone): string => {
  if (order.requestedFrom === null) return "";
  const day = zone.dateAt(order.requestedFrom);
  const bounds = zone.bounds(day);
  const dayWords = day === today ? t("day.today") : zone.longDay(day);
  const to = order.requestedTo;
  if (order.requestedFrom <= bounds.from && (to === null || to >= bounds.to - 60_000))
    return to === null || to <= bounds.to ? dayWords : `${dayWords} – ${zone.longDay(zone.dateAt(to))}`;
  if (to === null) return `${dayWords} ${zone.time(order.requestedFrom)}`;
  return `${dayWords} ${zone.time(order.requestedFrom)} – ${zone.time(to)}`;
};

export const writeWindow = (order: WorkOrder, typed: string, shown: DayText, today: DayText, zone: Zone): string | undefined => {
  if (typed.trim() === "") {
    write(order, { requestedFrom: null, requestedTo: null });
    return undefined;
  }
  const own = order.requestedFrom === null ? shown : zone.dateAt(order.requestedFrom);
  const window = parseWindow(typed, own, today, zone);
  if (window === undefined) return t("order.windowUnreadable");
  write(order, { requestedFrom: window.from, requestedTo: window.to });
  return undefined;
};

export const estimateText = (order: WorkOrder): string => (order.estimatedMinutes === null ? "" : minutesText(order.estimatedMinutes));

export const writeEstimate = (order: WorkOrder, typed: string): string | undefined => {
  const minutes = typed.trim() === "" ? null : parseMinutes(typed);
  if (minutes === undefined) return t("order.minutesUnreadable");
  write(order, { estimatedMinutes: minutes });
  return undefined;
};

export const writeTags = (order: WorkOrder, typed: string): string | undefined => {
  const tags = [
    ...new Set(
      typed
        .split(",")
        .map((tag) => tag.trim())
        .filter((tag) => tag !== ""),
    ),
  ];
  write(order, { tags });
  return undefined;
};

const refer = async (
  order: WorkOrder,
  field: "customer" | "site" | "contact",
  wanted: Named,
  values: Record<string, string | null>,
): Promise<void> => {
  const id = await ensure(field, wanted, values);
  report(await setOrder(order.id, { [field]: id }));
};

/** Sets what an order refers to; a new one is made first. */
export const writeReference = (order: WorkOrder, field: "customer" | "site" | "contact", wanted: Named): void => {
  const values =
    field === "site"
      ? { address: wanted.name, customer: order.customer }
      : field === "contact"
        ? contactValues(wanted.name, order)
        : { name: wanted.name };
  refer(order, field, wanted, values).catch((error: unknown) => say(adviceOf(error)));
};

/** `Maeve Corrigan, 555-0117` is a name and a phone. */
const contactValues = (typed: string, order: WorkOrder): Record<string, string | null> => {
  const phone = /[+\d][\d\s()/-]{4,}$/.exec(typed)?.[0].trim();
  const name = (phone === undefined ? typed : typed.slice(0, typed.lastIndexOf(phone))).replace(/[,\s]+$/, "");
  return { name: name === "" ? typed : name, phone: phone ?? null, customer: order.customer };
};

export const contactText = (contact: Contact | undefined): string =>
  [contact?.name, contact?.phone].filter((part) => part != null).join(", ");

/** Ticks a checklist item: its value, by whom and when. The whole list is written by item, so two ticks never clash. */
export const tick = (order: WorkOrder, item: string, on: boolean, by: string): void => {
  const checklist = order.checklist.map((each) =>
    each.id === item ? { id: each.id, value: on, doneBy: on ? by : null, doneAt: on ? instant(Date.now()) : null } : { id: each.id },
  );
  call("order.set", { order: order.id, values: { checklist } }).catch((error: unknown) => say(adviceOf(error)));
};
