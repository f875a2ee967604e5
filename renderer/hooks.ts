/**
 * The binding of state to React: one hook a question, each on `useSyncExternalStore`. State itself knows no React.
 */
import { useCallback, useEffect, useSyncExternalStore } from "react";
import type { BoardCollection } from "../shared/domain/records.ts";
import type { Column } from "../shared/domain/status.ts";
import type { RecordId } from "../shared/ids.ts";
import type { BeyondState } from "./state/beyond.ts";
import type { Board } from "./state/board.ts";
import type { CardModel } from "./state/cards.ts";
import type { ColumnList, DayBoard, Filtered, Summary, TrayLists } from "./state/day-board.ts";
import { beyond, type DeskState, desk } from "./state/desk.ts";
import type { Elsewhere } from "./state/search.ts";
import type { Store } from "./state/store.ts";
import { type ViewState, view } from "./state/view.ts";

/** `pick` must give the same value for the same state. */
export const useStore = <State extends object, Value>(store: Store<State>, pick: (state: State) => Value): Value =>
  useSyncExternalStore(store.subscribe, () => pick(store.get()));

export const useView = <Value>(pick: (state: ViewState) => Value): Value => useStore(view, pick);
export const useDesk = <Value>(pick: (state: DeskState) => Value): Value => useStore(desk, pick);

/** The day's board; only below the frame, which is shown once it is there. */
export const useDays = (): DayBoard => {
  const days = useDesk((state) => state.days);
  if (days === undefined) throw new Error("The frame is shown before the board is loaded.");
  return days;
};

/** The zone and the live set never change while a workspace is open. */
export const useBoard = (): Board => useDays().board;

export const useCard = (id: RecordId): CardModel | undefined => {
  const days = useDays();
  return useSyncExternalStore(
    useCallback((changed) => days.onCard(id, changed), [days, id]),
    () => days.card(id),
  );
};

const useLists = <Value>(read: (days: DayBoard) => Value): Value => {
  const days = useDays();
  return useSyncExternalStore(days.onLists, () => read(days));
};

export const useColumn = (name: Column): ColumnList => useLists((days) => days.column(name));
export const useSummary = (): Summary => useLists((days) => days.summary());
export const useTray = (): TrayLists => useLists((days) => days.tray());
export const useElsewhere = (): Elsewhere | undefined => useLists((days) => days.elsewhere());
export const useFiltered = (): Filtered => useLists((days) => days.filtered());
export const useDay = (): string => useLists((days) => days.day());
export const useToday = (): string => useLists((days) => days.today());
/** Milliseconds since 1970 UTC, moving by the minute. */
export const useNow = (): number => useLists((days) => days.now());

export const useRecord = <Name extends BoardCollection>(collection: Name, id: RecordId | null) => {
  const board = useBoard();
  return useSyncExternalStore(
    useCallback((changed) => (id === null ? () => undefined : board.onRecord(id, changed)), [board, id]),
    () => board.get(collection, id),
  );
};

export const useAll = <Name extends BoardCollection>(collection: Name) => {
  const board = useBoard();
  return useSyncExternalStore(
    useCallback((changed) => board.onCollection(collection, changed), [board, collection]),
    () => board.all(collection),
  );
};

/** Live visits of an order, by time. */
export const useVisitsOf = (order: RecordId) => {
  const board = useBoard();
  return useSyncExternalStore(
    useCallback((changed) => board.onCollection("visit", changed), [board]),
    () => board.visitsOf(order),
  );
};

/** Looks through all that the desk holds for what the filter says; what that finds comes in as changes of the lists do. */
export const useLookForFilter = (): void => {
  const filter = useView((state) => state.filter);
  useEffect(() => beyond.lookFor(filter), [filter]);
};

/** Looks through all that the desk holds for what is typed, beside what the board holds; what that found last. */
export const useFound = (typed: string): BeyondState["found"] => {
  useEffect(() => beyond.lookFor(typed), [typed]);
  return useStore(beyond.state, (state) => state.found);
};

/** The last order down to which the list is whole; null: all of it is. */
export const useListEnd = (): BeyondState["before"] => useStore(beyond.state, (state) => state.before);
