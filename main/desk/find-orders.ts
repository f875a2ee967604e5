/**
 * Finding orders among all that a desk holds, by what is typed: words of theirs or of their customer, site or contact, status, technician
 * and day. Begins with whatever index leaves fewest, and holds the rest against what that gives.
 */
import { readNumber } from "../../shared/domain/numbers.ts";
import { isMeant, newestFirst, numbersMeant, type OrderTerms, orderFits, parseOrderQuery } from "../../shared/domain/order-query.ts";
import { orderIn, referenceIn, textIn, visitIn } from "../../shared/domain/read.ts";
import { dateAt, dayOf } from "../../shared/domain/schedule/day.ts";
import type { RecordId } from "../../shared/ids.ts";
import type { RecordRow, SearchHit, Store } from "../store/api.ts";
import { wordsOf } from "../store/search-words.ts";
import { CONTACT, CUSTOMER, type DeskContext, ORDER, SITE, TECHNICIAN, VISIT } from "./context.ts";

/** Changed records that are brought into the search index before the board's other requests may go: a few milliseconds. */
const SEARCH_STEP = 200;
/** Words are looked for until so many orders have them, when more than words is asked for. */
const MOST_BY_WORDS = 1000;
/** Customers, sites and contacts whose orders are looked at when only some of the words are theirs. */
const MOST_NAMED = 100;
/** So many times more names are looked at when those at hand have too few orders. */
const MORE_NAMES = 8;
const NAMED = [CUSTOMER, SITE, CONTACT];

/** After a long catch-up or import much is to be brought in: in steps, so that the board answers meanwhile. */
const searchReady = async (store: Store): Promise<void> => {
  while (store.bringInForSearch(SEARCH_STEP) > 0) await new Promise((resolve) => setImmediate(resolve));
};

/** Orders of a customer, site or contact, the last made first. */
const ordersOf = (store: Store, field: string, id: RecordId): readonly RecordId[] => [...store.where(ORDER, field, id)].reverse();

/** Orders that bear the typed number, letters and counter together as they are spoken or the counter alone. */
const byNumber = (store: Store, text: string): readonly RecordId[] => {
  const typed = readNumber(text);
  return typed.kind === "digits" ? store.byDigits(typed.digits) : numbersMeant(text).flatMap((number) => store.byNumber(number));
};

/**
 * Orders found by words: first by their number, then all in the order or all in a name it bears before those that share them out; what is
 * only close comes last.
 */
const byWords = (store: Store, text: string, limit: number): readonly RecordId[] => {
  const found = new Set(byNumber(store, text).filter((id) => store.row(id) !== undefined));
  const own = store.search(text, [ORDER], limit);
  for (const id of idsOf(own, true)) found.add(id);
  if (found.size < limit) {
    const { exact, close } = byNames(store, text, limit, found);
    for (const id of exact) found.add(id);
    if (found.size < limit) for (const id of sharedOut(store, text, limit)) found.add(id);
    for (const id of [...idsOf(own, false), ...close]) found.add(id);
  }
  return [...found].slice(0, limit);
};

const idsOf = (hits: readonly SearchHit[], exact: boolean): readonly RecordId[] =>
  hits.filter((hit) => hit.exact === exact).map(({ id }) => id);

/**
 * Orders of customers, sites and contacts that have the words, or nearly. Many such names have no order, so how many are to be looked at
 * cannot be told before: more and more of them, until there are `limit` orders with those that are known already.
 */
const byNames = (
  store: Store,
  text: string,
  limit: number,
  known: ReadonlySet<RecordId>,
): { readonly exact: ReadonlySet<RecordId>; readonly close: ReadonlySet<RecordId> } => {
  for (let most = Math.max(limit, MOST_NAMED); ; most *= MORE_NAMES) {
    const hits = store.search(text, NAMED, most);
    const [exact, close] = [new Set<RecordId>(), new Set<RecordId>()];
    const all = new Set(known);
    for (const hit of hits) {
      if (all.size >= limit) break;
      for (const id of ordersOf(store, hit.collection, hit.id)) {
        (hit.exact ? exact : close).add(id);
        all.add(id);
      }
    }
    if (all.size >= limit || hits.length < most) return { exact, close };
  }
};

/** `boiler meier`: orders with some of the words whose customer, site or contact has the others. */
const sharedOut = (store: Store, text: string, limit: number): readonly RecordId[] => {
  const words = wordsOf(text);
  if (words.length < 2) return [];
  const candidates = new Set<RecordId>();
  for (const word of words) {
    const named = store.search(word, NAMED, MOST_NAMED).filter(({ exact }) => exact);
    // Of a common name (a street of the whole town) nothing is gained; another word may tell more.
    if (named.length === MOST_NAMED) continue;
    for (const { id, collection } of named) for (const order of ordersOf(store, collection, id)) candidates.add(order);
  }
  const found: RecordId[] = [];
  for (const row of store.rowsOf(ORDER, [...candidates])) {
    const names = NAMED.flatMap((of) => {
      const id = referenceIn(row[of]);
      return id === null ? [] : (store.row(id) ?? []);
    });
    const has = wordsIn([row, ...names]);
    if (words.every((word) => has.some((each) => each.startsWith(word)))) found.push(row.id);
    if (found.length === limit) break;
  }
  return found;
};

/** The words of what search finds in these records, texts left out. */
const wordsIn = (rows: readonly RecordRow[]): readonly string[] => {
  const parts: string[] = [];
  for (const row of rows)
    for (const field of ["number", "title", "territory", "tags", "externalRef", "name", "phone", "phones", "mail", "address"]) {
      const value = row[field];
      if (typeof value === "string") parts.push(value);
      else if (Array.isArray(value)) parts.push(...value.filter((each) => typeof each === "string"));
    }
  return wordsOf(parts.join("\n"));
};

/** Orders that fit the terms, looked for by the index that leaves fewest. */
const byTerms = (store: Store, { statuses, technicians, days }: OrderTerms, limit: number): readonly RecordRow[] => {
  const ofVisits = (visits: readonly RecordRow[]): readonly RecordRow[] =>
    store.rowsOf(ORDER, [...new Set(visits.flatMap((visit) => visitIn(visit).workOrder ?? []))]);
  if (days !== undefined) {
    const span = { kind: "within", from: days.from, to: days.to } as const;
    const wanted = technicians === undefined ? ["requestedFrom", "dueBy"].flatMap((field) => store.rowsBy(ORDER, field, span)) : [];
    return [...ofVisits(store.rowsBy(VISIT, "plannedFrom", span)), ...wanted];
  }
  if (technicians !== undefined)
    return [...ofVisits(store.rowsBy(VISIT, "technicians", { kind: "in", values: [...technicians] }))].sort(newestFirst);
  return statuses.flatMap((value) => store.rowsBy(ORDER, "status", { kind: "newest", value, limit })).sort(newestFirst);
};

/** At most `limit` orders, best first. */
export const findOrders = async (context: DeskContext, typed: string, limit: number): Promise<readonly RecordRow[]> => {
  const { store } = context.deps;
  const zone = context.zone();
  const query = parseOrderQuery(typed, dateAt(context.now(), zone));
  const hasTerms = query.statuses.length > 0 || query.technicians.length > 0 || query.days !== undefined;
  if (query.text !== "") await searchReady(store);
  if (!hasTerms) return byWords(store, query.text, limit).flatMap((id) => store.row(id) ?? []);
  const technicians = store.rows([TECHNICIAN]).filter((row) => isMeant(textIn(row["name"]), query.technicians));
  const terms: OrderTerms = {
    statuses: query.statuses,
    technicians: query.technicians.length === 0 ? undefined : new Set(technicians.map(({ id }) => id)),
    days: query.days === undefined ? undefined : { from: dayOf(query.days.from, zone).from, to: dayOf(query.days.to, zone).from },
  };
  const candidates =
    query.text === "" ? byTerms(store, terms, limit) : byWords(store, query.text, MOST_BY_WORDS).flatMap((id) => store.row(id) ?? []);
  const found = new Map<RecordId, RecordRow>();
  for (const row of candidates) {
    if (found.size === limit) break;
    const needsVisits = terms.technicians !== undefined || terms.days !== undefined;
    const visits = needsVisits ? store.rowsBy(VISIT, "workOrder", { kind: "in", values: [row.id] }).map(visitIn) : [];
    if (orderFits(orderIn(row), visits, terms)) found.set(row.id, row);
  }
  return [...found.values()];
};
