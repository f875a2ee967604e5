/** Where the focus and the selection go when what had them leaves: to the leading order's card, or to its neighbour. */
import { COLUMNS } from "../../shared/domain/status.ts";
import { parseRecordId, type RecordId } from "../../shared/ids.ts";
import { successorOf } from "../board/navigate.ts";
import type { DayBoard } from "../state/day-board.ts";
import { desk } from "../state/desk.ts";
import { view } from "../state/view.ts";
import { type Columns, columnsOf, isIn, isShown } from "./in-sight.ts";
import { isInFloat } from "./keys.ts";

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

/** Follows keys, panels and the board; returns its clean-up. */
export const followFocus = (): (() => void) => {
  document.addEventListener("keydown", whenLeft, { capture: true });
  const { days } = desk.get();
  const stops = [followClosing(), ...(days === undefined ? [] : [followLeading(days)])];
  return () => {
    document.removeEventListener("keydown", whenLeft, { capture: true });
    for (const stop of stops) stop();
  };
};
