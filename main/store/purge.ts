/**
 * Purging: a deleted record that every other device is known to hold as deleted is taken out of the file with all that hangs on it, and
 * the purge vector moves in the same transaction. Which may go is `shared/protocol/purge.ts`'s to say; here it is looked up and removed, a
 * few records at a time, making way for local commits.
 */
import type Database from "better-sqlite3";
import { msOfHlc, ZERO_HLC } from "../../shared/clock/hlc.ts";
import { isDeletionPath } from "../../shared/crdt/paths.ts";
import type { RecordId } from "../../shared/ids.ts";
import { type Deleted, judgePurge, type PurgeRules, reachOf } from "../../shared/protocol/purge.ts";
import type { PurgeLine, PurgeStep } from "./api.ts";
import { STATE } from "./image.ts";
import { lookupKeys } from "./lookup-key.ts";
import type { Connection, Transaction } from "./transaction.ts";
import { RecordWriter } from "./writer.ts";

export class Purger {
  readonly #connection: Connection;
  readonly #deleted: Database.Statement<[number, number], number>;
  readonly #record: Database.Statement<[number]>;
  readonly #stamps: Database.Statement<[number]>;
  readonly #texts: Database.Statement<[number]>;
  readonly #search: Database.Statement<[number]>;
  readonly #searchDue: Database.Statement<[number]>;
  readonly #history: Database.Statement<[number]>;
  readonly #blank: Database.Statement<[number]>;
  readonly #purged: Database.Statement<[number, number]>;

  constructor(connection: Connection) {
    const { db } = connection;
    this.#connection = connection;
    this.#deleted = db
      .prepare<[number, number], number>(
        `SELECT num FROM record WHERE state <> 0 AND state = ${STATE.deleted} AND num > ? ORDER BY num LIMIT ?`,
      )
      .pluck();
    this.#record = db.prepare<[number]>("DELETE FROM record WHERE num = ?");
    this.#stamps = db.prepare<[number]>("DELETE FROM stamp WHERE record = ?");
    this.#texts = db.prepare<[number]>("DELETE FROM text WHERE record = ?");
    this.#search = db.prepare<[number]>("DELETE FROM search WHERE rowid = ?");
    this.#searchDue = db.prepare<[number]>("DELETE FROM search_due WHERE record = ?");
    this.#history = db.prepare<[number]>("DELETE FROM history WHERE num = ?");
    this.#blank = db.prepare<[number]>("UPDATE history SET record = 0, prev = 0, cells = '[]', lost = NULL WHERE num = ?");
    this.#purged = db.prepare<[number, number]>("UPDATE replica SET purged = max(purged, ?) WHERE num = ?");
  }

  /** What would go now and what waits, for at most so many records of the trash. Changes nothing. */
  look(rules: PurgeRules, limit: number): readonly PurgeLine[] {
    return this.#connection.view((tx) =>
      this.#deleted.all(0, limit).flatMap((num): PurgeLine[] => {
        const writer = RecordWriter.byNum(tx, num);
        if (writer === undefined) return [];
        return [{ record: writer.image.id, collection: writer.image.collection.id, verdict: judgePurge(deletedOf(writer), rules) }];
      }),
    );
  }

  /** One step: looks at no more than `limit` records after `from` (0: from the beginning), and removes those that may go. */
  step(rules: PurgeRules, from: number, limit: number): PurgeStep {
    const nums = this.#connection.read(() => this.#deleted.all(from, limit));
    const going = this.#connection.view((tx) =>
      nums.filter((num) => {
        const writer = RecordWriter.byNum(tx, num);
        return writer !== undefined && judgePurge(deletedOf(writer), rules).kind === "goes";
      }),
    );
    const purged: RecordId[] = [];
    for (let at = 0; at < going.length; ) {
      this.#connection.write((tx) => {
        do {
          const gone = this.#remove(tx, going[at++] ?? 0, rules);
          if (gone !== undefined) purged.push(gone);
        } while (at < going.length && !this.#connection.wanted());
      });
    }
    return { purged, next: nums.length < limit ? null : (nums.at(-1) ?? null) };
  }

  /** Judged once more: a commit may have restored it since. */
  #remove(tx: Transaction, num: number, rules: PurgeRules): RecordId | undefined {
    const writer = RecordWriter.byNum(tx, num);
    if (writer === undefined || writer.image.state !== STATE.deleted) return undefined;
    const deleted = deletedOf(writer);
    if (judgePurge(deleted, rules).kind !== "goes") return undefined;
    const { image } = writer;
    for (const slot of image.collection.slots) {
      if (slot.lookup === undefined) continue;
      for (const key of lookupKeys(slot, image.doc[slot.slot])) tx.sql.deleteLookup.run(slot.lookup, key, num);
    }
    this.#texts.run(num);
    this.#search.run(num);
    this.#searchDue.run(num);
    this.#forgetHistory(tx, image.history);
    this.#stamps.run(num);
    this.#record.run(num);
    for (const [replica, seq] of deleted.reach) this.#purged.run(seq, tx.names.replica(replica).num);
    return image.id;
  }

  /** Rows that undo's chain goes through stay, emptied. */
  #forgetHistory(tx: Transaction, newest: number): void {
    for (let row = tx.sql.historyRow.get(newest); row !== undefined; row = tx.sql.historyRow.get(row[2])) {
      if (row[8] !== null) this.#blank.run(row[0]);
      else this.#history.run(row[0]);
    }
  }
}

const deletedOf = (writer: RecordWriter): Deleted => {
  const cells = writer.cells();
  const latest = cells.reduce((hlc, { path, stamp }) => (isDeletionPath(path) && stamp.hlc > hlc ? stamp.hlc : hlc), ZERO_HLC);
  return {
    reach: reachOf(writer.stampAt(0), cells),
    isHeld: writer.held.count > 0,
    deletedAt: msOfHlc(latest),
  };
};
