/** The board's load: records into the renderer's form, beside `.all()` of the plain table, alternating. */
import { type Measured, median, timed, verify } from "./metric.ts";
import { FIELDS, ORDERS, openOrders, openPlain, plain, RECORDS } from "./orders.ts";

const ROUNDS = 25;

/** Milliseconds for 10,000 records. */
export const measureLoad = (folder: string): Measured => {
  const ours = openOrders(folder, "ours", true);
  const floor = openPlain(folder, "FULL");
  const all = floor.db.prepare<[], Record<string, string | number>>("SELECT * FROM orders");
  const values: number[] = [];
  const floors: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    floors.push(timed(() => void all.all()) / 1000);
    values.push(timed(() => void ours.store.rows([ORDERS])) / 1000);
  }
  const rows = new Map(ours.store.rows([ORDERS]).map((row) => [String(row.id), row]));
  verify(rows.size === RECORDS, "our rows are not all there");
  for (const row of all.all()) {
    const own = rows.get(String(row["id"]));
    for (const { id } of FIELDS.slice(1)) {
      const read = own?.[id];
      verify((typeof read === "boolean" ? plain(read) : read) === row[id], `order ${row["id"]}: ${id} differs`);
    }
  }
  ours.worker.close();
  ours.store.close();
  floor.db.close();
  return { value: median(values), floor: median(floors) };
};
