/**
 * What this window shows: the view, the day, what is selected and open, what is being asked. Nothing here is stored in
 * the workspace; a second window has its own.
 */
import type { RecordId } from "../../shared/ids.ts";
import { createStore } from "./store.ts";
import type { DayText } from "./zone.ts";

export type ViewName = "board" | "schedule" | "list" | "trash" | "import";

/** What a small float beside a card asks. */
export type AskKind = "menu" | "status" | "priority" | "hold" | "cancel" | "assign" | "visit";

export interface Ask {
  readonly kind: AskKind;
  readonly orders: readonly RecordId[];
  /** A point of the pointer; without one the float stands beside the card. */
  readonly point?: { readonly x: number; readonly y: number };
}

/** What the bar's chips keep visible. */
export type ChipName = "late" | "unconfirmed" | "overlap" | "changed";

export type PanelPart = "title" | "notes" | "history" | "tags";

/** A wish for the focus, an object of its own each time: the same key pressed again is a new wish. */
export interface OpenAt {
  readonly part: PanelPart;
}

export type TrayTab = "open" | "hold" | "alerts";

export interface ViewState {
  readonly view: ViewName;
  /** The day shown; undefined follows today. */
  readonly day: DayText | undefined;
  readonly grouping: "columns" | "technicians";
  readonly chip: ChipName | undefined;
  readonly filter: string;
  readonly filterShown: boolean;
  /** The named filter that was picked last; its text and chip may have been changed since. */
  readonly savedFilter: RecordId | undefined;
  /** What is asked about named filters: which one, or a name for a new or another one. */
  readonly filterAsk: "list" | "save" | "rename" | undefined;
  /** The selected orders; the last one leads (arrows start there). */
  readonly selected: readonly RecordId[];
  /** The order in the panel. */
  readonly open: RecordId | undefined;
  /** Which part of the panel is to take the focus. */
  readonly openAt: OpenAt | undefined;
  readonly creating: boolean;
  readonly ask: Ask | undefined;
  readonly palette: boolean;
  readonly keys: boolean;
  readonly sync: boolean;
  readonly inviting: boolean;
  /** Undefined follows the width of the window. */
  readonly sidebar: boolean | undefined;
  readonly tray: boolean | undefined;
  readonly trayTab: TrayTab;
  readonly traySearch: string;
  readonly wide: boolean;
  /** True between `G` and the letter that follows. */
  readonly going: boolean;
}

export const view = createStore<ViewState>({
  view: "board",
  day: undefined,
  grouping: "columns",
  chip: undefined,
  filter: "",
  filterShown: false,
  savedFilter: undefined,
  filterAsk: undefined,
  selected: [],
  open: undefined,
  openAt: undefined,
  creating: false,
  ask: undefined,
  palette: false,
  keys: false,
  sync: false,
  inviting: false,
  sidebar: undefined,
  tray: undefined,
  trayTab: "open",
  traySearch: "",
  wide: true,
  going: false,
});

/** Selects one order, or adds and removes one. */
export const select = (id: RecordId, add = false): void => {
  view.set(({ selected }) => {
    if (!add) return { selected: selected.length === 1 && selected[0] === id ? selected : [id] };
    return { selected: selected.includes(id) ? selected.filter((other) => other !== id) : [...selected, id] };
  });
};

export const openOrder = (id: RecordId, part?: PanelPart): void =>
  view.set({
    open: id,
    openAt: part === undefined ? undefined : { part },
    selected: [id],
    creating: false,
    sync: false,
    ask: undefined,
  });

/** Nothing is filtered by words. */
export const clearFilter = (): void => view.set({ filter: "", filterShown: false, savedFilter: undefined });

/** One step back, the innermost first: float, palette, new order, panel, filter, selection. */
export const stepBack = (): void => {
  const state = view.get();
  if (state.ask !== undefined) view.set({ ask: undefined });
  else if (state.filterAsk !== undefined) view.set({ filterAsk: undefined });
  else if (state.palette) view.set({ palette: false });
  else if (state.keys) view.set({ keys: false });
  else if (state.inviting) view.set({ inviting: false });
  else if (state.creating) view.set({ creating: false });
  else if (state.sync) view.set({ sync: false });
  else if (state.open !== undefined) view.set({ open: undefined, openAt: undefined });
  else if (state.filterShown || state.filter !== "") clearFilter();
  else if (state.chip !== undefined) view.set({ chip: undefined });
  else view.set({ selected: [] });
};
