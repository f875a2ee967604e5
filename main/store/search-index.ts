/**
 * The full-text index: `search` (FTS5, words only, by the record's number), and `word`, the names that slips are looked for in. A
 * write only notes its record in `search_due`, in its own transaction; the index is brought up to date in a later one, by the sync
 * worker or before a search. What is still due then is looked at as it stands, so a search never answers from an older state.
 */
import Database from "better-sqlite3";
import { readNote } from "../../shared/crdt/notes/doc.ts";
import { pathFromText } from "../../shared/crdt/paths.ts";
import type { StoredValue } from "../../shared/crdt/value.ts";
import { branchOf, type Image, imageOf, isLiveState } from "./image.ts";
import type { Meta } from "./meta.ts";
import type { Names } from "./names.ts";
import { isName, wordsOf } from "./search-words.ts";
import { textsOf } from "./text.ts";
import type { Connection } from "./transaction.ts";

/** Names kept in memory so that they are not written again; forgotten beyond this. */
const KNOWN_NAMES = 100_000;
/** Records in one transaction. */
const STEP = 100;

/** What is found of a record that is shown: the words of its searched fields. */
export const searchedWords = (connection: Connection, image: Image): readonly string[] => {
  const parts: string[] = [];
  for (const { slot, branch, searched } of image.collection.slots) {
    if (!searched) continue;
    if (branch) addCells(branchOf(image, slot) ?? [], parts);
    else add(image.doc[slot], parts);
  }
  for (const field of image.collection.searchedTexts) parts.push(readNote(textsOf(connection.sql, image.num, field)));
  return wordsOf(parts.join("\n"));
};

const add = (value: StoredValue | undefined, parts: string[]): void => {
  if (typeof value === "string" || typeof value === "number") parts.push(String(value));
};

/** Elements that are in the set; texts of a list's items. */
const addCells = (cells: readonly StoredValue[], parts: string[]): void => {
  for (let i = 0; i < cells.length; i += 2) {
    const value = cells[i + 1];
    if (value === true) parts.push(pathFromText(String(cells[i]))[0] ?? "");
    else if (typeof value === "string") parts.push(value);
  }
};

export class SearchIndex {
  readonly #connection: Connection;
  readonly #due: Database.Statement<[number], number>;
  readonly #put: Database.Statement<[number, string]>;
  readonly #remove: Database.Statement<[number]>;
  readonly #done: Database.Statement<[number]>;
  readonly #name: Database.Statement<[string]>;
  readonly #known = new Set<string>();

  constructor(connection: Connection) {
    this.#connection = connection;
    const { db } = connection;
    this.#due = db.prepare<[number], number>("SELECT record FROM search_due ORDER BY record DESC LIMIT ?").pluck();
    this.#put = db.prepare<[number, string]>("INSERT OR REPLACE INTO search (rowid, words) VALUES (?, ?)");
    this.#remove = db.prepare<[number]>("DELETE FROM search WHERE rowid = ?");
    this.#done = db.prepare<[number]>("DELETE FROM search_due WHERE record = ?");
    this.#name = db.prepare<[string]>("INSERT INTO word (text) VALUES (?) ON CONFLICT DO NOTHING");
  }

  /** Records whose words in the index are out of date, the newest `limit` of them. */
  due(limit: number): readonly number[] {
    return this.#connection.read(() => this.#due.all(limit));
  }

  /** The record as it stands, with its words; undefined when it is not shown. */
  found(num: number): { readonly image: Image; readonly words: readonly string[] } | undefined {
    const { sql, names } = this.#connection;
    const id = sql.idOfNum.get(num);
    const row = id === undefined ? undefined : sql.recordById.get(id);
    if (id === undefined || row === undefined || !isLiveState(row[2])) return undefined;
    try {
      const image = imageOf(id, row, names);
      return { image, words: searchedWords(this.#connection, image) };
    } catch (error) {
      // A row that makes no sense (`verify` names it) must not keep all others from being found.
      if (error instanceof Database.SqliteError) throw error;
      return undefined;
    }
  }

  /** Brings at most `limit` records up to date, in short transactions that make way for local commits; how many that were. */
  update(limit: number): number {
    let done = 0;
    try {
      while (done < limit && this.due(1).length > 0) done += this.#connection.raw(() => this.#step(Math.min(STEP, limit - done)));
    } catch (error) {
      // Names of the transaction that was taken back are not in the file.
      this.#known.clear();
      throw error;
    }
    return done;
  }

  #step(limit: number): number {
    let done = 0;
    for (const num of this.#due.all(limit)) {
      const words = this.found(num)?.words ?? [];
      if (words.length === 0) this.#remove.run(num);
      else this.#put.run(num, words.join(" "));
      for (const word of words) if (isName(word)) this.#keepName(word);
      this.#done.run(num);
      done += 1;
      if (this.#connection.wanted()) break;
    }
    return done;
  }

  #keepName(word: string): void {
    if (this.#known.has(word)) return;
    this.#name.run(word);
    if (this.#known.size >= KNOWN_NAMES) this.#known.clear();
    this.#known.add(word);
  }
}

/** Notes all records of collections whose searched fields are others than when the file was last open. Inside a transaction. */
export const settleSearch = (db: Database.Database, names: Names, meta: Meta): void => {
  const before: Readonly<Record<string, string>> = JSON.parse(meta.get("searched") ?? "{}");
  const now: Record<string, string> = {};
  const all = db.prepare<[number]>("INSERT INTO search_due SELECT num FROM record WHERE collection = ? ON CONFLICT DO NOTHING");
  for (const collection of names.collections()) {
    const fields = [...collection.slots.filter(({ searched }) => searched).map(({ field }) => field), ...collection.searchedTexts].join(
      " ",
    );
    if (fields !== (before[collection.id] ?? "")) all.run(collection.num);
    if (fields !== "") now[collection.id] = fields;
  }
  meta.set("searched", JSON.stringify(now));
};
