/**
 * What a card shows, computed from the live set and kept until something that it names changes. Equal models keep their
 * identity, so that a change renders exactly the cards whose words change.
 */
import type { Visit, WorkOrder } from "../../shared/domain/records.ts";
import type { OrderStatus, Priority, VisitStatus } from "../../shared/domain/status.ts";
import type { RecordId } from "../../shared/ids.ts";
import type { Board } from "./board.ts";
import { type Hint, hintsOf, leadVisit, promiseOf } from "./hints.ts";
import type { BoardOrder } from "./records.ts";
import { type DayText, instant, type Zone } from "./zone.ts";

/** The marks of the look reference. */
export type CardMark =
  | "new"
  | "planned"
  | "confirmed"
  | "dispatched"
  | "travelling"
  | "working"
  | "paused"
  | "hold"
  | "late"
  | "done"
  | "cancelled";

export type CardWindow =
  | { readonly kind: "hours"; readonly from: string; readonly to: string }
  | { readonly kind: "day"; readonly words: string }
  | { readonly kind: "any" }
  | { readonly kind: "none" };

export interface CardModel {
  readonly id: RecordId;
  readonly number: string;
  readonly title: string;
  readonly status: OrderStatus;
  readonly visitStatus: VisitStatus | null;
  readonly priority: Priority;
  readonly mark: CardMark;
  readonly window: CardWindow;
  readonly customer: string;
  readonly place: string;
  readonly people: readonly { readonly id: string; readonly name: string; readonly initials: string }[];
  readonly hints: readonly Hint[];
}

export interface Moment {
  readonly now: number;
  readonly day: DayText;
  readonly zone: Zone;
}

/** `Dana Meier` → `DM`; one word gives its first two letters. */
export const initials = (name: string): string => {
  const words = name.trim().split(/\s+/);
  const first = words[0] ?? "";
  const last = words.length > 1 ? (words.at(-1) ?? "") : "";
  return (last === "" ? [...first].slice(0, 2).join("") : `${[...first][0] ?? ""}${[...last][0] ?? ""}`).toUpperCase();
};

const VISIT_MARK: Readonly<Record<VisitStatus, CardMark>> = {
  planned: "planned",
  confirmed: "confirmed",
  dispatched: "dispatched",
  travelling: "travelling",
  working: "working",
  paused: "paused",
  done: "working",
  no_access: "planned",
  cancelled: "planned",
};

const markOf = (status: OrderStatus, visit: Visit | undefined, hints: readonly Hint[]): CardMark => {
  switch (status) {
    case "done":
    case "closed":
      return "done";
    case "cancelled":
      return "cancelled";
    case "on_hold":
      return "hold";
    case "new":
      return "new";
    case "scheduled":
    case "in_progress": {
      if (hints.some((hint) => hint.kind === "late")) return "late";
      const mark = visit === undefined ? undefined : VISIT_MARK[visit.status ?? "planned"];
      if (status === "in_progress") return mark === "travelling" || mark === "paused" ? mark : "working";
      return mark === undefined || mark === "working" || mark === "travelling" || mark === "paused" ? "planned" : mark;
    }
  }
};

const windowOf = (order: WorkOrder, visit: Visit | undefined, { day, zone }: Moment): CardWindow => {
  const promise = promiseOf(order, visit);
  const from = promise?.from ?? visit?.plannedFrom ?? order.dueBy;
  if (from === null || from === undefined) return { kind: "none" };
  const bounds = zone.bounds(day);
  const to = promise?.to ?? from + (visit?.plannedFrom == null ? 0 : (visit.plannedMinutes ?? 60) * 60_000);
  if (to < bounds.from || from >= bounds.to) return { kind: "day", words: zone.shortDay(zone.dateAt(instant(from))) };
  if (from <= bounds.from && to >= bounds.to - 60_000) return { kind: "any" };
  if (to <= from) return { kind: "hours", from: zone.time(instant(from)), to: "" };
  return { kind: "hours", from: zone.hour(instant(from)), to: to >= bounds.to ? "24" : zone.hour(instant(to)) };
};

export const cardOf = (board: Board, order: BoardOrder, moment: Moment): CardModel => {
  const bounds = moment.zone.bounds(moment.day);
  const visits = board.visitsOf(order.id);
  const visit = leadVisit(visits, bounds.from, bounds.to);
  const site = board.get("site", order.site);
  const status = order.status ?? "new";
  const hints = hintsOf(board, order, visits, visit, moment.now);
  const people = status === "new" ? [] : (visit?.technicians ?? []);
  return {
    id: order.id,
    number: order.number ?? "",
    title: order.title ?? "",
    status,
    visitStatus: visit?.status ?? null,
    priority: order.priority ?? "normal",
    mark: markOf(status, visit, hints),
    window: windowOf(order, visit, moment),
    customer: board.get("customer", order.customer)?.name ?? "",
    place: site?.address ?? site?.name ?? "",
    people: people.flatMap((id) => {
      const name = board.get("technician", id)?.name;
      return name == null ? [] : [{ id, name, initials: initials(name) }];
    }),
    hints,
  };
};

/** Structural equality of plain data; keeps a card's identity while its words are the same. */
export const sameData = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => sameData(item, b[index]));
  }
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => sameData(Reflect.get(a, key), Reflect.get(b, key)));
};
