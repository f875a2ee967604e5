/**
 * The numbered migrations of the database file: SQL, or a step of its own where SQL alone cannot. Never edited once
 * released: a change is a new migration, and a fresh file runs them all, so its schema equals every migrated one's. `PRAGMA user_version` is the number of those that ran.
 */

import type Database from "better-sqlite3";
import { migration3 } from "./migration-3.ts";

/** "SWYD": tells our files from other programs' SQLite files (`PRAGMA application_id`). */
export const APPLICATION_ID = 0x53575944;

const V1 = `
-- Small local numbers for what would repeat: documents, stamps and indexes hold these, never the ids.
CREATE TABLE replica (
  num INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  -- The version vector: up to which number all of this replica that still counts was taken in, and that number's clock.
  -- Our own entry stands in state, where each commit writes anyway.
  seq INTEGER NOT NULL DEFAULT 0,
  hlc INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE collection (
  num INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE
) STRICT;

-- The places of a collection's documents. branch 0: the cell of that field; 1: the cells below it. Unknown fields get places too.
CREATE TABLE field (
  collection INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  id TEXT NOT NULL,
  branch INTEGER NOT NULL,
  PRIMARY KEY (collection, slot)
) STRICT, WITHOUT ROWID;

CREATE TABLE record (
  num INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  collection INTEGER NOT NULL,
  -- 0 live, 1 deleted, 2 live by edits that no deleter had seen, 3 nothing but held cells, 4 live after a restore.
  state INTEGER NOT NULL,
  -- JSON array by slot: a value, or for a branch [path tail, value, path tail, value, …].
  doc TEXT NOT NULL,
  -- shared/crdt/packed-stamps.ts
  stamps BLOB NOT NULL,
  -- JSON [path, value, path, value, …]: deletions, restores, text segments (their bytes are in text).
  aside TEXT,
  -- The latest row of history; 0 when there is none.
  history INTEGER NOT NULL
) STRICT;
CREATE INDEX record_state ON record (state) WHERE state <> 0;

-- One row for each record and replica whose cells stand or are held in it; seq is the highest.
-- What does a peer with this vector lack? An index range.
CREATE TABLE touched (
  replica INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  record INTEGER NOT NULL,
  PRIMARY KEY (replica, seq, record)
) STRICT, WITHOUT ROWID;

-- Values of indexed fields, written only when such a value changes (an expression index costs every write). field: collection * 1024 + slot.
CREATE TABLE lookup (
  field INTEGER NOT NULL,
  value ANY NOT NULL,
  record INTEGER NOT NULL,
  PRIMARY KEY (field, value, record)
) STRICT, WITHOUT ROWID;

-- Segments of merging texts: a replica's own Yjs updates.
CREATE TABLE text (
  record INTEGER NOT NULL,
  path TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (record, path)
) STRICT, WITHOUT ROWID;

-- Cells stamped past reference time, beside the standing cell of their path, one a path and replica.
CREATE TABLE held (
  record INTEGER NOT NULL,
  path TEXT NOT NULL,
  replica INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  hlc INTEGER NOT NULL,
  term INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (record, path, replica)
) STRICT, WITHOUT ROWID;

-- What each change replaced in each record, oldest first; the record's rows are chained by prev. cells: JSON
-- [slot or path, value before, …], null where the change created the record. lost: values that lost at once, in the same form.
-- own, in the first row of each of our own changes: JSON [action, label, previous own row, previous row of the action, undone row, kind].
CREATE TABLE history (
  num INTEGER PRIMARY KEY,
  record INTEGER NOT NULL,
  prev INTEGER NOT NULL,
  replica INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  hlc INTEGER NOT NULL,
  cells TEXT,
  lost TEXT,
  own TEXT
) STRICT;

-- What each commit moves, in one row.
CREATE TABLE state (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  hlc INTEGER NOT NULL,
  -- Our own replica: its local number, its last sequence number, that number's clock, the last order number it issued.
  replica INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  seq_hlc INTEGER NOT NULL,
  number INTEGER NOT NULL,
  -- The fingerprint, most significant word first.
  f0 INTEGER NOT NULL, f1 INTEGER NOT NULL, f2 INTEGER NOT NULL, f3 INTEGER NOT NULL,
  -- Live records of all but system collections; records ever; held cells; the first row of our latest change that can be undone.
  live INTEGER NOT NULL, records INTEGER NOT NULL, held INTEGER NOT NULL, own INTEGER NOT NULL
) STRICT;

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Small durable facts of this device, never synced.
CREATE TABLE notebook (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What peers have durably taken in of our own replica.
CREATE TABLE peer (
  device TEXT PRIMARY KEY,
  replica INTEGER NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The membership log, in order of arrival, and the signed lines that register replicas.
CREATE TABLE operation (
  num INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  bytes BLOB NOT NULL
) STRICT;
CREATE TABLE replica_line (
  replica TEXT PRIMARY KEY,
  device TEXT NOT NULL,
  bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;
`;

const V2 = `
-- The words of the searched fields by record number: words alone, without places. Fed with folded words (search-words.ts).
CREATE VIRTUAL TABLE search USING fts5 (words, content = '', contentless_delete = 1, detail = none, prefix = '2 3', tokenize = 'unicode61');
-- Records whose words in the index are out of date, noted by the transaction that changed them.
CREATE TABLE search_due (
  record INTEGER PRIMARY KEY
) STRICT;
-- Names that stand or stood in searched fields: where slips of the keys are looked for.
CREATE TABLE word (
  num INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;
`;

const V4 = `
-- What every other device has durably acknowledged, as told on its own connection: of its present replica, the local number of each
-- replica and up to where (varints, shared/crdt/pack-buffer.ts). away: since when it is not waited for, by an admin's word; 0: it is.
CREATE TABLE acknowledged (
  device TEXT PRIMARY KEY,
  replica TEXT NOT NULL,
  vector BLOB NOT NULL,
  away INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- The purge vector: the highest number of each replica in what was purged, here or where our vector came from.
ALTER TABLE replica ADD COLUMN purged INTEGER NOT NULL DEFAULT 0;
`;

/** `MIGRATIONS[n]` takes a file from version n to n + 1, inside a transaction. */
export const MIGRATIONS: readonly (string | ((db: Database.Database) => void))[] = [V1, V2, migration3, V4];
