/**
 * The process that the crash test kills: its main thread commits every kind of edit, deletes, restores, undoes and does again; a thread
 * beside it (`store-crash-worker.ts`) merges, trims, indexes and checkpoints meanwhile. Prints `opening`, then a line for each commit after
 * it returned: what may not be lost. Arguments: the file, and a number that makes this run's values its own.
 */
import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import process from "node:process";
import { Worker } from "node:worker_threads";
import type { Store } from "../../main/store/api.ts";
import { newGate } from "../../main/store/gate.ts";
import { openStore } from "../../main/store/open-store.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import { AppError } from "../../shared/errors.ts";
import type { RecordId } from "../../shared/ids.ts";
import { type Acknowledged, shown } from "./store-crash-lines.ts";
import { actionId, epochMs, ORDER, ORDER_TYPE, recordId, updateOf } from "./store-rig.ts";

const [, , file = "", run = "0"] = process.argv;
const gate = newGate();

const edits = (n: number): readonly Edit[] => {
  const target = { collection: ORDER, record: recordId(`record-${(n * 7) % 30}`) };
  const put = (path: readonly string[], value: string | boolean): Edit => ({ ...target, kind: "put", path, value });
  switch (n % 12) {
    case 2:
      return [{ ...target, kind: "count", field: "used", by: (n % 5) + 1 }];
    case 4:
      return [{ ...target, kind: "text", field: "notes", slot: 0, update: updateOf(`${n} `, Number(run) * 100_000 + n) }];
    case 5:
      return [{ ...target, kind: "number", field: "number" }, put(["status"], "new")];
    case 6:
      return [{ ...target, kind: "delete" }];
    case 7:
      return [{ ...target, kind: "restore" }];
    case 8:
      return [{ ...target, record: recordId(`theirs-${n % 20}`), kind: "put", path: ["status"], value: n % 24 === 8 ? "done" : "new" }];
    default:
      return [put(["title"], `run${run}n${n}`), put(["tags", `t${n % 7}`], n % 2 === 0)];
  }
};

/** The records that the action wrote; none when there was nothing to do. */
const act = (store: Store, n: number): readonly RecordId[] => {
  const action = actionId(`run-${run}-${n}`);
  if (n % 12 === 9 || n % 12 === 10) {
    const outcome = n % 12 === 9 ? store.undo({ action }) : store.redo({ action });
    return outcome.kind === "nothing" ? [] : outcome.committed.flatMap(({ records }) => records);
  }
  try {
    return store.commit(edits(n), { action, label: `edit ${run} ${n}` }).records;
  } catch (error) {
    if (error instanceof AppError && ["nothing_to_change", "unknown_record"].includes(error.code)) return [];
    throw error;
  }
};

writeSync(1, "opening\n");
const store = openStore({
  file,
  types: [ORDER_TYPE],
  wall: () => epochMs(Date.now()),
  random: (bytes) => new Uint8Array(randomBytes(bytes)),
  gate,
  machine: "test",
});
new Worker(new URL("./store-crash-worker.ts", import.meta.url), { workerData: { file, gate } });
for (let n = 1; ; n++) {
  const records = act(store, n);
  const line: Acknowledged = {
    seq: store.ownSeq(),
    undo: store.undoable().undo,
    rows: records.map((record) => [record, shown(store, record)]),
  };
  writeSync(1, `${JSON.stringify(line)}\n`);
}
