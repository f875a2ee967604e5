/**
 * The other thread of the benchmarks of commits beside a merge: on each message it merges so many batches of 500 records of ten cells, with
 * the sync worker's rhythm of syncs and checkpoints (`main/sync/housekeeping.ts`), and says how many cells that were. `f2` is left to the
 * commits.
 */
import { randomBytes } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { openReplicaStore } from "../../main/store/open-replica-store.ts";
import { hlcAt, holdLimit } from "../../shared/clock/hlc.ts";
import type { RecordCells } from "../../shared/crdt/types.ts";
import { type EpochMs, parseEpochMs, type RecordId } from "../../shared/ids.ts";
import { replicaOf } from "./merges.ts";
import { FIELDS, ORDERS, TYPE, valueOf } from "./orders.ts";

const CELLS = 10;
const BATCH = 500;
const SYNC_EVERY_MS = 200;
const CHECKPOINT_EVERY_MS = 1000;
const FIELDS_TO_MERGE = FIELDS.flatMap(({ id }, i) => (id === "f2" ? [] : { id, i }));

const epoch = (ms: number): EpochMs => {
  const parsed = parseEpochMs(ms);
  if (parsed === undefined) throw new Error("no instant");
  return parsed;
};

const { file, gate, ids }: { file: string; gate: SharedArrayBuffer; ids: readonly RecordId[] } = workerData;
const store = openReplicaStore({
  file,
  types: [TYPE],
  wall: () => epoch(Date.now()),
  random: (bytes) => new Uint8Array(randomBytes(bytes)),
  gate,
});
const replicas = [0, 1, 2, 3, 4].map(replicaOf);

let seq = 0;
let next = 0;

const batchOf = (): RecordCells[] => {
  const now = epoch(Date.now());
  const round = 1 + Math.floor(next / ids.length);
  return Array.from({ length: BATCH }, () => {
    const r = next++ % ids.length;
    const replica = replicas[++seq % replicas.length];
    const record = ids[r];
    if (replica === undefined || record === undefined) throw new Error("no such record");
    const stamp = { term: 0, hlc: hlcAt(now), replica, seq };
    const cells = Array.from({ length: CELLS }, (_, k) => {
      const { id, i } = FIELDS_TO_MERGE[(r + round + k) % FIELDS_TO_MERGE.length] ?? { id: "", i: 0 };
      return { path: [id], value: valueOf(r, i, round), stamp };
    });
    return { record, collection: ORDERS, whole: false, cells };
  });
};

/** Does its work once a period, at the first call after it is over. */
const every = (ms: number, work: () => void): (() => void) => {
  let last = performance.now();
  return () => {
    if (performance.now() - last < ms) return;
    work();
    last = performance.now();
  };
};
const syncs = every(SYNC_EVERY_MS, () => store.sync());
const checkpoints = every(CHECKPOINT_EVERY_MS, () => store.checkpoint());

parentPort?.on("message", (batches: number) => {
  if (batches === 0) {
    store.close();
    parentPort?.close();
    return;
  }
  for (let n = 0; n < batches; n++) {
    store.mergeBatch(batchOf(), holdLimit(epoch(Date.now())));
    syncs();
    checkpoints();
  }
  parentPort?.postMessage({ cells: batches * BATCH * CELLS });
});
