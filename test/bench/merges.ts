/** Merging a catch-up beside plain UPDATEs, one a cell: the same cells in the same order in the same batches, alternating in rounds. */
import { hlcAt, holdLimit } from "../../shared/clock/hlc.ts";
import type { Cell, RecordCells } from "../../shared/crdt/types.ts";
import { parseEpochMs, parseReplicaId } from "../../shared/ids.ts";
import { type Measured, median, timed, verify } from "./metric.ts";
import { FIELDS, idOf, ORDERS, openOrders, openPlain, plain, RECORDS, valueOf, verifyLogs } from "./orders.ts";

const ROUNDS = 9;
/** Records a batch, about what fits 256 KiB. */
const BATCH = 500;

export interface MergeShape {
  /** Cells that each change writes in its record. */
  readonly cells: number;
  readonly keepHistory: boolean;
}

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("does not parse");
  return value;
};

const REPLICAS = ["1", "2", "3", "4", "5"].map((digit) => must(parseReplicaId(digit.repeat(32))));

/** Microseconds a cell. */
export const measureMerges = (folder: string, { cells, keepHistory }: MergeShape): Measured => {
  const ours = openOrders(folder, "ours", keepHistory);
  const floor = openPlain(folder, "NORMAL");
  const updates = FIELDS.map(({ id }) => floor.db.prepare<[string | number, string]>(`UPDATE orders SET ${id} = ? WHERE id = ?`));
  const begin = floor.db.prepare("BEGIN IMMEDIATE");
  const commit = floor.db.prepare("COMMIT");
  const values: number[] = [];
  const floors: number[] = [];
  let seq = 0;
  let now = Date.now() + 1;
  for (let round = 1; round <= ROUNDS; round++) {
    let ourTime = 0;
    let floorTime = 0;
    for (let from = 0; from < RECORDS; from += BATCH) {
      const batch: RecordCells[] = [];
      for (let r = from; r < from + BATCH; r++) {
        seq += 1;
        now += 1;
        const stamp = { term: 0, hlc: hlcAt(must(parseEpochMs(now))), replica: must(REPLICAS[seq % REPLICAS.length]), seq };
        const written: Cell[] = [];
        for (let k = 0; k < cells; k++) {
          const i = (r + round + k) % FIELDS.length;
          written.push({ path: [FIELDS[i]?.id ?? ""], value: valueOf(r, i, round), stamp });
        }
        batch.push({ record: idOf(r), collection: ORDERS, whole: false, cells: written });
      }
      const limit = holdLimit(must(parseEpochMs(now)));
      const floorWork = batch.map(({ record, cells: written }) => ({
        record,
        cells: written.map(({ path, value }) => ({ i: Number((path[0] ?? "").slice(1)), value: plain(value) })),
      }));
      ourTime += timed(() => ours.worker.mergeBatch(batch, limit));
      floorTime += timed(() => {
        begin.run();
        for (const { record, cells: written } of floorWork) for (const { i, value } of written) updates[i]?.run(value, record);
        commit.run();
      });
    }
    verifyLogs(ours.file, floor.file);
    ours.worker.checkpoint();
    floor.db.pragma("wal_checkpoint(PASSIVE)");
    if (round <= 2) continue;
    values.push(ourTime / (RECORDS * cells));
    floors.push(floorTime / (RECORDS * cells));
  }
  const rows = floor.db.prepare<[], Record<string, string | number>>("SELECT * FROM orders").all();
  verify(rows.length === RECORDS, "the plain table lost rows");
  for (const row of rows.filter((_, n) => n % 97 === 0)) {
    const own = ours.store.row(must(idOf(rows.indexOf(row))));
    for (const { id } of FIELDS) if (id !== "f0") verify(plain(value(own?.[id])) === row[id], `order ${row["id"]}: ${id} differs`);
  }
  const { fingerprint, recomputed, integrity } = ours.store.verify();
  verify(fingerprint === recomputed && integrity.length === 0, "the store does not verify");
  ours.worker.close();
  ours.store.close();
  floor.db.close();
  return { value: median(values), floor: median(floors) };
};

const value = (read: unknown): string | number | boolean =>
  typeof read === "string" || typeof read === "number" || typeof read === "boolean" ? read : "absent";
