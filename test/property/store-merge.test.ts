/**
 * Laws of the real store: several desks on SQLite files, both connections, every kind of cell, deletions, restores, undo, wrong
 * clocks and held work, live changes with gaps and repeats, catch-ups that are cut. The model is a plain Map.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Doc, encodeStateAsUpdate } from "yjs";
import { holdLimit } from "../../shared/clock/hlc.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import type { Change } from "../../shared/crdt/types.ts";
import { AppError } from "../../shared/errors.ts";
import { actionId, cellsText, type Desk, epochMs, inFolder, Model, modelOf, ORDER, openDesk, recordId, type World } from "./store-rig.ts";

/** Desk d is in the middle of the others; its clock is off by this. */
const CLOCK_ERRORS_MS = [0, -3_600_000, 86_400_000];
const RECORDS = [recordId("0198a000-0000-7000-8000-000000000001"), recordId("0198a000-0001-7000-8000-000000000002"), recordId("foreign-3")];
const START = Date.UTC(2026, 10, 24);

type Op =
  | { readonly kind: "edit"; readonly desk: number; readonly record: number; readonly what: number; readonly value: number }
  | { readonly kind: "undo" | "redo"; readonly desk: number }
  | { readonly kind: "live"; readonly from: number; readonly to: number; readonly skip: number }
  | { readonly kind: "sweep"; readonly from: number; readonly to: number; readonly batches: number }
  | { readonly kind: "time"; readonly ms: number };

const desk = fc.nat({ max: CLOCK_ERRORS_MS.length - 1 });
const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("edit" as const),
      desk,
      record: fc.nat({ max: 2 }),
      what: fc.nat({ max: 11 }),
      value: fc.nat({ max: 5 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("undo" as const, "redo" as const), desk }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("live" as const), from: desk, to: desk, skip: fc.nat({ max: 1 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("sweep" as const), from: desk, to: desk, batches: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("time" as const), ms: fc.constantFrom(1, 1000, 400_000, 90_000_000) }) },
);

const updateOf = (text: string, clientId: number): Uint8Array => {
  const doc = new Doc();
  doc.clientID = clientId;
  doc.getText("t").insert(0, text);
  return encodeStateAsUpdate(doc);
};

const editOf = (record: number, what: number, value: number, seq: number): Edit => {
  const target = { collection: ORDER, record: RECORDS[record] ?? recordId("none") };
  const put = (...path: string[]) => ({ ...target, kind: "put" as const, path });
  switch (what) {
    case 0:
      return { ...put("title"), value: value === 0 ? null : `title ${value}` };
    case 1:
      return { ...put("status"), value: ["new", "done", "held"][value % 3] ?? "new" };
    case 2:
      return { ...put("minutes"), value };
    case 3:
      return { ...put("tags", ["a", "b/ü", "c~1"][value % 3] ?? "a"), value: value < 4 };
    case 4:
      return { ...target, kind: "count", field: "used", by: value - 2 };
    case 5:
      return { ...put("steps", `i${value % 2}`, "pos"), value: value === 5 ? null : `a${value}` };
    case 6:
      return { ...put("steps", `i${value % 2}`, "label"), value: `step ${value}` };
    case 7:
      return { ...target, kind: "text", field: "notes", slot: value % 2, update: updateOf(`t${seq}`, seq * 3 + 1) };
    case 8:
      return { ...put("extra"), value: { deep: [value, { $bytes: "x" }], 7: "seven" } };
    case 9:
      return { ...target, kind: "number", field: "number" };
    case 10:
      return { ...target, kind: "delete" };
    default:
      return { ...target, kind: "restore" };
  }
};

class Run {
  readonly world: World = { now: START };
  readonly desks: readonly Desk[];
  readonly model = new Model();
  readonly logs: Change[][];
  #actions = 0;

  constructor(folder: string) {
    this.desks = CLOCK_ERRORS_MS.map((error, i) => openDesk(folder, "abc"[i] ?? "x", this.world, error));
    this.logs = this.desks.map(() => []);
  }

  desk(i: number): Desk {
    const found = this.desks[i];
    if (found === undefined) throw new Error(`no desk ${i}`);
    return found;
  }

  limit() {
    return holdLimit(epochMs(this.world.now));
  }

  take(i: number, changes: readonly Change[]): void {
    for (const change of changes) {
      this.model.deliver(change);
      this.logs[i]?.push(change);
    }
  }

  step(op: Op): void {
    switch (op.kind) {
      case "edit":
        this.edit(op.desk, editOf(op.record, op.what, op.value, ++this.#actions));
        break;
      case "undo":
      case "redo": {
        const outcome = this.desk(op.desk).store[op.kind]({ action: actionId(`${op.kind}-${++this.#actions}`) });
        if (outcome.kind === "undone")
          this.take(
            op.desk,
            outcome.committed.map(({ change }) => change),
          );
        break;
      }
      case "live":
        this.live(op.from, op.to, op.skip);
        break;
      case "sweep":
        this.sweep(op.from, op.to, op.batches);
        break;
      case "time":
        this.world.now += op.ms;
        for (const { worker } of this.desks) worker.mergeDue(this.limit());
        break;
    }
  }

  edit(i: number, edit: Edit): void {
    try {
      this.take(i, [this.desk(i).store.commit([edit], { action: actionId(`act-${this.#actions}`), label: "edit" }).change]);
    } catch (error) {
      // A restore of what lives, a deletion of what is gone or was never here: said, and nothing written.
      if (!(error instanceof AppError) || !["nothing_to_change", "unknown_record"].includes(error.code)) throw error;
    }
  }

  /** The next change of `from` that `to` lacks, or the one after it (a gap). */
  live(from: number, to: number, skip: number): void {
    if (from === to) return;
    const { worker, store } = this.desk(to);
    const have = store.vector().get(this.desk(from).store.replica)?.seq ?? 0;
    const change = this.logs[from]?.[have + skip];
    if (change === undefined) return;
    const outcome = worker.mergeLive(change, this.limit());
    if (skip > 0) expect(outcome.kind).toBe("gap");
    else expect(["merged", "missing"]).toContain(outcome.kind);
    if (outcome.kind === "merged") expect(worker.mergeLive(change, this.limit()).kind).toBe("known");
  }

  /** A catch-up in tiny batches, each delivered twice; with `batches` it is cut after that many. */
  sweep(from: number, to: number, batches: number): void {
    if (from === to) return;
    const sender = this.desk(from).worker;
    const receiver = this.desk(to).worker;
    const vector = sender.vector();
    const base = receiver.vector();
    let cursor = null;
    for (let n = 1; ; n++) {
      const batch = sender.sweep(base, cursor, 200);
      for (const time of [1, 2]) {
        const outcome = receiver.mergeBatch(batch.records, this.limit());
        if (time === 2) expect(outcome.held).toBe(0);
        const { missing } = outcome;
        if (missing.length > 0) receiver.mergeBatch(sender.whole(missing), this.limit());
      }
      cursor = batch.cursor;
      if (cursor === null) {
        receiver.takeVector(vector);
        return;
      }
      if (batches > 0 && n >= batches) return;
    }
  }

  /** Everybody hears everything. */
  settle(): void {
    for (let round = 0; round < 2; round++) {
      for (let from = 0; from < this.desks.length; from++) for (let to = 0; to < this.desks.length; to++) this.sweep(from, to, 0);
    }
  }

  checkDesk(i: number): void {
    const { store, worker } = this.desk(i);
    const own = modelOf(worker.whole(RECORDS));
    expect(store.fingerprint()).toBe(own.fingerprint());
    const { fingerprint, recomputed, integrity } = store.verify();
    expect([recomputed, integrity]).toEqual([fingerprint, []]);
    expect(store.count()).toBe(store.rows([ORDER]).length);
  }
}

describe("the store", () => {
  it("any order, grouping and duplication reach one fingerprint, and each cell is the greatest ever delivered", () => {
    let exchanged = 0;
    let held = 0;
    let deleted = 0;
    fc.assert(
      fc.property(fc.array(op, { minLength: 1, maxLength: 40 }), (ops) =>
        inFolder((folder) => {
          const run = new Run(folder);
          try {
            for (const step of ops) {
              run.step(step);
              for (let i = 0; i < run.desks.length; i++) run.checkDesk(i);
              held += run.desks.filter(({ store }) => store.held().length > 0).length;
            }
            run.settle();
            for (let i = 0; i < run.desks.length; i++) {
              const { store, worker } = run.desk(i);
              const own = modelOf(worker.whole(RECORDS));
              for (const record of RECORDS) expect(cellsText(own, record)).toBe(cellsText(run.model, record));
              expect(store.fingerprint()).toBe(run.model.fingerprint());
            }
            // When all held work is due, every desk shows the same.
            run.world.now += 200_000_000;
            for (const { worker } of run.desks) worker.mergeDue(run.limit());
            const [first, ...others] = run.desks.map(({ store }) => RECORDS.map((record) => store.row(record, { deleted: true })));
            for (const other of others) expect(other).toEqual(first);
            for (const record of RECORDS) {
              const row = run.desk(0).store.row(record, { deleted: true });
              if (row !== undefined) expect(row.deleted).toBe(run.model.isDeleted(record));
              deleted += row?.deleted === true ? 1 : 0;
            }
            for (let i = 0; i < run.desks.length; i++) expect(run.desk(i).store.held()).toEqual([]);
            exchanged += run.model.records.size;
          } finally {
            for (const open of run.desks) open.close();
          }
        }),
      ),
      { numRuns: 60 },
    );
    // The runs did something: records met, work was held, records ended deleted.
    expect([exchanged > 20, held > 0, deleted > 0]).toEqual([true, true, true]);
  });
});
