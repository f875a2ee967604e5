/** `verify`: a sound file has no differences; each thing that can go wrong beside the cells is found, and where it is said. */
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { Difference, Verification } from "../../main/store/api.ts";
import { actionId, inFolder, ORDER, openDesk, recordId } from "../property/store-rig.ts";

const R1 = recordId("record-1");

/** A file with every kind of cell, spoilt by some SQL, then checked. */
const checked = (sql?: string): Verification =>
  inFolder((folder) => {
    const world = { now: Date.UTC(2026, 10, 24) };
    const desk = openDesk(folder, "a", world);
    desk.store.commit(
      [
        { kind: "put", collection: ORDER, record: R1, path: ["title"], value: "one" },
        { kind: "put", collection: ORDER, record: R1, path: ["tags", "t"], value: true },
        { kind: "count", collection: ORDER, record: R1, field: "used", by: 2 },
        { kind: "text", collection: ORDER, record: R1, field: "notes", slot: 0, update: new Uint8Array([0, 0]) },
      ],
      { action: actionId("one"), label: "one" },
    );
    const other = recordId("record-2");
    desk.store.commit([{ kind: "put", collection: ORDER, record: other, path: ["title"], value: "two" }], {
      action: actionId("two"),
      label: "two",
    });
    desk.store.commit([{ kind: "delete", collection: ORDER, record: other }], { action: actionId("three"), label: "three" });
    const { file } = desk;
    desk.close();
    if (sql !== undefined) {
      const db = new Database(file);
      db.exec(sql);
      db.close();
    }
    const again = openDesk(folder, "a", world);
    try {
      return again.store.verify();
    } finally {
      again.close();
    }
  });

describe("verify", () => {
  it("finds nothing in a sound file, and counts its live records", () => {
    const { integrity, differences, records, fingerprint, recomputed } = checked();
    expect([integrity, differences, records]).toEqual([[], [], 1]);
    expect(recomputed).toBe(fingerprint);
  });

  it.each<readonly [Difference["what"], string | null, string]>([
    ["fingerprint", null, "UPDATE record SET doc = replace(doc, 'one', 'two')"],
    ["fingerprint", null, "UPDATE state SET f0 = f0 + 1"],
    ["records", null, "UPDATE state SET live = 7"],
    ["held", null, "UPDATE state SET held = 1"],
    ["vector", null, "UPDATE state SET seq = 0"],
    ["touched", R1, "INSERT INTO milestone SELECT replica, 0, 99 FROM state"],
    ["text", R1, "DELETE FROM text"],
    ["text", null, "INSERT INTO text VALUES (1, 'notes/x/0/0', x'00')"],
    ["lookup", R1, "DELETE FROM lookup"],
    ["state", "record-2", "UPDATE record SET state = 0 WHERE id = 'record-2'"],
    ["unreadable", R1, "UPDATE record SET doc = '[' WHERE id = 'record-1'"],
  ])("finds %s of %s after: %s", (what, record, sql) => {
    expect(checked(sql).differences).toContainEqual(expect.objectContaining({ what, record }));
  });
});
