/**
 * What a step of the protocol wants of the store, done: merges in small transactions (a local commit waits for one at most), sweeps and
 * reads. Gives the event to hand back, and the records that changed. The simulator obeys the protocol through this very file.
 */
import type { Hlc, RecordCells } from "../../shared/crdt/types.ts";
import type { RecordId } from "../../shared/ids.ts";
import { BATCH_BYTES } from "../../shared/protocol/limits.ts";
import type { NodeEffect, NodeEvent } from "../../shared/protocol/node-state.ts";
import type { ReplicaStore } from "../store/api.ts";

export type SyncStore = Pick<ReplicaStore, "sweep" | "whole" | "mergeBatch" | "takeVector" | "mergeLive" | "tree">;

export interface Obeyed {
  readonly event: NodeEvent;
  readonly merged: readonly RecordId[];
}

/** Cells in one transaction: at 500 a local commit beside a catch-up costs 1.4 of an idle one (store-notes.md). */
const TRANSACTION_CELLS = 500;

const slices = (records: readonly RecordCells[]): readonly (readonly RecordCells[])[] => {
  const all: RecordCells[][] = [];
  let slice: RecordCells[] = [];
  let cells = 0;
  for (const record of records) {
    if (slice.length > 0 && cells + record.cells.length > TRANSACTION_CELLS) {
      all.push(slice);
      slice = [];
      cells = 0;
    }
    slice.push(record);
    cells += record.cells.length;
  }
  if (slice.length > 0) all.push(slice);
  return all;
};

const mergeAll = (store: SyncStore, records: readonly RecordCells[], limit: Hlc, seen: number) => {
  const merged: RecordId[] = [];
  const missing: RecordId[] = [];
  for (const slice of slices(records)) {
    const outcome = store.mergeBatch(slice, limit, seen);
    merged.push(...outcome.records);
    missing.push(...outcome.missing);
  }
  return { merged, missing };
};

/** Null when the effect is none of the store's. `limit`: reference time plus five minutes. */
export const obeyStore = (store: SyncStore, effect: NodeEffect, limit: Hlc): Obeyed | null => {
  const { id } = effect;
  switch (effect.kind) {
    case "read-sweep": {
      const { records, cursor } = store.sweep(effect.base, effect.cursor, BATCH_BYTES);
      return { event: { kind: "sweep-read", id, sweep: effect.sweep, records, cursor }, merged: [] };
    }
    case "read-whole":
      return { event: { kind: "whole-read", id, asked: effect.records, records: store.whole(effect.records) }, merged: [] };
    case "merge-batch": {
      const { merged, missing } = mergeAll(store, effect.records, limit, effect.seen);
      return { event: { kind: "batch-merged", id, sweep: effect.sweep, cursor: effect.cursor, missing }, merged };
    }
    case "merge-whole": {
      const { merged } = mergeAll(store, effect.records, limit, effect.seen);
      return { event: { kind: "whole-merged", id, records: effect.records.map(({ record }) => record) }, merged };
    }
    case "merge-live": {
      const result = store.mergeLive(effect.change, limit, effect.seen);
      return { event: { kind: "live-merged", id, change: effect.change, result }, merged: result.kind === "merged" ? result.records : [] };
    }
    case "take-vector":
      store.takeVector(effect.vector, effect.purge);
      return { event: { kind: "vector-taken", id, vector: effect.vector, purge: effect.purge }, merged: [] };
    case "read-tree":
      return { event: { kind: "tree-read", id, walk: effect.walk, parts: store.tree.read(effect.nodes) }, merged: [] };
    case "compare-tree":
      return { event: { kind: "tree-compared", id, walk: effect.walk, difference: store.tree.compare(effect.parts) }, merged: [] };
    default:
      return null;
  }
};
