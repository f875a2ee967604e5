/**
 * Bytes on disk over a plain table of typed columns that took the same writes: no history, no index on either side beyond the
 * record's id. Both files after a checkpoint, neither vacuumed: what a person's disk holds.
 */
import { statSync } from "node:fs";
import path from "node:path";
import { hlcAt, holdLimit } from "../../shared/clock/hlc.ts";
import type { Cell, RecordCells } from "../../shared/crdt/types.ts";
import { type EpochMs, parseEpochMs } from "../../shared/ids.ts";
import { replicaOf } from "./merges.ts";
import { type Measured, verify } from "./metric.ts";
import { createOrders, createPlain, FIELDS, idOf, ORDERS, plain, RECORDS, valueOf } from "./orders.ts";

interface Written {
  readonly r: number;
  readonly i: number;
  readonly round: number;
  /** Which replica wrote it, at which turn of all turns; writes that share a turn share a stamp. */
  readonly replica: number;
  readonly turn: number;
}

const OVERWRITES = 10;
const DEVICES = 1000;
const CELLS_A_DEVICE = 20;
/** Records in a batch of the merge. */
const BATCH = 500;

const epoch = (ms: number): EpochMs => {
  const parsed = parseEpochMs(ms);
  if (parsed === undefined) throw new Error("no instant");
  return parsed;
};

/** Every cell ten times; all cells of a record in one change, the records in a scattered order. */
function* sharedRounds(): Generator<readonly Written[]> {
  for (let round = 1; round <= OVERWRITES; round++) {
    yield Array.from({ length: RECORDS }, (_, p) => {
      const r = (p * 7919) % RECORDS;
      return FIELDS.map((_field, i) => ({ r, i, round, replica: (r + round) % 5, turn: (round - 1) * RECORDS + p }));
    }).flat();
  }
}

/** Every cell ten times, each in a change of its own; a record's neighbours in time are other records, of five devices. */
function* interleavedRounds(): Generator<readonly Written[]> {
  for (let round = 1; round <= OVERWRITES; round++) {
    yield FIELDS.flatMap((_field, i) =>
      Array.from({ length: RECORDS }, (_, p) => {
        const r = (p * 7919 + i * 31) % RECORDS;
        const turn = ((round - 1) * FIELDS.length + i) * RECORDS + p;
        return { r, i, round, replica: (r * 7 + i * 3 + round) % 5, turn };
      }),
    );
  }
}

/** A thousand devices, twenty cells each, each cell in a change of its own. */
function* deviceRounds(): Generator<readonly Written[]> {
  yield Array.from({ length: DEVICES * CELLS_A_DEVICE }, (_, turn) => ({
    r: (turn * 7919) % RECORDS,
    i: (turn * 13 + Math.floor(turn / RECORDS)) % FIELDS.length,
    round: 1,
    replica: turn % DEVICES,
    turn,
  }));
}

export const STORAGE_CASES = {
  created: () => [],
  shared: sharedRounds,
  interleaved: interleavedRounds,
  devices: deviceRounds,
} satisfies Record<string, () => Iterable<readonly Written[]>>;

/** MB of our file over MB of the plain one. */
export const measureStorage = (folder: string, rounds: () => Iterable<readonly Written[]>): Measured => {
  const { store, worker, options } = createOrders(folder, "ours", false);
  const plainFile = path.join(folder, "plain.db");
  const db = createPlain(plainFile);
  const updates = FIELDS.map(({ id }) => db.prepare<[string | number, string]>(`UPDATE orders SET ${id} = ? WHERE id = ?`));
  const start = Date.now() + RECORDS;
  const seqs = new Map<number, { turn: number; seq: number }>();
  const last = new Map<number, Map<number, number>>();
  for (const written of rounds()) {
    const records = new Map<number, Cell[]>();
    let now = start;
    for (const { r, i, round, replica, turn } of written) {
      now = start + Math.floor(turn / 10);
      const own = seqs.get(replica) ?? { turn: -1, seq: 0 };
      if (own.turn !== turn) seqs.set(replica, { turn, seq: own.seq + 1 });
      const seq = seqs.get(replica)?.seq ?? 0;
      const cells = records.get(r) ?? [];
      const stamp = { term: 0, hlc: hlcAt(epoch(now)), replica: replicaOf(replica), seq };
      cells.push({ path: [FIELDS[i]?.id ?? ""], value: valueOf(r, i, round), stamp });
      records.set(r, cells);
      const fields = last.get(r) ?? new Map<number, number>();
      last.set(r, fields.set(i, round));
    }
    const sent = [...records].map(([r, cells]): RecordCells => ({ record: idOf(r), collection: ORDERS, whole: false, cells }));
    sent.sort((a, b) => (a.record < b.record ? -1 : 1));
    for (let from = 0; from < sent.length; from += BATCH) worker.mergeBatch(sent.slice(from, from + BATCH), holdLimit(epoch(now)));
    db.transaction(() => {
      for (const { r, i, round } of written) updates[i]?.run(plain(valueOf(r, i, round)), idOf(r));
    })();
    worker.checkpoint();
    db.pragma("wal_checkpoint(PASSIVE)");
  }
  for (const [r, fields] of last) {
    const row = store.row(idOf(r));
    for (const [i, round] of fields)
      verify(row?.[FIELDS[i]?.id ?? ""] === valueOf(r, i, round), `order ${r}: f${i} is not what was written last`);
  }
  const { fingerprint, recomputed, integrity, records: live } = store.verify();
  verify(fingerprint === recomputed && integrity.length === 0 && live === RECORDS, "the store does not verify");
  worker.close();
  store.close();
  db.close();
  return { value: statSync(options.file).size / 1e6, floor: statSync(plainFile).size / 1e6 };
};
