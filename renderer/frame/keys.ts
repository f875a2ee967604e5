/**
 * The keys of the whole window. Letters act only outside text fields and floats, and only on orders that are in sight; `G` waits for
 * a second letter. What a view handles itself (the schedule's bars) stops there and never comes here. Also here, for the keys' sake:
 * where the focus and the selection go when what had them leaves.
 */
import { shiftDate } from "../../shared/domain/schedule/day.ts";
import { COLUMNS } from "../../shared/domain/status.ts";
import { parseRecordId, type RecordId } from "../../shared/ids.ts";
import { type Direction, nextCard, successorOf } from "../board/navigate.ts";
import { loadNoteEditor } from "../order/NotesSlot.tsx";
import { redo, setVisitStatus, undo } from "../state/commands.ts";
import type { DayBoard } from "../state/day-board.ts";
import { desk } from "../state/desk.ts";
import { orderFilter } from "../state/search.ts";
import { type Ask, openOrder, type PanelPart, stepBack, type ViewName, view } from "../state/view.ts";
import { isTrayFolded } from "./folding.ts";
import { trayRows } from "./tray-rows.ts";

/** How long `G` waits for its letter. */
const GOING_MS = 1500;
const LOAD_AHEAD_MS = 1000;

/** A note's editor is seen from here as its frame: it lies in a shadow root. */
const TYPED_IN = "input, textarea, select, [contenteditable=true], [role=textbox], .note-frame";

const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.closest(TYPED_IN) !== null;

const isInFloat = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest(".popup, [role=dialog]") !== null;

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};

const GOTO: Readonly<Record<string, ViewName>> = { b: "board", s: "schedule", l: "list" };

type Columns = readonly (readonly RecordId[])[];

const columnsOf = (days: DayBoard): Columns => COLUMNS.map((name) => days.column(name).ids);

const isIn = (columns: Columns, id: RecordId): boolean => columns.some((ids) => ids.includes(id));

const isInTray = (days: DayBoard, id: RecordId): boolean => {
  const state = view.get();
  return (
    !isTrayFolded(state) &&
    trayRows(days, days.tray(), state.trayTab, state.traySearch).rows.some((row) => row.kind === "order" && row.id === id)
  );
};

const isOnSchedule = (days: DayBoard, id: RecordId): boolean => {
  const { from, to } = days.zone.bounds(days.day());
  return days.board
    .visitsOf(id)
    .some(
      ({ plannedFrom, plannedMinutes }) => plannedFrom !== null && plannedFrom < to && plannedFrom + (plannedMinutes ?? 0) * 60_000 >= from,
    );
};

/** Whether the view shows the order, scrolled to or not. */
const isShown = (days: DayBoard, id: RecordId): boolean => {
  const state = view.get();
  const order = days.board.get("workOrder", id);
  if (order === undefined) return false;
  switch (state.view) {
    case "board":
      return isIn(columnsOf(days), id) || isInTray(days, id);
    case "schedule":
      return isOnSchedule(days, id) || isInTray(days, id);
    case "list":
      return orderFilter(days.board, days.zone, days.today(), state.filter)(order);
    case "trash":
    case "import":
      return false;
  }
};

/** The order of the card, row or bar that has the focus, selected or not. */
const focusedOrder = (days: DayBoard): RecordId | undefined => {
  const element = document.activeElement?.closest<HTMLElement>("[data-order], [data-visit]");
  const order = element?.dataset["order"] ?? days.board.get("visit", element?.dataset["visit"] ?? null)?.workOrder;
  return order == null ? undefined : parseRecordId(order);
};

/** What a key acts on: the selection as far as it is in sight, else the open order, else what has the focus. */
const targets = (): readonly RecordId[] => {
  const { selected, open } = view.get();
  const days = desk.get().days;
  if (days === undefined) return [];
  const focused = focusedOrder(days);
  // Arrows on the schedule move the focus alone: the bar they led to is meant, not the one selected before.
  const isOnBar = document.activeElement?.matches(".schedule-bar") === true;
  if (isOnBar && focused !== undefined && !selected.includes(focused)) return [focused];
  const meant = selected.filter((id) => (id === open ? days.board.get("workOrder", id) !== undefined : isShown(days, id)));
  if (meant.length > 0) return meant;
  if (open !== undefined) return days.board.get("workOrder", open) === undefined ? [] : [open];
  return focused === undefined || !isShown(days, focused) ? [] : [focused];
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

/** A toast is the last pane, while there is one. */
const PANES = [".sidebar", ".tray", ".work-view", ".panel", ".toasts:has(.toast)"] as const;

/** What takes the focus for its pane: what leads in it, what it shows as chosen, else its first control. */
const ENTRIES = [
  "[aria-current], :is([data-order], [data-visit])[tabindex='0']",
  "[aria-selected=true]",
  "button, input, textarea, [tabindex='0']:not(.toast)",
] as const;

const entriesOf = (pane: HTMLElement): readonly HTMLElement[] =>
  ENTRIES.flatMap((entries) => [...pane.querySelectorAll<HTMLElement>(entries)]);

/** F6 walks the panes, round and round; one that can't take the focus is passed over. */
const nextPane = (step: number): boolean => {
  const panes = PANES.flatMap((name) => document.querySelector<HTMLElement>(name) ?? []);
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  const from = at < 0 && step < 0 ? 0 : at;
  for (let turn = 1; turn <= panes.length; turn++) {
    const pane = panes[(from + step * turn + panes.length * turn) % panes.length];
    if (pane === undefined) continue;
    for (const entry of entriesOf(pane)) {
      entry.focus();
      if (document.activeElement === entry) return true;
    }
  }
  return false;
};

/** An order can stand in the tray and in the view: the view's is meant. A card that is scrolled out of sight is not drawn: its column. */
const leadingElement = (): HTMLElement | null => {
  const leading = view.get().selected.at(-1);
  if (leading === undefined) return null;
  const named = `[data-order="${CSS.escape(leading)}"]`;
  const column = COLUMNS.find((name) => desk.get().days?.column(name).ids.includes(leading));
  const places = [`.work-view ${named}`, ".work-view .schedule-bar[data-selected]", `.tray ${named}`, `[data-column-list="${column}"]`];
  return places.reduce<HTMLElement | null>((found, place) => found ?? document.querySelector<HTMLElement>(place), null);
};

/** When what had the focus is gone, the leading card takes it; not from under a float that is just opening. */
const returnFocus = (): void => {
  const { ask, filterAsk, palette, keys, inviting } = view.get();
  if (document.activeElement !== document.body || ask !== undefined || filterAsk !== undefined || palette || keys || inviting) return;
  leadingElement()?.focus({ preventScroll: true });
};

/**
 * A field that is left by Esc or Enter, or that goes with its panel, leaves the focus nowhere. Heard before the field hears it, since
 * most keep the key to themselves; looked at after them all. A float gives the focus back itself.
 */
const whenLeft = (event: KeyboardEvent): void => {
  if ((event.key === "Escape" || event.key === "Enter") && !isInFloat(event.target)) setTimeout(returnFocus);
};

/** Rows of table and tray as they are drawn. A change is told before it is drawn: this is how they stood. */
const drawnRows = (): Columns =>
  [".table-rows", ".tray-list"].map((list) =>
    [...document.querySelectorAll<HTMLElement>(`${list} [data-order]`)].flatMap((row) => parseRecordId(row.dataset["order"] ?? "") ?? []),
  );

/**
 * When a change takes the leading order out of sight (cancelled, deleted, no longer what the filter keeps), its neighbour is selected.
 * An order that is open stays in sight. A selection that only the view lost (another day, a filter) waits there for its return.
 */
const followLeading = (days: DayBoard): (() => void) => {
  const lookAt = () => {
    const { view: name, grouping, chip, filter } = view.get();
    return [days.day(), name, grouping, chip, filter].join("\n");
  };
  let columns = columnsOf(days);
  let look = lookAt();
  const follow = (): void => {
    const [before, lookBefore] = [columns, look];
    columns = columnsOf(days);
    look = lookAt();
    const { view: name, selected, open } = view.get();
    const leading = selected.at(-1);
    if (leading === undefined || look !== lookBefore) return;
    const isThere = days.board.get("workOrder", leading) !== undefined;
    if (isThere && leading === open) return;
    // Who works on the board does not look for a card in the tray.
    const hasLeftBoard = name === "board" && isIn(before, leading) && !isIn(columns, leading);
    const isOnBoard = document.activeElement?.closest(".tray") == null;
    if (isThere && isShown(days, leading) && !(hasLeftBoard && isOnBoard)) return;
    const at = hasLeftBoard && isOnBoard ? before.findIndex((ids) => ids.includes(leading)) : -1;
    const list = before[at] ?? drawnRows().find((ids) => ids.includes(leading)) ?? [];
    const stays = (id: RecordId): boolean => columns[at]?.includes(id) ?? isShown(days, id);
    const rest = selected.filter((id) => id !== leading && isShown(days, id));
    const next = successorOf(list, leading, stays);
    // It was not in sight before: it waits as it is.
    if (isThere && list.length === 0) return;
    view.set({ selected: rest.length > 0 || next === undefined ? rest : [next] });
    setTimeout(returnFocus);
  };
  return days.onLists(follow);
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

/** A panel or the filter field that closes, by whatever hand, takes the focus with it. */
const followClosing = (): (() => void) => {
  const isUp = () => {
    const { open, creating, sync, filterShown } = view.get();
    return [open !== undefined, creating, sync, filterShown];
  };
  let wasUp = isUp();
  return view.subscribe(() => {
    const before = wasUp;
    wasUp = isUp();
    if (wasUp.some((up, at) => !up && before[at] === true)) setTimeout(returnFocus);
  });
};

/** Loads what N needs, once there is nothing else to do. What can't be loaded now is asked for again when it is needed. */
const loadAhead = (): void => {
  const load = (): void => void loadNoteEditor().catch(() => undefined);
  // Safari has no idle callbacks.
  if ("requestIdleCallback" in window) window.requestIdleCallback(load);
  else setTimeout(load, LOAD_AHEAD_MS);
};

/** Listens on the document, and follows the board; returns its clean-up. */
export const listenToKeys = (): (() => void) => {
  const listener = (event: KeyboardEvent): void => {
    if (handle(event)) event.preventDefault();
  };
  document.addEventListener("keydown", whenLeft, { capture: true });
  document.addEventListener("keydown", listener);
  const { days } = desk.get();
  const stops = [followClosing(), ...(days === undefined ? [] : [followLeading(days)])];
  loadAhead();
  return () => {
    document.removeEventListener("keydown", whenLeft, { capture: true });
    document.removeEventListener("keydown", listener);
    for (const stop of stops) stop();
  };
};
