/** Opens a file and loads the board of it, as the app's start does, in a process of its own; tells time and memory as one line of JSON. */
import { randomBytes } from "node:crypto";
import process from "node:process";
import { createBoardSet } from "../../main/desk/board-set.ts";
import { newGate } from "../../main/store/gate.ts";
import { openStore } from "../../main/store/open-store.ts";
import { parseEpochMs } from "../../shared/ids.ts";
import { BUILT_IN_TYPES } from "../../shared/schema/builtin.ts";
import { median, timed } from "./metric.ts";

export interface BoardLoaded {
  /** Milliseconds of a load, the median. */
  readonly ms: number;
  /** What the process holds more than before it opened the file, the board in it: bytes. */
  readonly heap: number;
  readonly rss: number;
  readonly orders: number;
  readonly visits: number;
  readonly records: number;
}

const ROUNDS = 15;

const [file = "", clock = ""] = process.argv.slice(2);
const now = parseEpochMs(Number(clock));
if (now === undefined || globalThis.gc === undefined) throw new Error("usage: node --expose-gc board-child.ts FILE NOW");
const collect = globalThis.gc;
const memory = (): { readonly heapUsed: number; readonly rss: number } => {
  collect();
  return process.memoryUsage();
};

const before = memory();
const store = openStore({
  file,
  types: BUILT_IN_TYPES,
  wall: () => now,
  random: (bytes) => new Uint8Array(randomBytes(bytes)),
  gate: newGate(),
});
const board = createBoardSet(store, () => now);
let rows = board.load();
const after = memory();
const times = Array.from({ length: ROUNDS }, () => {
  rows = [];
  collect();
  return timed(() => {
    rows = board.load();
  });
});
const of = (collection: string): number => rows.filter((row) => row.collection === collection).length;
const loaded: BoardLoaded = {
  ms: median(times) / 1000,
  heap: after.heapUsed - before.heapUsed,
  rss: after.rss - before.rss,
  orders: of("workOrder"),
  visits: of("visit"),
  records: rows.length,
};
store.close();
process.stdout.write(JSON.stringify(loaded));
