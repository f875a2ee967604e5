/**
 * Checks a file against itself: SQLite's integrity check, and everything that is kept beside the records' own cells worked out again
 * from them: fingerprint, counts, who stands where, which records are shown, lookups, segments of texts. Reads only.
 */
import { FingerprintSum, fingerprintText } from "../../shared/crdt/fingerprint.ts";
import type { Difference, Verification } from "./api.ts";
import { isLiveState } from "./image.ts";
import { lookupFields } from "./lookup-build.ts";
import { Meta } from "./meta.ts";
import type { Connection, Transaction } from "./transaction.ts";
import { type Parts, RecordCheck } from "./verify-record.ts";
import { RecordWriter } from "./writer.ts";

/** So many are named; a file that is wrong everywhere need not be listed whole. */
const NAMED = 100;

/** Never throws for what is wrong with the file: that is what it answers. */
export const verify = (connection: Connection): Verification =>
  connection.view((tx) => {
    const integrity = connection.db
      .prepare<[], string>("PRAGMA integrity_check")
      .pluck()
      .all()
      .filter((line) => line !== "ok");
    const differences: Difference[] = integrity.map((found) => ({ what: "integrity", record: null, stored: found, recomputed: "ok" }));
    const differ = (what: Difference["what"], record: Difference["record"], stored: unknown, recomputed: unknown): void => {
      if (differences.length < NAMED) differences.push({ what, record, stored: String(stored), recomputed: String(recomputed) });
    };
    const counted = countAll(connection, tx, differ);
    const { state } = tx;
    const fingerprint = fingerprintText(state.fingerprint);
    const recomputed = fingerprintText(counted.sum.total());
    if (fingerprint !== recomputed) differ("fingerprint", null, fingerprint, recomputed);
    if (state.live !== counted.live) differ("records", null, state.live, counted.live);
    if (state.held !== counted.held) differ("held", null, state.held, counted.held);
    if (counted.ownSeq > state.seq) differ("vector", null, state.seq, counted.ownSeq);
    for (const [table, expected] of Object.entries(counted.parts) as [keyof Parts, number][]) {
      const stored = rowsOf(connection, table, counted.lookups);
      if (stored !== expected) differ(table, null, `${stored} rows`, `${expected} rows`);
    }
    return { integrity, fingerprint, recomputed, records: counted.live, differences };
  });

interface Counted {
  readonly sum: FingerprintSum;
  readonly parts: Parts;
  /** The fields whose lookups were built. */
  readonly lookups: ReadonlySet<number>;
  live: number;
  held: number;
  /** Our highest number in any record. */
  ownSeq: number;
}

type Differ = (what: Difference["what"], record: Difference["record"], stored: unknown, recomputed: unknown) => void;

const countAll = (connection: Connection, tx: Transaction, differ: Differ): Counted => {
  const lookups = lookupFields(new Meta(connection.db));
  const counted: Counted = { sum: new FingerprintSum(), parts: { text: 0, lookup: 0 }, lookups, live: 0, held: 0, ownSeq: 0 };
  const check = new RecordCheck(connection.db, tx, lookups, counted.parts);
  for (const num of tx.sql.allInIdOrder.all()) {
    const id = tx.sql.idOfNum.get(num) ?? null;
    try {
      const writer = RecordWriter.byNum(tx, num);
      if (writer === undefined) continue;
      const { image, held } = writer;
      counted.sum.combine(writer.share(), 1);
      counted.held += held.count;
      counted.ownSeq = Math.max(
        counted.ownSeq,
        check.run(writer, (what, stored, recomputed) => differ(what, id, stored, recomputed)),
      );
      if (isLiveState(image.state) && !image.collection.system) counted.live += 1;
    } catch (error) {
      // A row that cannot be read is a finding, not a failure of the check.
      differ("unreadable", id, error instanceof Error ? error.message : String(error), "a record");
    }
  }
  return counted;
};

const rowsOf = ({ db }: Connection, table: keyof Parts, lookups: ReadonlySet<number>): number => {
  if (table !== "lookup") return db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
  const count = db.prepare<[number], number>("SELECT count(*) FROM lookup WHERE field = ?").pluck();
  return [...lookups].reduce((sum, field) => sum + (count.get(field) ?? 0), 0);
};
