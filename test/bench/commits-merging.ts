/**
 * One-field commits while the other thread merges a million cells, over plain UPDATEs with nobody beside them. Idle and merging
 * rounds alternate; commits follow one another with a breath between, as a person's never come without one.
 */
import { once } from "node:events";
import { setTimeout as breath } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { type Measured, median, percentile, timed, verify } from "./metric.ts";
import { ACTION, IDS, idOf, ORDERS, openOrders, openPlain, RECORDS, verifyLogs } from "./orders.ts";

const ROUNDS = 7;
/** Of 5000 cells each: 200,000 cells a round, a million in the rounds that count. */
const BATCHES = 40;
const IDLE_COMMITS = 200;
const PAUSE_MS = 1;

/** In the unit of `timed` over `divisor`. `part` 1: the longest of all. */
export const measureMergingCommits = async (folder: string, part: number, divisor: number): Promise<Measured> => {
  const ours = openOrders(folder, "ours", true);
  const floor = openPlain(folder, "FULL");
  const update = floor.db.prepare<[string, string]>("UPDATE orders SET f2 = ? WHERE id = ?");
  ours.worker.close();
  const worker = new Worker(new URL("./merging-worker.ts", import.meta.url), {
    workerData: { file: ours.file, gate: ours.gate, ids: IDS },
  });
  const last = new Map<number, string>();
  const values: number[][] = [];
  const floors: number[][] = [];
  let cells = 0;
  let n = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const floorTimes: number[] = [];
    for (let i = 0; i < IDLE_COMMITS; i++) {
      floorTimes.push(timed(() => update.run(`value ${round} ${i}`, idOf((i * 7907) % RECORDS))));
      await breath(PAUSE_MS);
    }
    const ourTimes: number[] = [];
    let merging = true;
    const merged = once(worker, "message").then(([said]: { readonly cells: number }[]) => {
      merging = false;
      return said?.cells ?? 0;
    });
    worker.postMessage(BATCHES);
    await breath(PAUSE_MS);
    while (merging) {
      n += 1;
      const r = (n * 7907) % RECORDS;
      const edit = { kind: "put" as const, collection: ORDERS, record: idOf(r), path: ["f2"], value: `value ${n}` };
      ourTimes.push(timed(() => ours.store.commit([edit], { action: ACTION, label: "bench" })));
      last.set(r, `value ${n}`);
      await breath(PAUSE_MS);
    }
    const mergedNow = await merged;
    verifyLogs(ours.file, floor.file);
    floor.db.pragma("wal_checkpoint(PASSIVE)");
    // The first rounds warm the caches and the compiler.
    if (round < 2) continue;
    cells += mergedNow;
    values.push(ourTimes);
    floors.push(floorTimes);
  }
  verify(cells >= 1_000_000, "less than a million cells were merged");
  const ended = once(worker, "exit");
  worker.postMessage(0);
  await ended;
  for (const [r, value] of last) verify(ours.store.row(idOf(r))?.["f2"] === value, `our order ${r} lost its last value`);
  const { fingerprint, recomputed, integrity } = ours.store.verify();
  verify(fingerprint === recomputed && integrity.length === 0, "the store does not verify");
  ours.store.close();
  floor.db.close();
  const whole = (rounds: readonly number[][]): number =>
    part === 1 ? percentile(rounds.flat(), 1) : median(rounds.map((times) => percentile(times, part)));
  return { value: whole(values) / divisor, floor: whole(floors) / divisor };
};
