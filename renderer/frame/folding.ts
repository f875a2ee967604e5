/**
 * What folds when the window is narrow: sidebar and tray open by themselves from 1600 px (100rem), a panel beside the board folds
 * the tray. A press on the fold button overrules the width until it is pressed again.
 */
import { type ViewState, view } from "../state/view.ts";

export const isSidebarFolded = (state: ViewState): boolean => !(state.sidebar ?? state.wide);
export const isTrayFolded = (state: ViewState): boolean => !(state.tray ?? (state.wide && state.open === undefined && !state.creating));

/** Follows the window's width; returns its clean-up. */
export const followWidth = (): (() => void) => {
  const query = matchMedia("(min-width: 100rem)");
  const read = (): void => view.set({ wide: query.matches });
  read();
  query.addEventListener("change", read);
  return () => query.removeEventListener("change", read);
};
