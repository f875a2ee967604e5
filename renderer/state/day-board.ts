/**
 * The board of one day, kept up to date by change events and a minute's tick: places in columns, cards, counts and the tray.
 * A change that moves nothing leaves every list's identity; only the cards whose words change get a new model.
 */
import type { Visit, WorkOrder } from "../../shared/domain/records.ts";
import { COLUMNS, type Column } from "../../shared/domain/status.ts";
import type { EpochMs, RecordId } from "../../shared/ids.ts";
import type { Board } from "./board.ts";
import { type CardModel, cardOf, sameData } from "./cards.ts";
import { comparePlaces, type Place, placeOf } from "./columns.ts";
import { type Elsewhere, elsewhere, isAsking, type NotKnown, notKnown, orderFilter } from "./search.ts";
import { isUnassigned, TRAY_GROUPS, type TrayGroup, trayGroupOf, wantedAt } from "./tray.ts";
import type { ChipName } from "./view.ts";
import { type DayText, instant, type Zone } from "./zone.ts";

export interface ColumnList {
  readonly ids: readonly RecordId[];
  /** Planned or estimated minutes of all its orders. */
  readonly minutes: number;
}

export interface Summary {
  readonly today: number;
  readonly late: number;
  readonly unconfirmed: number;
  readonly overlap: number;
  readonly changed: number;
  readonly open: number;
  readonly hold: number;
  readonly alerts: number;
  /** Visits of the day, for the sidebar. */
  readonly visits: number;
}

export interface TrayLists {
  readonly open: readonly { readonly group: TrayGroup; readonly ids: readonly RecordId[] }[];
  readonly hold: readonly RecordId[];
  readonly alerts: readonly RecordId[];
}

/** What chip and filter leave of the day, for a list that ends up empty. */
export interface Filtered {
  readonly isOn: boolean;
  readonly shown: number;
  readonly hidden: number;
  readonly notKnown: readonly NotKnown[];
  /** The first column without a card: said there, it is said once. */
  readonly firstEmpty: Column | undefined;
}

export interface DayOptions {
  readonly day: DayText;
  readonly grouping: "columns" | "technicians";
  readonly chip: ChipName | undefined;
  readonly filter: string;
}

export interface DayBoard {
  readonly zone: Zone;
  readonly board: Board;
  readonly now: () => EpochMs;
  readonly today: () => DayText;
  readonly day: () => DayText;
  readonly card: (id: RecordId) => CardModel | undefined;
  readonly column: (name: Column) => ColumnList;
  readonly groupOf: (id: RecordId) => string;
  /** Before which card of a column an order would stand if it were dropped there. */
  readonly dropIndex: (id: RecordId, column: Column) => number;
  readonly summary: () => Summary;
  readonly tray: () => TrayLists;
  /** Whether chip and filter keep an order in sight. */
  readonly keeps: (id: RecordId) => boolean;
  readonly filtered: () => Filtered;
  /** Where the filter would match beside this day; undefined: nowhere, or a chip speaks of this day alone. */
  readonly elsewhere: () => Elsewhere | undefined;
  readonly onCard: (id: RecordId, listener: () => void) => () => void;
  /** Lists, counts and the tray: told once a change, after it is in. */
  readonly onLists: (listener: () => void) => () => void;
  readonly configure: (options: DayOptions) => void;
  /** The clock moved on; `now` is in milliseconds since 1970 UTC. */
  readonly tick: (now: number) => void;
}

interface Placed extends Place {
  readonly minutes: number;
}

const CHIP_TESTS: { readonly [Name in ChipName]: (card: CardModel) => boolean } = {
  late: (card) => card.hints.some((hint) => hint.kind === "late" || hint.kind === "over"),
  unconfirmed: (card) => card.status === "scheduled" && card.visitStatus === "planned",
  overlap: (card) => card.hints.some((hint) => hint.kind === "overlap"),
  changed: (card) => card.hints.some((hint) => hint.kind === "changed"),
};

const isAlert = (card: CardModel): boolean =>
  card.hints.some((hint) => hint.kind === "late" || hint.kind === "over" || hint.kind === "overlap" || hint.kind === "startsSoon");

export const createDayBoard = (board: Board, zone: Zone, start: number): DayBoard => {
  let now = instant(start);
  let today = zone.dateAt(now);
  let options: DayOptions = { day: today, grouping: "columns", chip: undefined, filter: "" };
  const recent = new Set<RecordId>();
  const places = new Map<RecordId, Placed>();
  const cards = new Map<RecordId, CardModel>();
  const dirtyCards = new Set<RecordId>();
  const lists = new Map<Column, ColumnList>();
  const cardListeners = new Map<RecordId, Set<() => void>>();
  const listListeners = new Set<() => void>();
  /** Columns whose order still holds. */
  const sorted = new Map<Column, readonly RecordId[]>();
  let summary: Summary | undefined;
  let tray: TrayLists | undefined;
  let filtered: Filtered = { isOn: false, shown: 0, hidden: 0, notKnown: [], firstEmpty: undefined };
  let keeps: (order: WorkOrder) => boolean = () => true;
  /** Looked for when it is asked for, once a change. */
  let other: { readonly found: Elsewhere | undefined } | undefined;
  let stale = true;

  const groupOfVisit = (visit: Visit | undefined): string =>
    options.grouping === "columns" ? "" : (board.get("technician", visit?.lead ?? visit?.technicians[0] ?? null)?.name ?? "");

  const place = (id: RecordId): Placed | undefined => {
    const order = board.get("workOrder", id);
    if (order === undefined) return undefined;
    const visits = board.visitsOf(id);
    const found = placeOf(order, visits, { day: options.day, today, zone, recent: recent.has(id), groupOf: groupOfVisit });
    if (found === undefined) return undefined;
    const planned = visits.find((visit) => visit.status !== "cancelled" && visit.plannedMinutes !== null)?.plannedMinutes;
    return { ...found, minutes: planned ?? order.estimatedMinutes ?? 0 };
  };

  /** Places one order anew. */
  const replace = (id: RecordId): void => {
    const before = places.get(id);
    const after = place(id);
    if (sameData(before, after)) return;
    if (after === undefined) places.delete(id);
    else places.set(id, after);
    if (before !== undefined) sorted.delete(before.column);
    if (after !== undefined) sorted.delete(after.column);
  };

  const placeAll = (): void => {
    places.clear();
    for (const order of board.all("workOrder")) {
      const found = place(order.id);
      if (found !== undefined) places.set(order.id, found);
    }
    sorted.clear();
  };

  const card: DayBoard["card"] = (id) => {
    const kept = cards.get(id);
    if (kept !== undefined && !dirtyCards.has(id)) return kept;
    dirtyCards.delete(id);
    const order = board.get("workOrder", id);
    if (order === undefined) {
      cards.delete(id);
      return undefined;
    }
    const made = cardOf(board, order, { now, day: options.day, zone });
    if (kept !== undefined && sameData(kept, made)) return kept;
    cards.set(id, made);
    return made;
  };

  const shown = (id: RecordId): boolean => {
    const model = card(id);
    if (model === undefined) return false;
    if (options.chip !== undefined && !CHIP_TESTS[options.chip](model)) return false;
    const order = board.get("workOrder", id);
    return order !== undefined && keeps(order);
  };

  const sortedColumn = (name: Column): readonly RecordId[] => {
    const kept = sorted.get(name);
    if (kept !== undefined) return kept;
    const entries: { readonly id: RecordId; readonly place: Placed }[] = [];
    for (const [id, found] of places) if (found.column === name) entries.push({ id, place: found });
    const ids = entries.sort((a, b) => comparePlaces(a.place, b.place)).map((entry) => entry.id);
    sorted.set(name, ids);
    return ids;
  };

  const makeSummary = (): Summary => {
    const counts = { late: 0, unconfirmed: 0, overlap: 0, changed: 0, alerts: 0, visits: 0 };
    const pairs = new Set<string>();
    for (const id of places.keys()) {
      const model = card(id);
      if (model === undefined) continue;
      if (CHIP_TESTS.late(model)) counts.late++;
      if (CHIP_TESTS.unconfirmed(model)) counts.unconfirmed++;
      if (CHIP_TESTS.changed(model)) counts.changed++;
      if (isAlert(model)) counts.alerts++;
      for (const hint of model.hints) if (hint.kind === "overlap") pairs.add([model.number, hint.order].sort().join("/"));
    }
    const bounds = zone.bounds(options.day);
    for (const visit of board.all("visit"))
      if (visit.plannedFrom !== null && visit.plannedFrom >= bounds.from && visit.plannedFrom < bounds.to && visit.status !== "cancelled")
        counts.visits++;
    const lists = trayLists();
    const open = lists.open.reduce((sum, group) => sum + group.ids.length, 0);
    return { ...counts, today: places.size, overlap: pairs.size, open, hold: lists.hold.length };
  };

  const trayLists = (): TrayLists => {
    if (tray !== undefined && !stale) return tray;
    const open = new Map<TrayGroup, { readonly id: RecordId; readonly at: number }[]>(TRAY_GROUPS.map((group) => [group, []]));
    const hold: { readonly id: RecordId; readonly at: number }[] = [];
    for (const order of board.all("workOrder")) {
      if (order.status === "on_hold") hold.push({ id: order.id, at: wantedAt(order) });
      else if (isUnassigned(order, board.visitsOf(order.id)))
        open.get(trayGroupOf(order, now))?.push({ id: order.id, at: wantedAt(order) });
    }
    const byTime = (entries: { readonly id: RecordId; readonly at: number }[]): readonly RecordId[] =>
      entries.sort((a, b) => (a.at === b.at ? 0 : a.at - b.at)).map((entry) => entry.id);
    const alerts = [...places.keys()].filter((id) => {
      const model = card(id);
      return model !== undefined && isAlert(model);
    });
    const made: TrayLists = {
      open: [...open].flatMap(([group, entries]) => (entries.length === 0 ? [] : [{ group, ids: byTime(entries) }])),
      hold: byTime(hold),
      alerts,
    };
    tray = tray !== undefined && sameData(tray, made) ? tray : made;
    return tray;
  };

  /** Recomputes lists once per change, whoever asks first; equal ones keep their identity. */
  const refresh = (): void => {
    if (!stale) return;
    trayLists();
    const made = makeSummary();
    summary = summary !== undefined && sameData(summary, made) ? summary : made;
    const isOn = options.chip !== undefined || isAsking(options.filter, today);
    keeps = isOn ? orderFilter(board, zone, today, options.filter) : () => true;
    other = undefined;
    for (const name of COLUMNS) {
      const all = sortedColumn(name);
      const ids = isOn ? all.filter(shown) : all;
      const minutes = ids.reduce((sum, id) => sum + (places.get(id)?.minutes ?? 0), 0);
      const before = lists.get(name);
      const keepIds = before !== undefined && sameData(before.ids, ids) ? before.ids : ids;
      if (before?.ids !== keepIds || before.minutes !== minutes) lists.set(name, { ids: keepIds, minutes });
    }
    const left = COLUMNS.reduce((sum, name) => sum + (lists.get(name)?.ids.length ?? 0), 0);
    const state: Filtered = {
      isOn,
      shown: left,
      hidden: places.size - left,
      notKnown: isOn ? notKnown(board, today, options.filter) : [],
      firstEmpty: COLUMNS.find((name) => lists.get(name)?.ids.length === 0),
    };
    filtered = sameData(filtered, state) ? filtered : state;
    stale = false;
  };

  const lookElsewhere = (): Elsewhere | undefined => {
    if (!filtered.isOn || options.chip !== undefined) return undefined;
    const isThere = (id: RecordId): boolean => places.has(id) && shown(id);
    return elsewhere(board, zone, { day: options.day, today }, options.filter, isThere);
  };

  const tellLists = (): void => {
    stale = true;
    for (const listener of [...listListeners]) listener();
  };

  const tellCards = (ids: Iterable<RecordId>): void => {
    for (const id of ids) for (const listener of [...(cardListeners.get(id) ?? [])]) listener();
  };

  const everything = (): void => {
    placeAll();
    for (const id of cards.keys()) dirtyCards.add(id);
    tellLists();
    tellCards(cardListeners.keys());
  };

  board.onOrders((orders, loaded) => {
    for (const id of orders) {
      if (!loaded) recent.add(id);
      dirtyCards.add(id);
      replace(id);
    }
    tellLists();
    tellCards(orders);
  });
  placeAll();

  return {
    zone,
    board,
    now: () => now,
    today: () => today,
    day: () => options.day,
    card,
    column: (name) => {
      refresh();
      return lists.get(name) ?? { ids: [], minutes: 0 };
    },
    groupOf: (id) => places.get(id)?.group ?? "",
    dropIndex: (id, name) => {
      refresh();
      const ids = lists.get(name)?.ids ?? [];
      const order = board.get("workOrder", id);
      if (order === undefined) return ids.length;
      const visits = board.visitsOf(id);
      const there = placeOf({ ...order, status: name }, visits, { day: options.day, today, zone, recent: true, groupOf: groupOfVisit });
      const index = there === undefined ? -1 : ids.findIndex((other) => comparePlaces(there, places.get(other) ?? there) < 0);
      return index < 0 ? ids.length : index;
    },
    summary: () => {
      refresh();
      return summary ?? makeSummary();
    },
    tray: () => {
      refresh();
      return tray ?? trayLists();
    },
    keeps: (id) => {
      refresh();
      return !filtered.isOn || shown(id);
    },
    filtered: () => {
      refresh();
      return filtered;
    },
    elsewhere: () => {
      refresh();
      other ??= { found: lookElsewhere() };
      return other.found;
    },
    onCard: (id, listener) => {
      const set = cardListeners.get(id) ?? new Set();
      cardListeners.set(id, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0) cardListeners.delete(id);
      };
    },
    onLists: (listener) => {
      listListeners.add(listener);
      return () => listListeners.delete(listener);
    },
    configure: (next) => {
      const moved = next.day !== options.day || next.grouping !== options.grouping;
      if (sameData(next, options)) return;
      options = next;
      if (moved) everything();
      else tellLists();
    },
    tick: (at) => {
      now = instant(at);
      const date = zone.dateAt(now);
      if (date !== today) {
        today = date;
        everything();
        return;
      }
      for (const id of cards.keys()) dirtyCards.add(id);
      tellLists();
      tellCards(cardListeners.keys());
    },
  };
};
