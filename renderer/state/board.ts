/**
 * The live set: every record that the board holds, by id, with the indexes that cards need. It is loaded once and then
 * follows change events; nothing polls. Listeners hear of one record, of one collection, or of the cards that a change
 * concerns, always after the whole change is in.
 */
import { absenceIn, contactIn, customerIn, savedViewIn, siteIn, technicianIn, visitIn } from "../../shared/domain/read.ts";
import type { Absence, BoardCollection, Contact, Customer, SavedView, Site, Technician, Visit } from "../../shared/domain/records.ts";
import type { RecordId } from "../../shared/ids.ts";
import type { RecordData, RecordsChanged } from "../../shared/ipc/answers.ts";
import { type BoardOrder, orderFrom } from "./records.ts";

export interface ByCollection {
  readonly workOrder: BoardOrder;
  readonly visit: Visit;
  readonly technician: Technician;
  readonly absence: Absence;
  readonly customer: Customer;
  readonly contact: Contact;
  readonly site: Site;
  readonly savedView: SavedView;
}

const READERS: { readonly [Name in BoardCollection]: (data: RecordData) => ByCollection[Name] } = {
  workOrder: orderFrom,
  visit: visitIn,
  technician: technicianIn,
  absence: absenceIn,
  customer: customerIn,
  contact: contactIn,
  site: siteIn,
  savedView: savedViewIn,
};

const isBoardCollection = (name: string): name is BoardCollection => Object.hasOwn(READERS, name);

/** Collections whose records are named on the cards of others. */
const isNamed = (name: BoardCollection): boolean => name === "customer" || name === "site" || name === "technician";

type Maps = { readonly [Name in BoardCollection]: Map<string, ByCollection[Name]> };

const DAY_MS = 86_400_000;

type Listener = () => void;

const NONE: readonly Visit[] = [];

export interface Board {
  /** Replaces everything: at the start, and after the carrier was away. */
  readonly load: (records: readonly RecordData[]) => void;
  readonly apply: (change: RecordsChanged) => void;
  /** Takes in what was fetched: nothing has happened to it. */
  readonly add: (records: readonly RecordData[]) => void;
  readonly get: <Name extends BoardCollection>(collection: Name, id: string | null) => ByCollection[Name] | undefined;
  /** All records of a collection; the same array until one of them changes. */
  readonly all: <Name extends BoardCollection>(collection: Name) => readonly ByCollection[Name][];
  readonly visitsOf: (order: RecordId) => readonly Visit[];
  /** Visits of a technician that may share time with a span (by day, so a few more than do). */
  readonly visitsNear: (technician: string, from: number, to: number) => readonly Visit[];
  readonly onRecord: (id: RecordId, listener: Listener) => () => void;
  readonly onCollection: (collection: BoardCollection, listener: Listener) => () => void;
  /** The orders whose cards a change concerns: their own, their visits', customers', sites' and technicians'. */
  readonly onOrders: (listener: (orders: ReadonlySet<RecordId>, loaded: boolean) => void) => () => void;
}

const addTo = <Key, Value>(map: Map<Key, Set<Value>>, key: Key, value: Value): void => {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
};

const removeFrom = <Key, Value>(map: Map<Key, Set<Value>>, key: Key, value: Value): void => {
  const set = map.get(key);
  set?.delete(value);
  if (set?.size === 0) map.delete(key);
};

const dayKeys = (visit: Visit): readonly string[] =>
  visit.plannedFrom === null ? [] : visit.technicians.map((technician) => `${technician}/${Math.floor((visit.plannedFrom ?? 0) / DAY_MS)}`);

export const createBoard = (): Board => {
  const maps: Maps = {
    workOrder: new Map(),
    visit: new Map(),
    technician: new Map(),
    absence: new Map(),
    customer: new Map(),
    contact: new Map(),
    site: new Map(),
    savedView: new Map(),
  };
  const arrays = new Map<BoardCollection, readonly unknown[]>();
  const collectionById = new Map<RecordId, BoardCollection>();
  const visitsByOrder = new Map<RecordId, Set<RecordId>>();
  const visitArrays = new Map<RecordId, readonly Visit[]>();
  const visitsByTechnicianDay = new Map<string, Set<RecordId>>();
  const recordListeners = new Map<RecordId, Set<Listener>>();
  const collectionListeners = new Map<BoardCollection, Set<Listener>>();
  const orderListeners = new Set<(orders: ReadonlySet<RecordId>, loaded: boolean) => void>();

  const get: Board["get"] = (collection, id) => (id === null ? undefined : maps[collection].get(id));

  const indexVisit = (visit: Visit, add: boolean): void => {
    const change = add ? addTo : removeFrom;
    if (visit.workOrder !== null) {
      change(visitsByOrder, visit.workOrder, visit.id);
      visitArrays.delete(visit.workOrder);
    }
    for (const key of dayKeys(visit)) change(visitsByTechnicianDay, key, visit.id);
  };

  const visitsNear: Board["visitsNear"] = (technician, from, to) => {
    const found: Visit[] = [];
    for (let day = Math.floor(from / DAY_MS) - 1; day <= Math.floor(to / DAY_MS); day++) {
      for (const id of visitsByTechnicianDay.get(`${technician}/${day}`) ?? []) {
        const visit = maps.visit.get(id);
        if (visit !== undefined) found.push(visit);
      }
    }
    return found;
  };

  /** The orders whose cards speak of a visit: its own, and those of visits beside it on the same technician's day. */
  const ordersOfVisit = (visit: Visit, into: Set<RecordId>): void => {
    if (visit.workOrder !== null) into.add(visit.workOrder);
    if (visit.plannedFrom === null) return;
    for (const technician of visit.technicians)
      for (const near of visitsNear(technician, visit.plannedFrom, visit.plannedFrom + DAY_MS))
        if (near.workOrder !== null) into.add(near.workOrder);
  };

  /** An order's own card, and those whose hints name it: what lies beside its visits. */
  const ordersBeside = (id: RecordId, into: Set<RecordId>): void => {
    into.add(id);
    for (const visit of visitsByOrder.get(id) ?? []) {
      const record = maps.visit.get(visit);
      if (record !== undefined) ordersOfVisit(record, into);
    }
  };

  const write = <Name extends BoardCollection>(name: Name, data: RecordData): ByCollection[Name] => {
    const record = READERS[name](data);
    maps[name].set(data.id, record);
    collectionById.set(data.id, name);
    return record;
  };

  const remove = (id: RecordId, orders: Set<RecordId>): BoardCollection | undefined => {
    const name = collectionById.get(id);
    if (name === undefined) return undefined;
    const visit = name === "visit" ? maps.visit.get(id) : undefined;
    if (visit !== undefined) {
      ordersOfVisit(visit, orders);
      indexVisit(visit, false);
    }
    if (name === "workOrder") ordersBeside(id, orders);
    maps[name].delete(id);
    collectionById.delete(id);
    return name;
  };

  const put = (name: BoardCollection, data: RecordData, orders: Set<RecordId>): void => {
    if (name === "visit") {
      const before = maps.visit.get(data.id);
      if (before !== undefined) {
        ordersOfVisit(before, orders);
        indexVisit(before, false);
      }
      const after = write("visit", data);
      indexVisit(after, true);
      ordersOfVisit(after, orders);
    } else {
      write(name, data);
      if (name === "workOrder") ordersBeside(data.id, orders);
    }
  };

  /** Customers, sites and technicians are named on cards: one pass over the orders finds whose. */
  const ordersNaming = (ids: ReadonlySet<string>, into: Set<RecordId>): void => {
    if (ids.size === 0) return;
    for (const order of maps.workOrder.values())
      if ((order.customer !== null && ids.has(order.customer)) || (order.site !== null && ids.has(order.site))) into.add(order.id);
    for (const visit of maps.visit.values())
      if (visit.workOrder !== null && visit.technicians.some((technician) => ids.has(technician))) into.add(visit.workOrder);
  };

  const tell = (
    collections: ReadonlySet<BoardCollection>,
    records: readonly RecordId[],
    orders: ReadonlySet<RecordId>,
    loaded: boolean,
  ): void => {
    for (const name of collections) arrays.delete(name);
    for (const id of records) for (const listener of [...(recordListeners.get(id) ?? [])]) listener();
    for (const name of collections) for (const listener of [...(collectionListeners.get(name) ?? [])]) listener();
    if (orders.size > 0) for (const listener of [...orderListeners]) listener(orders, loaded);
  };

  const take = (changed: readonly RecordData[], gone: readonly RecordId[], loaded: boolean): void => {
    const orders = new Set<RecordId>();
    const collections = new Set<BoardCollection>();
    const named = new Set<RecordId>();
    const touched: RecordId[] = [];
    for (const id of gone) {
      const name = remove(id, orders);
      if (name === undefined) continue;
      collections.add(name);
      touched.push(id);
      if (isNamed(name)) named.add(id);
    }
    for (const data of changed) {
      if (!isBoardCollection(data.collection)) continue;
      put(data.collection, data, orders);
      collections.add(data.collection);
      touched.push(data.id);
      if (isNamed(data.collection)) named.add(data.id);
    }
    ordersNaming(named, orders);
    tell(collections, touched, orders, loaded);
  };

  return {
    load: (records) => {
      const orders = new Set<RecordId>([...maps.workOrder.values()].map((order) => order.id));
      const touched = new Set<RecordId>(collectionById.keys());
      for (const map of Object.values(maps)) map.clear();
      collectionById.clear();
      visitsByOrder.clear();
      visitArrays.clear();
      visitsByTechnicianDay.clear();
      for (const data of records) {
        if (!isBoardCollection(data.collection)) continue;
        write(data.collection, data);
        touched.add(data.id);
        if (data.collection === "workOrder") orders.add(data.id);
      }
      for (const visit of maps.visit.values()) indexVisit(visit, true);
      tell(new Set(Object.keys(maps).filter(isBoardCollection)), [...touched], orders, true);
    },
    apply: ({ changed, gone }) => take(changed, gone, false),
    add: (records) => take(records, [], true),
    get,
    all: <Name extends BoardCollection>(collection: Name) => {
      const kept = arrays.get(collection);
      if (kept !== undefined) return kept as readonly ByCollection[Name][];
      const made = [...maps[collection].values()];
      arrays.set(collection, made);
      return made;
    },
    visitsOf: (order) => {
      const kept = visitArrays.get(order);
      if (kept !== undefined) return kept;
      const ids = visitsByOrder.get(order);
      if (ids === undefined) return NONE;
      const made = [...ids]
        .flatMap((id) => maps.visit.get(id) ?? [])
        .sort((a, b) => (a.plannedFrom ?? Infinity) - (b.plannedFrom ?? Infinity));
      visitArrays.set(order, made);
      return made;
    },
    visitsNear,
    onRecord: (id, listener) => {
      addTo(recordListeners, id, listener);
      return () => removeFrom(recordListeners, id, listener);
    },
    onCollection: (collection, listener) => {
      addTo(collectionListeners, collection, listener);
      return () => removeFrom(collectionListeners, collection, listener);
    },
    onOrders: (listener) => {
      orderListeners.add(listener);
      return () => orderListeners.delete(listener);
    },
  };
};
