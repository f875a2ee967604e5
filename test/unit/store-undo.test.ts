/** Undo and redo: in order, across restarts, in steps, and never over what another wrote. */
import { describe, expect, it } from "vitest";
import { actionId, ORDER, recordId } from "../property/store-rig.ts";
import { put, R1, R2, useDesk } from "./store-desk.ts";

const t = useDesk();

describe("undo and redo", () => {
  it("take an action back and do it again, in order, across a restart", () => {
    t.commit(put(R1, ["title"], "one"));
    t.commit(put(R1, ["title"], "two"), put(R1, ["tags", "x"], true));
    t.commit(put(R1, ["title"], "three"));
    t.undo();
    expect(t.desk.store.row(R1)).toMatchObject({ title: "two", tags: ["x"] });
    t.restart();
    t.undo();
    expect(t.desk.store.row(R1)).toMatchObject({ title: "one", tags: [] });
    t.redo();
    t.redo();
    expect(t.desk.store.row(R1)).toMatchObject({ title: "three", tags: ["x"] });
    expect(t.redo().kind).toBe("nothing");
    t.undo();
    t.commit(put(R1, ["title"], "four"));
    expect(t.redo().kind).toBe("nothing");
  });

  it("say what they would do", () => {
    expect(t.desk.store.undoable()).toEqual({ undo: null, redo: null });
    t.desk.store.commit([put(R1, ["title"], "one")], { action: actionId("first"), label: "Create" });
    t.desk.store.commit([put(R1, ["title"], "two")], { action: actionId("second"), label: "Rename" });
    t.undo();
    expect(t.desk.store.undoable()).toEqual({ undo: "Create", redo: "Rename" });
    t.undo();
    expect(t.desk.store.undoable()).toEqual({ undo: null, redo: "Create" });
  });

  it("delete what was created and restore what was deleted", () => {
    t.commit(put(R1, ["title"], "one"));
    t.commit({ kind: "delete", collection: ORDER, record: R1 });
    t.undo();
    expect(t.desk.store.row(R1)?.["title"]).toBe("one");
    t.undo();
    expect(t.desk.store.row(R1)).toBeUndefined();
    t.redo();
    expect(t.desk.store.row(R1)?.["title"]).toBe("one");
    t.redo();
    expect(t.desk.store.row(R1)).toBeUndefined();
  });

  it("never take another's later write back, and name what stayed", () => {
    const other = t.other("b");
    other.worker.mergeLive(t.commit(put(R1, ["title"], "ours"), put(R1, ["status"], "new")).change, t.limit());
    t.world.now += 10;
    other.worker.mergeLive(t.commit(put(R1, ["title"], "ours again"), put(R1, ["status"], "held")).change, t.limit());
    t.world.now += 10;
    t.desk.worker.mergeLive(other.store.commit([put(R1, ["title"], "theirs")], t.options()).change, t.limit());
    expect(t.undo()).toMatchObject({ kind: "undone", kept: [{ record: R1, field: "title" }] });
    expect(t.desk.store.row(R1)).toMatchObject({ title: "theirs", status: "new" });
    expect(t.undo()).toMatchObject({ kind: "undone", committed: [], kept: [{ record: R1, field: "title" }] });
    expect(t.desk.store.row(R1)).toMatchObject({ title: "theirs" });
    expect(t.undo().kind).toBe("nothing");
  });

  it("never take back what another wrote in between", () => {
    const other = t.other("b");
    other.worker.mergeLive(t.commit(put(R1, ["title"], "created"), put(R1, ["status"], "new")).change, t.limit());
    other.worker.mergeLive(t.commit(put(R1, ["title"], "first"), put(R1, ["status"], "held")).change, t.limit());
    t.world.now += 10;
    t.desk.worker.mergeLive(other.store.commit([put(R1, ["title"], "theirs")], t.options()).change, t.limit());
    t.commit(put(R1, ["title"], "second"));
    t.undo();
    expect(t.desk.store.row(R1)?.["title"]).toBe("theirs");
    expect(t.undo()).toMatchObject({ kept: [{ record: R1, field: "title" }] });
    expect(t.desk.store.row(R1)).toMatchObject({ title: "theirs", status: "new" });
    // Nor does taking the creation back take theirs with it.
    expect(t.undo()).toMatchObject({ committed: [], kept: [{ record: R1, field: "title" }] });
    expect(t.desk.store.row(R1)?.["title"]).toBe("theirs");
  });

  it("take a long action back in steps that can be stopped and taken up again after a restart", () => {
    const action = actionId("import");
    const records = Array.from({ length: 30 }, (_, i) => recordId(`import-${i}`));
    for (let i = 0; i < records.length; i += 3) {
      t.desk.store.commit(
        records.slice(i, i + 3).map((record) => put(record, ["title"], "imported")),
        { action, label: "Import" },
      );
      if (i === 9) t.commit(put(R1, ["title"], "in between"));
    }
    let steps = 0;
    for (const { done, total } of t.desk.store.undoSteps({ action: t.options().action, target: action })) {
      expect(total).toBe(10);
      steps = done;
      if (done === 4) break;
    }
    expect([steps, t.desk.store.count()]).toEqual([4, 19]);
    t.restart();
    const rest = [...t.desk.store.undoSteps({ action: t.options().action, target: action })];
    expect(rest.map(({ done, total }) => [done, total])).toEqual(rest.map((_, i) => [i + 1, 6]));
    expect(t.desk.store.rows([ORDER]).map(({ id }) => id)).toEqual([R1]);
    expect(t.undo()).toMatchObject({ label: "test" });
  });

  it("keep a created record that was edited since", () => {
    t.desk.store.commit([put(R1, ["title"], "one"), put(R2, ["title"], "two")], { action: actionId("both"), label: "Import" });
    t.commit(put(R1, ["status"], "done"));
    expect(t.desk.store.undo({ action: t.options().action, target: actionId("both") })).toMatchObject({
      kept: [{ record: R1, field: "status" }],
    });
    expect([t.desk.store.row(R1)?.["title"], t.desk.store.row(R2)]).toEqual(["one", undefined]);
  });
});
