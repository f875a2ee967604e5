/**
 * The gate that lets a local commit go before merges: SQLite's busy timeout is not fair (local commits waited two seconds
 * behind a catch-up). Two words on a SharedArrayBuffer: the main thread raises "I want to write", the worker, when it sees that,
 * ends its transaction at the next change and stays out. Invariant: whoever set its word and saw the other's clear may write.
 */

const WANTED = 0;
const MERGING = 1;
/** A worker that died inside its transaction must not stop the desk: SQLite's own lock, freed with the thread, decides then. */
const DEAD_WORKER_MS = 5000;

/** One side of the gate; `enter` before a writing transaction, `leave` after it. */
export interface Gate {
  enter(): void;
  leave(): void;
  /** Whether the other side waits for this one to end its transaction. */
  wanted(): boolean;
}

export const newGate = (): SharedArrayBuffer => new SharedArrayBuffer(8);

/** The side that goes first: local commits. */
export const localGate = (shared: SharedArrayBuffer): Gate => {
  const words = new Int32Array(shared);
  return {
    enter: () => {
      Atomics.store(words, WANTED, 1);
      if (Atomics.load(words, MERGING) === 0) return;
      if (Atomics.wait(words, MERGING, 1, DEAD_WORKER_MS) === "timed-out") Atomics.store(words, MERGING, 0);
    },
    leave: () => {
      Atomics.store(words, WANTED, 0);
      Atomics.notify(words, WANTED);
    },
    wanted: () => false,
  };
};

/** The side that makes way: merges and the short part of a checkpoint. */
export const mergeGate = (shared: SharedArrayBuffer): Gate => {
  const words = new Int32Array(shared);
  return {
    enter: () => {
      for (;;) {
        while (Atomics.load(words, WANTED) === 1) Atomics.wait(words, WANTED, 1, DEAD_WORKER_MS);
        Atomics.store(words, MERGING, 1);
        if (Atomics.load(words, WANTED) === 0) return;
        Atomics.store(words, MERGING, 0);
        Atomics.notify(words, MERGING);
      }
    },
    leave: () => {
      Atomics.store(words, MERGING, 0);
      Atomics.notify(words, MERGING);
    },
    wanted: () => Atomics.load(words, WANTED) === 1,
  };
};
