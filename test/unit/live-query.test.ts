/** A live query tells what entered, left or changed, over a real store, and nothing else. */
import { describe, expect, it } from "vitest";
import { createChanges } from "../../main/desk/changes.ts";
import { createLiveQueries, type QueryChange } from "../../main/desk/live-query.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import { ORDER } from "../property/store-rig.ts";
import { put, R1, R2, useDesk } from "./store-desk.ts";

describe("a live query", () => {
  const test = useDesk();

  it("tells only of records that entered, changed or left, until it is stopped", () => {
    const { store } = test.desk;
    const members = { deviceOf: () => undefined, nameOf: () => undefined };
    const changes = createChanges(store, members as never, () => undefined);
    const write = (...edits: Edit[]): void => changes.local([test.commit(...edits)]);
    write(put(R1, ["status"], "new"));
    write(put(R2, ["status"], "done"));
    const told: unknown[] = [];
    const tell = (change: QueryChange): void =>
      void told.push(change.kind === "left" ? ["left", change.id] : [change.kind, change.row.id, change.row["title"]]);
    const query = createLiveQueries(store, changes).open({ collection: ORDER, matches: (row) => row["status"] === "new" }, tell);
    expect(query.rows.map(({ id }) => id)).toEqual([R1]);

    write(put(R2, ["title"], "not in it"));
    expect(told).toEqual([]);
    write(put(R1, ["title"], "pump"));
    write(put(R2, ["status"], "new"));
    write(put(R1, ["status"], "done"));
    write(put(R1, ["title"], "gone"));
    write({ kind: "delete", collection: ORDER, record: R2 });
    expect(told).toEqual([
      ["changed", R1, "pump"],
      ["entered", R2, "not in it"],
      ["left", R1],
      ["left", R2],
    ]);
    query.stop();
    write(put(R1, ["status"], "new"));
    expect(told).toHaveLength(4);
  });
});
