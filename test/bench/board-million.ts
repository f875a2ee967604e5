/**
 * The loaded board of a desk that holds a million orders, 10,000 of them active, beside one that holds the 10,000 alone: time and memory.
 * Active orders are mostly young, one in ten lies anywhere among the old ones; old ones are closed, cancelled or wait for review.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { openReplicaStore } from "../../main/store/open-replica-store.ts";
import { openStore } from "../../main/store/open-store.ts";
import { hlcAt, holdLimit } from "../../shared/clock/hlc.ts";
import type { Cell, RecordCells, Value } from "../../shared/crdt/types.ts";
import { type EpochMs, parseCollectionId, parseEpochMs, parseRecordId, type RecordId, uuidV7 } from "../../shared/ids.ts";
import { BUILT_IN_TYPES } from "../../shared/schema/builtin.ts";
import type { BoardLoaded } from "./board-child.ts";
import { replicaOf } from "./merges.ts";
import { type Measured, median, verify } from "./metric.ts";
import { storeOptions } from "./orders.ts";

const ACTIVE = 10_000;
const HELD = 1_000_000;
const MOST = 1.2;
const DAY = 86_400_000;
const BATCH = 500;
const TURNS = 3;
const STATUSES = ["new", "scheduled", "in_progress", "on_hold"];

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("an id does not parse");
  return value;
};
const epoch = (ms: number): EpochMs => must(parseEpochMs(ms));
const idFor = (kind: number, n: number, ms: number): RecordId =>
  must(parseRecordId(uuidV7(epoch(ms), new Uint8Array([kind, 0, 0, 0, 0, 0, n >> 24, n >> 16, n >> 8, n]))));

interface Office {
  readonly held: number;
  readonly customers: number;
  readonly now: number;
}

/** Whether order `n` is active: nine in ten of these among the last made. */
const isActive = ({ held }: Office, n: number): boolean => {
  if (held === ACTIVE) return true;
  const scattered = ACTIVE / 10;
  const old = held - ACTIVE + scattered;
  return n >= old || (n % Math.floor(old / scattered) === 0 && n / Math.floor(old / scattered) < scattered);
};

/** The records of an office in the order they were made. */
function* recordsOf(
  office: Office,
): Generator<readonly [collection: string, id: RecordId, fields: Readonly<Record<string, Value>>, sets: readonly string[]]> {
  const { held, customers, now } = office;
  const first = now - 700 * DAY;
  const technicians = Array.from({ length: 100 }, (_, n) => idFor(1, n, first));
  for (const [n, id] of technicians.entries()) yield ["technician", id, { name: `Technician ${n}`, active: true }, []];
  const customerAt = (n: number): RecordId => idFor(2, n, first);
  const siteAt = (n: number): RecordId => idFor(3, n, first);
  for (let n = 0; n < customers; n++) {
    yield ["customer", customerAt(n), { name: `Customer ${n} Heating`, terms: "30 days" }, []];
    yield ["site", siteAt(n), { customer: customerAt(n), address: `${n} Hauptstrasse, Springfield`, lat: 52 + n / 1e5, lon: 13 }, []];
  }
  for (let n = 0; n < held; n++) {
    const made = first + Math.floor((n / held) * 660 * DAY);
    const active = isActive(office, n);
    // The customers of active orders are as many in both offices.
    const customer = active ? n % 4000 : n % customers;
    const at = active ? now + ((n * 37) % 10_000) * 120_000 : made + DAY;
    const id = idFor(4, n, made);
    const status = active ? must(STATUSES[n % 4]) : n % 10 === 0 ? "done" : n % 10 === 1 ? "cancelled" : "closed";
    const fields = {
      number: `A-${n}`,
      title: `Boiler ${n % 977} leaks on the second floor`,
      kind: "repair",
      priority: "normal",
      status,
      customer: customerAt(customer),
      site: siteAt(customer),
      requestedFrom: at,
      requestedTo: at + 7_200_000,
      estimatedMinutes: 60,
    };
    yield ["workOrder", id, fields, []];
    const visit = {
      workOrder: id,
      status: active ? "planned" : "done",
      plannedFrom: at,
      plannedMinutes: 60,
      lead: must(technicians[n % 100]),
    };
    yield ["visit", idFor(5, n, made), visit, [must(technicians[n % 100])]];
  }
}

const fill = (folder: string, office: Office): string => {
  mkdirSync(folder);
  const options = { ...storeOptions(folder, "office", false), types: BUILT_IN_TYPES };
  const store = openStore(options);
  const worker = openReplicaStore(options);
  const hlc = hlcAt(epoch(office.now - DAY));
  const replica = replicaOf(1);
  let batch: RecordCells[] = [];
  let seq = 0;
  const send = (): void => {
    worker.mergeBatch(batch, holdLimit(epoch(office.now)));
    batch = [];
    if (seq % (BATCH * 20) === 0) worker.checkpoint();
  };
  for (const [collection, record, fields, technicians] of recordsOf(office)) {
    const stamp = { term: 0, hlc, replica, seq: ++seq };
    const cells: Cell[] = Object.entries(fields).map(([field, value]) => ({ path: [field], value, stamp }));
    for (const technician of technicians) cells.push({ path: ["technicians", technician], value: true, stamp });
    batch.push({ record, collection: must(parseCollectionId(collection)), whole: true, cells });
    if (batch.length === BATCH) send();
  }
  send();
  worker.checkpoint();
  worker.close();
  store.close();
  return options.file;
};

const load = (file: string, now: number): BoardLoaded => {
  const child = fileURLToPath(new URL("board-child.ts", import.meta.url));
  return JSON.parse(execFileSync(process.execPath, ["--expose-gc", child, file, String(now)], { encoding: "utf8" }));
};

/** Milliseconds to the loaded board; fails when it holds other orders, or more memory than it may. The two are loaded in turn. */
export const measureMillionBoard = (folder: string): Measured => {
  const now = Date.now();
  const few = fill(path.join(folder, "few"), { held: ACTIVE, customers: 4000, now });
  const many = fill(path.join(folder, "many"), { held: HELD, customers: 40_000, now });
  const pairs = Array.from({ length: TURNS }, () => ({ few: load(few, now), many: load(many, now) }));
  rmSync(path.join(folder, "many"), { recursive: true });
  for (const { few: alone, many: loaded } of pairs) {
    // 500 that wait for review are shown beside the active ones.
    verify(alone.orders === ACTIVE && loaded.orders === ACTIVE + 500, `${alone.orders} and ${loaded.orders} orders are on the boards`);
    verify(alone.visits === alone.orders && loaded.visits === loaded.orders, "not all visits are on the boards");
  }
  const middle = (of: "few" | "many", what: "ms" | "heap" | "rss"): number => median(pairs.map((pair) => pair[of][what]));
  for (const what of ["heap", "rss"] as const) {
    const [value, floor] = [middle("many", what), middle("few", what)];
    const ratio = value / floor;
    process.stderr.write(`  ${what}: ${(value / 1e6).toFixed(1)} MB over ${(floor / 1e6).toFixed(1)} MB, ratio ${ratio.toFixed(3)}\n`);
    verify(ratio <= MOST, `the loaded board's ${what} is ${ratio.toFixed(3)} of that with the active orders alone`);
  }
  return { value: middle("many", "ms"), floor: middle("few", "ms") };
};
