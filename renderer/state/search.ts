/**
 * Finds orders by typed words: every word must occur in the number, title, customer, phone, place, contact, tags or reference.
 * A number typed without letters finds the order (`1042` finds A-1042). Runs over the live set; no index is kept.
 */
import type { WorkOrder } from "../../shared/domain/records.ts";
import type { Board } from "./board.ts";

/** Lower case without accents, so that `muller` finds Müller. */
export const fold = (text: string): string => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();

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

/** Best first: an exact number, then numbers that end in the digits, then titles that begin so, then the rest. */
export const findOrders = (board: Board, typed: string, limit: number): readonly WorkOrder[] => {
  const words = wordsOf(typed);
  if (words.length === 0) return [];
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
    .filter((order) => matches(board, order, words))
    .map((order) => ({ order, rank: rank(order) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map(({ order }) => order);
};
