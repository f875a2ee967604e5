/**
 * Every statement of the hot paths, prepared once and typed by parameters and row. SQL never leaves this folder.
 * Rows are raw arrays: an object a row costs twice as much.
 */
import type Database from "better-sqlite3";
import type { RecordId } from "../../shared/ids.ts";
import { idColumn, recordIdOf, recordKey } from "./record-key.ts";

/** num, collection, state, doc, the creation's stamp, aside, history, the stamps of later changes */
export type RecordRowRaw = readonly [number, number, number, string, string, string | null, number, string | null];
/** path, replica, seq, hlc, term, value */
export type HeldRowRaw = readonly [string, number, number, number, number, string];
/** num, record, prev, replica, seq, hlc, cells, lost, own */
export type HistoryRowRaw = readonly [number, number, number, number, number, number, string | null, string | null, string | null];

// Not a join: SQLite plans a join again for each value that is bound, which costs four times as much as the look itself.
const RECORD =
  "num, collection, state, doc, CAST(made AS TEXT), aside, history, (SELECT CAST(packed AS TEXT) FROM stamp WHERE record = num)";
const HISTORY = "num, record, prev, replica, seq, hlc, cells, lost, own";

/** A statement that writes. */
export interface Run<Params extends unknown[]> {
  run(...params: Params): unknown;
}

/** A statement that reads. */
export interface Query<Params extends unknown[], Row> {
  get(...params: Params): Row | undefined;
  all(...params: Params): Row[];
  iterate(...params: Params): IterableIterator<Row>;
}

/** A statement that finds one thing, with ids as the rest of the program has them. */
export interface Lookup<Key, Found> {
  get(key: Key): Found | undefined;
}

export interface Statements {
  readonly begin: Run<[]>;
  readonly commit: Run<[]>;
  readonly rollback: Run<[]>;
  readonly recordById: Lookup<RecordId, RecordRowRaw>;
  readonly idOfNum: Lookup<number, RecordId>;
  readonly insertRecord: Run<[number, string | Uint8Array, number, number, string, Uint8Array, string | null, number]>;
  readonly updateRecord: Run<[number, string, string | null, number, number]>;
  readonly insertStamps: Run<[number, Uint8Array]>;
  readonly updateStamps: Run<[Uint8Array, number]>;
  readonly allInIdOrder: Query<[], number>;
  readonly replicaSeq: Query<[number], number>;
  readonly setVector: Run<[number, number, number]>;
  readonly insertLookup: Run<[number, string | number, number]>;
  readonly deleteLookup: Run<[number, string | number, number]>;
  readonly insertSearchDue: Run<[number]>;
  readonly textBytes: Query<[number, string], Uint8Array>;
  readonly texts: Query<[number, string, string], Uint8Array>;
  readonly putText: Run<[number, string, Uint8Array]>;
  readonly deleteText: Run<[number, string]>;
  readonly heldOf: Query<[number], HeldRowRaw>;
  readonly dueRecords: Query<[number], number>;
  readonly earliestHeld: Query<[], number | null>;
  readonly putHeld: Run<[number, string, number, number, number, number, string]>;
  readonly deleteHeld: Run<[number, string, number]>;
  readonly insertHistory: Run<[number, number, number, number, number, number, string | null, string | null, string | null]>;
  readonly historyRow: Query<[number], HistoryRowRaw>;
  /** The rows of one change: from its first row on, while replica and number stay the same. */
  readonly historyFrom: Query<[number, number, number, number], HistoryRowRaw>;
}

const recordById = (db: Database.Database): Lookup<RecordId, RecordRowRaw> => {
  const find = db.prepare<[string | Uint8Array], RecordRowRaw>(`SELECT ${RECORD} FROM record WHERE id = ?`).raw();
  return { get: (id) => find.get(recordKey(id)) };
};

const idOfNum = (db: Database.Database): Lookup<number, RecordId> => {
  const find = db.prepare<[number], string>(`SELECT ${idColumn("id")} FROM record WHERE num = ?`).pluck();
  return {
    get: (num) => {
      const id = find.get(num);
      return id === undefined ? undefined : recordIdOf(id);
    },
  };
};

/** Prepares them all; the file is migrated by then. */
export const prepareStatements = (db: Database.Database): Statements => ({
  begin: db.prepare<[]>("BEGIN IMMEDIATE"),
  commit: db.prepare<[]>("COMMIT"),
  rollback: db.prepare<[]>("ROLLBACK"),

  recordById: recordById(db),
  idOfNum: idOfNum(db),
  insertRecord: db.prepare<[number, string | Uint8Array, number, number, string, Uint8Array, string | null, number]>(
    "INSERT INTO record (num, id, collection, state, doc, made, aside, history) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  ),
  updateRecord: db.prepare<[number, string, string | null, number, number]>(
    "UPDATE record SET state = ?, doc = ?, aside = ?, history = ? WHERE num = ?",
  ),
  insertStamps: db.prepare<[number, Uint8Array]>("INSERT INTO stamp (record, packed) VALUES (?, ?)"),
  updateStamps: db.prepare<[Uint8Array, number]>("UPDATE stamp SET packed = ? WHERE record = ?"),

  allInIdOrder: db.prepare<[], number>("SELECT num FROM record ORDER BY id").pluck(),

  replicaSeq: db.prepare<[number], number>("SELECT seq FROM replica WHERE num = ?").pluck(),
  setVector: db.prepare<[number, number, number]>("UPDATE replica SET seq = ?, hlc = ? WHERE num = ?"),

  insertLookup: db.prepare<[number, string | number, number]>("INSERT OR IGNORE INTO lookup (field, value, record) VALUES (?, ?, ?)"),
  deleteLookup: db.prepare<[number, string | number, number]>("DELETE FROM lookup WHERE field = ? AND value = ? AND record = ?"),

  insertSearchDue: db.prepare<[number]>("INSERT INTO search_due (record) VALUES (?) ON CONFLICT DO NOTHING"),
  textBytes: db.prepare<[number, string], Uint8Array>("SELECT bytes FROM text WHERE record = ? AND path = ?").pluck(),
  texts: db.prepare<[number, string, string], Uint8Array>("SELECT bytes FROM text WHERE record = ? AND path >= ? AND path < ?").pluck(),
  putText: db.prepare<[number, string, Uint8Array]>(
    "INSERT INTO text (record, path, bytes) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes",
  ),
  deleteText: db.prepare<[number, string]>("DELETE FROM text WHERE record = ? AND path = ?"),

  heldOf: db.prepare<[number], HeldRowRaw>("SELECT path, replica, seq, hlc, term, value FROM held WHERE record = ?").raw(),
  earliestHeld: db.prepare<[], number | null>("SELECT min(hlc) FROM held").pluck(),
  dueRecords: db.prepare<[number], number>("SELECT DISTINCT record FROM held WHERE hlc <= ? ORDER BY record").pluck(),
  putHeld: db.prepare<[number, string, number, number, number, number, string]>(
    "INSERT INTO held (record, path, replica, seq, hlc, term, value) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq, hlc = excluded.hlc, term = excluded.term, value = excluded.value",
  ),
  deleteHeld: db.prepare<[number, string, number]>("DELETE FROM held WHERE record = ? AND path = ? AND replica = ?"),

  insertHistory: db.prepare<[number, number, number, number, number, number, string | null, string | null, string | null]>(
    "INSERT INTO history (num, record, prev, replica, seq, hlc, cells, lost, own) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
  ),
  historyRow: db.prepare<[number], HistoryRowRaw>(`SELECT ${HISTORY} FROM history WHERE num = ?`).raw(),
  /** The rows of one change: from its first row on, while replica and number stay the same. */
  historyFrom: db
    .prepare<[number, number, number, number], HistoryRowRaw>(
      `SELECT ${HISTORY} FROM history WHERE num >= ? AND num < ? + 500 AND replica = ? AND seq = ? ORDER BY num`,
    )
    .raw(),
});
