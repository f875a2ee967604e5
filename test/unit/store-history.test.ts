/** The history's limits: by age and by size, in small steps; what stays can still be read, undone and numbered. */
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { actionId, epochMs, inFolder, ORDER, openDesk, recordId } from "../property/store-rig.ts";

const START = Date.UTC(2026, 10, 24);
const ALL = Number.MAX_SAFE_INTEGER;

/** A desk with a hundred edits, one a minute, in ten records. */
const withEdits = (work: (desk: ReturnType<typeof openDesk>, edit: (text: string) => void, rows: () => readonly number[]) => void): void =>
  inFolder((folder) => {
    const world = { now: START };
    const desk = openDesk(folder, "a", world);
    let edits = 0;
    const edit = (text: string): void => {
      world.now += 60_000;
      const record = recordId(`record-${edits++ % 10}`);
      desk.store.commit([{ kind: "put", collection: ORDER, record, path: ["title"], value: text }], {
        action: actionId(`act-${text}`),
        label: text,
      });
    };
    for (let n = 0; n < 100; n++) edit(`edit ${n}`);
    const db = new Database(desk.file, { readonly: true });
    try {
      work(desk, edit, () => db.prepare<[], number>("SELECT num FROM history ORDER BY num").pluck().all());
    } finally {
      db.close();
      desk.close();
    }
  });

it("goes by age in steps, keeps the newest row, and never uses a number again", () =>
  withEdits((desk, edit, rows) => {
    const last = rows().at(-1) ?? 0;
    const limits = { before: epochMs(START + 1000 * 60_000), maxBytes: ALL, rows: 30 };
    expect([1, 2, 3, 4, 5].map(() => desk.worker.trimHistory(limits))).toEqual([30, 30, 30, 9, 0]);
    expect(rows()).toEqual([last]);
    edit("later");
    expect(rows()).toEqual([last, last + 1]);
    expect(desk.store.history(recordId("record-0"), 10).map(({ to }) => to)).toEqual(["later"]);
    expect(desk.store.verify().differences).toEqual([]);
  }));

it("leaves what is younger, and undo within it", () =>
  withEdits((desk, _edit, rows) => {
    desk.worker.trimHistory({ before: epochMs(START + 95.5 * 60_000), maxBytes: ALL, rows: 1000 });
    expect(rows()).toHaveLength(5);
    for (let n = 99; n > 94; n--) {
      const undone = desk.store.undo({ action: actionId(`undo-${n}`) });
      expect(undone).toMatchObject({ kind: "undone", label: `edit ${n}` });
    }
    expect(desk.store.undo({ action: actionId("undo-more") }).kind).toBe("nothing");
    expect(desk.store.row(recordId("record-9"))?.["title"]).toBe("edit 89");
  }));

it("stays under its size, whatever its age", () =>
  withEdits((desk, _edit, rows) => {
    const bytesOf = (): number => {
      const db = new Database(desk.file, { readonly: true });
      const sum = db
        .prepare<[], number>("SELECT sum(length(coalesce(cells, '')) + length(coalesce(own, '')) + 32) FROM history")
        .pluck()
        .get();
      db.close();
      return sum ?? 0;
    };
    const maxBytes = Math.round(bytesOf() / 2);
    while (desk.worker.trimHistory({ before: epochMs(0), maxBytes, rows: 10 }) > 0) expect(rows().length).toBeGreaterThan(1);
    expect(bytesOf()).toBeLessThanOrEqual(maxBytes * 1.1);
    expect(bytesOf()).toBeGreaterThan(maxBytes * 0.5);
  }));
