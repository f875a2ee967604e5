/**
 * The schedule's keys on a focused bar: arrows walk, with Ctrl they move the visit, with Ctrl+Shift they resize it.
 * Every drag has its key here (WCAG 2.5.7). Pure: key in, command out.
 */

export type BarCommand =
  | { readonly kind: "walk"; readonly to: "left" | "right" | "up" | "down" }
  | { readonly kind: "shift"; readonly steps: number }
  | { readonly kind: "resize"; readonly steps: number }
  | { readonly kind: "hand"; readonly to: "up" | "down" }
  | { readonly kind: "open" }
  | { readonly kind: "time" }
  | { readonly kind: "dispatch" }
  | { readonly kind: "tray" };

export interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const ARROWS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" } as const;

const isArrow = (key: string): key is keyof typeof ARROWS => Object.hasOwn(ARROWS, key);

/** What a key on a bar means; undefined for one that is not the schedule's. */
export const barCommand = ({ key, ctrlKey, metaKey, shiftKey, altKey }: Key): BarCommand | undefined => {
  if (altKey) return undefined;
  const ctrl = ctrlKey || metaKey;
  if (isArrow(key)) {
    const to = ARROWS[key];
    if (!ctrl) return shiftKey ? undefined : { kind: "walk", to };
    if (to === "up" || to === "down") return shiftKey ? undefined : { kind: "hand", to };
    const steps = to === "right" ? 1 : -1;
    return shiftKey ? { kind: "resize", steps } : { kind: "shift", steps };
  }
  if (ctrl || shiftKey) return undefined;
  switch (key.toLowerCase()) {
    case "enter":
      return { kind: "open" };
    case "t":
      return { kind: "time" };
    case "d":
      return { kind: "dispatch" };
    case "u":
      return { kind: "tray" };
    default:
      return undefined;
  }
};
