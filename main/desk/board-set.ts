/**
 * The records that boards hold. A board is told only of records that entered this set, left it or changed within it; whatever else a
 * desk holds (a million finished orders) costs it nothing. Invariant: an order that stands in it stands with its visits, customer, site
 * and contact, a visit with its order. What a board asked for beyond its first days stays in the set for a day.
 */
import { absenceDays, boardDays, type Days, FINISHED, isAbsenceOn, isOrderOn, isVisitOn } from "../../shared/domain/board-days.ts";
import { absenceIn, orderIn, referenceIn, visitIn } from "../../shared/domain/read.ts";
import type { CollectionId, EpochMs, RecordId } from "../../shared/ids.ts";
import type { RecordRow, Store } from "../store/api.ts";
import { ABSENCE, CONTACT, CUSTOMER, ORDER, SAVED_VIEW, SITE, TECHNICIAN, VISIT } from "./context.ts";

/** So many customers, sites or contacts are all on the board; of more only those that its orders name. */
const FEW = 5_000;
/** Done orders that wait for the office's review, whatever their day: the last so many. */
const LAST_DONE = 500;
const KEPT_MS = 86_400_000;

const NAMED: readonly CollectionId[] = [CUSTOMER, SITE, CONTACT];

export interface BoardSet {
  /** What a board starts with. */
  load(): readonly RecordRow[];
  /** What stands on the board on these days, from now on followed too. */
  days(days: Days): readonly RecordRow[];
  /** Takes in these records, each with what it needs, customers with their sites and contacts; deleted and unknown ones are passed over. */
  take(records: readonly RecordId[]): readonly RecordRow[];
  /** What boards are to hear of a changed record: it and what it brings in; `gone` when it left. */
  follow(id: RecordId, row: RecordRow | undefined): { readonly changed: readonly RecordRow[]; readonly gone: boolean };
  /** Records that nobody has asked for lately and that are no longer on the board; at most once a day there are any. */
  outdated(): readonly RecordId[];
}

export const createBoardSet = (store: Store, now: () => EpochMs): BoardSet => {
  let standing = new Set<RecordId>();
  let asked: readonly (Days & { readonly at: number })[] = [];
  const taken = new Map<RecordId, number>();
  const many = new Set<CollectionId>();
  let tidiedAt = now();

  const allDays = (): readonly Days[] => [boardDays(now()), ...asked];
  /** What was found to be many counts as that until the whole set is made again. */
  const isWhole = (of: CollectionId): boolean => {
    if (many.has(of)) return false;
    if (store.countOf(of, FEW + 1) <= FEW) return true;
    many.add(of);
    return false;
  };
  /** Adds rows with what they need; `has`: what need not be looked at again. */
  const gather = (rows: readonly RecordRow[], has: ReadonlySet<RecordId>): Map<RecordId, RecordRow> => {
    const found = new Map<RecordId, RecordRow>();
    const add = (more: readonly RecordRow[]): readonly RecordRow[] => {
      const added = more.filter(({ id }) => !has.has(id) && !found.has(id));
      for (const row of added) found.set(row.id, row);
      return added;
    };
    /** Adds what these rows name in a field. */
    const addNamed = (from: readonly RecordRow[], field: string, of: CollectionId): void => {
      const ids = new Set<RecordId>();
      for (const row of from) {
        const id = referenceIn(row[field]);
        if (id !== null && !has.has(id) && !found.has(id)) ids.add(id);
      }
      if (ids.size > 0) add(store.rowsOf(of, [...ids]));
    };
    addNamed(
      add(rows).filter(({ collection }) => collection === VISIT),
      "workOrder",
      ORDER,
    );
    const orders = [...found.values()].filter(({ collection }) => collection === ORDER);
    if (orders.length > 0) add(store.rowsBy(VISIT, "workOrder", { kind: "in", values: orders.map(({ id }) => id) }));
    for (const of of NAMED) addNamed(orders, of, of);
    return found;
  };

  const onDays = ({ from, to }: Days): readonly RecordRow[] => [
    ...store.rowsBy(ORDER, "requestedFrom", { kind: "within", from, to }),
    ...store.rowsBy(ORDER, "dueBy", { kind: "within", from, to }),
    ...store.rowsBy(VISIT, "plannedFrom", { kind: "within", from, to }),
    ...store.rowsBy(ABSENCE, "from", { kind: "within", ...absenceDays({ from, to }) }),
  ];

  const start = (): Map<RecordId, RecordRow> => {
    many.clear();
    const found = gather(
      [
        ...store.rowsBy(ORDER, "status", { kind: "notIn", values: FINISHED }),
        ...store.rowsBy(ORDER, "status", { kind: "newest", value: "done", limit: LAST_DONE }),
        ...store.rows([TECHNICIAN, SAVED_VIEW, ...NAMED.filter(isWhole)]),
        ...onDays(boardDays(now())),
      ],
      new Set(),
    );
    for (const id of store.editedWhileDeleted()) {
      const row = found.get(id);
      if (row !== undefined) found.set(id, { ...row, editedWhileDeleted: true });
    }
    return found;
  };

  const enter = (rows: ReadonlyMap<RecordId, RecordRow>): readonly RecordRow[] => {
    for (const id of rows.keys()) standing.add(id);
    return [...rows.values()];
  };

  const belongs = (row: RecordRow): boolean => {
    switch (row.collection) {
      case ORDER:
        return isOrderOn(orderIn(row), allDays()) || store.where(VISIT, "workOrder", row.id).some((visit) => standing.has(visit));
      case VISIT: {
        const visit = visitIn(row);
        return isVisitOn(visit, allDays()) || (visit.workOrder !== null && standing.has(visit.workOrder));
      }
      case ABSENCE:
        return isAbsenceOn(absenceIn(row), allDays());
      case TECHNICIAN:
      case SAVED_VIEW:
        return true;
      default:
        return NAMED.includes(row.collection) && isWhole(row.collection);
    }
  };

  const take = (records: readonly RecordId[]): readonly RecordRow[] => {
    const at = now();
    for (const id of records) taken.set(id, at);
    const found = records.flatMap((id) => store.row(id) ?? []);
    const customers = found.filter((row) => row.collection === CUSTOMER).map(({ id }) => id);
    const rows = [...found, ...[SITE, CONTACT].flatMap((of) => store.rowsBy(of, "customer", { kind: "in", values: customers }))];
    // Those that stand already are given again: whoever asks may not have them.
    for (const row of rows) standing.delete(row.id);
    return enter(gather(rows, new Set()));
  };

  return {
    load: () => enter(start()),
    days: (days) => {
      asked = [...asked.filter(({ from, to }) => from !== days.from || to !== days.to), { ...days, at: now() }];
      return enter(gather(onDays(days), new Set()));
    },
    take,
    follow: (id, row) => {
      if (row === undefined) return { changed: [], gone: standing.delete(id) };
      if (!standing.has(id)) return { changed: belongs(row) ? enter(gather([row], standing)) : [], gone: false };
      // It may name an order, a customer or a site by now that did not stand here before.
      standing.delete(id);
      return { changed: enter(gather([row], standing)), gone: false };
    },
    outdated: () => {
      const at = now();
      if (at - tidiedAt < KEPT_MS) return [];
      tidiedAt = at;
      asked = asked.filter((each) => at - each.at < KEPT_MS);
      for (const [id, since] of taken) if (at - since >= KEPT_MS) taken.delete(id);
      const before = standing;
      standing = new Set();
      enter(start());
      for (const days of asked) enter(gather(onDays(days), standing));
      enter(
        gather(
          [...taken.keys()].flatMap((id) => store.row(id) ?? []),
          standing,
        ),
      );
      return [...before].filter((id) => !standing.has(id));
    },
  };
};
