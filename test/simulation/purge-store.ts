/**
 * A store with deletion, purging and rejoining as plain maps. Decisions are the program's own pure ones; what is modelled is only how
 * rows are kept. A crash goes back to what was last synced. No held work: the simulation's clocks are right.
 */
import type { LiveOutcome } from "../../main/store/api.ts";
import { nextHlc, observeHlc, ZERO_HLC } from "../../shared/clock/hlc.ts";
import { creationBeside, creationOf } from "../../shared/crdt/creation.ts";
import { deletionValue, seenBy } from "../../shared/crdt/deletion.ts";
import { compareCells } from "../../shared/crdt/order.ts";
import { deletionPath, isDeletionPath, keptPath, pathText } from "../../shared/crdt/paths.ts";
import type { Cell, Change, Hlc, RecordCells, RecordWrites, Stamp, Value, VersionVector } from "../../shared/crdt/types.ts";
import {
  type DeviceId,
  type EpochMs,
  parseActionId,
  parseEpochMs,
  parseRecordId,
  type RecordId,
  type ReplicaId,
} from "../../shared/ids.ts";
import { type Deleted, judgePurge, reachOf } from "../../shared/protocol/purge.ts";
import { returnOf } from "../../shared/protocol/rejoin.ts";
import { advanced, join, seqOf } from "../../shared/protocol/vector.ts";
import { type Batch, batchOf } from "./batches.ts";
import type { DeskStore } from "./desk.ts";
import { COLLECTION, known } from "./model-store.ts";

export interface Row {
  readonly creation: Stamp;
  readonly cells: ReadonlyMap<string, Cell>;
}

interface State {
  readonly rows: ReadonlyMap<RecordId, Row>;
  readonly vector: VersionVector;
  readonly purge: VersionVector;
  readonly clock: Hlc;
}

export type Writes = RecordWrites["cells"];

export type Edit =
  | { readonly kind: "put"; readonly record: RecordId; readonly field: string; readonly value: Value }
  | { readonly kind: "delete"; readonly record: RecordId }
  /** Of a record that is deleted here, and nothing else of it. */
  | { readonly kind: "restore"; readonly record: RecordId };

/** A record that came back as a new one. */
export interface Returned {
  readonly old: RecordId;
  readonly cells: readonly Cell[];
}

const EMPTY: State = { rows: new Map(), vector: new Map(), purge: new Map(), clock: ZERO_HLC };

const merged = (row: Row, cells: readonly Cell[]): Row => {
  const next = new Map(row.cells);
  for (const cell of cells) {
    const key = pathText(cell.path);
    const rival = next.get(key);
    if (rival === undefined || compareCells(cell, rival) > 0) next.set(key, cell);
  }
  return { ...row, cells: next };
};

const othersIn = (row: Row): readonly Cell[] => [...row.cells.values()].filter(({ path }) => !isDeletionPath(path));

export const isDeleted = (row: Row): boolean => {
  const lists = [...row.cells.values()].filter(({ path }) => isDeletionPath(path)).map(({ value }) => value);
  const seen = seenBy(lists);
  return lists.length > 0 && othersIn(row).every(({ stamp }) => seen.has(`${stamp.replica}:${stamp.seq}`));
};

export class PurgeStore implements DeskStore {
  readonly replica: ReplicaId;
  readonly tree = { build: () => true, read: () => null, compare: () => null, uses: 0, drop: () => undefined };
  #state: State = EMPTY;
  #synced: State = EMPTY;

  constructor(replica: ReplicaId) {
    this.replica = replica;
  }

  vector(): VersionVector {
    return this.#state.vector;
  }

  purge(): VersionVector {
    return this.#state.purge;
  }

  isEmpty(): boolean {
    return this.#state.rows.size === 0 && this.#state.vector.size === 0;
  }

  row(record: RecordId): Row | undefined {
    return this.#state.rows.get(record);
  }

  live(): readonly RecordId[] {
    return [...this.#state.rows].filter(([, row]) => !isDeleted(row)).map(([record]) => record);
  }

  trash(): readonly RecordId[] {
    return [...this.#state.rows].filter(([, row]) => isDeleted(row)).map(([record]) => record);
  }

  /** As the fingerprint has it: what is deleted is left out. */
  dump(): string {
    return this.live()
      .flatMap((record) =>
        [...(this.row(record)?.cells ?? [])].map(
          ([path, { value, stamp }]) => `${record} ${path} ${JSON.stringify(value)} ${stamp.replica} ${stamp.seq}`,
        ),
      )
      .sort()
      .join("\n");
  }

  /** Durable before it returns. */
  commit(edit: Edit, wall: EpochMs): Change {
    const { rows, vector, clock } = this.#state;
    const seq = seqOf(vector, this.replica) + 1;
    const hlc = nextHlc(clock, wall);
    const stamp: Stamp = { term: 0, hlc, replica: this.replica, seq };
    const row = rows.get(edit.record);
    const cells: Writes =
      edit.kind === "delete"
        ? [{ path: deletionPath(this.replica), value: deletionValue(row === undefined ? [] : this.listed(row)) }]
        : [
            ...(edit.kind === "put" ? [{ path: [edit.field], value: edit.value }] : []),
            ...(row !== undefined && isDeleted(row) ? this.restoring() : []),
          ];
    const action = known(parseActionId(`${this.replica}-${seq}`));
    const change: Change = { stamp, action, records: [{ record: edit.record, collection: COLLECTION, creates: row === undefined, cells }] };
    this.#write(change);
    this.#state = { ...this.#state, vector: advanced(vector, this.replica, seq, hlc), clock: hlc };
    this.sync();
    return change;
  }

  /** What a deletion lists of a record. */
  listed(row: Row): readonly Stamp[] {
    return othersIn(row).map(({ stamp }) => stamp);
  }

  /** What is written to restore a record. */
  restoring(): Writes {
    return [{ path: keptPath(this.replica), value: true }];
  }

  sync(): void {
    this.#synced = this.#state;
  }

  crash(): void {
    this.#state = this.#synced;
  }

  sweep(base: VersionVector, cursor: RecordId | null): Batch {
    return batchOf(this.#state.rows.keys(), (record) => this.whole([record]), base, cursor);
  }

  whole(records: readonly RecordId[]): readonly RecordCells[] {
    return records.flatMap((record) => {
      const row = this.#state.rows.get(record);
      if (row === undefined) return [];
      const cells = [...row.cells.values()];
      return [{ record, collection: COLLECTION, whole: true, ...creationBeside(row.creation, cells), cells }];
    });
  }

  mergeBatch(records: readonly RecordCells[]): { records: readonly RecordId[]; missing: readonly RecordId[]; held: number } {
    const missing: RecordId[] = [];
    for (const sent of records) {
      const row = this.#state.rows.get(sent.record);
      if (row === undefined && !sent.whole) missing.push(sent.record);
      else this.mergeRecord(sent);
    }
    return { records: records.map(({ record }) => record), missing, held: 0 };
  }

  /** Without asking whether it is whole. */
  mergeRecord(sent: RecordCells): void {
    const creation = creationOf(sent);
    if (creation === undefined) return;
    const row = this.#state.rows.get(sent.record) ?? { creation, cells: new Map() };
    const clock = sent.cells.reduce((hlc, { stamp }) => observeHlc(hlc, stamp.hlc), this.#state.clock);
    this.#state = { ...this.#state, clock, rows: new Map(this.#state.rows).set(sent.record, merged(row, sent.cells)) };
  }

  takeVector(vector: VersionVector, purge: VersionVector = new Map()): void {
    this.#state = { ...this.#state, vector: join(this.#state.vector, vector), purge: join(this.#state.purge, purge) };
  }

  mergeLive(change: Change): LiveOutcome {
    const { rows, vector } = this.#state;
    const { replica, seq, hlc } = change.stamp;
    if (seq <= seqOf(vector, replica)) return { kind: "known" };
    if (seq !== seqOf(vector, replica) + 1) return { kind: "gap" };
    const missing = change.records.filter(({ record, creates }) => !creates && !rows.has(record)).map(({ record }) => record);
    if (missing.length > 0) return { kind: "missing", records: missing };
    this.#write(change);
    this.#state = { ...this.#state, vector: advanced(this.#state.vector, replica, seq, hlc) };
    return { kind: "merged", records: change.records.map(({ record }) => record) };
  }

  /** What deleted records are made of, and when they were deleted. */
  deleted(record: RecordId): Deleted | undefined {
    const row = this.#state.rows.get(record);
    if (row === undefined || !isDeleted(row)) return undefined;
    return { reach: reachOf(row.creation, [...row.cells.values()]), isHeld: false, deletedAt: known(parseEpochMs(0)) };
  }

  /** Removes all that may go; what went. */
  purgeNow(others: ReadonlyMap<DeviceId, VersionVector>, judge: typeof judgePurge = judgePurge): readonly RecordId[] {
    this.sync();
    const gone: RecordId[] = [];
    for (const record of this.trash()) {
      const deleted = this.deleted(record);
      const rules = { now: known(parseEpochMs(1)), trashMs: 0, own: this.#state.vector, others };
      if (deleted !== undefined && judge(deleted, rules).kind === "goes") {
        const rows = new Map(this.#state.rows);
        rows.delete(record);
        const reached: VersionVector = new Map([...deleted.reach].map(([replica, seq]) => [replica, { seq, hlc: ZERO_HLC }]));
        this.#state = { ...this.#state, rows, purge: join(this.#state.purge, reached) };
        gone.push(record);
      }
    }
    this.sync();
    return gone;
  }

  /** The old file acts as a peer of this fresh copy; what came back as new records. */
  takeOld(old: PurgeStore, wall: EpochMs): { readonly returned: readonly Returned[]; readonly changes: readonly Change[] } {
    const base = this.#state.vector;
    const returned: Returned[] = [];
    const changes: Change[] = [];
    for (const sent of old.sweepAll(base)) {
      const row = known(old.row(sent.record));
      const outcome = returnOf({ creation: row.creation, isDeleted: isDeleted(row) }, base, this.#state.rows.has(sent.record));
      if (outcome === "merge") this.mergeRecord(sent);
      if (outcome === "merge-whole") for (const all of old.whole([sent.record])) this.mergeRecord(all);
      if (outcome === "new-record") returned.push({ old: sent.record, cells: othersIn(row) });
    }
    for (const { old: gone, cells } of returned) {
      const record = known(parseRecordId(`${gone}+${this.replica.slice(0, 4)}`));
      for (const { path, value } of cells) {
        if (path.length === 1) changes.push(this.commit({ kind: "put", record, field: path[0] ?? "", value }, wall));
      }
    }
    this.takeVector(old.vector(), old.purge());
    this.sync();
    return { returned, changes };
  }

  sweepAll(base: VersionVector): readonly RecordCells[] {
    const all: RecordCells[] = [];
    for (let cursor: RecordId | null = null, first = true; first || cursor !== null; first = false) {
      const batch = this.sweep(base, cursor);
      all.push(...batch.records);
      cursor = batch.cursor;
    }
    return all;
  }

  #write(change: Change): void {
    for (const { record, cells } of change.records) {
      const row = this.#state.rows.get(record) ?? { creation: change.stamp, cells: new Map() };
      const next = merged(
        row,
        cells.map((cell) => ({ ...cell, stamp: change.stamp })),
      );
      this.#state = {
        ...this.#state,
        clock: observeHlc(this.#state.clock, change.stamp.hlc),
        rows: new Map(this.#state.rows).set(record, next),
      };
    }
  }
}
