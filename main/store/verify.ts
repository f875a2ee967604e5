/** Checks a file against itself: SQLite's integrity check, and the fingerprint worked out again from every row. */
import { FingerprintSum, fingerprintText } from "../../shared/crdt/fingerprint.ts";
import type { Verification } from "./api.ts";
import type { Connection } from "./transaction.ts";
import { RecordWriter } from "./writer.ts";

export const verify = (connection: Connection): Verification =>
  connection.view((tx) => {
    const found = connection.db.prepare<[], string>("PRAGMA integrity_check").pluck().all();
    const sum = new FingerprintSum();
    for (const num of tx.sql.allInIdOrder.all()) {
      const writer = RecordWriter.byNum(tx, num);
      if (writer !== undefined) sum.combine(writer.share(), 1);
    }
    return {
      integrity: found.filter((line) => line !== "ok"),
      fingerprint: fingerprintText(tx.state.fingerprint),
      recomputed: fingerprintText(sum.total()),
    };
  });
