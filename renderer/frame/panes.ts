/** The panes of the window, for F6. */

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
export const nextPane = (step: number): boolean => {
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
