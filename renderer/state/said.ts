/**
 * What is said to the person once: one sentence on what was done, with the way back. Toasts listen; nothing here draws.
 */

export interface SaidAction {
  readonly label: string;
  readonly keys?: string;
  readonly run: () => void;
}

export interface Said {
  readonly words: string;
  readonly action: SaidAction | undefined;
}

const listeners = new Set<(said: Said) => void>();

/** Shows a sentence for some seconds; a newer one replaces it. */
export const say = (words: string, action?: SaidAction): void => {
  for (const listener of [...listeners]) listener({ words, action });
};

/** Returns its clean-up. */
export const onSaid = (listener: (said: Said) => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
