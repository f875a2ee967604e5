/**
 * Merging a catch-up beside plain UPDATEs, one a cell: the same cells in the same order in the same transactions, alternating in
 * rounds. A round is 100,000 cells; changes of ten cells or of one, sent by record or in the order in which they were made.
 */
import { hlcAt, holdLimit } from "../../shared/clock/hlc.ts";
import type { Cell, RecordCells, Value } from "../../shared/crdt/types.ts";
import { type EpochMs, parseEpochMs, parseReplicaId, type ReplicaId } from "../../shared/ids.ts";
import { type Measured, median, timed, verify } from "./metric.ts";
import { FIELDS, idOf, ORDERS, openOrders, openPlain, plain, RECORDS, valueOf, verifyLogs } from "./orders.ts";

const ROUNDS = 9;
const WARM_ROUNDS = 2;
/** Of each record in each round. */
const CELLS = 10;
/** In a transaction; by record that is 500 records, about what fits 256 KiB. */
const BATCH_CELLS = 5000;

export interface MergeShape {
  /** Each change writes all ten cells of its record, or one. */
  readonly change: "grouped" | "scattered";
  /** A catch-up goes by record; "seq" is what it would cost in the order of the sequence numbers. */
  readonly order: "record" | "seq";
  readonly keepHistory: boolean;
  /** How many records are held in all (default 10,000); those that changed are spread evenly over them. */
  readonly held?: number;
}

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("does not parse");
  return value;
};
const epoch = (ms: number): EpochMs => must(parseEpochMs(ms));

/** Replica ids made of one number. */
export const replicaOf = (n: number): ReplicaId => must(parseReplicaId((n + 1).toString(16).padStart(32, "0")));
const REPLICAS = [0, 1, 2, 3, 4].map(replicaOf);

/** Orders that another desk made, in batches. */
export function* othersOrders(from: number, to: number): Iterable<readonly RecordCells[]> {
  const replica = replicaOf(99);
  const start = Date.now();
  for (let next = from; next < to; next += 500) {
    yield Array.from({ length: Math.min(500, to - next) }, (_, n) => {
      const stamp = { term: 0, hlc: hlcAt(epoch(start + Math.floor((next + n - from) / 100))), replica, seq: next + n + 1 };
      const cells = FIELDS.map(({ id }, i): Cell => ({ path: [id], value: valueOf(next + n, i, 0), stamp }));
      return { record: idOf(next + n), collection: ORDERS, whole: true, cells };
    });
  }
}

/** The changes of a round in the order in which they were made: in each step every record once, in a scattered order. */
const changesOf = (shape: MergeShape, round: number, clock: { seq: number; ms: number }): RecordCells[] => {
  const changes: RecordCells[] = [];
  const perChange = shape.change === "grouped" ? CELLS : 1;
  const spread = (shape.held ?? RECORDS) / RECORDS;
  for (let step = 0; step < CELLS / perChange; step++) {
    for (let p = 0; p < RECORDS; p++) {
      const r = ((p * 7919 + step * 31) % RECORDS) * spread;
      clock.seq += 1;
      if (p % 20 === 0) clock.ms += 1;
      const stamp = { term: 0, hlc: hlcAt(epoch(clock.ms)), replica: must(REPLICAS[clock.seq % REPLICAS.length]), seq: clock.seq };
      const cells = Array.from({ length: perChange }, (_, k): Cell => {
        const i = (r + round + step + k) % FIELDS.length;
        return { path: [must(FIELDS[i]).id], value: valueOf(r, i, round), stamp };
      });
      changes.push({ record: idOf(r), collection: ORDERS, whole: false, cells });
    }
  }
  return changes;
};

/** One entry a record, in id order, as a sweep sends it. */
const byRecord = (changes: readonly RecordCells[]): RecordCells[] => {
  const records = new Map<string, { readonly first: RecordCells; readonly cells: Cell[] }>();
  for (const change of changes) {
    const known = records.get(change.record);
    if (known === undefined) records.set(change.record, { first: change, cells: [...change.cells] });
    else known.cells.push(...change.cells);
  }
  return [...records.values()].map(({ first, cells }) => ({ ...first, cells })).sort((a, b) => (a.record < b.record ? -1 : 1));
};

const batchesOf = (sent: readonly RecordCells[]): RecordCells[][] => {
  const size = BATCH_CELLS / (sent[0]?.cells.length ?? 1);
  return Array.from({ length: Math.ceil(sent.length / size) }, (_, n) => sent.slice(n * size, (n + 1) * size));
};

/** Microseconds a cell. */
export const measureMerges = (folder: string, shape: MergeShape): Measured => {
  const held = shape.held ?? RECORDS;
  const ours = openOrders(folder, "ours", shape.keepHistory, othersOrders(RECORDS, held));
  const floor = openPlain(folder, "NORMAL");
  const updates = FIELDS.map(({ id }) => floor.db.prepare<[string | number, string]>(`UPDATE orders SET ${id} = ? WHERE id = ?`));
  const fieldAt = new Map(FIELDS.map(({ id }, i) => [id, i]));
  const begin = floor.db.prepare("BEGIN IMMEDIATE");
  const commit = floor.db.prepare("COMMIT");
  const values: number[] = [];
  const floors: number[] = [];
  const last = new Map<string, Map<string, Value>>();
  const clock = { seq: 0, ms: Date.now() + held };
  for (let round = 1; round <= ROUNDS; round++) {
    let ourTime = 0;
    let floorTime = 0;
    const changes = changesOf(shape, round, clock);
    for (const batch of batchesOf(shape.order === "record" ? byRecord(changes) : changes)) {
      const limit = holdLimit(epoch(clock.ms));
      const work = batch.flatMap(({ record, cells }) =>
        cells.map(({ path, value }) => ({ record, update: must(updates[must(fieldAt.get(path[0] ?? ""))]), value: plain(value) })),
      );
      ourTime += timed(() => ours.worker.mergeBatch(batch, limit));
      floorTime += timed(() => {
        begin.run();
        for (const { record, update, value } of work) update.run(value, record);
        commit.run();
      });
    }
    for (const { record, cells } of changes) {
      const fields = last.get(record) ?? new Map<string, Value>();
      for (const { path, value } of cells) fields.set(path[0] ?? "", value);
      last.set(record, fields);
    }
    verifyLogs(ours.file, floor.file);
    ours.worker.checkpoint();
    floor.db.pragma("wal_checkpoint(PASSIVE)");
    if (round <= WARM_ROUNDS) continue;
    values.push(ourTime / (RECORDS * CELLS));
    floors.push(floorTime / (RECORDS * CELLS));
  }
  const read = floor.db.prepare<[string], Record<string, string | number>>("SELECT * FROM orders WHERE id = ?");
  for (let r = 0; r < held; r += held / RECORDS) {
    const id = idOf(r);
    const own = ours.store.row(id);
    const row = held === RECORDS ? read.get(id) : undefined;
    for (const [field, value] of last.get(id) ?? []) {
      verify(own?.[field] === value, `order ${id}: our ${field} is not what was merged last`);
      verify(row === undefined || row[field] === plain(value), `order ${id}: the plain ${field} is not what was written last`);
    }
  }
  verify(last.size === RECORDS, "not every record was merged");
  const { fingerprint, recomputed, integrity } = ours.store.verify();
  verify(fingerprint === recomputed && integrity.length === 0, "the store does not verify");
  ours.worker.close();
  ours.store.close();
  floor.db.close();
  return { value: median(values), floor: median(floors) };
};
