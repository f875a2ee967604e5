/**
 * A plain store: one immutable value, listeners, nothing of React. A set that changes nothing tells nobody.
 */

export interface Store<State> {
  readonly get: () => State;
  readonly set: (next: Partial<State> | ((state: State) => Partial<State>)) => void;
  /** Returns its clean-up. */
  readonly subscribe: (listener: () => void) => () => void;
}

export const createStore = <State extends object>(initial: State): Store<State> => {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set: (next) => {
      const part = typeof next === "function" ? next(state) : next;
      const entries = Object.entries(part);
      if (entries.every(([key, value]) => Object.is(Reflect.get(state, key), value))) return;
      state = { ...state, ...part };
      for (const listener of [...listeners]) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
