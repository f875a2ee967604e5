/**
 * The queries over indexed fields on real files: each way of asking against a plain look at every row, the plans that SQLite makes of
 * them, and indexes that come and go with the types, in both directions.
 */
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RecordRow, Which } from "../../main/store/api.ts";
import { RETURNED_FROM } from "../../main/store/returning.ts";
import type { FieldDef, TypeDef } from "../../shared/schema/types.ts";
import { inFolder, ORDER, ORDER_TYPE, openDesk, recordId, type World } from "../property/store-rig.ts";
import { put, R1, useDesk } from "./store-desk.ts";

const START = Date.UTC(2026, 10, 24);
const idAt = (n: number) => recordId(n % 7 === 0 ? `plain ${n}` : `0198a000-0000-7000-8000-${n.toString(16).padStart(12, "0")}`);

/** The type of the rig with an index, a default and a listing that it lacks. */
const typeWith = (changes: Partial<TypeDef>, status: Partial<FieldDef> = {}): TypeDef => ({
  ...ORDER_TYPE,
  fields: ORDER_TYPE.fields.map((field) => (field.id === "status" ? ({ ...field, ...status } as FieldDef) : field)),
  ...changes,
});
const INDEXED = typeWith({ listed: true }, { indexed: true, default: "new" });
const STATUSES = [undefined, "new", "done", "held", null] as const;

/** Sixty orders of all statuses, some deleted. */
const fill = ({ store }: ReturnType<typeof openDesk>): void => {
  for (let n = 0; n < 60; n++) {
    const status = STATUSES[n % 5];
    const edits = [put(idAt(n), ["title"], `order ${n}`), put(idAt(n), ["minutes"], n * 10), put(idAt(n), ["tags", `t${n % 3}`], true)];
    if (status !== undefined) edits.push(put(idAt(n), ["status"], status));
    if (n === 8) edits.push(put(idAt(n), ["tags", "a/b~1"], true));
    if (n % 2 === 0) edits.push(put(idAt(n), ["number"], `A-${n}`));
    store.commit(edits, { action: `act-${n}` as never, label: "fill" });
    if (n % 10 === 3)
      store.commit([{ kind: "delete", collection: ORDER, record: idAt(n) }], { action: `del-${n}` as never, label: "delete" });
  }
};

const idsOf = (rows: readonly RecordRow[]) => rows.map(({ id }) => id).sort();

const check = ({ store }: ReturnType<typeof openDesk>): void => {
  const all = store.rows([ORDER]);
  expect(all).toHaveLength(54);
  for (const row of all) {
    expect({ ...row, deleted: false, editedWhileDeleted: false }).toEqual(store.row(row.id));
  }
  const ask = (field: string, which: Which, matches: (row: RecordRow) => boolean): void =>
    expect(idsOf(store.rowsBy(ORDER, field, which))).toEqual(idsOf(all.filter(matches)));
  const statusOf = (row: RecordRow) => row["status"] ?? "new";
  ask("status", { kind: "in", values: ["new", "held"] }, (row) => statusOf(row) !== "done");
  ask("status", { kind: "notIn", values: ["held", "done"] }, (row) => statusOf(row) === "new");
  ask("status", { kind: "notIn", values: [] }, () => true);
  ask(
    "title",
    { kind: "in", values: ["order 14", "order 3", "order 5"] },
    (row) => row["title"] === "order 14" || row["title"] === "order 5",
  );
  const minutes = (row: RecordRow): number => Number(row["minutes"]);
  ask("minutes", { kind: "within", from: 100, to: 300 }, (row) => minutes(row) >= 100 && minutes(row) < 300);
  const and = { field: "tags", value: "t1" };
  ask(
    "minutes",
    { kind: "within", from: 100, to: 300, and },
    (row) => minutes(row) >= 100 && minutes(row) < 300 && String(row["tags"]) === "t1",
  );
  expect(store.rowsBy(ORDER, "extra", { kind: "in", values: ["x"] })).toEqual([]);
  expect(store.where(ORDER, "tags", "a/b~1")).toEqual([idAt(8)]);
  expect(store.countOf(ORDER, 100)).toBe(54);
  expect(store.where(ORDER, "title", "order 13")).toEqual([]);
  expect(store.where(ORDER, "title", "order 13", { deleted: true })).toEqual([idAt(13)]);
  expect(store.where(ORDER, "tags", "t2")).toHaveLength(all.filter((row) => String(row["tags"]).includes("t2")).length);
  expect(store.verify().differences).toEqual([]);
};

describe("queries over indexed fields", () => {
  it("answer what a look at every record answers, absent values counting as the default", () =>
    inFolder((folder) => {
      const desk = openDesk(folder, "a", { now: START }, 0, [INDEXED]);
      fill(desk);
      check(desk);
      const newest = desk.store.rowsBy(ORDER, "status", { kind: "newest", value: "new", limit: 3 });
      expect(newest.map(({ id }) => id)).toEqual([idAt(59), idAt(56), idAt(55)]);
      const pages: string[] = [];
      let before: ReturnType<typeof idAt> | null = null;
      for (let n = 0; n < 10; n++) {
        const page: readonly RecordRow[] = desk.store.page(ORDER, before, 8);
        pages.push(...page.map(({ id }) => id));
        before = page.at(-1)?.id ?? before;
      }
      expect(new Set(pages).size).toBe(54);
      const uuids = pages.filter((id) => !id.startsWith("plain"));
      expect(uuids).toEqual([...uuids].sort().reverse());
      desk.close();
    }));

  it.each(["listed", "not listed"])("give a whole collection portion by portion, %s", (how) =>
    inFolder((folder) => {
      const desk = openDesk(folder, "a", { now: START }, 0, [how === "listed" ? INDEXED : ORDER_TYPE]);
      const ids = Array.from({ length: 2100 }, (_, n) => idAt(n));
      for (let n = 0; n < ids.length; n += 500) {
        const edits = ids.slice(n, n + 500).map((id) => put(id, ["minutes"], 1));
        desk.store.commit(edits, { action: `many-${n}` as never, label: "fill" });
      }
      const gone = [0, 1023, 1024, 1025, 2050].map(idAt);
      desk.store.commit(
        gone.map((record) => ({ kind: "delete", collection: ORDER, record })),
        { action: "few" as never, label: "delete" },
      );
      expect(idsOf(desk.store.rows([ORDER]))).toEqual(ids.filter((id) => !gone.includes(id)).sort());
      if (how === "listed") expect([10, 3000].map((most) => desk.store.countOf(ORDER, most))).toEqual([10, 2095]);
      desk.close();
    }),
  );

  it("come and go with the types, on files that others wrote", () =>
    inFolder((folder) => {
      const world: World = { now: START };
      const open = (type: TypeDef) => openDesk(folder, "a", world, 0, [type]);
      const plain = open({ ...ORDER_TYPE, fields: ORDER_TYPE.fields.map(({ indexed: _, ...field }) => field) as FieldDef[] });
      fill(plain);
      expect(plain.store.rowsBy(ORDER, "title", { kind: "in", values: ["order 5"] })).toEqual([]);
      plain.close();
      const indexed = open(INDEXED);
      check(indexed);
      indexed.close();
      // Another default is another index.
      const other = open(typeWith({}, { indexed: true, default: "done" }));
      expect(other.store.rowsBy(ORDER, "status", { kind: "in", values: ["done"] }).length).toBe(
        other.store.rows([ORDER]).filter((row) => (row["status"] ?? "done") === "done").length,
      );
      expect(other.store.countOf(ORDER, 100)).toBe(0);
      expect(other.store.verify().differences).toEqual([]);
      other.close();
      const none = open(ORDER_TYPE);
      expect(none.store.rowsBy(ORDER, "status", { kind: "in", values: ["new"] })).toEqual([]);
      expect(none.store.verify().differences).toEqual([]);
      none.close();
      const again = open(INDEXED);
      check(again);
      again.close();
      const db = new Database(again.file);
      expect(db.prepare("SELECT count(DISTINCT field) FROM lookup").pluck().get()).toBe(6);
      db.close();
    }));

  it("know a record that came back from a purge, though the other connection met that mark first", () =>
    inFolder((folder) => {
      const desk = openDesk(folder, "a", { now: START }, 0, [INDEXED]);
      const other = openDesk(folder, "b", { now: START }, 0, [INDEXED]);
      other.store.commit([put(idAt(1), ["title"], "came back")], { action: "back" as never, label: "fill" });
      const records = other.worker.sweep(desk.worker.vector(), null, 1e6).records.map((sent) => {
        const [first] = sent.cells;
        return first === undefined ? sent : { ...sent, cells: [...sent.cells, { ...first, path: [RETURNED_FROM], value: idAt(2) }] };
      });
      desk.worker.mergeBatch(records, (START * 2 ** 12) as never);
      expect(desk.store.row(idAt(1))?.editedWhileDeleted).toBe(true);
      desk.close();
      other.close();
    }));

  it("hold what is merged, deleted, restored and undone", () =>
    inFolder((folder) => {
      const world: World = { now: START };
      const desk = openDesk(folder, "a", world, 0, [INDEXED]);
      const other = openDesk(folder, "b", world, 0, [INDEXED]);
      fill(other);
      const { records } = other.worker.sweep(desk.worker.vector(), null, 1e6);
      desk.worker.mergeBatch(records, (world.now * 2 ** 12) as never);
      check(desk);
      const options = (n: number) => ({ action: `more-${n}` as never, label: "more" });
      desk.store.commit([put(idAt(5), ["status"], "done"), put(idAt(5), ["status"], "held")], options(1));
      expect(idsOf(desk.store.rowsBy(ORDER, "status", { kind: "in", values: ["done"] }))).not.toContain(idAt(5));
      desk.store.commit([{ kind: "restore", collection: ORDER, record: idAt(3) }], options(2));
      expect(desk.store.countOf(ORDER, 100)).toBe(55);
      desk.store.undo({ action: "undo-1" as never });
      expect(desk.store.countOf(ORDER, 100)).toBe(54);
      desk.store.undo({ action: "undo-2" as never });
      check(desk);
      desk.close();
      other.close();
    }));
});

describe("the plans", () => {
  const test = useDesk();
  const prepared = new Set<string>();
  beforeEach(() => {
    const { prepare } = Database.prototype;
    vi.spyOn(Database.prototype, "prepare").mockImplementation(function (this: Database.Database, sql: string) {
      prepared.add(sql);
      return prepare.call(this, sql);
    });
  });
  afterEach(() => void vi.restoreAllMocks());

  /** These look at every record because that is their task (a whole collection that is not listed, a check), or stop at the first. */
  const WHOLE = [/^SELECT num FROM record ORDER BY id$/, /ORDER BY num DESC LIMIT 1$/];

  it("of all statements look at no record, lookup, note or row of history that is not asked for", () => {
    test.restart();
    test.commit(put(R1, ["title"], "pump"));
    test.desk.store.search("pum", [ORDER], 10);
    const db = new Database(test.desk.file);
    const large = /SCAN (record|r|lookup|l|a|history|h|text|stamps?)\b(?! USING (COVERING )?INDEX record_state)/;
    const scanning: string[] = [];
    const sorting: string[] = [];
    const planning: string[] = [];
    for (const sql of prepared) {
      if (!/^\s*(SELECT|UPDATE|DELETE)/.test(sql) || WHOLE.some((pattern) => pattern.test(sql))) continue;
      const parameters = sql.match(/\?/g)?.length ?? 0;
      const plan = db
        .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...Array<number>(parameters).fill(1))
        .map(({ detail }) => detail);
      if (plan.some((step) => large.test(step))) scanning.push(`${sql} -> ${plan.join("; ")}`);
      if (/lookup/.test(sql) && plan.some((step) => step.includes("TEMP B-TREE"))) sorting.push(`${sql} -> ${plan.join("; ")}`);
      if (/JOIN record/.test(sql) && parameters > 0 && !plan.some((step) => step.startsWith("CO-ROUTINE"))) planning.push(sql);
    }
    db.close();
    expect(prepared.size).toBeGreaterThan(40);
    expect(scanning).toEqual([]);
    expect(sorting).toEqual([]);
    // Planned again at each call; these are asked once for a whole board, a page of it, or a search.
    const seldom = /FROM lookup l CROSS JOIN lookup a|l\.record >= \?|ORDER BY l\.record DESC|search MATCH/;
    expect(planning.filter((sql) => !seldom.test(sql))).toEqual([]);
    expect(planning).toHaveLength(4);
  });
});
