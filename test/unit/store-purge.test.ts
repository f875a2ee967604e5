/**
 * Purging on real files: what goes when all have acknowledged it, that nothing of it stays, that an edit which nobody had seen brings it
 * back whole, and that whoever takes in a vector takes in what was purged.
 */
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { ZERO_HLC } from "../../shared/clock/hlc.ts";
import type { Change, VersionVector } from "../../shared/crdt/types.ts";
import { type DeviceId, parseDeviceId } from "../../shared/ids.ts";
import type { PurgeRules } from "../../shared/protocol/purge.ts";
import { type Desk, epochMs, ORDER } from "../property/store-rig.ts";
import { put, R1, R2, useDesk } from "./store-desk.ts";

const device = (letter: string): DeviceId => {
  const id = parseDeviceId(letter.repeat(43));
  if (id === undefined) throw new Error("no device");
  return id;
};
const YARD = device("y");
const target = { collection: ORDER, record: R1 } as const;

describe("purging", () => {
  const rig = useDesk();
  const rules = (changed: Partial<PurgeRules> = {}): PurgeRules => ({
    now: epochMs(rig.world.now),
    trashMs: 0,
    own: rig.desk.store.vector(),
    others: new Map(),
    ...changed,
  });
  const heard = (vector: VersionVector): ReadonlyMap<DeviceId, VersionVector> => new Map([[YARD, vector]]);
  const makeAndDelete = (): void => {
    rig.commit(put(R1, ["title"], "Replace the pump"), put(R1, ["tags", "urgent"], true), put(R1, ["minutes"], 60), {
      kind: "text",
      ...target,
      field: "notes",
      slot: 0,
      update: new Uint8Array([0, 0]),
    });
    rig.commit(put(R2, ["title"], "Stays"));
    rig.commit({ kind: "delete", ...target });
  };
  const send = (change: Change, to: Desk): ReturnType<Desk["worker"]["mergeLive"]> => to.worker.mergeLive(change, rig.limit());
  const catchUp = (from: Desk, to: Desk): void => {
    const { records } = from.worker.sweep(to.worker.vector(), null, 1 << 20);
    expect(to.worker.mergeBatch(records, rig.limit()).missing).toEqual([]);
    to.worker.takeVector(from.worker.vector(), from.worker.purging.vector());
  };
  const rowsLeft = (): Readonly<Record<string, number>> => {
    const db = new Database(rig.desk.file, { readonly: true });
    const count = (sql: string): number => Number(db.prepare(sql).pluck().get());
    const left = {
      record: count("SELECT count(*) FROM record"),
      text: count("SELECT count(*) FROM text"),
      stamp: count("SELECT count(*) FROM stamp"),
      lookup: count("SELECT count(*) FROM lookup"),
      history: count("SELECT count(*) FROM history WHERE record NOT IN (SELECT num FROM record) AND (record > 0 OR own IS NULL)"),
      search: count("SELECT count(*) FROM search WHERE search MATCH 'replace'"),
    };
    db.close();
    return left;
  };

  it("removes the record with all that hangs on it, changes no fingerprint and moves the purge vector", () => {
    makeAndDelete();
    rig.desk.worker.updateSearch(100);
    const before = rig.desk.store.fingerprint();
    expect(rig.desk.worker.purging.step(rules(), 0, 100)).toEqual({ purged: [R1], next: null });
    expect(rig.desk.store.row(R1, { deleted: true })).toBeUndefined();
    expect(rig.desk.store.trash()).toEqual([]);
    expect(rig.desk.store.fingerprint()).toBe(before);
    expect(rig.desk.store.verify()).toMatchObject({ integrity: [], differences: [] });
    expect(rowsLeft()).toEqual({ record: 1, text: 0, stamp: 0, lookup: 1, history: 0, search: 0 });
    expect([...rig.desk.store.purging.vector()]).toEqual([[rig.desk.store.replica, { seq: 3, hlc: ZERO_HLC }]]);
    expect([...rig.desk.store.history(R1, 10)]).toEqual([]);
  });

  it("waits for whoever has not acknowledged the deletion, and says for whom", () => {
    makeAndDelete();
    const { replica } = rig.desk.store;
    const upTo = (seq: number): VersionVector => new Map([[replica, { seq, hlc: ZERO_HLC }]]);
    expect(rig.desk.store.purging.look(rules({ others: heard(upTo(2)) }), 10)).toEqual([
      { record: R1, collection: ORDER, verdict: { kind: "waits", devices: [YARD] } },
    ]);
    expect(rig.desk.worker.purging.step(rules({ others: heard(upTo(2)) }), 0, 100).purged).toEqual([]);
    expect(rig.desk.worker.purging.step(rules({ others: heard(upTo(3)) }), 0, 100).purged).toEqual([R1]);
  });

  it("waits for the stamps that a deletion lists, not only for those of the deletion", () => {
    const other = rig.other("b");
    makeAndDelete();
    const { change } = rig.commit({ kind: "restore", ...target });
    catchUp(rig.desk, other);
    const edit = other.store.commit([put(R1, ["title"], "Replace the seal")], rig.options()).change;
    expect(send(edit, rig.desk).kind).toBe("merged");
    rig.commit({ kind: "delete", ...target });
    const vector = new Map(rig.desk.store.vector());
    vector.delete(edit.stamp.replica);
    expect(rig.desk.worker.purging.step(rules({ others: heard(vector) }), 0, 100).purged).toEqual([]);
    expect(rig.desk.worker.purging.step(rules({ others: heard(rig.desk.store.vector()) }), 0, 100).purged).toEqual([R1]);
    expect(change.stamp.seq).toBeLessThan(rig.desk.store.purging.vector().get(change.stamp.replica)?.seq ?? 0);
  });

  it("leaves what was deleted lately, and what is not deleted", () => {
    makeAndDelete();
    const [line] = rig.desk.store.purging.look(rules({ trashMs: 1000 }), 10);
    expect(line?.verdict).toEqual({ kind: "recent", until: rig.world.now + 1000 });
    rig.commit({ kind: "restore", ...target });
    expect(rig.desk.store.purging.look(rules(), 10)).toEqual([]);
    expect(rig.desk.worker.purging.step(rules(), 0, 100).purged).toEqual([]);
  });

  it("goes on from step to step through a large trash", () => {
    makeAndDelete();
    rig.commit({ kind: "delete", collection: ORDER, record: R2 });
    const first = rig.desk.worker.purging.step(rules(), 0, 1);
    expect(first.purged).toEqual([R1]);
    const second = rig.desk.worker.purging.step(rules(), first.next ?? 0, 1);
    expect(second.purged).toEqual([R2]);
    expect(rig.desk.worker.purging.step(rules(), second.next ?? 0, 1)).toEqual({ purged: [], next: null });
  });

  it("keeps undo of what came before and after working", () => {
    makeAndDelete();
    rig.commit(put(R2, ["title"], "Stays longer"));
    rig.desk.worker.purging.step(rules(), 0, 100);
    expect(rig.undo()).toMatchObject({ kind: "undone" });
    expect(rig.desk.store.row(R2)?.["title"]).toBe("Stays");
    // The deletion cannot be taken back any more; what came before it can.
    rig.undo();
    rig.undo();
    expect(rig.desk.store.row(R2)).toBeUndefined();
    expect(rig.desk.store.row(R1, { deleted: true })).toBeUndefined();
  });

  it("asks for the whole record when an edit arrives that the deletion had not seen", () => {
    const other = rig.other("b");
    makeAndDelete();
    catchUp(rig.desk, other);
    rig.desk.worker.purging.step(rules({ others: heard(other.store.vector()) }), 0, 100);
    const { change } = other.store.commit([put(R1, ["title"], "Still needed")], rig.options());
    expect(send(change, rig.desk)).toEqual({ kind: "missing", records: [R1] });
    expect(rig.desk.store.vector().get(other.store.replica)).toBeUndefined();
    rig.desk.worker.mergeBatch(other.worker.whole([R1]), rig.limit());
    expect(send(change, rig.desk).kind).toBe("merged");
    expect(rig.desk.store.row(R1)?.["title"]).toBe("Still needed");
    expect(rig.desk.store.row(R1)?.["minutes"]).toBe(60);
    expect(rig.desk.store.fingerprint()).toBe(other.store.fingerprint());
    expect(rig.desk.store.verify().differences).toEqual([]);
  });

  it("takes in what a sender had purged with its vector", () => {
    const other = rig.other("b");
    makeAndDelete();
    rig.desk.worker.purging.step(rules(), 0, 100);
    catchUp(rig.desk, other);
    expect(other.store.purging.vector()).toEqual(rig.desk.store.purging.vector());
    expect(other.store.row(R1, { deleted: true })).toBeUndefined();
    expect(other.store.fingerprint()).toBe(rig.desk.store.fingerprint());
  });

  it("keeps what others acknowledged over a restart, of their present replica alone", () => {
    const other = rig.other("b");
    const third = rig.other("c");
    makeAndDelete();
    catchUp(rig.desk, other);
    const { purging } = rig.desk.worker;
    purging.note(YARD, other.store.replica, other.store.vector());
    purging.note(YARD, other.store.replica, new Map());
    rig.restart();
    const numbers = (vector: VersionVector | undefined): unknown => [...(vector ?? [])].map(([replica, { seq }]) => [replica, seq]);
    const kept = (): ReturnType<typeof purging.acknowledged> => rig.desk.store.purging.acknowledged();
    expect(numbers(kept().get(YARD)?.vector)).toEqual(numbers(other.store.vector()));
    rig.desk.store.purging.setAway(YARD, epochMs(rig.world.now));
    expect(kept().get(YARD)).toMatchObject({ replica: other.store.replica, away: rig.world.now });
    rig.desk.worker.purging.note(YARD, third.store.replica, new Map());
    expect(kept().get(YARD)).toEqual({ replica: third.store.replica, vector: new Map(), away: null });
  });
});
