/**
 * The process that the migration test kills: opens one copy after the other of an earlier version's file, each of which is migrated. Prints
 * the copy's number before, and `done` after it was opened. Arguments: the folder, the file to copy, and the first number.
 */
import { copyFileSync, writeSync } from "node:fs";
import process from "node:process";
import { openDesk } from "./store-rig.ts";

const [, , folder = "", fixture = "", first = "0"] = process.argv;
const world = { now: Date.now() };
for (let n = Number(first); ; n++) {
  copyFileSync(fixture, `${folder}/copy-${n}.db`);
  writeSync(1, `${n}\n`);
  openDesk(folder, `copy-${n}`, world).close();
  writeSync(1, "done\n");
}
