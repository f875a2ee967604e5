/**
 * Finds orders by typed words: every word must occur in the number, title, customer, phone, place, contact, tags or reference.
 * A number is found without its letters (`1042` finds A-1042) and as it is spoken (`a1042`). Runs over the live set; no index is kept,
 * but what the desk's own search answered is remembered: it knows notes and forgives slips.
 */
import {
  folded,
  isEmptyQuery,
  isMeant,
  newestFirst,
  numbersMeant,
  type OrderQuery,
  type OrderTerms,
  orderFits,
  parseOrderQuery,
  type UnknownValue,
} from "../../shared/domain/order-query.ts";
import type { WorkOrder } from "../../shared/domain/records.ts";
import type { EpochMs, RecordId } from "../../shared/ids.ts";
import type { Board } from "./board.ts";
import { placeOf } from "./columns.ts";
import type { DayText, Zone } from "./zone.ts";

export const fold = folded;

export const wordsOf = (typed: string): readonly string[] =>
  fold(typed)
    .split(/\s+/)
    .map((word) => word.replace(/^#(?=\d)/, ""))
    .filter((word) => word !== "");

const haystack = (board: Board, order: WorkOrder): string => {
  const customer = board.get("customer", order.customer);
  const site = board.get("site", order.site);
  const contact = board.get("contact", order.contact);
  return fold(
    [
      order.number,
      order.number?.replace("-", ""),
      order.title,
      customer?.name,
      ...(customer?.phones ?? []),
      site?.address,
      site?.name,
      contact?.name,
      contact?.phone,
      order.externalRef,
      ...order.tags,
      ...board.visitsOf(order.id).flatMap((visit) => visit.technicians.map((id) => board.get("technician", id)?.name)),
    ]
      .filter((part) => part != null)
      .join("\n"),
  );
};

export const matches = (board: Board, order: WorkOrder, words: readonly string[]): boolean => {
  if (words.length === 0) return true;
  const text = haystack(board, order);
  return words.every((word) => text.includes(word));
};

/** What the desk's search answered, by what was typed; a few, as filter and palette ask in turn. */
const answers = new WeakMap<Board, Map<string, ReadonlySet<RecordId>>>();
const ANSWERS_KEPT = 8;

/** The desk's search found these orders for what was typed. */
export const rememberFound = (board: Board, typed: string, orders: readonly RecordId[]): void => {
  const kept = answers.get(board) ?? new Map<string, ReadonlySet<RecordId>>();
  answers.set(board, kept);
  const text = typed.trim();
  kept.delete(text);
  kept.set(text, new Set(orders));
  for (const oldest of [...kept.keys()].slice(0, -ANSWERS_KEPT)) kept.delete(oldest);
};

const termsOf = (board: Board, zone: Zone, { statuses, technicians, days }: OrderQuery): OrderTerms => ({
  statuses,
  technicians:
    technicians.length === 0
      ? undefined
      : new Set(
          board
            .all("technician")
            .filter(({ name }) => isMeant(name, technicians))
            .map(({ id }) => id),
        ),
  days: days === undefined ? undefined : { from: zone.bounds(days.from).from, to: zone.bounds(days.to).from },
});

/** Whether the typed words are in an order. What reads as the number of an order that there is means that one, not letters and digits anywhere. */
const wordTest = (board: Board, text: string): ((order: WorkOrder) => boolean) => {
  const numbers = numbersMeant(text);
  const isNumber = numbers.length > 0 && board.all("workOrder").some(({ number }) => number !== null && numbers.includes(number));
  const ways = isNumber ? [...numbers.map(fold), fold(text)].map((word) => [word]) : [wordsOf(text)];
  return (order) => ways.some((words) => matches(board, order, words));
};

const filterOf = (
  board: Board,
  zone: Zone,
  query: OrderQuery,
  found: ReadonlySet<RecordId> | undefined,
): ((order: WorkOrder) => boolean) => {
  const terms = termsOf(board, zone, query);
  const hasWords = wordTest(board, query.text);
  return (order) => orderFits(order, board.visitsOf(order.id), terms) && (found?.has(order.id) === true || hasWords(order));
};

/** The desk finds a number also where it is spread over other words; a filter by number means the number. */
const isNumberText = (text: string): boolean => /^#?\d+$/.test(text) || numbersMeant(text).length > 0;

/** What a filter's text keeps in sight: words, and statuses, technicians and days as `order-query.ts` reads them. */
export const orderFilter = (board: Board, zone: Zone, today: DayText, typed: string): ((order: WorkOrder) => boolean) => {
  const query = parseOrderQuery(typed, today);
  const isAsked = query.unknown.length === 0 && !isNumberText(query.text);
  return filterOf(board, zone, query, isAsked ? answers.get(board)?.get(typed.trim()) : undefined);
};

/** Whether a filter asks for anything yet. */
export const isAsking = (typed: string, today: DayText): boolean => !isEmptyQuery(parseOrderQuery(typed, today));

export type NotKnown = UnknownValue | { readonly kind: "technician"; readonly typed: string };

/** What a filter names that there is not: the reason why it keeps nothing. */
export const notKnown = (board: Board, today: DayText, typed: string): readonly NotKnown[] => {
  const { unknown, technicians } = parseOrderQuery(typed, today);
  const nobody = technicians.filter((one) => !board.all("technician").some(({ name }) => isMeant(name, [one])));
  return [...unknown, ...nobody.map((one): NotKnown => ({ kind: "technician", typed: one }))];
};

export interface Elsewhere {
  readonly count: number;
  /** The nearest of those days, one to come before one that is past. */
  readonly day: DayText;
}

/** How many orders a filter keeps that stand on other days than the one shown, but not there. */
export const elsewhere = (
  board: Board,
  zone: Zone,
  { day, today }: { readonly day: DayText; readonly today: DayText },
  typed: string,
  isThere: (order: RecordId) => boolean,
): Elsewhere | undefined => {
  const { days: asked } = parseOrderQuery(typed, today);
  const technicians = termsOf(board, zone, parseOrderQuery(typed, today)).technicians;
  const keeps = orderFilter(board, zone, today, typed);
  const daysOf = (order: WorkOrder): readonly DayText[] => {
    const visits = board.visitsOf(order.id);
    const times = [...visits.map(({ plannedFrom }) => plannedFrom), order.requestedFrom ?? order.dueBy];
    const dates = new Set(times.filter((at): at is EpochMs => at !== null).map(zone.dateAt));
    return [...dates].filter(
      (date) =>
        date !== day &&
        (asked === undefined || (date >= asked.from && date < asked.to)) &&
        orderFits(order, visits, { statuses: [], technicians, days: zone.bounds(date) }) &&
        placeOf(order, visits, { day: date, today, zone, recent: false, groupOf: () => "" }) !== undefined,
    );
  };
  const found = new Set<DayText>();
  let count = 0;
  for (const order of board.all("workOrder")) {
    if (isThere(order.id) || !keeps(order)) continue;
    const dates = daysOf(order);
    if (dates.length > 0) count++;
    for (const date of dates) found.add(date);
  }
  const sorted = [...found].sort();
  const next = sorted.find((date) => date > day) ?? sorted.at(-1);
  return next === undefined ? undefined : { count, day: next };
};

/** Best first: an exact number, then numbers that end in the digits, then titles that begin so, then the rest; the last made first. */
export const findOrders = (board: Board, zone: Zone, today: DayText, typed: string, limit: number): readonly WorkOrder[] => {
  const query = parseOrderQuery(typed, today);
  if (isEmptyQuery(query)) return [];
  const keeps = filterOf(board, zone, query, undefined);
  const words = wordsOf(typed).join(" ");
  const numbers = numbersMeant(query.text);
  const rank = (order: WorkOrder): number => {
    const number = fold(order.number ?? "");
    if (number === words || numbers.includes(order.number ?? "")) return 0;
    if (/^\d+$/.test(words) && number.endsWith(`-${words}`)) return 1;
    if (fold(order.title ?? "").startsWith(words)) return 2;
    if (fold(board.get("customer", order.customer)?.name ?? "").startsWith(words)) return 3;
    return order.status === "closed" || order.status === "cancelled" ? 5 : 4;
  };
  return board
    .all("workOrder")
    .filter(keeps)
    .map((order) => ({ order, rank: rank(order) }))
    .sort((a, b) => a.rank - b.rank || newestFirst(a.order, b.order))
    .slice(0, limit)
    .map(({ order }) => order);
};
