/** The store's first connection: commits, reads, validation, numbers, limits, deletion, history. */
import { describe, expect, it } from "vitest";
import { MAX_BYTES, MAX_CELLS } from "../../main/store/commit.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import { AppError } from "../../shared/errors.ts";
import { parseDeviceId, type RecordId } from "../../shared/ids.ts";
import { collectionId, ORDER } from "../property/store-rig.ts";
import { put, R1, R2, useDesk } from "./store-desk.ts";

const t = useDesk();

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
    t.commit(
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
    expect(t.desk.store.row(R1)).toEqual({
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
    expect(t.desk.store.rows([ORDER]).map(({ id }) => id)).toEqual([R1]);
    expect(t.desk.store.rows([collectionId("nothing")])).toEqual([]);
  });

  it("carries one stamp for all its records, whose number is the next", () => {
    const first = t.commit(put(R1, ["title"], "one"), put(R2, ["title"], "two"));
    const second = t.commit(put(R1, ["title"], "three"));
    expect(first.change.stamp.seq).toBe(1);
    expect(first.records).toEqual([R1, R2]);
    expect(first.change.records.map(({ creates }) => creates)).toEqual([true, true]);
    expect(second.change.stamp.seq).toBe(2);
    expect(second.change.stamp.hlc).toBeGreaterThan(first.change.stamp.hlc);
    expect(t.desk.store.vector()).toEqual(new Map([[t.desk.store.replica, { seq: 2, hlc: second.change.stamp.hlc }]]));
    expect(t.desk.store.unseen()).toBe(2);
    t.desk.worker.acknowledge(peerDevice(), 1);
    expect(t.desk.store.unseen()).toBe(1);
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
    for (const [edit, code] of refused) expect(codeOf(() => t.commit(put(R2, ["title"], "fine"), edit))).toBe(code);
    expect(t.desk.store.row(R2)).toBeUndefined();
    expect(t.desk.store.ownSeq()).toBe(0);
    expect(t.desk.store.fingerprint()).toBe("0".repeat(32));
  });

  it("holds at most 500 cells and 128 KiB", () => {
    const cells = (count: number) => Array.from({ length: count }, (_, i) => put(R1, ["tags", `t${i}`], true));
    expect(codeOf(() => t.commit(...cells(MAX_CELLS + 1)))).toBe("change_too_large");
    expect(codeOf(() => t.commit(put(R1, ["title"], "x".repeat(MAX_BYTES))))).toBe("change_too_large");
    expect(t.desk.store.ownSeq()).toBe(0);
    expect(t.commit(...cells(MAX_CELLS)).change.records[0]?.cells).toHaveLength(MAX_CELLS);
  });

  it("issues numbers without gaps or repeats, found whole and by their digits", () => {
    const number = (record: RecordId): Edit => ({ kind: "number", collection: ORDER, record, field: "number" });
    t.commit(number(R1), number(R2));
    expect([t.desk.store.row(R1)?.["number"], t.desk.store.row(R2)?.["number"]]).toEqual(["A-1", "A-2"]);
    expect(codeOf(() => t.commit(number(R1), put(R1, ["minutes"], -1)))).toBe("invalid_value");
    t.commit(number(R1));
    expect(t.desk.store.row(R1)?.["number"]).toBe("A-3");
  });

  it("finds records by an indexed field, also after it changed", () => {
    t.commit(put(R1, ["title"], "Leak"), put(R2, ["title"], "Leak"));
    t.commit(put(R2, ["title"], "Draught"));
    expect(t.desk.store.where(ORDER, "title", "Leak")).toEqual([R1]);
    t.commit({ kind: "delete", collection: ORDER, record: R1 });
    expect(t.desk.store.where(ORDER, "title", "Leak")).toEqual([]);
    expect(t.desk.store.where(ORDER, "title", "Draught")).toEqual([R2]);
  });

  it("says that there is nothing to change rather than write nothing", () => {
    t.commit(put(R1, ["title"], "Leak"));
    expect(codeOf(() => t.commit({ kind: "restore", collection: ORDER, record: R1 }))).toBe("nothing_to_change");
    expect(t.desk.store.ownSeq()).toBe(1);
  });
});

describe("deletion", () => {
  it("puts a record into the trash, a restore or any later edit takes it out", () => {
    t.commit(put(R1, ["title"], "Leak"));
    const before = t.desk.store.fingerprint();
    t.commit({ kind: "delete", collection: ORDER, record: R1 });
    expect([t.desk.store.row(R1), t.desk.store.count(), t.desk.store.rows([ORDER]).length]).toEqual([undefined, 0, 0]);
    expect(t.desk.store.row(R1, { deleted: true })).toMatchObject({ title: "Leak", deleted: true });
    expect(t.desk.store.trash().map(({ id, deletedAt }) => [id, deletedAt])).toEqual([[R1, t.world.now]]);
    expect(t.desk.store.fingerprint()).toBe("0".repeat(32));
    t.commit({ kind: "restore", collection: ORDER, record: R1 });
    expect(t.desk.store.row(R1)).toMatchObject({ title: "Leak", deleted: false, editedWhileDeleted: false });
    expect(t.desk.store.fingerprint()).not.toBe(before);
    t.commit({ kind: "delete", collection: ORDER, record: R1 });
    t.commit(put(R1, ["title"], "Leak again"));
    expect(t.desk.store.row(R1)).toMatchObject({ title: "Leak again", editedWhileDeleted: false });
    expect(t.desk.store.trash()).toEqual([]);
  });

  it("leaves a record alive that somebody edited unseen, and says so", () => {
    const other = t.other("b");
    other.worker.mergeLive(t.commit(put(R1, ["title"], "Leak")).change, t.limit());
    const edit = other.store.commit([put(R1, ["status"], "done")], t.options()).change;
    t.commit({ kind: "delete", collection: ORDER, record: R1 });
    expect(t.desk.worker.mergeLive(edit, t.limit())).toEqual({ kind: "merged", records: [R1] });
    expect(t.desk.store.row(R1)).toMatchObject({ status: "done", deleted: false, editedWhileDeleted: true });
  });
});

describe("history", () => {
  it("tells what changed from what to what, newest first, and what lost", () => {
    const other = t.other("b");
    other.worker.mergeLive(t.commit(put(R1, ["title"], "one")).change, t.limit());
    const lost = other.store.commit([put(R1, ["title"], "lost")], t.options()).change;
    t.world.now += 10;
    t.commit(put(R1, ["title"], "two"), put(R1, ["tags", "x"], true));
    t.desk.worker.mergeLive(lost, t.limit());
    const entries = t.desk.store.history(R1, 20).map(({ path: cell, from, to, won }) => [cell.join("/"), from, to, won]);
    expect(entries).toEqual([
      ["title", "one", "two", true],
      ["tags/x", null, true, true],
      ["title", "two", "lost", false],
      ["title", null, "one", true],
    ]);
    expect(t.desk.store.history(R1, 20)[2]?.replica).toBe(other.store.replica);
    expect(t.desk.store.history(R1, 2)).toHaveLength(2);
    expect(other.store.history(R2, 20)).toEqual([]);
  });
});

const peerDevice = () => {
  const id = parseDeviceId("d".repeat(43));
  if (id === undefined) throw new Error("no device id");
  return id;
};
