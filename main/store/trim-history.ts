/**
 * Keeps the history within its time and its size, the oldest rows first, a few at a time, so that no commit ever waits for it. Undo and the
 * past of a record end where the history ends. The newest row always stays.
 */
import { msOfHlc } from "../../shared/clock/hlc.ts";
import type { HistoryLimits } from "./api.ts";
import { Meta } from "./meta.ts";
import type { Connection } from "./transaction.ts";

/** So many rows at each end tell how long a row is. */
const SAMPLE = 200;
/** What a row takes beside its texts: numbers, headers, its share of the tree. */
const ROW_BYTES = 32;

/** Rows that went; fewer than `limits.rows` means that it is within its limits. */
export const trimHistory = (connection: Connection, limits: HistoryLimits): number => {
  const { db } = connection;
  const span = db.prepare<[], [number | null, number | null]>("SELECT min(num), max(num) FROM history").raw().get();
  const [first, last] = span ?? [null, null];
  if (first === null || last === null) return 0;
  const tooMany = surplus(connection, last - first + 1, limits.maxBytes);
  const oldest = db
    .prepare<[number, number], [number, number, number]>("SELECT num, hlc, record FROM history WHERE num < ? ORDER BY num LIMIT ?")
    .raw()
    .all(last, limits.rows);
  const going: { readonly num: number; readonly record: number }[] = [];
  let newest = 0;
  for (const [num, hlc, record] of oldest) {
    const ms = msOfHlc(connection.hlc(hlc));
    // In the order of arrival: what came late with an old stamp waits for its turn.
    if (ms >= limits.before && going.length >= tooMany) break;
    going.push({ num, record });
    newest = Math.max(newest, ms);
  }
  const end = going.at(-1)?.num;
  if (end === undefined) return 0;
  const remove = db.prepare<[number]>("DELETE FROM history WHERE num <= ?");
  const meta = new Meta(db);
  connection.raw(() => {
    connection.arrivals.beforeTrim(going);
    remove.run(end);
    // Whole from the first millisecond after the last row that went.
    meta.set("historySince", String(Math.max(newest + 1, Number(meta.get("historySince") ?? 0))));
  });
  return going.length;
};

/** How many of the oldest rows are beyond the size, by the length of those at both ends. */
const surplus = ({ db }: Connection, rows: number, maxBytes: number): number => {
  const length = "length(coalesce(cells, '')) + length(coalesce(lost, '')) + length(coalesce(own, ''))";
  const mean = db
    .prepare<[number, number], number>(
      `SELECT avg(bytes) FROM (SELECT ${length} AS bytes FROM history WHERE num IN (SELECT num FROM history ORDER BY num LIMIT ?) OR num IN (SELECT num FROM history ORDER BY num DESC LIMIT ?))`,
    )
    .pluck()
    .get(SAMPLE, SAMPLE);
  return Math.max(0, Math.ceil(rows - maxBytes / ((mean ?? 0) + ROW_BYTES)));
};
