/** One-field commits beside plain UPDATEs of a typed column, alternating in rounds; a percentile of each round, the median of the rounds. */
import { type Measured, median, percentile, timed, verify } from "./metric.ts";
import { ACTION, idOf, ORDERS, openOrders, openPlain, RECORDS, verifyLogs } from "./orders.ts";

const ROUNDS = 15;
const COMMITS = 120;

export const measureCommits = (folder: string, part: number): Measured => {
  const ours = openOrders(folder, "ours", true);
  const floor = openPlain(folder, "FULL");
  const update = floor.db.prepare<[string, string]>("UPDATE orders SET f2 = ? WHERE id = ?");
  const last = new Map<number, string>();
  const values: number[] = [];
  const floors: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const ourTimes: number[] = [];
    const floorTimes: number[] = [];
    for (let n = 0; n < COMMITS; n++) {
      const r = ((round * COMMITS + n) * 7907) % RECORDS;
      const value = `value ${round} ${n}`;
      const edit = { kind: "put" as const, collection: ORDERS, record: idOf(r), path: ["f2"], value };
      floorTimes.push(timed(() => update.run(value, idOf(r))));
      ourTimes.push(timed(() => ours.store.commit([edit], { action: ACTION, label: "bench" })));
      last.set(r, value);
    }
    verifyLogs(ours.file, floor.file);
    ours.worker.checkpoint();
    floor.db.pragma("wal_checkpoint(PASSIVE)");
    // The first rounds warm the caches and the compiler.
    if (round < 3) continue;
    values.push(percentile(ourTimes, part));
    floors.push(percentile(floorTimes, part));
  }
  const read = floor.db.prepare<[string], string>("SELECT f2 FROM orders WHERE id = ?").pluck();
  for (const [r, value] of last) {
    verify(ours.store.row(idOf(r))?.["f2"] === value, `our order ${r} lost its last value`);
    verify(read.get(idOf(r)) === value, `the plain order ${r} lost its last value`);
  }
  const { fingerprint, recomputed, integrity } = ours.store.verify();
  verify(fingerprint === recomputed && integrity.length === 0, "the store does not verify");
  ours.worker.close();
  ours.store.close();
  floor.db.close();
  return { value: median(values), floor: median(floors) };
};
