/**
 * Version 3 of the file: ids as 16 bytes, the stamps of later changes in a table of their own, and instead of a row for each record and
 * replica a log of what arrived when (`arrivals.ts`). Never edited once released.
 */
import type Database from "better-sqlite3";
import { PackBuffer, PackReader } from "../../shared/crdt/pack-buffer.ts";
import { packHead } from "../../shared/crdt/packed-stamps.ts";

const SQL = `
CREATE TABLE record3 (
  num INTEGER PRIMARY KEY,
  -- 16 bytes of a UUID, or a foreign id as text.
  id ANY NOT NULL UNIQUE,
  collection INTEGER NOT NULL,
  -- 0 live, 1 deleted, 2 live by edits that no deleter had seen, 3 nothing but held cells, 4 live after a restore.
  state INTEGER NOT NULL,
  -- JSON array by slot: a value, or for a branch [path tail, value, path tail, value, ...].
  doc TEXT NOT NULL,
  -- The stamp of the creation (shared/crdt/packed-stamps.ts); a row keeps its length while stamps are added.
  made BLOB NOT NULL,
  -- JSON [path, value, path, value, ...]: deletions, restores, text segments (their bytes are in text).
  aside TEXT,
  -- The latest row of history; 0 when there is none.
  history INTEGER NOT NULL
) STRICT;
-- The stamps of later changes, where there are any.
CREATE TABLE stamp (
  record INTEGER PRIMARY KEY,
  packed BLOB NOT NULL
) STRICT;
INSERT INTO record3 SELECT num,
  CASE WHEN length(id) = 36 AND id NOT GLOB '*[^0-9a-f-]*' AND length(replace(id, '-', '')) = 32
    AND id GLOB '????????-????-????-????-????????????' THEN unhex(id, '-') ELSE id END,
  collection, state, doc, substr(stamps, 1, creation_bytes(stamps)), aside, history FROM record ORDER BY num;
INSERT INTO stamp SELECT num, later_stamps(stamps, collection) FROM record WHERE length(stamps) > creation_bytes(stamps) ORDER BY num;

-- How far a replica's numbers were seen anywhere: in the vector or in cells beyond it, with that number's clock, 0 where it is not known.
ALTER TABLE replica ADD COLUMN top INTEGER NOT NULL DEFAULT 0;
ALTER TABLE replica ADD COLUMN top_hlc INTEGER NOT NULL DEFAULT 0;
UPDATE replica SET top = max(seq, coalesce((SELECT max(t.seq) FROM touched t WHERE t.replica = num), 0));
UPDATE replica SET top_hlc = hlc WHERE top = seq;

DROP TABLE touched;
DROP TABLE record;
ALTER TABLE record3 RENAME TO record;
CREATE INDEX record_state ON record (state) WHERE state <> 0;

-- Records by 32 of their numbers: up to when one of them was written without a row of history, counted in rows of history.
CREATE TABLE touched (
  block INTEGER PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT;
INSERT INTO touched SELECT DISTINCT num / 32, 0 FROM record;

-- All cells of this replica with a greater number arrived after that row of history.
CREATE TABLE milestone (
  replica INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (replica, seq)
) STRICT, WITHOUT ROWID;

-- The last row of history that was numbered; never goes back, whatever is trimmed.
ALTER TABLE state ADD COLUMN arrival INTEGER NOT NULL DEFAULT 0;
UPDATE state SET arrival = coalesce((SELECT max(num) FROM history), 0);
`;

const bytesOf = (blob: unknown): Uint8Array => (blob instanceof Uint8Array ? blob : new Uint8Array());

/** Bytes of the creation's stamp at the start of the packed stamps: three varints, four with a term. */
const creationBytes = (stamps: Uint8Array): number => {
  let left = ((stamps[0] ?? 0) & 1) === 1 ? 4 : 3;
  let at = 0;
  while (left > 0 && at < stamps.length) if ((stamps[at++] ?? 0) < 64) left -= 1;
  return at;
};

/**
 * The runs as version 3 packs them. Version 2 had (seq delta)*4+isMask*2+hasTerm as a varint, the term, ms delta*2+hasTicks in zigzag; all
 * else is as it was. `branch[slot]`: a position follows the slot.
 */
const laterStamps = (stamps: Uint8Array, branch: readonly boolean[]): Uint8Array => {
  const reader = new PackReader(String.fromCharCode(...stamps.subarray(creationBytes(stamps))));
  const out = new PackBuffer();
  const copy = (): number => {
    const value = reader.varint();
    out.varint(value);
    return value;
  };
  while (reader.at < reader.text.length) {
    const head = copy();
    for (let left = head % 4 === 3 ? copy() + 4 : (head % 4) + 1; left > 0; left--) {
      const step = reader.varint();
      const term = step % 2 === 1 ? reader.varint() : 0;
      const clock = reader.zigzag();
      const [isMask, hasTicks] = [step % 4 >= 2, clock % 2 !== 0];
      packHead(out, { seq: Math.floor(step / 4), ms: Math.floor(clock / 2), term, isMask, hasTicks });
      if (hasTicks) copy();
      if (isMask) copy();
      else copyCells(copy, branch);
    }
  }
  return out.bytes.slice(0, out.length);
};

const copyCells = (copy: () => number, branch: readonly boolean[]): void => {
  let cell: number;
  do {
    cell = copy();
    const slot = Math.floor(cell / 2) - 1;
    if (slot < 0 || branch[slot] === true) copy();
  } while (cell % 2 === 1);
};

/** Inside the transaction of all migrations. */
export const migration3 = (db: Database.Database): void => {
  const branches = new Map<unknown, boolean[]>();
  for (const [collection, slot, branch] of db.prepare<[], number[]>("SELECT collection, slot, branch FROM field").raw().all()) {
    const slots = branches.get(collection) ?? [];
    slots[slot ?? 0] = branch === 1;
    branches.set(collection, slots);
  }
  db.function("creation_bytes", { deterministic: true }, (stamps: unknown) => creationBytes(bytesOf(stamps)));
  db.function("later_stamps", { deterministic: true }, (stamps: unknown, collection: unknown) =>
    laterStamps(bytesOf(stamps), branches.get(collection) ?? []),
  );
  // They name the old columns; the start makes them again.
  for (const view of db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'view'").pluck().all()) {
    db.exec(`DROP VIEW "${view.replaceAll('"', '""')}"`);
  }
  db.exec(SQL);
};
