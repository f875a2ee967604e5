/**
 * Measures one peer, in a process of its own: `node measure.ts ADAPTER FOLDER`. Prints one JSON line a figure. A wrong answer fails it:
 * what was created, edited, merged and overwritten is read back from the disk and compared outside the timed parts.
 */
import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { median, verify } from "../metric.ts";
import { FIELDS, IDS, valueOf } from "../orders.ts";
import type { Exchange, Fields, Orders, Peer, Replica, Writes } from "./peer.ts";

const EDITS = 200;
const LOADS = 3;
const MERGED_FIELDS = 10;
const OVERWRITES = 10;

const [, , adapter = "", folder = ""] = process.argv;
const loaded: { readonly peer: Peer } = await import(`./adapters/${adapter}.ts`);
const { peer } = loaded;
const orders = peer.orders ?? IDS.length;

const say = (metric: string, value: number, unit: string): void => {
  process.stdout.write(`${JSON.stringify({ metric, value: Number(value.toPrecision(4)), unit })}\n`);
};

const fieldsOf = (r: number, round: number, from = 0, to = FIELDS.length): Fields =>
  Object.fromEntries(FIELDS.slice(from, to).map(({ id }, i) => [id, valueOf(r, from + i, round)]));
const writesOf = (count: number, round: number, from = 0, to = FIELDS.length): Writes =>
  IDS.slice(0, count).map((id, r) => [id, fieldsOf(r, round, from, to)] as const);

const ms = async (work: () => unknown): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

const bytesBelow = (place: string): number => {
  const stat = statSync(place);
  return stat.isDirectory() ? readdirSync(place).reduce((sum, name) => sum + bytesBelow(path.join(place, name)), 0) : stat.size;
};

/** Fails unless these are exactly the orders. */
const expectOrders = (found: Orders, count: number, fields: (r: number) => Fields, what: string): void => {
  verify(found.size === count, `${what}: ${found.size} orders instead of ${count}`);
  for (const [r, id] of IDS.slice(0, count).entries()) {
    const order = found.get(id);
    for (const [field, value] of Object.entries(fields(r)))
      verify(order?.[field] === value, `${what}: order ${r}, ${field} is ${String(order?.[field])} instead of ${String(value)}`);
  }
};

const fresh = (name: string): string => {
  const made = path.join(folder, name);
  mkdirSync(made, { recursive: true });
  return made;
};

const measureCreation = async (place: string): Promise<Replica> => {
  const replica = await peer.open(place);
  const writes = writesOf(orders, 0);
  const took = await ms(async () => {
    await replica.write(writes);
    await replica.flush();
  });
  say("create", took, "ms");
  return replica;
};

const measureLoad = async (place: string): Promise<Replica> => {
  let replica: Replica | undefined;
  const times: number[] = [];
  for (let n = 0; n < LOADS; n++) {
    await replica?.close();
    let found: Orders = new Map();
    times.push(
      await ms(async () => {
        replica = await peer.open(place);
        found = await replica.orders();
      }),
    );
    expectOrders(found, orders, (r) => fieldsOf(r, 0), "loaded");
  }
  say("load", median(times), "ms");
  if (replica === undefined) throw new Error("nothing was loaded");
  return replica;
};

const measureEdits = async (first: Replica, place: string): Promise<Replica> => {
  let replica = first;
  const count = peer.edits ?? EDITS;
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const r = (n * 7919) % orders;
    times.push(await ms(() => replica.edit(IDS[r] ?? "", "f0", `edit ${n}`)));
  }
  say("edit", median(times), "ms");
  if (peer.onDisk) {
    await replica.close();
    replica = await peer.open(place);
  }
  const found = await replica.orders();
  for (let n = 0; n < count; n++) verify(found.get(IDS[(n * 7919) % orders] ?? "")?.["f0"] === `edit ${n}`, `edit ${n} is gone`);
  return replica;
};

const measureMerge = async (replica: Replica, place: string, exchange: Exchange<Replica>): Promise<void> => {
  const other = await exchange.fork(replica, fresh("other"));
  await other.write(writesOf(orders, 3, 0, MERGED_FIELDS));
  const changes = await exchange.changes(other, replica);
  say("merge", await ms(() => exchange.merge(replica, changes)), "ms");
  expectOrders(await replica.orders(), orders, (r) => fieldsOf(r, 3, 0, MERGED_FIELDS), "merged");
  await other.edit(IDS[5] ?? "", "f0", "one edit on the wire");
  const one = exchange.live?.(other) ?? (await exchange.changes(other, replica));
  say("wire", exchange.size(one), "B");
  await exchange.merge(replica, one);
  await replica.close();
  const again = await peer.open(place);
  verify((await again.orders()).get(IDS[5] ?? "")?.["f0"] === "one edit on the wire", "the edit did not arrive");
  await again.close();
  await other.close();
};

const measureOverwrites = async (): Promise<void> => {
  const count = peer.overwritten ?? orders;
  const place = fresh("overwritten");
  const replica = await peer.open(place);
  for (let round = 0; round <= OVERWRITES; round++) await replica.write(writesOf(count, round));
  await replica.flush();
  await replica.close();
  say("bytes.overwritten", (bytesBelow(place) / 1e6) * (orders / count), "MB");
  const again = await peer.open(place);
  expectOrders(await again.orders(), count, (r) => fieldsOf(r, OVERWRITES), "overwritten");
  await again.close();
};

const place = fresh("orders");
let replica = await measureCreation(place);
if (peer.onDisk) {
  await replica.close();
  say("bytes.created", bytesBelow(place) / 1e6, "MB");
  replica = await measureLoad(place);
}
replica = await measureEdits(replica, place);
if (peer.exchange === undefined) await replica.close();
else await measureMerge(replica, place, peer.exchange);
if (peer.onDisk) await measureOverwrites();
rmSync(folder, { recursive: true, force: true });
const { name, version, kept, overwritten } = peer;
process.stdout.write(`${JSON.stringify({ peer: { name, version, kept, orders, overwritten: overwritten ?? orders } })}\n`);
