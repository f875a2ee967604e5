/**
 * Reading records: one, all of some collections, by number, by an indexed field, the trash, a text's segments.
 * Deleted records and those that are nothing but held cells are not shown unless asked for.
 */
import type Database from "better-sqlite3";
import { msOfHlc, parseHlc, ZERO_HLC } from "../../shared/clock/hlc.ts";
import { isDeletionPath } from "../../shared/crdt/paths.ts";
import type { StoredValue } from "../../shared/crdt/value.ts";
import type { CollectionId, EpochMs, RecordId } from "../../shared/ids.ts";
import type { RecordRow, Store, TextSegments } from "./api.ts";
import { eachCell, type Image, imageOf, isLiveState, STATE } from "./image.ts";
import { lookupKey } from "./lookup-key.ts";
import type { CollectionName } from "./names.ts";
import { compileReader, type Reader } from "./read.ts";
import { idColumn, recordIdOf } from "./record-key.ts";
import { RETURNED_FROM } from "./returning.ts";
import { textsOf } from "./text.ts";
import type { Connection } from "./transaction.ts";

type RowOptions = Parameters<Store["row"]>[1];

const LIVE = `state NOT IN (${STATE.deleted}, ${STATE.held})`;

export class Queries {
  readonly #connection: Connection;
  readonly #readers = new Map<number, Reader>();
  readonly #all: Database.Statement<[number], [string, string]>;
  readonly #trash: Database.Statement<[], string>;
  readonly #lookup: Database.Statement<[number, string | number], [string, number]>;
  readonly #window: Database.Statement<[number, number, number], string>;
  readonly #lookupRange: Database.Statement<[number, string, string], [string, number]>;

  constructor(connection: Connection) {
    this.#connection = connection;
    const { db } = connection;
    this.#all = db.prepare<[number], [string, string]>(`SELECT ${idColumn("id")}, doc FROM record WHERE collection = ? AND ${LIVE}`).raw();
    this.#trash = db.prepare<[], string>(`SELECT ${idColumn("id")} FROM record WHERE state <> 0 AND state = ${STATE.deleted}`).pluck();
    const found = `SELECT ${idColumn("r.id")}, r.state FROM lookup l JOIN record r ON r.num = l.record WHERE l.field = ?`;
    this.#lookup = db.prepare<[number, string | number], [string, number]>(`${found} AND l.value = ?`).raw();
    this.#window = db
      .prepare<[number, number, number], string>(
        `SELECT ${idColumn("r.id")} FROM lookup l JOIN record r ON r.num = l.record WHERE l.field = ? AND l.value >= ? AND l.value < ? AND r.${LIVE} ORDER BY l.value`,
      )
      .pluck();
    this.#lookupRange = db.prepare<[number, string, string], [string, number]>(`${found} AND l.value >= ? AND l.value < ?`).raw();
  }

  row(id: RecordId, options?: RowOptions): ReturnType<Store["row"]> {
    const found = this.#connection.read(() => this.#connection.sql.recordById.get(id));
    if (found === undefined) return undefined;
    const [, collection, state, doc] = found;
    const deleted = state === STATE.deleted;
    if (state === STATE.held || (deleted && options?.deleted !== true)) return undefined;
    const stored: StoredValue[] = JSON.parse(doc);
    return {
      ...this.#readerOf(this.#connection.names.collectionOf(collection))(id, stored),
      deleted,
      editedWhileDeleted: state === STATE.unseen || this.#isReturned(collection, stored),
    };
  }

  /** It was edited here while it was purged elsewhere, and came back as a new record. */
  #isReturned(collection: number, stored: readonly StoredValue[]): boolean {
    const slot = this.#connection.names.collectionOf(collection).scalars.get(RETURNED_FROM)?.slot;
    return slot !== undefined && (stored[slot] ?? null) !== null;
  }

  rows(collections: readonly CollectionId[]): RecordRow[] {
    const rows: RecordRow[] = [];
    for (const id of collections) {
      const collection = this.#collection(id);
      if (collection === undefined) continue;
      const read = this.#readerOf(collection);
      for (const [record, doc] of this.#connection.read(() => this.#all.all(collection.num)))
        rows.push(read(recordIdOf(record), JSON.parse(doc)));
    }
    return rows;
  }

  trash(): ReturnType<Store["trash"]> {
    const { names, sql } = this.#connection;
    return this.#connection
      .read(() => this.#trash.all())
      .flatMap((selected) => {
        const id = recordIdOf(selected);
        const row = sql.recordById.get(id);
        if (row === undefined) return [];
        const image = imageOf(id, row, names);
        return { ...this.#readerOf(image.collection)(image.id, image.doc), deletedAt: deletedAt(image) };
      })
      .sort((a, b) => b.deletedAt - a.deletedAt);
  }

  byNumber(number: string): readonly RecordId[] {
    return this.#found(this.#numberField(), (field) => this.#lookup.all(field, lookupKey("number", number) ?? number));
  }

  byDigits(digits: string): readonly RecordId[] {
    return this.#found(this.#numberField(), (field) => this.#lookupRange.all(field, `${digits}-`, `${digits}.`));
  }

  where(id: CollectionId, field: string, value: string | number): readonly RecordId[] {
    return this.#found(this.#lookupOf(id, field), (lookup) => this.#lookup.all(lookup, lookupKey(field, value) ?? value), true);
  }

  text(record: RecordId, field: string): TextSegments {
    return this.#connection.read(() => {
      const num = this.#connection.sql.recordById.get(record)?.[0];
      return { updates: num === undefined ? [] : textsOf(this.#connection.sql, num, field) };
    });
  }

  #found(field: number | undefined, find: (field: number) => readonly [string, number][], liveOnly = false): readonly RecordId[] {
    if (field === undefined) return [];
    const rows = this.#connection.read(() => find(field)).filter(([, state]) => (liveOnly ? isLiveState(state) : state !== STATE.held));
    return [...rows].sort(([, a], [, b]) => Number(a === STATE.deleted) - Number(b === STATE.deleted)).map(([id]) => recordIdOf(id));
  }

  /** Live ones whose value is from `from` on and before `to`, by value. */
  between(id: CollectionId, field: string, from: number, to: number): readonly RecordId[] {
    const lookup = this.#lookupOf(id, field);
    return lookup === undefined ? [] : this.#connection.read(() => this.#window.all(lookup, from, to)).map(recordIdOf);
  }

  #lookupOf(id: CollectionId, field: string): number | undefined {
    const collection = this.#collection(id);
    return (collection?.scalars.get(field) ?? collection?.branches.get(field))?.lookup;
  }

  #collection(id: string): CollectionName | undefined {
    return this.#connection.names.knownCollection(id);
  }

  #numberField(): number | undefined {
    return this.#collection("workOrder")?.scalars.get("number")?.lookup;
  }

  #readerOf(collection: CollectionName): Reader {
    const known = this.#readers.get(collection.num);
    if (known !== undefined) return known;
    const reader = compileReader(collection);
    this.#readers.set(collection.num, reader);
    return reader;
  }
}

/** The latest deletion's time. */
const deletedAt = (image: Image): EpochMs => {
  let latest = 0;
  eachCell(image, (path, _stored, stamp) => {
    if (isDeletionPath(path)) latest = Math.max(latest, image.stamps.hlc[stamp] ?? 0);
  });
  return msOfHlc(parseHlc(latest) ?? ZERO_HLC);
};
