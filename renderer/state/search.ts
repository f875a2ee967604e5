/**
 * Finds orders by typed words: every word must occur in the number, title, customer, phone, place, contact, tags or reference.
 * A number typed without letters finds the order (`1042` finds A-1042). Runs over the live set; no index is kept.
 */
import { folded, isMeant, newestFirst, type OrderTerms, orderFits, parseOrderQuery } from "../../shared/domain/order-query.ts";
import type { WorkOrder } from "../../shared/domain/records.ts";
import type { Board } from "./board.ts";
import type { DayText, Zone } from "./zone.ts";

export const fold = folded;

export const wordsOf = (typed: string): readonly string[] =>
  fold(typed)
    .split(/\s+/)
    .filter((word) => word !== "");

const haystack = (board: Board, order: WorkOrder): string => {
  const customer = board.get("customer", order.customer);
  const site = board.get("site", order.site);
  const contact = board.get("contact", order.contact);
  return fold(
    [
      order.number,
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

/** What a filter's text keeps in sight: words, and statuses, technicians and days as `order-query.ts` reads them. */
export const orderFilter = (board: Board, zone: Zone, today: DayText, typed: string): ((order: WorkOrder) => boolean) => {
  const { text, statuses, technicians, days } = parseOrderQuery(typed, today);
  const words = wordsOf(text);
  const meant = board.all("technician").filter(({ name }) => isMeant(name, technicians));
  const terms: OrderTerms = {
    statuses,
    technicians: technicians.length === 0 ? undefined : new Set(meant.map(({ id }) => id)),
    days: days === undefined ? undefined : { from: zone.bounds(days.from).from, to: zone.bounds(days.to).from },
  };
  return (order) => orderFits(order, board.visitsOf(order.id), terms) && matches(board, order, words);
};

/** Best first: an exact number, then numbers that end in the digits, then titles that begin so, then the rest; the last made first. */
export const findOrders = (board: Board, zone: Zone, today: DayText, typed: string, limit: number): readonly WorkOrder[] => {
  const words = wordsOf(typed);
  if (words.length === 0) return [];
  const keeps = orderFilter(board, zone, today, typed);
  const query = words.join(" ");
  const rank = (order: WorkOrder): number => {
    const number = fold(order.number ?? "");
    if (number === query) return 0;
    if (/^\d+$/.test(query) && number.endsWith(`-${query}`)) return 1;
    if (fold(order.title ?? "").startsWith(query)) return 2;
    if (fold(board.get("customer", order.customer)?.name ?? "").startsWith(query)) return 3;
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
