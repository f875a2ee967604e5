/** The store's first connection: commits, reads, validation, numbers, limits, undo and redo, history, held work, texts. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyUpdate, Doc, encodeStateAsUpdate } from "yjs";
import { MAX_BYTES, MAX_CELLS } from "../../main/store/commit.ts";
import { holdLimit } from "../../shared/clock/hlc.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import type { Path, Value } from "../../shared/crdt/types.ts";
import { AppError } from "../../shared/errors.ts";
import { parseDeviceId, type RecordId } from "../../shared/ids.ts";
import { actionId, collectionId, type Desk, epochMs, ORDER, openDesk, recordId, type World } from "../property/store-rig.ts";

const R1 = recordId("0198a000-0000-7000-8000-000000000001");
const R2 = recordId("0198a000-0001-7000-8000-000000000002");
const START = Date.UTC(2026, 10, 24);

let folder: string;
let world: World;
let desk: Desk;
let actions = 0;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "switchyard-store-"));
  world = { now: START };
  desk = openDesk(folder, "a", world);
});

afterEach(() => {
  desk.close();
  rmSync(folder, { recursive: true, force: true });
});

const put = (record: RecordId, cell: Path, value: Value): Edit => ({ kind: "put", collection: ORDER, record, path: cell, value });
const options = (label = "test") => ({ action: actionId(`act-${++actions}`), label });
const commit = (...edits: Edit[]) => {
  world.now += 1;
  return desk.store.commit(edits, options());
};
const undo = () => desk.store.undo({ action: options().action });
const redo = () => desk.store.redo({ action: options().action });
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return "none";
};

describe("a commit", () => {
  it("is read back in the flat form: absent is null, sets sorted, counters summed, lists by position, texts left out", () => {
    commit(
      put(R1, ["title"], "Leak"),
      put(R1, ["tags", "b"], true),
      put(R1, ["tags", "a/x"], true),
      put(R1, ["tags", "gone"], false),
      put(R1, ["steps", "k1", "pos"], "b"),
      put(R1, ["steps", "k0", "pos"], "c"),
      put(R1, ["steps", "k1", "label"], "first"),
      put(R1, ["extra"], { deep: [1, { a: null }] }),
      { kind: "count", collection: ORDER, record: R1, field: "used", by: 2 },
      { kind: "count", collection: ORDER, record: R1, field: "used", by: 3 },
    );
    expect(desk.store.row(R1)).toEqual({
      id: R1,
      collection: "order",
      number: null,
      title: "Leak",
      status: null,
      minutes: null,
      tags: ["a/x", "b"],
      used: 5,
      steps: [
        { id: "k1", pos: "b", label: "first" },
        { id: "k0", pos: "c", label: null },
      ],
      extra: { deep: [1, { a: null }] },
      deleted: false,
      editedWhileDeleted: false,
    });
    expect(desk.store.rows([ORDER]).map(({ id }) => id)).toEqual([R1]);
    expect(desk.store.rows([collectionId("nothing")])).toEqual([]);
  });

  it("carries one stamp for all its records, whose number is the next", () => {
    const first = commit(put(R1, ["title"], "one"), put(R2, ["title"], "two"));
    const second = commit(put(R1, ["title"], "three"));
    expect(first.change.stamp.seq).toBe(1);
    expect(first.records).toEqual([R1, R2]);
    expect(first.change.records.map(({ creates }) => creates)).toEqual([true, true]);
    expect(second.change.stamp.seq).toBe(2);
    expect(second.change.stamp.hlc).toBeGreaterThan(first.change.stamp.hlc);
    expect(desk.store.vector()).toEqual(new Map([[desk.store.replica, { seq: 2, hlc: second.change.stamp.hlc }]]));
    expect(desk.store.unseen()).toBe(2);
    desk.worker.acknowledge(peerDevice(), 1);
    expect(desk.store.unseen()).toBe(1);
  });

  it("is refused whole when one edit may not be, and takes no number", () => {
    const refused: readonly (readonly [Edit, string])[] = [
      [put(R1, ["nonsense"], 1), "unknown_field"],
      [put(R1, ["status"], "broken"), "invalid_value"],
      [put(R1, ["minutes"], -1), "invalid_value"],
      [put(R1, ["tags", "x".repeat(257)], true), "invalid_value"],
      [put(R1, ["title", "deeper"], "x"), "unknown_field"],
      [put(R1, ["title"], "half \ud800"), "invalid_value"],
      [{ kind: "count", collection: ORDER, record: R1, field: "title", by: 1 }, "invalid_value"],
      [{ kind: "put", collection: collectionId("ghost"), record: R1, path: ["a"], value: 1 }, "unknown_type"],
      [{ kind: "put", collection: collectionId("$type"), record: R1, path: ["a"], value: 1 }, "system_collection"],
      [{ kind: "delete", collection: ORDER, record: R1 }, "unknown_record"],
    ];
    for (const [edit, code] of refused) expect(codeOf(() => commit(put(R2, ["title"], "fine"), edit))).toBe(code);
    expect(desk.store.row(R2)).toBeUndefined();
    expect(desk.store.ownSeq()).toBe(0);
    expect(desk.store.fingerprint()).toBe("0".repeat(32));
  });

  it("holds at most 500 cells and 128 KiB", () => {
    const cells = (count: number) => Array.from({ length: count }, (_, i) => put(R1, ["tags", `t${i}`], true));
    expect(codeOf(() => commit(...cells(MAX_CELLS + 1)))).toBe("change_too_large");
    expect(codeOf(() => commit(put(R1, ["title"], "x".repeat(MAX_BYTES))))).toBe("change_too_large");
    expect(desk.store.ownSeq()).toBe(0);
    expect(commit(...cells(MAX_CELLS)).change.records[0]?.cells).toHaveLength(MAX_CELLS);
  });

  it("issues numbers without gaps or repeats, found whole and by their digits", () => {
    const number = (record: RecordId): Edit => ({ kind: "number", collection: ORDER, record, field: "number" });
    commit(number(R1), number(R2));
    expect([desk.store.row(R1)?.["number"], desk.store.row(R2)?.["number"]]).toEqual(["A-1", "A-2"]);
    expect(codeOf(() => commit(number(R1), put(R1, ["minutes"], -1)))).toBe("invalid_value");
    commit(number(R1));
    expect(desk.store.row(R1)?.["number"]).toBe("A-3");
  });

  it("finds records by an indexed field, also after it changed", () => {
    commit(put(R1, ["title"], "Leak"), put(R2, ["title"], "Leak"));
    commit(put(R2, ["title"], "Draught"));
    expect(desk.store.where(ORDER, "title", "Leak")).toEqual([R1]);
    commit({ kind: "delete", collection: ORDER, record: R1 });
    expect(desk.store.where(ORDER, "title", "Leak")).toEqual([]);
    expect(desk.store.where(ORDER, "title", "Draught")).toEqual([R2]);
  });

  it("says that there is nothing to change rather than write nothing", () => {
    commit(put(R1, ["title"], "Leak"));
    expect(codeOf(() => commit({ kind: "restore", collection: ORDER, record: R1 }))).toBe("nothing_to_change");
    expect(desk.store.ownSeq()).toBe(1);
  });
});

describe("deletion", () => {
  it("puts a record into the trash, a restore or any later edit takes it out", () => {
    commit(put(R1, ["title"], "Leak"));
    const before = desk.store.fingerprint();
    commit({ kind: "delete", collection: ORDER, record: R1 });
    expect([desk.store.row(R1), desk.store.count(), desk.store.rows([ORDER]).length]).toEqual([undefined, 0, 0]);
    expect(desk.store.row(R1, { deleted: true })).toMatchObject({ title: "Leak", deleted: true });
    expect(desk.store.trash().map(({ id, deletedAt }) => [id, deletedAt])).toEqual([[R1, world.now]]);
    expect(desk.store.fingerprint()).toBe("0".repeat(32));
    commit({ kind: "restore", collection: ORDER, record: R1 });
    expect(desk.store.row(R1)).toMatchObject({ title: "Leak", deleted: false, editedWhileDeleted: false });
    expect(desk.store.fingerprint()).not.toBe(before);
    commit({ kind: "delete", collection: ORDER, record: R1 });
    commit(put(R1, ["title"], "Leak again"));
    expect(desk.store.row(R1)).toMatchObject({ title: "Leak again", editedWhileDeleted: false });
    expect(desk.store.trash()).toEqual([]);
  });

  it("leaves a record alive that somebody edited unseen, and says so", () => {
    const other = openDesk(folder, "b", world);
    try {
      other.worker.mergeLive(commit(put(R1, ["title"], "Leak")).change, limit());
      const edit = other.store.commit([put(R1, ["status"], "done")], options()).change;
      commit({ kind: "delete", collection: ORDER, record: R1 });
      expect(desk.worker.mergeLive(edit, limit())).toEqual({ kind: "merged", records: [R1] });
      expect(desk.store.row(R1)).toMatchObject({ status: "done", deleted: false, editedWhileDeleted: true });
    } finally {
      other.close();
    }
  });
});

const limit = () => holdLimit(epochMs(world.now));

describe("undo and redo", () => {
  it("take an action back and do it again, in order, across a restart", () => {
    commit(put(R1, ["title"], "one"));
    commit(put(R1, ["title"], "two"), put(R1, ["tags", "x"], true));
    commit(put(R1, ["title"], "three"));
    undo();
    expect(desk.store.row(R1)).toMatchObject({ title: "two", tags: ["x"] });
    desk.close();
    desk = openDesk(folder, "a", world);
    undo();
    expect(desk.store.row(R1)).toMatchObject({ title: "one", tags: [] });
    redo();
    redo();
    expect(desk.store.row(R1)).toMatchObject({ title: "three", tags: ["x"] });
    expect(redo().kind).toBe("nothing");
    undo();
    commit(put(R1, ["title"], "four"));
    expect(redo().kind).toBe("nothing");
  });

  it("say what they would do", () => {
    expect(desk.store.undoable()).toEqual({ undo: null, redo: null });
    desk.store.commit([put(R1, ["title"], "one")], { action: actionId("first"), label: "Create" });
    desk.store.commit([put(R1, ["title"], "two")], { action: actionId("second"), label: "Rename" });
    undo();
    expect(desk.store.undoable()).toEqual({ undo: "Create", redo: "Rename" });
    undo();
    expect(desk.store.undoable()).toEqual({ undo: null, redo: "Create" });
  });

  it("delete what was created and restore what was deleted", () => {
    commit(put(R1, ["title"], "one"));
    commit({ kind: "delete", collection: ORDER, record: R1 });
    undo();
    expect(desk.store.row(R1)?.["title"]).toBe("one");
    undo();
    expect(desk.store.row(R1)).toBeUndefined();
    redo();
    expect(desk.store.row(R1)?.["title"]).toBe("one");
    redo();
    expect(desk.store.row(R1)).toBeUndefined();
  });

  it("never take another's later write back, and name what stayed", () => {
    const other = openDesk(folder, "b", world);
    try {
      other.worker.mergeLive(commit(put(R1, ["title"], "ours"), put(R1, ["status"], "new")).change, limit());
      world.now += 10;
      other.worker.mergeLive(commit(put(R1, ["title"], "ours again"), put(R1, ["status"], "held")).change, limit());
      world.now += 10;
      desk.worker.mergeLive(other.store.commit([put(R1, ["title"], "theirs")], options()).change, limit());
      expect(undo()).toMatchObject({ kind: "undone", kept: [{ record: R1, field: "title" }] });
      expect(desk.store.row(R1)).toMatchObject({ title: "theirs", status: "new" });
      expect(undo()).toMatchObject({ kind: "undone", committed: [], kept: [{ record: R1, field: "title" }] });
      expect(desk.store.row(R1)).toMatchObject({ title: "theirs" });
      expect(undo().kind).toBe("nothing");
    } finally {
      other.close();
    }
  });

  it("never take back what another wrote in between", () => {
    const other = openDesk(folder, "b", world);
    try {
      other.worker.mergeLive(commit(put(R1, ["title"], "created"), put(R1, ["status"], "new")).change, limit());
      other.worker.mergeLive(commit(put(R1, ["title"], "first"), put(R1, ["status"], "held")).change, limit());
      world.now += 10;
      desk.worker.mergeLive(other.store.commit([put(R1, ["title"], "theirs")], options()).change, limit());
      commit(put(R1, ["title"], "second"));
      undo();
      expect(desk.store.row(R1)?.["title"]).toBe("theirs");
      expect(undo()).toMatchObject({ kept: [{ record: R1, field: "title" }] });
      expect(desk.store.row(R1)).toMatchObject({ title: "theirs", status: "new" });
      // Nor does taking the creation back take theirs with it.
      expect(undo()).toMatchObject({ committed: [], kept: [{ record: R1, field: "title" }] });
      expect(desk.store.row(R1)?.["title"]).toBe("theirs");
    } finally {
      other.close();
    }
  });

  it("take a long action back in steps that can be stopped and taken up again after a restart", () => {
    const action = actionId("import");
    const records = Array.from({ length: 30 }, (_, i) => recordId(`import-${i}`));
    for (let i = 0; i < records.length; i += 3) {
      desk.store.commit(
        records.slice(i, i + 3).map((record) => put(record, ["title"], "imported")),
        { action, label: "Import" },
      );
      if (i === 9) commit(put(R1, ["title"], "in between"));
    }
    let steps = 0;
    for (const { done, total } of desk.store.undoSteps({ action: options().action, target: action })) {
      expect(total).toBe(10);
      steps = done;
      if (done === 4) break;
    }
    expect([steps, desk.store.count()]).toEqual([4, 19]);
    desk.close();
    desk = openDesk(folder, "a", world);
    const rest = [...desk.store.undoSteps({ action: options().action, target: action })];
    expect(rest.map(({ done, total }) => [done, total])).toEqual(rest.map((_, i) => [i + 1, 6]));
    expect(desk.store.rows([ORDER]).map(({ id }) => id)).toEqual([R1]);
    expect(undo()).toMatchObject({ label: "test" });
  });

  it("keep a created record that was edited since", () => {
    desk.store.commit([put(R1, ["title"], "one"), put(R2, ["title"], "two")], { action: actionId("both"), label: "Import" });
    commit(put(R1, ["status"], "done"));
    expect(desk.store.undo({ action: options().action, target: actionId("both") })).toMatchObject({
      kept: [{ record: R1, field: "status" }],
    });
    expect([desk.store.row(R1)?.["title"], desk.store.row(R2)]).toEqual(["one", undefined]);
  });
});

describe("history", () => {
  it("tells what changed from what to what, newest first, and what lost", () => {
    const other = openDesk(folder, "b", world);
    try {
      other.worker.mergeLive(commit(put(R1, ["title"], "one")).change, limit());
      const lost = other.store.commit([put(R1, ["title"], "lost")], options()).change;
      world.now += 10;
      commit(put(R1, ["title"], "two"), put(R1, ["tags", "x"], true));
      desk.worker.mergeLive(lost, limit());
      const entries = desk.store.history(R1, 20).map(({ path: cell, from, to, won }) => [cell.join("/"), from, to, won]);
      expect(entries).toEqual([
        ["title", "two", "lost", false],
        ["title", "one", "two", true],
        ["tags/x", null, true, true],
        ["title", null, "one", true],
      ]);
      expect(desk.store.history(R1, 20)[0]?.replica).toBe(other.store.replica);
      expect(desk.store.history(R1, 2)).toHaveLength(2);
      expect(other.store.history(R2, 20)).toEqual([]);
    } finally {
      other.close();
    }
  });
});

describe("held work", () => {
  it("waits beside what stands, is forwarded, and joins when it is due", () => {
    const future = openDesk(folder, "f", world, 86_400_000);
    const third = openDesk(folder, "t", world);
    try {
      const created = commit(put(R1, ["title"], "now")).change;
      future.worker.mergeLive(created, limit());
      const ahead = future.store.commit([put(R1, ["title"], "tomorrow")], options()).change;
      expect(desk.worker.mergeLive(ahead, limit())).toEqual({ kind: "merged", records: [] });
      expect(desk.store.row(R1)?.["title"]).toBe("now");
      expect(desk.store.held()).toMatchObject([{ replica: future.store.replica, changes: 1 }]);
      // Counted and forwarded like any other.
      expect(desk.store.vector().get(future.store.replica)?.seq).toBe(1);
      third.worker.mergeLive(created, limit());
      const { records } = desk.worker.sweep(third.store.vector(), null, 1e6);
      expect(records.map(({ record, whole, cells }) => [record, whole, cells.length])).toEqual([[R1, false, 1]]);
      third.worker.mergeBatch(records, limit());
      expect([third.store.row(R1)?.["title"], third.store.held().length]).toEqual(["now", 1]);
      expect(third.store.fingerprint()).toBe(future.store.fingerprint());
      world.now += 90_000_000;
      expect(third.worker.mergeDue(limit())).toEqual([R1]);
      expect([third.store.row(R1)?.["title"], third.store.held()]).toEqual(["tomorrow", []]);
      expect(third.store.fingerprint()).toBe(future.store.fingerprint());
    } finally {
      future.close();
      third.close();
    }
  });

  it("of a record that is not here yet makes no visible record before its time", () => {
    const future = openDesk(folder, "f", world, 86_400_000);
    try {
      const ahead = future.store.commit([put(R1, ["title"], "tomorrow")], options()).change;
      desk.worker.mergeLive(ahead, limit());
      expect([desk.store.row(R1, { deleted: true }), desk.store.count(), desk.store.rows([ORDER])]).toEqual([undefined, 0, []]);
      world.now += 90_000_000;
      desk.worker.mergeDue(limit());
      expect([desk.store.row(R1)?.["title"], desk.store.count()]).toEqual(["tomorrow", 1]);
    } finally {
      future.close();
    }
  });

  it("never beats a person's write here: that takes a term more, and the held cell is dropped", () => {
    const future = openDesk(folder, "f", world, 86_400_000);
    try {
      future.worker.mergeLive(commit(put(R1, ["title"], "now")).change, limit());
      desk.worker.mergeLive(future.store.commit([put(R1, ["title"], "tomorrow")], options()).change, limit());
      expect(commit(put(R1, ["title"], "mine")).change.stamp.term).toBe(1);
      expect(desk.store.held()).toEqual([]);
      world.now += 90_000_000;
      desk.worker.mergeDue(limit());
      expect(desk.store.row(R1)?.["title"]).toBe("mine");
      expect(commit(put(R1, ["title"], "mine too")).change.stamp.term).toBe(1);
    } finally {
      future.close();
    }
  });

  it("does not lift the clock; what merges does", () => {
    const future = openDesk(folder, "f", world, 86_400_000);
    const near = openDesk(folder, "n", world, 200_000);
    try {
      desk.worker.mergeLive(future.store.commit([put(R1, ["title"], "far")], options()).change, limit());
      const close = near.store.commit([put(R2, ["title"], "near")], options()).change;
      desk.worker.mergeLive(close, limit());
      const own = commit(put(R2, ["title"], "after")).change.stamp;
      expect(own.hlc).toBe(close.stamp.hlc + 1);
    } finally {
      future.close();
      near.close();
    }
  });
});

describe("a text", () => {
  const update = (text: string, clientId: number): Uint8Array => {
    const doc = new Doc();
    doc.clientID = clientId;
    doc.getText("t").insert(0, text);
    return encodeStateAsUpdate(doc);
  };
  const typed = (record: RecordId, slot: number, bytes: Uint8Array): Edit => ({
    kind: "text",
    collection: ORDER,
    record,
    field: "notes",
    slot,
    update: bytes,
  });
  const read = (): string => {
    const doc = new Doc();
    for (const bytes of desk.store.text(R1, "notes").updates) applyUpdate(doc, bytes);
    return doc.getText("t").toString();
  };

  it("grows its last segment and seals a full one, nothing lost", () => {
    commit(put(R1, ["title"], "Leak"));
    for (let i = 0; i < 12; i++) commit(typed(R1, 0, update("x".repeat(1000), 1000 + i)));
    const { updates } = desk.store.text(R1, "notes");
    expect(updates.length).toBeGreaterThan(1);
    expect(updates.length).toBeLessThan(6);
    expect(read()).toBe("x".repeat(12_000));
    expect(desk.store.text(R1, "title")).toEqual({ updates: [] });
    expect(desk.store.row(R1)).not.toHaveProperty("notes");
  });

  it("of two slots and two updates in one change keeps all", () => {
    commit(typed(R1, 0, update("a", 11)), typed(R1, 1, update("b", 12)), typed(R1, 0, update("c", 13)));
    expect([...read()].sort().join("")).toBe("abc");
  });

  it("is not the undo stack's: undo passes it over", () => {
    commit(put(R1, ["title"], "Leak"));
    commit(typed(R1, 0, update("typed", 11)));
    expect(undo()).toMatchObject({ kind: "undone", committed: [], kept: [{ record: R1, field: "notes" }] });
    expect(read()).toBe("typed");
  });
});

const peerDevice = () => {
  const id = parseDeviceId("d".repeat(43));
  if (id === undefined) throw new Error("no device id");
  return id;
};
