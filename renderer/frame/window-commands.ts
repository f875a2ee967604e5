/**
 * Menus and shortcuts of the app's own window, sent as events: they do what the board's own buttons do.
 */
import { redo, undo } from "../state/commands.ts";
import { desk } from "../state/desk.ts";
import { view } from "../state/view.ts";

/** Returns its clean-up. */
export const listenToCommands = (): (() => void) => {
  const host = desk.get().carrier?.host;
  if (host === undefined) return () => undefined;
  return host.on("command", ({ name }) => {
    switch (name) {
      case "new-order":
        return view.set({ creating: true, ask: undefined });
      case "import":
        return view.set({ view: "import", open: undefined, sync: false });
      case "invite":
        return view.set({ inviting: true });
      case "undo":
        return undo();
      case "redo":
        return redo();
      case "sync-panel":
        return view.set({ sync: true, open: undefined });
      case "cheat-sheet":
        return view.set({ keys: true });
      case "trash":
        return view.set({ view: "trash" });
    }
  });
};
