/**
 * Rejoining on real files: a copy takes the database's place, the old file acts as a peer, what was edited on a purged record comes back
 * as a new one; and each step can be cut by a crash and done again.
 */
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { beginCopy, copyOf, markOf, setMark } from "../../main/store/copy.ts";
import { newGate } from "../../main/store/gate.ts";
import { asideOfRejoin, carryOutRejoin, takeRejoinedNote } from "../../main/store/rejoin.ts";
import { holdLimit } from "../../shared/clock/hlc.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import { readNote } from "../../shared/crdt/notes/doc.ts";
import { actionId, type Desk, epochMs, ORDER, ORDER_TYPE, openDesk, recordId, WORKSPACE } from "../property/store-rig.ts";
import { put, R1, R2 } from "./store-desk.ts";

const R3 = recordId("0198a000-0002-7000-8000-000000000003");
const R4 = recordId("0198a000-0003-7000-8000-000000000004");
const noteOf = (text: string): Uint8Array => {
  const doc = new Y.Doc();
  doc.getText("t").insert(0, text);
  return Y.encodeStateAsUpdate(doc);
};

describe("rejoining", () => {
  let folder = "";
  const world = { now: Date.UTC(2026, 10, 24) };
  let office: Desk;
  let van: Desk;
  let actions = 0;
  const limit = () => holdLimit(epochMs(world.now));
  const commit = (desk: Desk, ...edits: readonly Edit[]): void => {
    world.now += 1;
    desk.store.commit(edits, { action: actionId(`act-${++actions}`), label: "test" });
  };
  const carry = (from: Desk["worker"], to: Desk["worker"]): void => {
    expect(to.mergeBatch(from.sweep(to.vector(), null, 1 << 24).records, limit()).missing).toEqual([]);
    to.takeVector(from.vector(), from.purging.vector());
  };
  const options = { types: [ORDER_TYPE], wall: () => epochMs(world.now) };
  const random = (bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, () => Math.floor(Math.random() * 256));
  /** Takes the whole copy, as the worker does. */
  const takeCopy = (): void => {
    const copy = beginCopy({ file: van.file, ...options, random, machine: "test" }, WORKSPACE, newGate());
    carry(office.worker, copy);
    copy.close();
    van.close();
    setMark(van.file, { from: "Office", merged: null });
  };
  const asides = (): readonly string[] => readdirSync(folder).filter((name) => /^van\.db\.before-copy-[^.]+$/.test(name));

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "switchyard-rejoin-"));
    office = openDesk(folder, "office", world);
    van = openDesk(folder, "van", world);
    commit(office, put(R1, ["title"], "Pump"), put(R1, ["number"], "A-1"), {
      kind: "count",
      collection: ORDER,
      record: R1,
      field: "used",
      by: 2,
    });
    commit(office, put(R2, ["title"], "Boiler"));
    commit(office, put(R3, ["title"], "Visit of the pump"), put(R3, ["extra"], R1));
    carry(office.worker, van.worker);
    for (const record of [R1, R3]) commit(office, { kind: "delete", collection: ORDER, record });
    const rules = { now: epochMs(world.now), trashMs: 0, own: office.store.vector(), others: new Map() };
    expect(office.worker.purging.step(rules, 0, 10).purged).toEqual([R1, R3]);
    // On the van meanwhile.
    commit(van, put(R1, ["title"], "Pump and seal"), put(R1, ["tags", "late"], true));
    commit(van, { kind: "count", collection: ORDER, record: R1, field: "used", by: 3 });
    commit(van, { kind: "text", collection: ORDER, record: R1, field: "notes", slot: 0, update: noteOf("Seal worn") });
    commit(van, put(R3, ["minutes"], 30));
    commit(van, put(R2, ["minutes"], 90));
    commit(van, put(R4, ["title"], "New on the way"), { kind: "number", collection: ORDER, record: R4, field: "number" });
  });
  afterEach(() => {
    office.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const aside = (): string => asideOfRejoin(van.file, "stamp");
  /** What must be there in the end, whatever was cut. */
  const expectRejoined = (oldReplica: string): void => {
    van = openDesk(folder, "van", world);
    try {
      const { store } = van;
      expect(store.replica).not.toBe(oldReplica);
      expect(store.letters).toBe("VAN");
      expect(store.row(R1, { deleted: true })).toBeUndefined();
      expect(store.row(R2)).toMatchObject({ title: "Boiler", minutes: 90 });
      expect(store.row(R4)).toMatchObject({ title: "New on the way", number: "VAN-1" });
      const rows = store.rows([ORDER]);
      expect(rows).toHaveLength(4);
      const back = rows.find(({ title }) => title === "Pump and seal");
      const visit = rows.find(({ title }) => title === "Visit of the pump");
      expect(back).toMatchObject({ number: "A-1", used: 5, tags: ["late"] });
      expect(visit).toMatchObject({ minutes: 30, extra: back?.id });
      expect(store.row(back?.id ?? R1)?.editedWhileDeleted).toBe(true);
      expect(readNote(store.text(back?.id ?? R1, "notes").updates)).toBe("Seal worn");
      expect(store.verify().differences).toEqual([]);
      commit(van, put(R4, ["title"], "Newer"), { kind: "number", collection: ORDER, record: R4, field: "number" });
      expect(store.row(R4)?.["number"]).toBe("VAN-2");
      carry(van.worker, office.worker);
      expect(office.store.fingerprint()).toBe(store.fingerprint());
    } finally {
      van.close();
    }
  };

  it("merges what was written meanwhile, brings edits of what is gone back as new records, and keeps the old file", () => {
    const before = van.store.replica;
    takeCopy();
    carryOutRejoin(van.file, aside(), options);
    expect(asides()).toEqual(["van.db.before-copy-stamp"]);
    expect(existsSync(copyOf(van.file))).toBe(false);
    van = openDesk(folder, "van", world);
    expect(takeRejoinedNote(van.store.notebook)).toEqual({
      from: "Office",
      returned: 2,
      aside: path.join(folder, "van.db.before-copy-stamp"),
    });
    expect(takeRejoinedNote(van.store.notebook)).toBeUndefined();
    van.close();
    expectRejoined(before);
  });

  it("throws a copy away that is not whole, and leaves the database as it is", () => {
    const before = van.store.replica;
    beginCopy({ file: van.file, ...options, random, machine: "test" }, WORKSPACE, newGate()).close();
    van.close();
    expect(markOf(van.file)).toBeUndefined();
    carryOutRejoin(van.file, aside(), options);
    expect(readdirSync(folder).filter((name) => name.startsWith("van.db.copy"))).toEqual([]);
    van = openDesk(folder, "van", world);
    expect(van.store.replica).toBe(before);
    van.close();
  });

  it("finishes what a crash cut: after the merge, and between the renames", () => {
    const before = van.store.replica;
    takeCopy();
    // Once merged, then cut before the mark: all is merged again, and nothing comes back twice.
    carryOutRejoin(van.file, aside(), options);
    const renamed = path.join(folder, "van.db.before-copy-stamp");
    renameSync(van.file, copyOf(van.file));
    renameSync(`${van.file}.token`, `${copyOf(van.file)}.token`);
    for (const suffix of ["", ".token"]) renameSync(`${renamed}${suffix}`, `${van.file}${suffix}`);
    setMark(van.file, { from: "Office", merged: null });
    carryOutRejoin(van.file, aside(), options);
    // Cut between the two renames.
    renameSync(van.file, copyOf(van.file));
    renameSync(`${van.file}.token`, `${copyOf(van.file)}.token`);
    setMark(van.file, { from: "Office", merged: { returned: 2, aside: renamed } });
    carryOutRejoin(van.file, aside(), options);
    expect(asides()).toEqual(["van.db.before-copy-stamp"]);
    expectRejoined(before);
  });
});
