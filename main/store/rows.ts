/**
 * Many records at once, in the renderer's form, through an index wherever there is one: the listing of a small collection, or the values
 * of an indexed field. Id and document come as one text: a row of one column costs half of one of two, and bytes a buffer each.
 */
import type Database from "better-sqlite3";
import { type RecordId, uuidOfDigits } from "../../shared/ids.ts";
import type { RecordRow, Which } from "./api.ts";
import { STATE } from "./image.ts";
import { lookupKey } from "./lookup-key.ts";
import { type CollectionName, LISTED, lookupOf } from "./names.ts";
import { compileReader, type Reader } from "./read.ts";
import { recordIdOf, recordKey } from "./record-key.ts";
import type { Connection } from "./transaction.ts";

const LIVE = `r.state <> ${STATE.deleted} AND r.state <> ${STATE.held}`;
const JOIN = "CROSS JOIN record r ON r.num = l.record";
/** Greater than every text and number. */
const LAST = new Uint8Array();
const FIRST = Number.NEGATIVE_INFINITY;
/** Greater than every id. */
const BEYOND_IDS = new Uint8Array(17).fill(255);

/** Records in one portion of a whole collection. */
const PORTION = 1024;

type Key = string | number | Uint8Array;

type Source<Params extends unknown[]> = Database.Statement<Params, string>;

/** The document stands behind 32 hex digits, or behind a text of one line (every text is less than any bytes). */
const ID_AND_DOC = "iif(r.id >= x'', lower(hex(r.id)), '=' || r.id || char(10)) || r.doc";
const ID_DIGITS = 32;
const TEXT_ID = 61;

/**
 * FROM the records of some rows of the lookup, in their order. Whenever a value is bound, SQLite plans a join that it stands in again, which
 * costs as much as a small answer; kept apart by its LIMIT, the part with the values is no join, and is planned once.
 */
export const fromLookup = (where: string): string =>
  `FROM (SELECT record FROM lookup WHERE ${where} LIMIT -1) f CROSS JOIN record r ON r.num = f.record`;

/** `from`: FROM and what follows, with the record as `r`. */
const source = <Params extends unknown[]>(db: Database.Database, from: string): Source<Params> =>
  db.prepare<Params, string>(`SELECT ${ID_AND_DOC} ${from}`).pluck();

export class Rows {
  readonly #connection: Connection;
  readonly #readers = new Map<number, Reader>();
  readonly #whole: Source<[number, number, number]>;
  readonly #listed: Source<[number, number, number]>;
  readonly #last: Database.Statement<[], number>;
  readonly #next: Database.Statement<[number, number], number>;
  readonly #in: Source<[number, string]>;
  readonly #span: Source<[number, number, number]>;
  readonly #spanAnd: Source<[number, number, number, number, Key]>;
  readonly #amid: Source<[number, Key, Key]>;
  readonly #newest: Source<[number, Key, number]>;
  readonly #page: Source<[Key, number, number]>;
  readonly #of: Source<[number, string]>;
  readonly #count: Database.Statement<[number, number], number>;

  constructor(connection: Connection) {
    this.#connection = connection;
    const { db } = connection;
    this.#whole = source(db, `FROM record r WHERE r.num >= ? AND r.num < ? AND r.collection = ? AND ${LIVE}`);
    this.#last = db.prepare<[], number>("SELECT coalesce(max(num), 0) FROM record").pluck();
    this.#next = db
      .prepare<[number, number], number>(
        `SELECT record FROM lookup WHERE field = ? AND value = ${LISTED} AND record >= ? ORDER BY record LIMIT 1 OFFSET ${PORTION}`,
      )
      .pluck();
    this.#listed = source(db, `FROM lookup l ${JOIN} WHERE l.record >= ? AND l.record < ? AND l.field = ? AND l.value = ${LISTED}`);
    this.#in = source(db, `${fromLookup("field = ? AND value IN (SELECT value FROM json_each(?))")} WHERE ${LIVE}`);
    this.#span = source(db, `${fromLookup("field = ? AND value >= ? AND value < ?")} WHERE ${LIVE}`);
    this.#spanAnd = source(
      db,
      `FROM lookup l CROSS JOIN lookup a ON a.record = l.record ${JOIN} WHERE l.field = ? AND l.value >= ? AND l.value < ? AND a.field = ? AND a.value = ? AND ${LIVE}`,
    );
    this.#amid = source(db, `${fromLookup("field = ? AND value > ? AND value < ?")} WHERE ${LIVE}`);
    this.#newest = source(db, `FROM lookup l ${JOIN} WHERE l.field = ? AND l.value = ? AND ${LIVE} ORDER BY l.record DESC LIMIT ?`);
    this.#page = source(db, `FROM record r WHERE r.id < ? AND r.collection = ? AND ${LIVE} ORDER BY r.id DESC LIMIT ?`);
    this.#of = source(
      db,
      `FROM (SELECT unhex(value, '-') AS id, ? AS collection FROM json_each(?) LIMIT -1) j CROSS JOIN record r ON r.id = j.id WHERE r.collection = j.collection AND ${LIVE}`,
    );
    this.#count = db
      .prepare<[number, number], number>(`SELECT count(*) FROM (SELECT 1 FROM lookup WHERE field = ? AND value = ${LISTED} LIMIT ?)`)
      .pluck();
  }

  /** How a document of the collection reads. */
  readerOf(collection: CollectionName): Reader {
    const known = this.#readers.get(collection.num);
    if (known !== undefined) return known;
    const reader = compileReader(collection);
    this.#readers.set(collection.num, reader);
    return reader;
  }

  /**
   * All live records of a collection; those of one that is not listed are looked for among all records. In portions, whose texts are let go
   * before the next: what lives through a whole load costs the collector as much again.
   */
  all(collection: CollectionName): RecordRow[] {
    const { listed, num } = collection;
    const rows: RecordRow[] = [];
    const portions = this.#connection.db.transaction((): void => {
      const end = (this.#last.get() ?? 0) + 1;
      for (let from = 1, to: number; from < end; from = to) {
        to = listed === undefined ? from + PORTION : (this.#next.get(listed, from) ?? end);
        for (const row of this.#rows(collection, listed === undefined ? this.#whole : this.#listed, from, to, listed ?? num))
          rows.push(row);
      }
    });
    this.#connection.read(portions);
    return rows;
  }

  /** How many live records a listed collection has, counted as far as `most`. */
  count(collection: CollectionName, most: number): number {
    const { listed } = collection;
    return listed === undefined ? 0 : this.#connection.read(() => this.#count.get(listed, most) ?? 0);
  }

  /** Those of these records that are live and of the collection; ids that are no UUIDs are passed over. */
  of(collection: CollectionName, ids: readonly RecordId[]): RecordRow[] {
    return ids.length === 0 ? [] : this.#rows(collection, this.#of, collection.num, JSON.stringify(ids));
  }

  /** Live records by their values of a looked-up field; a record whose set holds several of the values comes several times. */
  by(collection: CollectionName, field: string, which: Which): RecordRow[] {
    const lookup = lookupOf(collection, field);
    if (lookup === undefined) return [];
    switch (which.kind) {
      case "in":
        return this.#rows(collection, this.#in, lookup, JSON.stringify(which.values.map((value) => lookupKey(field, value))));
      case "within":
        return this.#within(collection, lookup, which);
      case "notIn": {
        const values = [...which.values].sort();
        const gaps = [...values, LAST].map((value, i) => [values[i - 1] ?? FIRST, value] as const);
        return gaps.flatMap(([after, before]) => this.#rows(collection, this.#amid, lookup, after, before));
      }
      case "newest":
        return this.#rows(collection, this.#newest, lookup, lookupKey(field, which.value) ?? which.value, which.limit);
    }
  }

  #within(collection: CollectionName, lookup: number, { from, to, and }: Extract<Which, { kind: "within" }>): RecordRow[] {
    if (and === undefined) return this.#rows(collection, this.#span, lookup, from, to);
    const other = lookupOf(collection, and.field);
    return other === undefined
      ? []
      : this.#rows(collection, this.#spanAnd, lookup, from, to, other, lookupKey(and.field, and.value) ?? and.value);
  }

  /** Live records of a collection whose ids come before one, or the last ones, the greatest id (made last) first. */
  page(collection: CollectionName, before: RecordId | null, limit: number): RecordRow[] {
    return this.#rows(collection, this.#page, before === null ? BEYOND_IDS : recordKey(before), collection.num, limit);
  }

  #rows<Params extends unknown[]>(collection: CollectionName, found: Source<Params>, ...params: Params): RecordRow[] {
    const read = this.readerOf(collection);
    const texts = this.#connection.read(() => found.all(...params));
    const rows = new Array<RecordRow>(texts.length);
    let i = 0;
    for (const text of texts) rows[i++] = rowOf(read, text);
    return rows;
  }
}

const rowOf = (read: Reader, text: string): RecordRow => {
  const isText = text.charCodeAt(0) === TEXT_ID;
  const end = isText ? text.indexOf("\n") : ID_DIGITS;
  return read(isText ? recordIdOf(text.slice(0, end)) : uuidOfDigits(text), JSON.parse(text.slice(end)));
};
