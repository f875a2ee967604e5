/**
 * Corners of the merge on the real store, each found by hand: what random search met too seldom. Every one ends with the file's own
 * check: the fingerprint worked out again from the rows is the one that commits and merges kept.
 */
import { describe, expect, test } from "vitest";
import { Doc, encodeStateAsUpdate } from "yjs";
import { hlcAt, holdLimit } from "../../shared/clock/hlc.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import type { Cell, Change, RecordCells, Value } from "../../shared/crdt/types.ts";
import { parseReplicaId, type ReplicaId } from "../../shared/ids.ts";
import { actionId, collectionId, type Desk, epochMs, inFolder, ORDER, openDesk, recordId, type World } from "../property/store-rig.ts";

const START = Date.UTC(2026, 10, 24);
const YEAR_MS = 365 * 86_400_000;
const RECORD = recordId("order-1");
/** A tag that looks like a replica's id. */
const HEX_TAG = "d41d8cd98f00b204e9800998ecf8427e";

const replica = (text: string): ReplicaId => {
  const id = parseReplicaId(text);
  if (id === undefined) throw new Error("a test's replica is none");
  return id;
};
const [THEIRS, OTHERS] = [replica("ab".repeat(16)), replica("cd".repeat(16))];

const cell = (path: readonly string[], value: Value, by: ReplicaId, seq: number, atMs: number): Cell => ({
  path,
  value,
  stamp: { term: 0, hlc: hlcAt(epochMs(atMs)), replica: by, seq },
});
const part = (...cells: readonly Cell[]): RecordCells => ({ record: RECORD, collection: ORDER, whole: false, cells });
const put = (path: readonly string[], value: Value): Edit => ({ kind: "put", collection: ORDER, record: RECORD, path, value });

let actions = 0;
const commit = ({ store }: Desk, ...edits: readonly Edit[]): Change =>
  store.commit(edits, { action: actionId(`act-${++actions}`), label: "edit" }).change;
const limitOf = ({ now }: World) => holdLimit(epochMs(now));

/** All that `from` has and `to` lacks, as one catch-up. */
const catchUp = (from: Desk, to: Desk, world: World): void => {
  const vector = from.worker.vector();
  to.worker.mergeBatch(from.worker.sweep(to.worker.vector(), null, 1 << 20).records, limitOf(world));
  to.worker.takeVector(vector);
};

const expectSound = ({ store }: Desk): void => {
  const { integrity, fingerprint, recomputed } = store.verify();
  expect({ integrity, fingerprint }).toEqual({ integrity: [], fingerprint: recomputed });
};

/** Two desks with one order; the second's clock is off. */
const withDesks = (clockErrorMs: number, work: (a: Desk, b: Desk, world: World) => void): void =>
  inFolder((folder) => {
    const world: World = { now: START };
    const [a, b] = [openDesk(folder, "a", world), openDesk(folder, "b", world, clockErrorMs)];
    commit(a, put(["title"], "Pump"));
    catchUp(a, b, world);
    world.now += 1000;
    try {
      work(a, b, world);
      expectSound(a);
      expectSound(b);
    } finally {
      a.close();
      b.close();
    }
  });

describe("a tag in the shape of a replica's id goes by the clock, as its writer does not own it", () => {
  test("it can be taken off again where the clock is behind the other desk's", () => {
    withDesks(120_000, (a, b, world) => {
      const change = commit(b, put(["tags", HEX_TAG], true));
      expect(a.worker.mergeLive(change, limitOf(world)).kind).toBe("merged");
      expect(a.store.row(RECORD)?.["tags"]).toEqual([HEX_TAG]);
      b.worker.mergeLive(commit(a, put(["tags", HEX_TAG], false)), limitOf(world));
      expect([a, b].map(({ store }) => store.row(RECORD)?.["tags"])).toEqual([[], []]);
      expect(a.store.fingerprint()).toBe(b.store.fingerprint());
    });
  });

  test("from a clock that is years ahead it is held", () => {
    withDesks(5 * YEAR_MS, (a, b, world) => {
      a.worker.mergeLive(commit(b, put(["tags", HEX_TAG], true)), limitOf(world));
      expect(a.store.held()).toMatchObject([{ replica: b.store.replica, changes: 1 }]);
      expect(a.store.row(RECORD)?.["tags"]).toEqual([]);
      expect(a.store.fingerprint()).toBe(b.store.fingerprint());
    });
  });
});

test("an order from the future is not shown by its counters and notes before it is due", () => {
  withDesks(5 * YEAR_MS, (a, b, world) => {
    const order = { collection: ORDER, record: recordId("order-2") };
    const change = commit(b, { kind: "put", ...order, path: ["title"], value: "Later" }, { kind: "count", ...order, field: "used", by: 3 });
    a.worker.mergeLive(change, limitOf(world));
    expect([a.store.row(order.record), a.store.count(), a.store.rows([ORDER]).length]).toEqual([undefined, 1, 1]);
    expect(a.store.fingerprint()).toBe(b.store.fingerprint());
    world.now += 5 * YEAR_MS;
    expect(a.worker.mergeDue(limitOf(world))).toEqual([order.record]);
    expect(a.store.row(order.record)).toMatchObject({ title: "Later", used: 3 });
    expect(a.store.count()).toBe(2);
  });
});

test("a held cell that comes again beside one that loses leaves the fingerprint as it was", () => {
  withDesks(0, (a, _b, world) => {
    const again = part(cell(["status"], "new", THEIRS, 1, START + YEAR_MS), cell(["title"], "Old", OTHERS, 1, START - 1000));
    for (let i = 0; i < 3; i++) {
      a.worker.mergeBatch([again], limitOf(world));
      expectSound(a);
    }
  });
});

test("a deletion lists a cleared field that the other connection alone has met", () => {
  withDesks(0, (a, b, world) => {
    a.worker.mergeBatch([part(cell(["fieldOfANewerVersion"], null, THEIRS, 1, START))], limitOf(world));
    const change = commit(a, { kind: "delete", collection: ORDER, record: RECORD });
    expect(change.records[0]?.cells[0]?.value).toEqual({ [THEIRS]: [1], [a.store.replica]: [1] });
    catchUp(a, b, world);
    expect([a, b].map(({ store }) => store.row(RECORD, { deleted: true })?.deleted)).toEqual([true, true]);
    expect(a.store.fingerprint()).toBe(b.store.fingerprint());
  });
});

test("a value that lost stands in the history once, however often it is sent", () => {
  withDesks(0, (a, b, world) => {
    commit(a, put(["title"], "Early"), put(["status"], "new"));
    world.now += 1000;
    commit(b, put(["title"], "Late"));
    const { records } = a.worker.sweep(b.worker.vector(), null, 1 << 20);
    for (let i = 0; i < 3; i++) b.worker.mergeBatch(records, limitOf(world));
    const titles = b.store.history(RECORD, 20).filter(({ path }) => path[0] === "title");
    expect(titles.map(({ to, won }) => [to, won])).toEqual([
      ["Late", true],
      ["Early", false],
      ["Pump", true],
    ]);
  });
});

test("a record that a broken desk calls by two types keeps no sound desks apart", () => {
  withDesks(0, (a, b, world) => {
    const record = recordId("two-faced");
    const told = (type: string): RecordCells => ({
      record,
      collection: collectionId(type),
      whole: true,
      cells: [cell(["title"], type, THEIRS, 1, START)],
    });
    a.worker.mergeBatch([told("order")], limitOf(world));
    b.worker.mergeBatch([told("visit")], limitOf(world));
    a.worker.mergeBatch(b.worker.whole([record]), limitOf(world));
    b.worker.mergeBatch(a.worker.whole([record]), limitOf(world));
    expect(a.store.fingerprint()).toBe(b.store.fingerprint());
  });
});

test("a catch-up visits few records in the order that both ends know, whatever their ids", () => {
  withDesks(0, (a, b, world) => {
    // By UTF-16 units the second comes first.
    const ids = [recordId("\u{ff21}"), recordId("\u{1f600}")];
    catchUp(a, b, world);
    for (let i = 0; i < 20; i++) {
      a.worker.mergeBatch(
        [{ record: recordId(`filler-${i}`), collection: ORDER, whole: true, cells: [cell(["title"], "x", THEIRS, i + 1, START)] }],
        limitOf(world),
      );
    }
    for (const record of [...ids].reverse()) commit(a, { kind: "put", collection: ORDER, record, path: ["title"], value: "x" });
    const base = new Map([...b.worker.vector(), [THEIRS, { seq: 99, hlc: hlcAt(epochMs(START)) }] as const]);
    expect(a.worker.sweep(base, null, 1).cursor).toBe(ids[0]);
    expect(a.worker.sweep(new Map(base), ids[0] ?? null, 1 << 20).records.map(({ record }) => record)).toEqual([ids[1]]);
    catchUp(a, b, world);
  });
});

describe("what was seen of a replica", () => {
  test("counts beyond the vector too, and in the lists of deletions", () => {
    withDesks(0, (a, b, world) => {
      const seenOf = (id: ReplicaId) => a.worker.seen([id]).get(id);
      expect(seenOf(THEIRS)).toBeUndefined();
      a.worker.mergeBatch([part(cell(["status"], "new", THEIRS, 7, START - 5))], limitOf(world));
      expect(seenOf(THEIRS)).toEqual({ seq: 7, hlc: hlcAt(epochMs(START - 5)) });
      expect(a.worker.vector().has(THEIRS)).toBe(false);
      a.worker.mergeBatch([part(cell(["minutes"], 5, THEIRS, 8, START + YEAR_MS))], limitOf(world));
      expect(seenOf(THEIRS)).toEqual({ seq: 8, hlc: hlcAt(epochMs(START + YEAR_MS)) });
      a.worker.mergeBatch([part(cell(["deleted", OTHERS], { [THEIRS]: [3, 12] }, OTHERS, 1, START))], limitOf(world));
      expect(seenOf(THEIRS)).toEqual({ seq: 12, hlc: 0 });
      expect(a.worker.seen([b.store.replica]).size).toBe(0);
    });
  });

  test("the clock of our own changes is known, whether something of them stands or was replaced", () => {
    withDesks(0, (a) => {
      const other = { collection: ORDER, record: recordId("order-2") };
      const update = encodeStateAsUpdate(new Doc());
      const changes = [
        commit(a, { kind: "put", ...other, path: ["title"], value: "Valve" }),
        commit(a, { kind: "text", ...other, field: "notes", slot: 0, update }),
        commit(a, put(["title"], "one")),
        commit(a, put(["title"], "two")),
        commit(a, put(["title"], "three")),
      ];
      for (const { stamp } of changes) expect(a.worker.ownHlc(stamp.seq)).toBe(stamp.hlc);
      expect(a.worker.ownHlc(99)).toBeUndefined();
    });
  });
});

test("plain data with a key that no peer takes is refused where it is typed", () => {
  withDesks(0, (a) => {
    const poisoned: Value = JSON.parse('{"deep":{"__proto__":1}}');
    expect(() => commit(a, put(["extra"], poisoned))).toThrow(expect.objectContaining({ code: "invalid_value" }));
  });
});
