/** How the simulator's stores read a catch-up: small batches, so that a sweep of a few records takes many. */
import type { RecordCells, VersionVector } from "../../shared/crdt/types.ts";
import type { RecordId } from "../../shared/ids.ts";
import { compareRecordIds } from "../../shared/protocol/record-order.ts";
import { seqOf } from "../../shared/protocol/vector.ts";

const RECORDS_A_BATCH = 3;

export interface Batch {
  readonly records: readonly RecordCells[];
  readonly cursor: RecordId | null;
}

/** The next records beyond the cursor, each with its cells beyond `base`. `whole`: all of one. */
export const batchOf = (
  ids: Iterable<RecordId>,
  whole: (record: RecordId) => readonly RecordCells[],
  base: VersionVector,
  cursor: RecordId | null,
): Batch => {
  const records: RecordCells[] = [];
  for (const id of [...ids].sort(compareRecordIds)) {
    if (cursor !== null && compareRecordIds(id, cursor) <= 0) continue;
    for (const all of whole(id)) {
      const cells = all.cells.filter(({ stamp }) => stamp.seq > seqOf(base, stamp.replica));
      if (cells.length > 0) records.push({ ...all, whole: cells.length === all.cells.length, cells });
    }
    if (records.length === RECORDS_A_BATCH) return { records, cursor: id };
  }
  return { records, cursor: null };
};
