/** What the history of a record says: the order of its lines, and which values were written at the same time. */
import { expect, it } from "vitest";
import type { Store } from "../../main/store/api.ts";
import { holdLimit } from "../../shared/clock/hlc.ts";
import { actionId, type Desk, epochMs, inFolder, openDesk } from "../property/store-rig.ts";
import { put, R1 } from "./store-desk.ts";

const START = Date.UTC(2026, 10, 24);

interface Scene {
  readonly a: Desk;
  readonly b: Desk;
  /** Writes a title at this minute. */
  title(desk: Desk, minute: number, text: string): void;
  /** All that `to` lacks of `from`, whose people had seen so many of the receiver's changes. */
  carry(from: Desk, to: Desk, seen?: number): void;
}

const onScene = (work: (scene: Scene) => void): void =>
  inFolder((folder) => {
    const world = { now: START };
    const [a, b] = [openDesk(folder, "a", world), openDesk(folder, "b", world)];
    try {
      work({
        a,
        b,
        title: (desk, minute, text) => {
          world.now = START + minute * 60_000;
          desk.store.commit([put(R1, ["title"], text)], { action: actionId(`act-${text}`), label: "edit" });
        },
        carry: (from, to, seen) => {
          const { records } = from.worker.sweep(to.worker.vector(), null, 1 << 20);
          to.worker.mergeBatch(records, holdLimit(epochMs(world.now)), seen);
          to.worker.takeVector(from.worker.vector());
        },
      });
      for (const { store } of [a, b]) expect(store.verify().differences).toEqual([]);
    } finally {
      a.close();
      b.close();
    }
  });

const lines = (store: Store) => store.history(R1, 100).map(({ from, to, won }) => [from, to, won]);

it("says on both desks that another value was written at the same time: where it lost at once, and where it was written over", () =>
  onScene(({ a, b, title, carry }) => {
    title(a, 1, "one");
    carry(a, b);
    const seen = a.store.ownSeq();
    title(a, 5, "of a");
    title(b, 6, "of b");
    carry(a, b, 0);
    carry(b, a, seen);
    expect(lines(a.store)).toEqual([
      ["of a", "of b", true],
      ["one", "of a", false],
      [null, "one", true],
    ]);
    expect(lines(b.store)).toEqual([
      ["one", "of b", true],
      ["of b", "of a", false],
      [null, "one", true],
    ]);
    title(a, 8, "of a");
    expect(lines(a.store)[0]).toEqual(["of b", "of a", true]);
  }));

it("says nothing of that where who wrote over a value had seen it, or wrote over another's", () =>
  onScene(({ a, b, title, carry }) => {
    title(a, 1, "one");
    carry(a, b);
    title(b, 2, "two");
    carry(b, a, a.store.ownSeq());
    title(b, 3, "three");
    carry(b, a, 0);
    expect(lines(a.store).map(([, to, won]) => [to, won])).toEqual([
      ["three", true],
      ["two", true],
      ["one", true],
    ]);
  }));

it("says nothing where both wrote the same", () =>
  onScene(({ a, b, title, carry }) => {
    title(a, 1, "one");
    carry(a, b);
    title(a, 5, "same");
    b.store.commit([put(R1, ["title"], "same")], { action: actionId("same-of-b"), label: "edit" });
    carry(a, b, 0);
    carry(b, a, 0);
    for (const { store } of [a, b]) expect(store.history(R1, 100).filter(({ won }) => !won)).toEqual([]);
  }));

it("says it of the value that the record was made with", () =>
  onScene(({ a, b, title, carry }) => {
    title(a, 1, "of a");
    title(b, 2, "of b");
    carry(b, a, 0);
    expect(lines(a.store)).toEqual([
      ["of a", "of b", true],
      [null, "of a", false],
    ]);
    expect(a.store.asOf(epochMs(START + 90_000)).row(R1)).toMatchObject({ title: "of a" });
  }));

it("puts what was written last first, however late it came", () =>
  onScene(({ a, b, title, carry }) => {
    title(a, 1, "one");
    carry(a, b);
    b.store.commit([put(R1, ["status"], "new")], { action: actionId("status"), label: "edit" });
    title(a, 3, "two");
    carry(b, a);
    const at = a.store.history(R1, 100).map((entry) => entry.at);
    expect(at).toEqual(at.toSorted((x, y) => y - x));
    expect(a.store.history(R1, 1).map(({ to }) => to)).toEqual(["two"]);
  }));
