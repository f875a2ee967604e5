/** Undo and redo where another desk was at work since: what it deleted stays deleted, what it touched stays whole, and the answer says so. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Committed, UndoOutcome } from "../../main/store/api.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import type { RecordId } from "../../shared/ids.ts";
import { actionId, type Desk, epochMs, ORDER, recordId } from "../property/store-rig.ts";
import { put, R1, R2, useDesk } from "./store-desk.ts";

const t = useDesk();
let other: Desk;

beforeEach(() => {
  other = t.other("b");
});

const send = (...all: readonly Committed[]): void => {
  for (const { change } of all) expect(other.worker.mergeLive(change, t.limit()).kind).toBe("merged");
};
const ours = (...edits: Edit[]): void => send(t.commit(...edits));
const theirs = (...edits: Edit[]): void => {
  t.world.now += 10;
  t.desk.worker.mergeLive(other.store.commit(edits, t.options()).change, t.limit());
  t.world.now += 10;
};
/** Carries an undo or a redo over and answers it. */
const sent = (outcome: UndoOutcome): UndoOutcome => {
  if (outcome.kind === "undone") send(...outcome.committed);
  expect(other.store.fingerprint()).toBe(t.desk.store.fingerprint());
  return outcome;
};
const remove = (record: RecordId): Edit => ({ kind: "delete", collection: ORDER, record });
const restore = (record: RecordId): Edit => ({ kind: "restore", collection: ORDER, record });
const untouched = (...fields: string[]) => ({ kind: "undone", committed: [], kept: fields.map((field) => ({ record: R1, field })) });
const row = () => t.desk.store.row(R1);

describe("a record that another has deleted since", () => {
  const edits: readonly (readonly [string, Edit])[] = [
    ["title", put(R1, ["title"], "two")],
    ["tags", put(R1, ["tags", "x"], true)],
    ["used", { kind: "count", collection: ORDER, record: R1, field: "used", by: 3 }],
    ["steps", put(R1, ["steps", "i1", "pos"], "a1")],
  ];

  it.each(edits)("stays deleted when our %s is undone", (field, edit) => {
    ours(put(R1, ["title"], "one"));
    ours(edit);
    theirs(remove(R1));
    expect(sent(t.undo())).toMatchObject(untouched(field));
    expect([row(), other.store.row(R1)]).toEqual([undefined, undefined]);
    // Nor does what follows bring it back.
    expect(sent(t.redo())).toMatchObject(untouched(field));
    expect(sent(t.undo())).toMatchObject(untouched(field));
    expect(row()).toBeUndefined();
  });

  it.each(edits)("stays deleted when our %s is done again", (field, edit) => {
    ours(put(R1, ["title"], "one"));
    ours(edit);
    expect(sent(t.undo())).toMatchObject({ kept: [] });
    theirs(remove(R1));
    expect(sent(t.redo())).toMatchObject(untouched(field));
    expect([row(), other.store.row(R1)]).toEqual([undefined, undefined]);
  });

  it("stays deleted when we have deleted it too, at the same time", () => {
    ours(put(R1, ["title"], "one"));
    const ourDeletion = t.commit(remove(R1));
    theirs(remove(R1));
    send(ourDeletion);
    expect(sent(t.undo())).toMatchObject(untouched("deleted"));
    expect(row()).toBeUndefined();
  });

  it("is left alone where we delete or make it again in our own turn", () => {
    ours(put(R1, ["title"], "one"));
    ours(remove(R1));
    expect(sent(t.undo())).toMatchObject({ kept: [] });
    expect(row()?.["title"]).toBe("one");
    expect(sent(t.undo())).toMatchObject({ kept: [] });
    expect(row()).toBeUndefined();
    expect(sent(t.redo())).toMatchObject({ kept: [] });
    expect(sent(t.redo())).toMatchObject({ kept: [] });
    expect(row()).toBeUndefined();
  });
});

it("a deletion that another has taken back is not taken back twice, and says so", () => {
  ours(put(R1, ["title"], "one"));
  ours(remove(R1));
  theirs(restore(R1));
  expect(sent(t.undo())).toMatchObject(untouched("deleted"));
  expect(row()?.["title"]).toBe("one");
});

describe("an item that another touched since it was added", () => {
  it.each(["pos", "label"])("stays whole when its %s was written", (cell) => {
    ours(put(R1, ["title"], "one"));
    ours(put(R1, ["steps", "i1", "pos"], "a1"), put(R1, ["steps", "i1", "label"], "Valve"), put(R1, ["tags", "x"], true));
    theirs(put(R1, ["steps", "i1", cell], "a5"));
    const before = row()?.["steps"];
    const outcome = sent(t.undo());
    expect(outcome).toMatchObject({ kept: [{ record: R1, field: "steps" }] });
    expect(row()).toMatchObject({ steps: before, tags: [] });
    expect(sent(t.redo())).toMatchObject({
      kept: [
        { record: R1, field: "steps" },
        { record: R1, field: "steps" },
      ].slice(0, 1),
    });
    expect(row()).toMatchObject({ steps: before, tags: ["x"] });
  });

  it("goes, and another item stays, when only that was touched", () => {
    ours(put(R1, ["title"], "one"), put(R1, ["steps", "i2", "pos"], "a2"), put(R1, ["steps", "i2", "label"], "Pump"));
    ours(put(R1, ["steps", "i1", "pos"], "a1"), put(R1, ["steps", "i1", "label"], "Valve"));
    theirs(put(R1, ["steps", "i2", "label"], "Pump 2"));
    expect(sent(t.undo())).toMatchObject({ kept: [] });
    expect(row()?.["steps"]).toEqual([{ id: "i2", pos: "a2", label: "Pump 2" }]);
  });
});

describe("what was left as it was", () => {
  it("is named again by every redo and undo that follows", () => {
    ours(put(R1, ["title"], "one"));
    ours(put(R1, ["title"], "two"));
    theirs(put(R1, ["title"], "three"));
    for (const take of [t.undo, t.redo, t.undo, t.redo, t.undo]) expect(sent(take())).toMatchObject(untouched("title"));
    expect(row()?.["title"]).toBe("three");
  });

  it("is named beside what is taken back", () => {
    ours(put(R1, ["title"], "one"), put(R1, ["status"], "new"));
    ours(put(R1, ["title"], "two"), put(R1, ["status"], "held"));
    theirs(put(R1, ["title"], "three"));
    for (const status of ["new", "held", "new"]) {
      expect(sent(status === "held" ? t.redo() : t.undo())).toMatchObject({ kept: [{ record: R1, field: "title" }] });
      expect(row()).toMatchObject({ title: "three", status });
    }
  });

  it("is named of a record that we made", () => {
    ours(put(R1, ["title"], "one"));
    theirs(put(R1, ["title"], "two"));
    for (const take of [t.undo, t.redo, t.undo]) expect(sent(take())).toMatchObject(untouched("title"));
  });

  it("is nothing of what was taken back in several parts", () => {
    const records = Array.from({ length: 3 }, (_, i) => recordId(`wide-${i}`));
    const wide = (value: string): Edit[] =>
      records.flatMap((record) => Array.from({ length: 130 }, (_, i) => put(record, ["tags", `${value}${i}`], true)));
    t.commit(...wide("x"));
    t.commit(...wide("y"));
    const undone = t.undo();
    expect(undone).toMatchObject({ kept: [] });
    expect(undone.kind === "undone" && undone.committed.length).toBeGreaterThan(1);
    expect(t.redo()).toMatchObject({ kept: [] });
    expect(t.undo()).toMatchObject({ kept: [] });
  });
});

it("a deletion whose record was purged since is done with, and nothing is said to have come back", () => {
  ours(put(R1, ["title"], "one"));
  ours(put(R2, ["title"], "stays"));
  ours(remove(R1));
  const own = t.desk.store.vector();
  expect(t.desk.worker.purging.step({ now: epochMs(t.world.now), trashMs: 0, own, others: new Map() }, 0, 100).purged).toEqual([R1]);
  for (const take of [t.undo, t.redo, t.undo]) expect(take()).toMatchObject({ kind: "undone", committed: [], kept: [] });
  expect(t.undo()).toMatchObject({ kept: [], committed: [{ records: [R2] }] });
});

it("an undo that a crash cut short is gone on with as one action: one redo brings the whole back", () => {
  const action = actionId("import");
  const records = Array.from({ length: 12 }, (_, i) => recordId(`import-${i}`));
  for (const record of records) t.desk.store.commit([put(record, ["title"], "imported")], { action, label: "Import" });
  for (const { done } of t.desk.store.undoSteps({ action: t.options().action })) if (done === 5) break;
  expect(t.desk.store.count()).toBe(7);
  t.restart();
  expect(t.undo()).toMatchObject({ label: "Import", kept: [] });
  expect(t.desk.store.count()).toBe(0);
  expect(t.desk.store.undoable()).toEqual({ undo: null, redo: "Import" });
  expect(t.redo()).toMatchObject({ label: "Import", kept: [] });
  expect([t.desk.store.count(), t.desk.store.undoable()]).toEqual([12, { undo: "Import", redo: null }]);
  expect(t.undo()).toMatchObject({ label: "Import", kept: [] });
  expect(t.desk.store.count()).toBe(0);
});

describe("a restore of several records", () => {
  it.each([R1, R2])("is taken back whole or not at all: another touched one of them", (touched) => {
    ours(put(R1, ["title"], "order"), put(R2, ["title"], "visit"));
    theirs(remove(R1), remove(R2));
    ours(restore(R1), restore(R2));
    theirs(put(touched, ["status"], "done"));
    const outcome = sent(t.undo());
    expect(outcome).toMatchObject({ kind: "undone", committed: [] });
    expect(new Set(outcome.kind === "undone" ? outcome.kept.map(({ record, field }) => `${record} ${field}`) : [])).toEqual(
      new Set([R1, R2].map((record) => `${record} deleted`)),
    );
    for (const record of [R1, R2]) expect(t.desk.store.row(record)).toBeDefined();
  });

  it("is taken back whole where nobody touched them", () => {
    ours(put(R1, ["title"], "order"), put(R2, ["title"], "visit"));
    theirs(remove(R1), remove(R2));
    ours(restore(R1), restore(R2));
    expect(sent(t.undo())).toMatchObject({ kind: "undone", kept: [] });
    for (const record of [R1, R2]) expect(t.desk.store.row(record)).toBeUndefined();
  });
});
