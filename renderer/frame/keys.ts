/**
 * The keys of the whole window. Letters act only outside text fields and floats; `G` waits for a second letter. What a view
 * handles itself (the schedule's bars) stops there and never comes here.
 */
import { shiftDate } from "../../shared/domain/schedule/day.ts";
import { COLUMNS } from "../../shared/domain/status.ts";
import type { RecordId } from "../../shared/ids.ts";
import { elementOfOrder } from "../board/anchor.ts";
import { type Direction, nextCard } from "../board/navigate.ts";
import { redo, setVisitStatus, undo } from "../state/commands.ts";
import { desk } from "../state/desk.ts";
import { type Ask, openOrder, stepBack, type ViewName, view } from "../state/view.ts";

/** How long `G` waits for its letter. */
const GOING_MS = 1500;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable=true], [role=textbox]") !== null;

const isInFloat = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest(".popup, [role=dialog]") !== null;

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};

const GOTO: Readonly<Record<string, ViewName>> = { b: "board", s: "schedule", l: "list" };

const targets = (): readonly RecordId[] => {
  const { selected, open } = view.get();
  return selected.length > 0 ? selected : open === undefined ? [] : [open];
};

const ask = (kind: Ask["kind"]): boolean => {
  const orders = targets();
  if (orders.length > 0) view.set({ ask: { kind, orders } });
  return orders.length > 0;
};

const move = (direction: Direction, extend: boolean): boolean => {
  const days = desk.get().days;
  const state = view.get();
  if (days === undefined || state.view !== "board") return false;
  const next = nextCard(
    COLUMNS.map((name) => days.column(name).ids),
    state.selected.at(-1),
    direction,
  );
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

const openSelected = (at?: "notes" | "history" | "tags" | "title"): boolean => {
  const [order] = targets();
  if (order === undefined) return false;
  openOrder(order, at);
  return true;
};

const selectAll = (): boolean => {
  const days = desk.get().days;
  if (days === undefined || view.get().view !== "board") return false;
  view.set({ selected: COLUMNS.flatMap((name) => days.column(name).ids) });
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
    case "F2":
      return openSelected("title");
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

const PANES = [".sidebar", ".tray", ".work-view", ".panel"] as const;

/** F6 walks the panes; each takes the focus on what it shows as chosen, else on its first control. */
const nextPane = (step: number): boolean => {
  const panes = PANES.flatMap((name) => document.querySelector<HTMLElement>(name) ?? []);
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  for (let turn = 1; turn <= panes.length; turn++) {
    const pane = panes[(at + step * turn + panes.length * turn) % panes.length];
    const target =
      pane?.querySelector<HTMLElement>("[aria-current], [aria-selected=true]") ??
      pane?.querySelector<HTMLElement>("button, input, [tabindex='0']");
    if (target !== null && target !== undefined) {
      target.focus();
      return true;
    }
  }
  return false;
};

/** When what had the focus is gone, the leading card takes it. */
const returnFocus = (): void => {
  if (document.activeElement === document.body) elementOfOrder(view.get().selected.at(-1))?.focus({ preventScroll: true });
};

const handle = (event: KeyboardEvent): boolean => {
  if (event.isComposing || event.altKey || event.defaultPrevented) return false;
  if (event.key === "F6") return nextPane(event.shiftKey ? -1 : 1);
  if (event.key === "F1") {
    view.set((state) => ({ keys: !state.keys }));
    return true;
  }
  if (event.ctrlKey || event.metaKey) return isInFloat(event.target) && event.key.toLowerCase() !== "k" ? false : withControl(event);
  if (isInFloat(event.target)) return false;
  if (event.key === "Escape") {
    stepBack();
    requestAnimationFrame(returnFocus);
    return true;
  }
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
