/**
 * A desk on a small disk of its own, in a mount namespace that ends with the process: fills the disk, makes it read-only, and prints what came
 * of it as one JSON value. Arguments: the empty folder to mount on. Ends with 77 where mounting is not permitted.
 */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { copyFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { backUp, verifyFile } from "../../main/store/backup.ts";
import { newGate } from "../../main/store/gate.ts";
import { openReplicaStore } from "../../main/store/open-replica-store.ts";
import { openStore } from "../../main/store/open-store.ts";
import { hlcAt, holdLimit } from "../../shared/clock/hlc.ts";
import type { Change } from "../../shared/crdt/types.ts";
import { AppError } from "../../shared/errors.ts";
import { parseReplicaId } from "../../shared/ids.ts";
import { actionId, epochMs, ORDER, ORDER_TYPE, recordId } from "../property/store-rig.ts";

const folder = process.argv[2] ?? "";
const mount = (...words: readonly string[]): boolean => spawnSync("mount", words).status === 0;
if (!mount("-t", "tmpfs", "-o", "size=5m", "none", folder)) process.exit(77);

const file = path.join(folder, "a.db");
const wall = () => epochMs(Date.now());
const work = { types: [ORDER_TYPE], wall };
const options = { file, ...work, random: (bytes: number) => new Uint8Array(randomBytes(bytes)), gate: newGate(), machine: "test" };
const codeOf = (attempt: () => unknown): string => {
  try {
    attempt();
    return "done";
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
};
const open = () => openStore(options);
const PEER = parseReplicaId("ab".repeat(16));
/** A peer's first change, large enough for a disk that has a little room left. */
const theirs = (): Change => {
  if (PEER === undefined) throw new Error("no replica id");
  const stamp = { term: 0, hlc: hlcAt(wall()), replica: PEER, seq: 1 };
  const cells = [{ path: ["title"], value: "y".repeat(50_000) }];
  return { stamp, action: actionId("theirs"), records: [{ record: recordId("theirs"), collection: ORDER, creates: true, cells }] };
};

let store = open();
let worker = openReplicaStore(options);
let commits = 0;
const commit = (): void => {
  store.commit([{ kind: "put", collection: ORDER, record: recordId(`record-${commits}`), path: ["title"], value: "x".repeat(5000) }], {
    action: actionId(`act-${commits}`),
    label: "edit",
  });
  commits += 1;
};
const filler = path.join(folder, "filler");
writeFileSync(filler, Buffer.alloc(2_000_000));
let full = "done";
while (full === "done") full = codeOf(commit);
const atFull = {
  full,
  commits,
  count: store.count(),
  backup: codeOf(() => backUp(file, path.join(folder, "full.db"), work)),
  merge: codeOf(() => worker.mergeLive(theirs(), holdLimit(wall()))),
  peers: [...store.vector().keys()].filter((id) => id === PEER).length,
};
worker.close();
store.close();
const last = codeOf(() => writeFileSync(path.join(folder, "last"), Buffer.alloc(6_000_000)));
const openAtFull = codeOf(() => open().close());
rmSync(path.join(folder, "last"));
const verified = (): readonly unknown[] => verifyFile(file, work).differences;
rmSync(filler);
store = open();
worker = openReplicaStore(options);
const afterFull = {
  kept: store.count(),
  differences: verified(),
  again: codeOf(commit),
  merge: worker.mergeLive(theirs(), holdLimit(wall())).kind,
};
worker.close();
store.close();

mount("-o", "remount,ro", folder);
const readOnly = { open: codeOf(open), backup: codeOf(() => backUp(file, path.join(folder, "ro.db"), work)) };
mount("-o", "remount,rw", folder);
store = open();
const afterReadOnly = { kept: store.count(), differences: verified(), again: codeOf(commit) };
store.close();

const old = path.join(folder, "old.db");
for (const name of readdirSync(folder)) rmSync(path.join(folder, name));
copyFileSync(fileURLToPath(new URL("../fixtures/store/v1.db", import.meta.url)), old);
const db = new Database(old);
db.prepare("INSERT INTO notebook (key, value) VALUES ('ballast', ?)").run("z".repeat(1_500_000));
db.close();
const openOld = () => openStore({ ...options, file: old });
writeFileSync(filler, Buffer.alloc(2_500_000));
const atFullMigration = { open: codeOf(() => openOld().close()), left: readdirSync(folder).filter((name) => name.includes(".before-")) };
rmSync(filler);
store = openOld();
const afterMigration = { title: store.rows([ORDER])[0]?.["title"], differences: store.verify().differences };
store.close();
process.stdout.write(JSON.stringify({ atFull, last, openAtFull, afterFull, readOnly, afterReadOnly, atFullMigration, afterMigration }));
