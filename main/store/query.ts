/**
 * Reading records: one, all of some collections, by number, by an indexed field, the trash, a text's segments.
 * Deleted records and those that are nothing but held cells are not shown unless asked for.
 */
import type Database from "better-sqlite3";
import { msOfHlc, parseHlc, ZERO_HLC } from "../../shared/clock/hlc.ts";
import { isDeletionPath } from "../../shared/crdt/paths.ts";
import type { StoredValue } from "../../shared/crdt/value.ts";
import { type CollectionId, type EpochMs, isUuidText, type RecordId } from "../../shared/ids.ts";
import type { RecordRow, Store, TextSegments, Which } from "./api.ts";
import { eachCell, type Image, imageOf, isLiveState, STATE } from "./image.ts";
import { lookupKey } from "./lookup-key.ts";
import { type CollectionName, lookupOf } from "./names.ts";
import { idColumn, recordIdOf } from "./record-key.ts";
import { RETURNED_FROM } from "./returning.ts";
import { fromLookup, Rows } from "./rows.ts";
import { textsOf } from "./text.ts";
import type { Connection } from "./transaction.ts";

type RowOptions = Parameters<Store["row"]>[1];

const LIVE = `state NOT IN (${STATE.deleted}, ${STATE.held})`;

export class Queries {
  readonly #connection: Connection;
  readonly #rows: Rows;
  readonly #inState: Database.Statement<[number], string>;
  readonly #lookup: Database.Statement<[number, string | number], [string, number]>;
  readonly #window: Database.Statement<[number, number, number], string>;
  readonly #lookupRange: Database.Statement<[number, string, string], [string, number]>;

  constructor(connection: Connection) {
    this.#connection = connection;
    const { db } = connection;
    this.#rows = new Rows(connection);
    this.#inState = db.prepare<[number], string>(`SELECT ${idColumn("id")} FROM record WHERE state <> 0 AND state = ?`).pluck();
    const id = idColumn("r.id");
    const range = fromLookup("field = ? AND value >= ? AND value < ?");
    this.#lookup = db
      .prepare<[number, string | number], [string, number]>(`SELECT ${id}, r.state ${fromLookup("field = ? AND value = ?")}`)
      .raw();
    this.#window = db.prepare<[number, number, number], string>(`SELECT ${id} ${range} WHERE r.${LIVE}`).pluck();
    this.#lookupRange = db.prepare<[number, string, string], [string, number]>(`SELECT ${id}, r.state ${range}`).raw();
  }

  row(id: RecordId, options?: RowOptions): ReturnType<Store["row"]> {
    const found = this.#connection.read(() => this.#connection.sql.recordById.get(id));
    if (found === undefined) return undefined;
    const [, collection, state, doc] = found;
    const deleted = state === STATE.deleted;
    if (state === STATE.held || (deleted && options?.deleted !== true)) return undefined;
    const stored: StoredValue[] = JSON.parse(doc);
    return {
      ...this.#rows.readerOf(this.#connection.names.collectionOf(collection))(id, stored),
      deleted,
      editedWhileDeleted: state === STATE.unseen || this.#isReturned(collection, stored),
    };
  }

  /** It was edited here while it was purged elsewhere, and came back as a new record. */
  #isReturned(collection: number, stored: readonly StoredValue[]): boolean {
    const { names } = this.#connection;
    // The worker may have met the field first.
    if (stored.length > names.collectionOf(collection).slots.length) names.reload();
    const slot = names.collectionOf(collection).scalars.get(RETURNED_FROM)?.slot;
    return slot !== undefined && (stored[slot] ?? null) !== null;
  }

  rows(collections: readonly CollectionId[]): RecordRow[] {
    return collections.flatMap((id) => {
      const collection = this.#collection(id);
      return collection === undefined ? [] : this.#rows.all(collection);
    });
  }

  rowsBy(id: CollectionId, field: string, which: Which): RecordRow[] {
    const collection = this.#collection(id);
    return collection === undefined ? [] : this.#rows.by(collection, field, which);
  }

  rowsOf(id: CollectionId, records: readonly RecordId[]): RecordRow[] {
    const collection = this.#collection(id);
    if (collection === undefined) return [];
    const rows = this.#rows.of(collection, records);
    for (const record of records) {
      const row = isUuidText(record) ? undefined : this.row(record);
      if (row?.collection === id) rows.push(row);
    }
    return rows;
  }

  page(id: CollectionId, before: RecordId | null, limit: number): RecordRow[] {
    const collection = this.#collection(id);
    return collection === undefined ? [] : this.#rows.page(collection, before, limit);
  }

  countOf(id: CollectionId, most: number): number {
    const collection = this.#collection(id);
    return collection === undefined ? 0 : this.#rows.count(collection, most);
  }

  /** Records in any state but the usual one. */
  inState(state: number): readonly RecordId[] {
    return this.#connection.read(() => this.#inState.all(state)).map(recordIdOf);
  }

  trash(): ReturnType<Store["trash"]> {
    const { names, sql } = this.#connection;
    return this.inState(STATE.deleted)
      .flatMap((id) => {
        const row = sql.recordById.get(id);
        if (row === undefined) return [];
        const image = imageOf(id, row, names);
        return { ...this.#rows.readerOf(image.collection)(image.id, image.doc), deletedAt: deletedAt(image) };
      })
      .sort((a, b) => b.deletedAt - a.deletedAt);
  }

  byNumber(number: string): readonly RecordId[] {
    return this.#found(this.#numberField(), (field) => this.#lookup.all(field, lookupKey("number", number) ?? number));
  }

  byDigits(digits: string): readonly RecordId[] {
    return this.#found(this.#numberField(), (field) => this.#lookupRange.all(field, `${digits}-`, `${digits}.`));
  }

  where(...[id, field, value, options]: Parameters<Store["where"]>): readonly RecordId[] {
    const find = (lookup: number) => this.#lookup.all(lookup, lookupKey(field, value) ?? value);
    return this.#found(this.#lookupOf(id, field), find, options?.deleted !== true);
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
    return collection === undefined ? undefined : lookupOf(collection, field);
  }

  #collection(id: string): CollectionName | undefined {
    return this.#connection.names.knownCollection(id);
  }

  #numberField(): number | undefined {
    return this.#collection("workOrder")?.scalars.get("number")?.lookup;
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
