/**
 * Sending what a peer lacks: records in id order, every cell, standing and held, beyond the peer's vector, as it stands when its
 * turn comes, in bounded batches. Which records that may be the log of arrivals tells (`arrivals.ts`); which cells, their stamps.
 */
import { creationBeside } from "../../shared/crdt/creation.ts";
import type { Cell, RecordCells, VersionVector } from "../../shared/crdt/types.ts";
import type { RecordId } from "../../shared/ids.ts";
import { compareRecordIds } from "../../shared/protocol/record-order.ts";
import { recordBytes } from "../../shared/protocol/record-size.ts";
import type { SweepBatch } from "./api.ts";
import type { Connection, Transaction } from "./transaction.ts";
import { RecordWriter } from "./writer.ts";

/** The records of one sweep, by local number in id order, and where it stands. */
interface Candidates {
  readonly nums: Float64Array;
  at: number;
  cursor: RecordId | null;
}

export class Sweeper {
  readonly #connection: Connection;
  /** By the vector object that a session sweeps with: the candidates are those of the sweep's start. */
  readonly #sweeps = new WeakMap<VersionVector, Candidates>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  sweep(base: VersionVector, cursor: RecordId | null, maxBytes: number): SweepBatch {
    return this.#connection.view((tx) => {
      const candidates = this.#candidates(tx, base);
      if (candidates.cursor !== cursor) candidates.at = positionAfter(tx, candidates.nums, cursor);
      const records: RecordCells[] = [];
      let bytes = 0;
      while (candidates.at < candidates.nums.length) {
        const cells = cellsBeyond(tx, candidates.nums[candidates.at] ?? 0, base);
        const size = cells === undefined ? 0 : recordBytes(cells);
        if (records.length > 0 && bytes + size > maxBytes) break;
        candidates.at += 1;
        if (cells === undefined) continue;
        bytes += size;
        if (cells.cells.length > 0) records.push(cells);
      }
      const last = candidates.nums[candidates.at - 1];
      candidates.cursor = candidates.at < candidates.nums.length && last !== undefined ? (tx.sql.idOfNum.get(last) ?? null) : null;
      return { records, cursor: candidates.cursor };
    });
  }

  whole(records: readonly RecordId[]): readonly RecordCells[] {
    return this.#connection.view((tx) => records.flatMap((id) => wholeOf(RecordWriter.find(tx, id))));
  }

  #candidates(tx: Transaction, base: VersionVector): Candidates {
    const known = this.#sweeps.get(base);
    if (known !== undefined) return known;
    const found = tx.arrivals.beyond(base, tx.state, (num) => tx.names.replicaOf(num));
    const nums = found === "all" ? Float64Array.from(tx.sql.allInIdOrder.all()) : inIdOrder(tx, new Set(found));
    const candidates = { nums, at: 0, cursor: null };
    this.#sweeps.set(base, candidates);
    return candidates;
  }
}

/** Few are looked up one by one; of many the whole index is read, which is cheaper than a lookup each. */
const inIdOrder = (tx: Transaction, found: ReadonlySet<number>): Float64Array => {
  if (found.size * 4 > tx.state.records) return Float64Array.from(tx.sql.allInIdOrder.all().filter((num) => found.has(num)));
  const ids = [...found].flatMap((num) => {
    const id = tx.sql.idOfNum.get(num);
    return id === undefined ? [] : [{ num, id }];
  });
  return Float64Array.from(
    ids.sort((a, b) => compareRecordIds(a.id, b.id)),
    ({ num }) => num,
  );
};

/** The first position whose id is greater than the cursor. */
const positionAfter = (tx: Transaction, nums: Float64Array, cursor: RecordId | null): number => {
  if (cursor === null) return 0;
  let low = 0;
  let high = nums.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const id = tx.sql.idOfNum.get(nums[middle] ?? 0);
    if (id === undefined || compareRecordIds(id, cursor) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
};

const cellsBeyond = (tx: Transaction, num: number, base: VersionVector): RecordCells | undefined => {
  const [all] = wholeOf(RecordWriter.byNum(tx, num));
  if (all === undefined) return undefined;
  const cells = all.cells.filter(({ stamp }) => stamp.seq > (base.get(stamp.replica)?.seq ?? 0));
  return { ...all, whole: cells.length === all.cells.length, cells };
};

const wholeOf = (writer: RecordWriter | undefined): readonly RecordCells[] => {
  if (writer === undefined) return [];
  const cells: Cell[] = [...writer.cells(), ...writer.held.cells()];
  const { id, collection } = writer.image;
  return [{ record: id, collection: collection.id, whole: true, ...creationBeside(writer.stampAt(0), cells), cells }];
};
