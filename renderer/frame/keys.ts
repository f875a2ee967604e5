/**
 * The keys of the whole window. Letters act only outside text fields and floats, and only on orders that are in sight; `G` waits for
 * a second letter. What a view handles itself (the schedule's bars) stops there and never comes here.
 */
import { shiftDate } from "../../shared/domain/schedule/day.ts";
import { type Direction, nextCard } from "../board/navigate.ts";
import { redo, setVisitStatus, undo } from "../state/commands.ts";
import { desk } from "../state/desk.ts";
import { type Ask, openOrder, type PanelPart, stepBack, type ViewName, view } from "../state/view.ts";
import { columnsOf, focusedOrder, targets } from "./in-sight.ts";
import { nextPane } from "./panes.ts";

/** How long `G` waits for its letter. */
const GOING_MS = 1500;

/** A note's editor is seen from here as its frame: it lies in a shadow root. */
const TYPED_IN = "input, textarea, select, [contenteditable=true], [role=textbox], .note-frame";

const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.closest(TYPED_IN) !== null;

export const isInFloat = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest(".popup, [role=dialog]") !== null;

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};

const GOTO: Readonly<Record<string, ViewName>> = { b: "board", s: "schedule", l: "list" };

const ask = (kind: Ask["kind"]): boolean => {
  const orders = targets();
  if (orders.length > 0) view.set({ ask: { kind, orders } });
  return orders.length > 0;
};

const move = (direction: Direction, extend: boolean): boolean => {
  const days = desk.get().days;
  const state = view.get();
  if (days === undefined || state.view !== "board") return false;
  const next = nextCard(columnsOf(days), state.selected.at(-1) ?? focusedOrder(days), direction);
  if (next === undefined) return true;
  if (extend) view.set({ selected: [...state.selected.filter((id) => id !== next), next] });
  else view.set({ selected: [next], ...(state.open === undefined ? {} : { open: next, openAt: undefined }) });
  return true;
};

const moveDay = (days: number): boolean => {
  const shown = desk.get().days?.day();
  if (shown !== undefined) view.set({ day: shiftDate(shown, days) });
  return true;
};

const openSelected = (part?: PanelPart): boolean => {
  const [order] = targets();
  if (order === undefined) return false;
  openOrder(order, part);
  return true;
};

const selectAll = (): boolean => {
  const days = desk.get().days;
  if (days === undefined || view.get().view !== "board") return false;
  view.set({ selected: columnsOf(days).flat() });
  return true;
};

/** Letters with Ctrl (or Cmd): they act in text fields too, but for those a field needs itself. */
const withControl = (event: KeyboardEvent): boolean => {
  switch (event.key.toLowerCase()) {
    case "k":
      view.set((state) => ({ palette: !state.palette, ask: undefined }));
      return true;
    case "f":
      view.set(event.shiftKey ? { filterAsk: "list" } : { filterShown: true });
      return true;
    case "s":
      if (!event.shiftKey) return false;
      view.set((state) => ({ sync: !state.sync, open: undefined }));
      return true;
    case "z":
      if (isTyping(event.target)) return false;
      if (event.shiftKey) redo();
      else undo();
      return true;
    case "y":
      if (isTyping(event.target)) return false;
      redo();
      return true;
    case "h":
      return openSelected("history");
    case "a":
      return isTyping(event.target) ? false : selectAll();
    default:
      return false;
  }
};

let goingTimer: ReturnType<typeof setTimeout> | undefined;
const going = (): boolean => {
  view.set({ going: true });
  clearTimeout(goingTimer);
  goingTimer = setTimeout(() => view.set({ going: false }), GOING_MS);
  return true;
};

const letter = (key: string): boolean => {
  if (view.get().going) {
    view.set({ going: false });
    const target = GOTO[key];
    if (target !== undefined) view.set({ view: target, sync: false });
    return target !== undefined;
  }
  switch (key) {
    case "g":
      return going();
    case "c":
      view.set({ creating: true, ask: undefined });
      return true;
    case "a":
      return ask("assign");
    case "s":
      return ask("status");
    case "h":
      return ask("hold");
    case "p":
      return ask("priority");
    case "d":
      if (targets().length > 0) setVisitStatus(targets(), "dispatched");
      return targets().length > 0;
    case "n":
      return openSelected("notes");
    case "l":
      return openSelected("tags");
    case "v":
      return ask("visit");
    default:
      return false;
  }
};

/** Keys that are no letters, outside fields and floats. */
const plain = (event: KeyboardEvent): boolean => {
  const direction = DIRECTIONS[event.key];
  if (direction !== undefined) return move(direction, event.shiftKey);
  switch (event.key) {
    case "Enter":
      return event.target instanceof HTMLButtonElement ? false : openSelected();
    case "Delete":
      return ask("cancel");
    case "Home":
      view.set({ day: undefined });
      return true;
    case "PageUp":
      return moveDay(-1);
    case "PageDown":
      return moveDay(1);
    case "F10":
      return event.shiftKey ? ask("menu") : false;
    case "ContextMenu":
      return ask("menu");
    default:
      return event.key.length === 1 && !event.shiftKey ? letter(event.key.toLowerCase()) : false;
  }
};

const handle = (event: KeyboardEvent): boolean => {
  if (event.isComposing || event.altKey || event.defaultPrevented) return false;
  if (event.key === "F6") {
    // Toasts listen for it on the window and would keep it to themselves.
    event.stopPropagation();
    return nextPane(event.shiftKey ? -1 : 1);
  }
  if (event.key === "F1") {
    view.set((state) => ({ keys: !state.keys }));
    return true;
  }
  if (event.ctrlKey || event.metaKey) return isInFloat(event.target) && event.key.toLowerCase() !== "k" ? false : withControl(event);
  if (isInFloat(event.target)) return false;
  if (event.key === "Escape") {
    stepBack();
    return true;
  }
  if (event.key === "F2") return openSelected("title");
  return isTyping(event.target) ? false : plain(event);
};

/** Listens on the document; returns its clean-up. */
export const listenToKeys = (): (() => void) => {
  const listener = (event: KeyboardEvent): void => {
    if (handle(event)) event.preventDefault();
  };
  document.addEventListener("keydown", listener);
  return () => document.removeEventListener("keydown", listener);
};
