/**
 * Searching by words: every word that was typed must begin a word of the record; when that finds little, names a slip or two away
 * count too. Newest records first. Invariant: whatever is due for the index, an answer is complete and of the present state: what the
 * index does not have yet is brought in or looked at record by record.
 */
import type Database from "better-sqlite3";
import type { CollectionId, RecordId } from "../../shared/ids.ts";
import type { SearchHit } from "./api.ts";
import { idColumn, recordIdOf } from "./record-key.ts";
import { SearchIndex } from "./search-index.ts";
import { isName, lettersApart, lettersOf, slipsAllowed, slipsBetween, wordsOf } from "./search-words.ts";
import type { Connection } from "./transaction.ts";

const MOST_WORDS = 8;
/** Of the names near a word, so many are looked for. */
const MOST_NAMES = 16;
/** With at least so many exact hits nobody looks for misspelt ones. */
const ENOUGH_HITS = 5;
/** So many records that are due are looked at one by one (a millisecond or two); more are brought into the index before a search. */
const MOST_DUE = 100;
/** Records that one transaction of a search brings in. */
const BROUGHT_IN = 1000;
/** SQLite's `LIMIT` without a limit. */
const EVERY_ONE = -1;

interface Names {
  readonly words: string[];
  readonly letters: number[];
}

export class Search {
  readonly #connection: Connection;
  readonly #index: SearchIndex;
  readonly #match: Database.Statement<[string], [number, string, number]>;
  readonly #newNames: Database.Statement<[number], [number, string]>;
  readonly #namesByLength = new Map<number, Names>();
  #lastName = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#index = new SearchIndex(connection);
    const { db } = connection;
    this.#match = db
      .prepare<[string], [number, string, number]>(
        `SELECT s.rowid, ${idColumn("r.id")}, r.collection FROM search s CROSS JOIN record r ON r.num = s.rowid WHERE search MATCH ? ORDER BY s.rowid DESC`,
      )
      .raw();
    this.#newNames = db.prepare<[number], [number, string]>("SELECT num, text FROM word WHERE num > ? ORDER BY num").raw();
  }

  /** Brings in at most so many of the records that are due beyond what a search looks at by itself; how many that were. */
  bringIn(records: number): number {
    if (this.#index.due(MOST_DUE + 1).length <= MOST_DUE) return 0;
    try {
      return this.#index.update(records);
    } catch {
      // It cannot be written now (a full disk); the worker tells of that. A search looks at what it lacks.
      return 0;
    }
  }

  /** Live records of these collections, exact hits before close ones, newest first among each. */
  find(text: string, collections: readonly CollectionId[], limit: number): readonly SearchHit[] {
    const words = wordsOf(text).slice(0, MOST_WORDS);
    if (words.length === 0) return [];
    while (this.bringIn(BROUGHT_IN) > 0);
    const nums = new Map(collections.flatMap((id) => this.#connection.names.knownCollection(id) ?? []).map(({ num, id }) => [num, id]));
    return this.#connection.read(() => this.#connection.db.transaction(() => this.#find(words, nums, limit))());
  }

  #find(words: readonly string[], collections: ReadonlyMap<number, CollectionId>, limit: number): readonly SearchHit[] {
    const hits = new Map<number, SearchHit>();
    const due = this.#index.due(EVERY_ONE);
    const stale = new Set(due);
    const unindexed = due.flatMap((num) => this.#index.found(num) ?? []);
    const collect = (exact: boolean, expression: string, isHit: (found: readonly string[]) => boolean): void => {
      const take = (num: number, id: RecordId, collection: CollectionId | undefined): void => {
        if (collection !== undefined && !hits.has(num)) hits.set(num, { id, collection, exact });
      };
      for (const { image, words: found } of unindexed) if (isHit(found)) take(image.num, image.id, collections.get(image.collection.num));
      const most = hits.size + limit;
      for (const [num, id, collection] of this.#match.iterate(expression)) {
        if (!stale.has(num)) take(num, recordIdOf(id), collections.get(collection));
        if (hits.size >= most) break;
      }
    };
    collect(true, words.map(begins).join(" AND "), (found) => words.every((word) => found.some((each) => startsLike(each, word))));
    if (hits.size < Math.min(ENOUGH_HITS, limit)) {
      const near = words.map((word) => `(${[begins(word), ...this.#near(word).map((name) => `"${name}"`)].join(" OR ")})`);
      collect(false, near.join(" AND "), (found) =>
        words.every((word) => found.some((each) => startsLike(each, word) || isNear(each, word))),
      );
    }
    return [...hits]
      .sort(([a, { exact: one }], [b, { exact: other }]) => Number(other) - Number(one) || b - a)
      .slice(0, limit)
      .map(([, hit]) => hit);
  }

  /** Names a slip or two away from a word, the nearest first. */
  #near(word: string): readonly string[] {
    if (!isName(word)) return [];
    for (const [num, text] of this.#newNames.iterate(this.#lastName)) {
      const names = this.#namesByLength.get(text.length) ?? { words: [], letters: [] };
      names.words.push(text);
      names.letters.push(lettersOf(text));
      this.#namesByLength.set(text.length, names);
      this.#lastName = num;
    }
    const most = slipsAllowed(word.length);
    const letters = lettersOf(word);
    const near: { readonly name: string; readonly slips: number }[] = [];
    for (let length = word.length - most; length <= word.length + most; length++) {
      const names = this.#namesByLength.get(length);
      for (const [i, name] of names?.words.entries() ?? []) {
        if (lettersApart(letters, names?.letters[i] ?? 0) > 2 * most) continue;
        const slips = slipsBetween(word, name, most);
        if (slips > 0 && slips <= most) near.push({ name, slips });
      }
    }
    return near
      .sort((a, b) => a.slips - b.slips)
      .slice(0, MOST_NAMES)
      .map(({ name }) => name);
  }
}

/** One letter alone is no beginning: half of all words would do. */
const begins = (word: string): string => (word.length === 1 ? `"${word}"` : `"${word}"*`);
const startsLike = (found: string, word: string): boolean => (word.length === 1 ? found === word : found.startsWith(word));
const isNear = (found: string, word: string): boolean => {
  const most = isName(word) ? slipsAllowed(word.length) : 0;
  return slipsBetween(word, found, most) <= most;
};
