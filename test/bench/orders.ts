/**
 * The data of the store's benchmarks: 10,000 orders of 20 fields, once as our store and once as a plain table of typed columns,
 * from the same seeded values. Both files get a log that is full-grown and used again, the state of a desk in its daily life.
 */
import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import path from "node:path";
import Database from "better-sqlite3";
import type { OpenOptions } from "../../main/store/api.ts";
import { newGate } from "../../main/store/gate.ts";
import { openReplicaStore } from "../../main/store/open-replica-store.ts";
import { openStore } from "../../main/store/open-store.ts";
import { holdLimit } from "../../shared/clock/hlc.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import type { RecordCells, Value } from "../../shared/crdt/types.ts";
import {
  type EpochMs,
  parseActionId,
  parseCollectionId,
  parseEpochMs,
  parseRecordId,
  parseWorkspaceId,
  type RecordId,
  uuidV7,
} from "../../shared/ids.ts";
import type { FieldDef, TypeDef } from "../../shared/schema/types.ts";
import { verify } from "./metric.ts";

export const RECORDS = 10_000;
/** Pages a log has grown to before anything is measured, about 20 MB. */
const GROWN_PAGES = 5000;

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("an id does not parse");
  return value;
};

export const ORDERS = must(parseCollectionId("benchOrder"));
export const ACTION = must(parseActionId("bench"));
const WORKSPACE = must(parseWorkspaceId("b".repeat(43)));

const field = (i: number): FieldDef => {
  const id = `f${i}`;
  if (i % 5 === 1) return { id, name: id, kind: "instant" };
  if (i % 5 === 3) return { id, name: id, kind: i % 2 === 0 ? "minutes" : "boolean" };
  return { id, name: id, kind: "string" };
};

export const FIELDS: readonly FieldDef[] = Array.from({ length: 20 }, (_, i) => field(i));
export const TYPE: TypeDef = { collection: ORDERS, name: "Bench order", fields: FIELDS };

const WORDS = ["pump", "boiler", "Küche", "leaking", "second floor", "Hauptstrasse 12", "replace", "inspect", "filter", "no heat"];

/** The value of field `i` in record `r` after `round` overwrites: different in each round. */
export const valueOf = (r: number, i: number, round: number): string | number | boolean => {
  const def = FIELDS[i];
  if (def?.kind === "instant") return 1_700_000_000_000 + (r * 37 + i + round * 10_000) * 60_000;
  if (def?.kind === "minutes") return (r + i * 15 + round) % 480;
  if (def?.kind === "boolean") return (r + i + round) % 2 === 0;
  return `${WORDS[(r + i + round) % WORDS.length] ?? ""} ${(r * 31 + i + round * 7) % 1000}`;
};

const at = must(parseEpochMs(Date.now()));
const epoch = (ms: number): EpochMs => must(parseEpochMs(ms));

const newId = (r: number): RecordId => must(parseRecordId(uuidV7(epoch(at + r), new Uint8Array(randomBytes(10)))));
/** The ids of the orders, in id order. */
export const IDS: readonly RecordId[] = Array.from({ length: RECORDS }, (_, r) => newId(r));
const further: RecordId[] = [];
/** The id of order `r`; those beyond the first 10,000 are made as they are asked for. */
export const idOf = (r: number): RecordId => IDS[r] ?? (further[r - RECORDS] ??= newId(r));

export const storeOptions = (folder: string, name: string, keepHistory: boolean): OpenOptions => ({
  file: path.join(folder, `${name}.db`),
  types: [TYPE],
  wall: () => epoch(Date.now()),
  random: (bytes) => new Uint8Array(randomBytes(bytes)),
  gate: newGate(),
  keepHistory,
});

/** Our store with the orders in it, made at this desk, 25 in a change. */
export const createOrders = (folder: string, name: string, keepHistory: boolean) => {
  const options = storeOptions(folder, name, keepHistory);
  const store = openStore(options);
  store.adopt(WORKSPACE, "A");
  const worker = openReplicaStore(options);
  for (let from = 0; from < RECORDS; from += 25) {
    const edits: Edit[] = [];
    for (let r = from; r < from + 25; r++) {
      for (const [i, { id }] of FIELDS.entries())
        edits.push({ kind: "put", collection: ORDERS, record: idOf(r), path: [id], value: valueOf(r, i, 0) });
    }
    store.commit(edits, { action: ACTION, label: "create" });
  }
  worker.checkpoint();
  return { store, worker, options };
};

/** Our store with all orders in it, its log grown; both connections open. `more`: records to take in before, as a peer sends them. */
export const openOrders = (folder: string, name: string, keepHistory: boolean, more: Iterable<readonly RecordCells[]> = []) => {
  const { store, worker, options } = createOrders(folder, name, keepHistory);
  for (const batch of more) {
    worker.mergeBatch(batch, holdLimit(epoch(Date.now())));
    if (logPages(options.file) > 4 * GROWN_PAGES) worker.checkpoint();
  }
  worker.checkpoint();
  for (let n = 0; logPages(options.file) < GROWN_PAGES; n++) {
    store.commit([{ kind: "put", collection: ORDERS, record: idOf((n * 7919) % RECORDS), path: ["f0"], value: `grow ${n}` }], {
      action: ACTION,
      label: "grow",
    });
  }
  worker.checkpoint();
  return { store, worker, file: options.file, gate: options.gate };
};

const sqlType = ({ kind }: FieldDef): string => (kind === "string" ? "TEXT" : "INTEGER");
/** What the plain table holds for a value. */
export const plain = (value: Value): string | number =>
  typeof value === "boolean" ? Number(value) : typeof value === "number" ? value : String(value);

/** The floor before its log is grown: the orders in a plain table. */
export const createPlain = (file: string): Database.Database => {
  const db = new Database(file);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = OFF");
  db.pragma("wal_autocheckpoint = 0");
  db.pragma("cache_size = -32000");
  db.exec(`CREATE TABLE orders (id TEXT PRIMARY KEY, ${FIELDS.map((def) => `${def.id} ${sqlType(def)}`).join(", ")}) STRICT`);
  const insert = db.prepare(`INSERT INTO orders VALUES (?${", ?".repeat(FIELDS.length)})`);
  db.transaction(() => {
    for (const [r, id] of IDS.entries()) insert.run(id, ...FIELDS.map((_, i) => plain(valueOf(r, i, 0))));
  })();
  db.pragma("wal_checkpoint(PASSIVE)");
  return db;
};

/** The floor: one table of typed columns, the same pragmas, its log grown the same way. */
export const openPlain = (folder: string, synchronous: "FULL" | "NORMAL"): { readonly db: Database.Database; readonly file: string } => {
  const file = path.join(folder, `plain-${synchronous}.db`);
  const db = createPlain(file);
  const grow = db.prepare("UPDATE orders SET f0 = ? WHERE id = ?");
  for (let n = 0; logPages(file) < GROWN_PAGES; n++) grow.run(`grow ${n}`, idOf((n * 7919) % RECORDS));
  db.pragma("wal_checkpoint(PASSIVE)");
  db.pragma(`synchronous = ${synchronous}`);
  return { db, file };
};

const logPages = (file: string): number => statSync(`${file}-wal`).size / 4120;

/** Both logs are grown and were not cut: floor and candidate write into the same state. */
export const verifyLogs = (...files: readonly string[]): void => {
  for (const file of files) verify(logPages(file) >= GROWN_PAGES - 1, `the log of ${file} is not full-grown`);
};
