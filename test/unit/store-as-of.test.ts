/** `asOf`: a record as it stood at an earlier time, whatever the order its changes arrived in; what is not known is said, not guessed. */
import { describe, expect, it } from "vitest";
import type { AsOfRow, Store } from "../../main/store/api.ts";
import { holdLimit } from "../../shared/clock/hlc.ts";
import { AppError } from "../../shared/errors.ts";
import { actionId, type Desk, epochMs, inFolder, ORDER, openDesk, recordId, type World } from "../property/store-rig.ts";

const R1 = recordId("record-1");
const START = Date.UTC(2026, 10, 24, 8);
const MINUTE = 60_000;
const at = (minutes: number) => epochMs(START + minutes * MINUTE);

interface Scene {
  readonly world: World;
  readonly a: Desk;
  readonly b: Desk;
  /** Writes at a minute. */
  put(desk: Desk, minute: number, path: readonly string[], value: string | boolean | number | null): void;
  edit(desk: Desk, minute: number, kind: "delete" | "restore"): void;
  /** All that `to` lacks of `from`, whole or change by change. */
  carry(from: Desk, to: Desk): void;
}

const onScene = (work: (scene: Scene) => void): void =>
  inFolder((folder) => {
    const world = { now: START };
    const [a, b] = [openDesk(folder, "a", world), openDesk(folder, "b", world)];
    let n = 0;
    const commit = (desk: Desk, minute: number, edit: object): void => {
      world.now = at(minute);
      n += 1;
      desk.store.commit([{ collection: ORDER, record: R1, ...edit } as never], { action: actionId(`act-${n}`), label: "edit" });
    };
    try {
      work({
        world,
        a,
        b,
        put: (desk, minute, path, value) => commit(desk, minute, { kind: "put", path, value }),
        edit: (desk, minute, kind) => commit(desk, minute, { kind }),
        carry: (from, to) => {
          const batch = from.worker.sweep(to.worker.vector(), null, 1 << 20);
          to.worker.mergeBatch(batch.records, holdLimit(epochMs(world.now)));
          to.worker.takeVector(from.worker.vector());
        },
      });
    } finally {
      a.close();
      b.close();
    }
  });

const past = (store: Store, minutes: number): AsOfRow | undefined => store.asOf(at(minutes)).row(R1);

describe("a record as of a time", () => {
  it("has each field as it stood then, and does not exist before it was made", () =>
    onScene(({ a, put }) => {
      put(a, 1, ["title"], "one");
      put(a, 3, ["title"], "two");
      put(a, 5, ["tags", "x"], true);
      put(a, 7, ["tags", "x"], false);
      put(a, 9, ["title"], null);
      expect(past(a.store, 0)).toBeUndefined();
      expect(past(a.store, 2)).toMatchObject({ title: "one", tags: [], unknown: [], deleted: false });
      expect(past(a.store, 4)).toMatchObject({ title: "two", tags: [] });
      expect(past(a.store, 6)).toMatchObject({ title: "two", tags: ["x"] });
      expect(past(a.store, 8)).toMatchObject({ title: "two", tags: [] });
      expect(past(a.store, 10)).toMatchObject({ title: null, tags: [], unknown: [] });
      expect(a.store.asOf(at(4)).rows(ORDER)).toHaveLength(1);
    }));

  it("was deleted from the beginning when the change that made it deleted it, whatever came after", () =>
    onScene(({ world, a, edit }) => {
      world.now = at(1);
      const made = { collection: ORDER, record: R1 };
      const edits = [{ ...made, kind: "put", path: ["title"], value: "one" } as const, { ...made, kind: "delete" } as const];
      a.store.commit(edits, { action: actionId("both"), label: "edit" });
      edit(a, 3, "restore");
      edit(a, 5, "delete");
      expect(past(a.store, 2)).toMatchObject({ title: "one", deleted: true });
      expect(past(a.store, 4)).toMatchObject({ title: "one", deleted: false });
      expect(past(a.store, 6)).toMatchObject({ title: "one", deleted: true });
      expect(a.store.history(R1, 100).map(({ path }) => path)).not.toContainEqual(["deleted", a.store.replica]);
    }));

  it("was deleted and restored when it was", () =>
    onScene(({ a, put, edit }) => {
      put(a, 1, ["title"], "one");
      edit(a, 3, "delete");
      edit(a, 5, "restore");
      put(a, 6, ["title"], "two");
      edit(a, 8, "delete");
      expect([2, 4, 5.5, 7, 9].map((minute) => past(a.store, minute)?.deleted)).toEqual([false, true, false, false, true]);
      expect(past(a.store, 4)).toMatchObject({ title: "one" });
      expect(past(a.store, 7)).toMatchObject({ title: "two" });
    }));

  it("was alive by what its deleter, who had deleted it once before, had not seen", () =>
    onScene(({ a, b, put, edit, carry }) => {
      put(a, 1, ["title"], "one");
      carry(a, b);
      put(b, 2, ["status"], "new");
      edit(a, 3, "delete");
      edit(a, 4, "restore");
      edit(a, 5, "delete");
      carry(b, a);
      expect(a.store.row(R1)).toMatchObject({ status: "new", editedWhileDeleted: true });
      expect(past(a.store, 6)).toMatchObject({ title: "one", status: "new", deleted: false });
    }));

  it("goes by stamps: what arrived late stands where it was written, also when it lost at once", () =>
    onScene(({ a, b, put, carry }) => {
      put(a, 1, ["title"], "one");
      carry(a, b);
      put(b, 3, ["title"], "of b");
      put(a, 5, ["title"], "of a");
      carry(b, a);
      expect(past(a.store, 2)).toMatchObject({ title: "one" });
      expect(past(a.store, 4)).toMatchObject({ title: "of b" });
      expect(past(a.store, 6)).toMatchObject({ title: "of a" });
    }));

  it("names what was never here: values that a catch-up brought with later stamps", () =>
    onScene(({ a, b, put, carry }) => {
      put(a, 1, ["title"], "one");
      put(a, 1, ["status"], "new");
      put(a, 5, ["title"], "two");
      carry(a, b);
      expect(past(b.store, 2)).toMatchObject({ title: null, status: "new", unknown: ["title"] });
      expect(past(b.store, 6)).toMatchObject({ title: "two", unknown: [] });
    }));

  it("names a text that grew since", () =>
    onScene(({ a, put, world }) => {
      put(a, 1, ["title"], "one");
      world.now = at(3);
      a.store.commit([{ kind: "text", collection: ORDER, record: R1, field: "notes", slot: 0, update: new Uint8Array([0, 0]) }], {
        action: actionId("note"),
        label: "note",
      });
      expect(past(a.store, 2)?.unknown).toEqual(["notes"]);
      expect(past(a.store, 4)?.unknown).toEqual([]);
    }));

  it("is refused beyond what the history reaches back to", () =>
    onScene(({ a, put }) => {
      put(a, 1, ["title"], "one");
      for (let minute = 2; minute < 8; minute++) put(a, minute, ["title"], `edit ${minute}`);
      a.worker.trimHistory({ before: at(4.5), maxBytes: Number.MAX_SAFE_INTEGER, rows: 100 });
      let code: string | undefined;
      try {
        past(a.store, 3);
      } catch (error) {
        code = error instanceof AppError ? error.code : String(error);
      }
      expect(code).toBe("before_history");
      expect(past(a.store, 5.5)).toMatchObject({ title: "edit 5" });
      expect(a.store.history(R1, 100).map(({ to }) => to)).toEqual(["edit 7", "edit 6", "edit 5"]);
    }));
});
