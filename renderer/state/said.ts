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

/** Undefined: what was said with a way back is out of date. */
type Listener = (said: Said | undefined) => void;

const listeners = new Set<Listener>();

const tellAll = (said: Said | undefined): void => {
  for (const listener of [...listeners]) listener(said);
};

/** Shows a sentence for some seconds; a newer one replaces it. */
export const say = (words: string, action?: SaidAction): void => tellAll({ words, action });

/** A newer action was written, and there is nothing to say on it: the way back that is still offered belongs to an older one. */
export const outdate = (): void => tellAll(undefined);

/** Returns its clean-up. */
export const onSaid = (listener: Listener): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
