/** The sync worker's part of the gate test: merges a long catch-up as fast as it can, in batches far too large to wait for. */
import { randomBytes } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { openReplicaStore } from "../../main/store/open-replica-store.ts";
import { hlcAt, holdLimit } from "../../shared/clock/hlc.ts";
import type { RecordCells } from "../../shared/crdt/types.ts";
import { parseReplicaId } from "../../shared/ids.ts";
import { epochMs, ORDER, ORDER_TYPE, recordId } from "./store-rig.ts";

const { file, gate, batches, records }: { file: string; gate: SharedArrayBuffer; batches: number; records: number } = workerData;
const store = openReplicaStore({
  file,
  types: [ORDER_TYPE],
  wall: () => epochMs(Date.now()),
  random: (bytes) => new Uint8Array(randomBytes(bytes)),
  gate,
  machine: "test",
});
const replica = parseReplicaId("f".repeat(32));
if (replica === undefined) throw new Error("no replica id");

let seq = 0;
for (let n = 0; n < batches; n++) {
  const batch: RecordCells[] = [];
  for (let r = 0; r < records; r++) {
    const stamp = { term: 0, hlc: hlcAt(epochMs(Date.now())), replica, seq: ++seq };
    batch.push({ record: recordId(`theirs-${n}-${r}`), collection: ORDER, whole: true, cells: [{ path: ["minutes"], value: r, stamp }] });
  }
  store.mergeBatch(batch, holdLimit(epochMs(Date.now())));
  store.checkpoint();
}
store.close();
parentPort?.postMessage("merged");
