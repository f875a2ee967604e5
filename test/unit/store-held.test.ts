/** Held work and texts in the store: cells from the future wait beside what stands; typed text grows segments and loses nothing. */
import { describe, expect, it } from "vitest";
import { applyUpdate, Doc, encodeStateAsUpdate } from "yjs";
import type { Edit } from "../../shared/crdt/edit.ts";
import type { RecordId } from "../../shared/ids.ts";
import { type Desk, ORDER } from "../property/store-rig.ts";
import { put, R1, R2, useDesk } from "./store-desk.ts";

const t = useDesk();

describe("held work", () => {
  it("waits beside what stands, is forwarded, and joins when it is due", () => {
    const future = t.other("f", 86_400_000);
    const third = t.other("t");
    const created = t.commit(put(R1, ["title"], "now")).change;
    future.worker.mergeLive(created, t.limit());
    const ahead = future.store.commit([put(R1, ["title"], "tomorrow")], t.options()).change;
    expect(t.desk.worker.mergeLive(ahead, t.limit())).toEqual({ kind: "merged", records: [] });
    expect(t.desk.store.row(R1)?.["title"]).toBe("now");
    expect(t.desk.store.held()).toMatchObject([{ replica: future.store.replica, changes: 1 }]);
    // Counted and forwarded like any other.
    expect(t.desk.store.vector().get(future.store.replica)?.seq).toBe(1);
    third.worker.mergeLive(created, t.limit());
    const { records } = t.desk.worker.sweep(third.store.vector(), null, 1e6);
    expect(records.map(({ record, whole, cells }) => [record, whole, cells.length])).toEqual([[R1, false, 1]]);
    third.worker.mergeBatch(records, t.limit());
    expect([third.store.row(R1)?.["title"], third.store.held().length]).toEqual(["now", 1]);
    expect(third.store.fingerprint()).toBe(future.store.fingerprint());
    t.world.now += 90_000_000;
    expect(third.worker.mergeDue(t.limit())).toEqual([R1]);
    expect([third.store.row(R1)?.["title"], third.store.held()]).toEqual(["tomorrow", []]);
    expect(third.store.fingerprint()).toBe(future.store.fingerprint());
  });

  it("of a record that is not here yet makes no visible record before its time", () => {
    const future = t.other("f", 86_400_000);
    const ahead = future.store.commit([put(R1, ["title"], "tomorrow")], t.options()).change;
    t.desk.worker.mergeLive(ahead, t.limit());
    expect([t.desk.store.row(R1, { deleted: true }), t.desk.store.count(), t.desk.store.rows([ORDER])]).toEqual([undefined, 0, []]);
    t.world.now += 90_000_000;
    t.desk.worker.mergeDue(t.limit());
    expect([t.desk.store.row(R1)?.["title"], t.desk.store.count()]).toEqual(["tomorrow", 1]);
  });

  it("never beats a person's write here: that takes a term more, and the held cell is dropped", () => {
    const future = t.other("f", 86_400_000);
    future.worker.mergeLive(t.commit(put(R1, ["title"], "now")).change, t.limit());
    t.desk.worker.mergeLive(future.store.commit([put(R1, ["title"], "tomorrow")], t.options()).change, t.limit());
    expect(t.commit(put(R1, ["title"], "mine")).change.stamp.term).toBe(1);
    expect(t.desk.store.held()).toEqual([]);
    t.world.now += 90_000_000;
    t.desk.worker.mergeDue(t.limit());
    expect(t.desk.store.row(R1)?.["title"]).toBe("mine");
    expect(t.commit(put(R1, ["title"], "mine too")).change.stamp.term).toBe(1);
  });

  it("does not lift the clock; what merges does", () => {
    const future = t.other("f", 86_400_000);
    const near = t.other("n", 200_000);
    t.desk.worker.mergeLive(future.store.commit([put(R1, ["title"], "far")], t.options()).change, t.limit());
    const close = near.store.commit([put(R2, ["title"], "near")], t.options()).change;
    t.desk.worker.mergeLive(close, t.limit());
    const own = t.commit(put(R2, ["title"], "after")).change.stamp;
    expect(own.hlc).toBe(close.stamp.hlc + 1);
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
    for (const bytes of t.desk.store.text(R1, "notes").updates) applyUpdate(doc, bytes);
    return doc.getText("t").toString();
  };

  it("grows its last segment and seals a full one, nothing lost", () => {
    t.commit(put(R1, ["title"], "Leak"));
    for (let i = 0; i < 12; i++) t.commit(typed(R1, 0, update("x".repeat(1000), 1000 + i)));
    const { updates } = t.desk.store.text(R1, "notes");
    expect(updates.length).toBeGreaterThan(1);
    expect(updates.length).toBeLessThan(6);
    expect(read()).toBe("x".repeat(12_000));
    expect(t.desk.store.text(R1, "title")).toEqual({ updates: [] });
    expect(t.desk.store.row(R1)).not.toHaveProperty("notes");
  });

  it("of two slots and two updates in one change keeps all", () => {
    t.commit(typed(R1, 0, update("a", 11)), typed(R1, 1, update("b", 12)), typed(R1, 0, update("c", 13)));
    expect([...read()].sort().join("")).toBe("abc");
  });

  it("that an action wrote is taken back and written again; the history says that it was edited, without values", () => {
    t.commit(put(R1, ["title"], "Leak"));
    t.commit(typed(R1, 0, update("noted", 11)), put(R1, ["title"], "Leak in the cellar"));
    t.restart();
    expect(t.undo()).toMatchObject({ kind: "undone", kept: [] });
    expect(read()).toBe("");
    expect(t.desk.store.row(R1)).toMatchObject({ title: "Leak" });
    t.redo();
    expect(read()).toBe("noted");
    const history = t.desk.store.history(R1, 20);
    expect(new Set(history.map(({ path }) => path.join("/")))).toEqual(new Set(["title", "notes"]));
    expect(history.filter(({ path }) => path[0] === "notes")).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ from: null, to: null, won: true })),
    );
    t.undo();
    expect(t.undo()).toMatchObject({ kind: "undone", kept: [] });
    expect(t.desk.store.row(R1)).toBeUndefined();
  });

  it("that was typed is not the undo stack's: undo passes it over", () => {
    t.commit(put(R1, ["title"], "Leak"));
    t.desk.store.commit([typed(R1, 0, update("typed", 11))], { ...t.options(), undoable: false });
    expect(t.undo()).toMatchObject({ kind: "undone", committed: [], kept: [{ record: R1, field: "notes" }] });
    expect(read()).toBe("typed");
  });

  it("that is typed is told once, as long as the same person goes on, and once more by the next", () => {
    const told = (store: Desk["store"]) => store.history(R1, 20).filter(({ path }) => path[0] === "notes");
    t.commit(put(R1, ["title"], "Leak"));
    const type = (clock: number): void => {
      t.world.now += 30_000;
      t.desk.store.commit([typed(R1, 0, update("typed", clock))], { ...t.options(), undoable: false });
    };
    for (const client of [11, 12, 13]) type(client);
    expect(told(t.desk.store)).toHaveLength(1);
    t.world.now += 11 * 60_000;
    type(14);
    expect(told(t.desk.store)).toHaveLength(2);
    const other = t.other("b");
    const carry = (from: Desk, to: Desk): void => {
      to.worker.mergeBatch(from.worker.sweep(to.worker.vector(), null, 1 << 20).records, t.limit());
      to.worker.takeVector(from.worker.vector());
    };
    carry(t.desk, other);
    t.world.now += 1000;
    other.store.commit([typed(R1, 0, update("other", 15))], { ...t.options(), undoable: false });
    carry(other, t.desk);
    expect(told(t.desk.store).map(({ replica }) => replica)).toEqual([other.store.replica, t.desk.store.replica, t.desk.store.replica]);
    for (const { store } of [t.desk, other]) expect(store.verify().differences).toEqual([]);
  });
});
