/**
 * The process that the kill test ends anywhere: commits, trims the history, makes backups, and restores them over its own file, without
 * end. Prints `opening`, then a line for each commit after it returned: the replica and its number. Arguments: the folder.
 */
import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { backUp, readyRestore } from "../../main/store/backup.ts";
import { newGate } from "../../main/store/gate.ts";
import { openReplicaStore } from "../../main/store/open-replica-store.ts";
import { openStore } from "../../main/store/open-store.ts";
import { asideOf, carryOutRestore, pendingOf } from "../../main/store/restore.ts";
import { actionId, epochMs, ORDER, ORDER_TYPE, recordId } from "./store-rig.ts";

const folder = process.argv[2] ?? "";
const file = path.join(folder, "a.db");
const wall = () => epochMs(Date.now());
const work = { types: [ORDER_TYPE], wall };
const open = () => {
  const options = { file, ...work, random: (bytes: number) => new Uint8Array(randomBytes(bytes)), gate: newGate(), machine: "test" };
  const store = openStore(options);
  return { store, worker: openReplicaStore(options) };
};

writeSync(1, "opening\n");
let { store, worker } = open();
for (let n = 1; ; n++) {
  const record = recordId(`record-${n % 20}`);
  store.commit([{ kind: "put", collection: ORDER, record, path: ["title"], value: `${process.pid} ${n}` }], {
    action: actionId(`${process.pid}-${n}`),
    label: "edit",
  });
  writeSync(1, `${store.replica} ${store.ownSeq()}\n`);
  if (n % 7 === 0) worker.trimHistory({ before: wall(), maxBytes: 2000, rows: 5 });
  if (n % 11 === 0) worker.checkpoint();
  if (n % 13 !== 0) continue;
  const backup = path.join(folder, `backup-${process.pid}-${n}.db`);
  backUp(file, backup, work);
  if (n % 26 !== 0) continue;
  readyRestore(backup, pendingOf(file), work);
  worker.close();
  store.close();
  carryOutRestore(file, asideOf(file, `${process.pid}-${n}`));
  ({ store, worker } = open());
}
