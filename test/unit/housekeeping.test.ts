/** The worker's housekeeping: what fails keeps nothing else from being done, and indexing goes on without a break while peers are quiet. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ReplicaStore } from "../../main/store/api.ts";
import { Housekeeping } from "../../main/sync/housekeeping.ts";
import { epochMs } from "../property/store-rig.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const START = Date.UTC(2026, 10, 24);

const housekeeping = (store: Partial<ReplicaStore>) => {
  const troubles: string[] = [];
  const notebook = { get: () => undefined, set: () => undefined };
  const quiet = {
    notebook,
    mergeDue: () => [],
    trimHistory: () => 0,
    updateSearch: () => 0,
    sync: () => undefined,
    checkpoint: () => undefined,
  };
  const done = vi.fn();
  const keeping = new Housekeeping({
    // Only what housekeeping asks for.
    store: { ...quiet, ...store } as ReplicaStore,
    now: () => Date.now(),
    wall: () => epochMs(START),
    peerOffsets: () => [],
    synced: () => undefined,
    merged: () => undefined,
    referenceMoved: () => undefined,
    purge: () => undefined,
    trouble: (error) => troubles.push(String(error)),
    done,
  });
  return { keeping, troubles, done };
};

test("the log is checkpointed although the index, the history and held work fail", () => {
  const fail = (what: string) => () => {
    throw new Error(what);
  };
  const checkpoint = vi.fn();
  const { keeping, troubles } = housekeeping({
    mergeDue: fail("held"),
    trimHistory: fail("history"),
    updateSearch: fail("index"),
    checkpoint,
  });
  vi.advanceTimersByTime(1_500);
  expect(checkpoint).toHaveBeenCalledTimes(1);
  expect(troubles).toEqual(["Error: held", "Error: history", "Error: index"]);
  keeping.stop();
});

test("a round is done when nothing failed in it", () => {
  let isFull = true;
  const { keeping, done } = housekeeping({
    checkpoint: () => {
      if (isFull) throw new Error("full");
    },
  });
  vi.advanceTimersByTime(2_500);
  expect(done).not.toHaveBeenCalled();
  isFull = false;
  vi.advanceTimersByTime(1_000);
  expect(done).toHaveBeenCalledTimes(1);
  keeping.stop();
});

test("what is due for the index is brought in one step after the other, but once a second while peers send", () => {
  let due = 10_000;
  const updateSearch = (records: number): number => {
    const done = Math.min(due, records);
    due -= done;
    return done;
  };
  const { keeping } = housekeeping({ updateSearch });
  for (let ms = 0; ms < 2_050; ms += 50) {
    keeping.syncSoon();
    vi.advanceTimersByTime(50);
  }
  expect(due).toBe(9_000);
  vi.advanceTimersByTime(1_200);
  expect(due).toBe(0);
  keeping.stop();
  expect(vi.getTimerCount()).toBe(0);
});
