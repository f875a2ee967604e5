/**
 * The second connection of the process that the crash test kills, in a thread of its own as in a desk: merges what made-up peers send, live
 * and swept and from a wrong clock, syncs, and between that trims the history, brings the index up to date and checkpoints.
 */
import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { openReplicaStore } from "../../main/store/open-replica-store.ts";
import { hlcAt, holdLimit } from "../../shared/clock/hlc.ts";
import type { RecordCells, Stamp } from "../../shared/crdt/types.ts";
import { type Merged, PEERS, recordOfPeer } from "./store-crash-lines.ts";
import { actionId, epochMs, ORDER, ORDER_TYPE, recordId } from "./store-rig.ts";

const YEAR_MS = 365 * 86_400_000;
const { file, gate }: { file: string; gate: SharedArrayBuffer } = workerData;
const wall = () => epochMs(Date.now());
const store = openReplicaStore({
  file,
  types: [ORDER_TYPE],
  wall,
  random: (bytes) => new Uint8Array(randomBytes(bytes)),
  gate,
  machine: "test",
});

const limit = () => holdLimit(wall());
const replicaOf = (index: number) => PEERS[index] ?? store.replica;
const next = PEERS.map((id) => store.vector().get(id)?.seq ?? 0);
const takeNext = (index: number): Stamp => {
  const seq = (next[index] ?? 0) + 1;
  next[index] = seq;
  return { term: 0, hlc: hlcAt(epochMs(Date.now() + (index === 2 ? YEAR_MS : 0))), replica: replicaOf(index), seq };
};

const mergeLive = (index: number): void => {
  const stamp = takeNext(index);
  const cells = [{ path: index === 2 ? ["extra"] : ["minutes"], value: stamp.seq }];
  const records = [{ record: recordId(recordOfPeer(index, stamp.seq)), collection: ORDER, creates: true, cells }];
  const { kind } = store.mergeLive({ stamp, action: actionId(`peer-${index}-${stamp.seq}`), records }, limit());
  if (kind !== "merged") throw new Error(`change ${stamp.seq} of peer ${index} was ${kind}`);
};

const sweep = (): void => {
  const batch: RecordCells[] = [];
  for (let i = 0; i < 8; i++) {
    const stamp = takeNext(1);
    const cells = [{ path: ["minutes"], value: stamp.seq, stamp }];
    batch.push({ record: recordId(recordOfPeer(1, stamp.seq)), collection: ORDER, whole: true, cells });
  }
  store.mergeBatch(batch, limit());
  const last = batch.at(-1)?.cells[0]?.stamp;
  if (last !== undefined) store.takeVector(new Map([[last.replica, { seq: last.seq, hlc: last.hlc }]]));
};

const acknowledge = (): void => {
  store.sync();
  for (const [index, seq] of next.entries()) {
    const line: Merged = { peer: index, seq };
    writeSync(1, `${JSON.stringify(line)}\n`);
  }
};

for (let n = 1; ; n++) {
  switch (n % 16) {
    case 3:
    case 11:
      acknowledge();
      break;
    case 5:
      sweep();
      break;
    case 6:
      mergeLive(2);
      store.mergeDue(limit());
      break;
    case 7:
      store.trimHistory({ before: epochMs(Date.now() - 1000), maxBytes: 30_000, rows: 20 });
      break;
    case 8:
      store.updateSearch(10);
      break;
    case 9:
      if (n % 48 === 9) store.checkpoint();
      break;
    default:
      mergeLive(0);
  }
}
