/**
 * Three real desks on SQLite files beside their models, and what both do at once: after each step the desk must be what its model says.
 * One clock is right, one an hour behind, one a day ahead, so that work is held.
 */
import path from "node:path";
import { expect } from "vitest";
import { holdLimit, msOfHlc } from "../../shared/clock/hlc.ts";
import { readNote } from "../../shared/crdt/notes/doc.ts";
import type { Cell, Change, Hlc, RecordCells } from "../../shared/crdt/types.ts";
import { AppError } from "../../shared/errors.ts";
import type { RecordId, ReplicaId } from "../../shared/ids.ts";
import { compareRecordIds } from "../../shared/protocol/record-order.ts";
import { DeskModel, isOwned, type Shown } from "./store-model.ts";
import { type Desk, epochMs, isGreater, ORDER, openDesk, recordId, type World } from "./store-rig.ts";
import { UndoModel } from "./store-undo-model.ts";

const CLOCK_ERRORS_MS = [0, -3_600_000, 86_400_000];
export const DESKS = CLOCK_ERRORS_MS.length;
/** In the order that desks sweep in. */
export const RECORDS: readonly RecordId[] = [
  recordId("0198a000-0000-7000-8000-000000000001"),
  recordId("0198a000-0001-7000-8000-000000000002"),
  recordId("foreign-3"),
].toSorted(compareRecordIds);

const compare = (a: Cell, b: Cell): number =>
  JSON.stringify([a.path, a.stamp.replica, a.stamp.seq]) < JSON.stringify([b.path, b.stamp.replica, b.stamp.seq]) ? -1 : 1;
const plain = ({ path: cellPath, value, stamp }: Cell): unknown => [
  cellPath.join(" "),
  value instanceof Uint8Array ? [...value] : value,
  stamp.replica,
  stamp.seq,
  stamp.hlc,
  stamp.term,
];
/** In a form that compares, whatever the order of the cells. */
export const plainCells = (cells: readonly Cell[]): unknown => cells.toSorted(compare).map(plain);
export const plainRecords = (records: readonly RecordCells[]): unknown =>
  records.map(({ record, whole, cells }) => ({ record, whole, cells: plainCells(cells) }));

/** One desk, real and as a model. */
export class TestedDesk {
  readonly name: string;
  readonly model: DeskModel;
  readonly undo = new UndoModel();
  /** Its own changes in their order, as peers get them. */
  readonly log: Change[] = [];
  /** What its records showed right after its own changes, by the change's time; only of records that nobody else wrote. */
  readonly past = new Map<RecordId, Map<number, Shown>>();
  /** Before this the history may be gone. */
  pastFrom = 0;
  readonly #folder: string;
  readonly #world: World;
  readonly #errorMs: number;
  #desk: Desk;

  constructor(folder: string, name: string, world: World, errorMs: number) {
    this.name = name;
    this.#folder = folder;
    this.#world = world;
    this.#errorMs = errorMs;
    this.#desk = openDesk(folder, name, world, errorMs);
    this.model = new DeskModel(this.#desk.store.replica);
  }

  get store(): Desk["store"] {
    return this.#desk.store;
  }

  get worker(): Desk["worker"] {
    return this.#desk.worker;
  }

  get file(): string {
    return path.join(this.#folder, `${this.name}.db`);
  }

  limit(): Hlc {
    return holdLimit(epochMs(this.#world.now));
  }

  reopen(): void {
    this.#desk.close();
    this.#desk = openDesk(this.#folder, this.name, this.#world, this.#errorMs);
    expect(this.store.replica).toBe(this.model.replica);
  }

  close(): void {
    this.#desk.close();
  }

  /** Takes an own change into the model; held against the edits where it says what they must have become. */
  committed(change: Change): void {
    const { model } = this;
    expect(change.stamp).toMatchObject({ replica: model.replica, seq: (model.vector.get(model.replica)?.seq ?? 0) + 1 });
    for (const { record, creates, cells } of change.records) {
      expect([record, creates]).toEqual([record, !model.has(record)]);
      const before = model.cells(record);
      const wasDeleted = model.shown(record)?.deleted === true;
      for (const { path: cellPath, value } of cells) {
        const cell: Cell = { path: cellPath, value, stamp: change.stamp };
        const rivals = before.filter((rival) => JSON.stringify(rival.path) === JSON.stringify(cellPath) && !isOwned(cell));
        for (const rival of rivals) expect([cell, rival, isGreater(cell, rival)]).toEqual([cell, rival, true]);
        if (cellPath[0] === "deleted") expect(seenList(value)).toEqual(stampsOf([...model.standing(record)]));
        model.add(record, cell);
      }
      const writes = cells.some(({ path: [first] }) => first !== "deleted" && first !== "kept");
      if (wasDeleted && writes) expect(cells.map(({ path: cellPath }) => cellPath)).toContainEqual(["kept", model.replica]);
    }
    model.count(change);
    this.log.push(change);
    const ms = msOfHlc(change.stamp.hlc);
    for (const { record } of change.records) {
      const shown = model.shown(record);
      if (shown !== undefined) (this.past.get(record) ?? this.past.set(record, new Map()).get(record))?.set(ms, shown);
    }
  }

  /** What a merge brought is not ours to take back. */
  merged(records: Iterable<RecordId>): void {
    for (const record of records) this.undo.touchedByOthers(record);
  }

  shown(record: RecordId): Shown | undefined {
    const row = this.store.row(record, { deleted: true });
    if (row === undefined) return undefined;
    const { number, title, status, minutes, tags, used, steps, extra, deleted, editedWhileDeleted } = row as unknown as Shown;
    const notes = readNote(this.store.text(record, "notes").updates);
    return { number, title, status, minutes, tags, used, steps, extra, notes, deleted, editedWhileDeleted };
  }

  /** The desk is what its model says. */
  check(): void {
    const { model, store, worker } = this;
    const live: RecordId[] = [];
    const trash: RecordId[] = [];
    for (const record of RECORDS) {
      const [real] = worker.whole([record]);
      expect(plainCells(real?.cells ?? [])).toEqual(plainCells(model.cells(record)));
      const shown = model.shown(record);
      expect([record, this.shown(record)]).toEqual([record, shown]);
      if (shown !== undefined) (shown.deleted ? trash : live).push(record);
    }
    expect(
      store
        .rows([ORDER])
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(live.toSorted());
    expect(
      store
        .trash()
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(trash.toSorted());
    expect(store.count()).toBe(live.length);
    expect(store.vector()).toEqual(model.vector);
    expect(store.fingerprint()).toBe(model.fingerprint());
    const held = new Set(RECORDS.flatMap((record) => model.held(record)).map(({ stamp }) => stamp.replica));
    expect(new Set(store.held().map(({ replica }) => replica))).toEqual(held);
    this.undo.checkLabels(store.undoable());
    const { integrity, differences } = store.verify();
    expect({ integrity, differences }).toEqual({ integrity: [], differences: [] });
  }
}

const stampsOf = (cells: readonly Cell[]): readonly string[] =>
  [...new Set(cells.filter(({ path: [first] }) => first !== "deleted").map(({ stamp }) => `${stamp.replica}:${stamp.seq}`))].toSorted();

const seenList = (value: unknown): readonly string[] =>
  Object.entries(value as Record<ReplicaId, readonly number[]>)
    .flatMap(([replica, seqs]) => seqs.map((seq) => `${replica}:${seq}`))
    .toSorted();

/** The world that commands run in: the real part and the models, which stand beside each other. */
export class TestedWorld {
  readonly folder: string;
  readonly world: World = { now: Date.UTC(2026, 10, 24) };
  readonly desks: readonly TestedDesk[];
  steps = 0;

  constructor(folder: string) {
    this.folder = folder;
    this.desks = CLOCK_ERRORS_MS.map((error, i) => new TestedDesk(folder, "abc"[i] ?? "x", this.world, error));
  }

  desk(i: number): TestedDesk {
    const found = this.desks[i];
    if (found === undefined) throw new Error(`no desk ${i}`);
    return found;
  }

  /** One step later on every clock. */
  tick(): number {
    this.world.now += 7;
    this.steps += 1;
    return this.steps;
  }

  close(): void {
    for (const desk of this.desks) desk.close();
  }
}

/** Errors that a person's edit may meet; nothing is written then. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof AppError && ["nothing_to_change", "unknown_record"].includes(error.code);
