/**
 * The process that the crash test kills: commits on the first connection and merges on the second, as fast as it can, and prints
 * a line for each commit after it returned. Arguments: the file, and a number that makes this run's values its own.
 */
import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import process from "node:process";
import { newGate } from "../../main/store/gate.ts";
import { openReplicaStore } from "../../main/store/open-replica-store.ts";
import { openStore } from "../../main/store/open-store.ts";
import { hlcAt, holdLimit } from "../../shared/clock/hlc.ts";
import { parseReplicaId } from "../../shared/ids.ts";
import { actionId, epochMs, ORDER, ORDER_TYPE, recordId } from "./store-rig.ts";

const [, , file = "", run = "0"] = process.argv;
const wall = () => epochMs(Date.now());
const options = {
  file,
  types: [ORDER_TYPE],
  wall,
  random: (bytes: number) => new Uint8Array(randomBytes(bytes)),
  gate: newGate(),
  machine: "test",
};
const store = openStore(options);
const worker = openReplicaStore(options);
const peer = parseReplicaId(Number(run).toString(16).padStart(32, "0"));
if (peer === undefined) throw new Error("no replica id");

for (let n = 1; ; n++) {
  const record = recordId(`record-${n % 50}`);
  const value = `run ${run} edit ${n}`;
  store.commit(
    [
      { kind: "put", collection: ORDER, record, path: ["title"], value },
      { kind: "put", collection: ORDER, record, path: ["tags", `t${n % 7}`], value: n % 2 === 0 },
    ],
    { action: actionId(`run-${run}-${n}`), label: "edit" },
  );
  writeSync(1, `${JSON.stringify([record, value, store.ownSeq()])}\n`);
  const stamp = { term: 0, hlc: hlcAt(wall()), replica: peer, seq: n };
  const writes = [{ record: recordId(`theirs-${n % 20}`), collection: ORDER, creates: true, cells: [{ path: ["minutes"], value: n }] }];
  worker.mergeLive({ stamp, action: actionId(`peer-${n}`), records: writes }, holdLimit(wall()));
  if (n % 40 === 0) worker.checkpoint();
}
