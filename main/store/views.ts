/**
 * A view named after each collection, with the fields' names, so that anybody can read the file with the `sqlite3` shell. Only for
 * known types; names are quoted by one function and never come from a peer. Sets, lists and counters show as their stored cells.
 */
import type Database from "better-sqlite3";
import { STATE } from "./image.ts";
import type { CollectionName, Names } from "./names.ts";
import { ID_AS_TEXT } from "./record-key.ts";

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const definition = (name: string, { num, slots }: CollectionName): string => {
  const columns = slots.map(({ slot, field }) => `, doc ->> ${slot} AS ${quoted(field)}`);
  return `CREATE VIEW ${quoted(name)} AS SELECT ${ID_AS_TEXT} AS id${columns.join("")} FROM record WHERE collection = ${num} AND state NOT IN (${STATE.deleted}, ${STATE.held})`;
};

/** Makes the views that lack or whose fields changed. Inside a transaction. */
export const settleViews = (db: Database.Database, names: Names): void => {
  const known = new Map(
    db
      .prepare<[], { name: string; type: string; sql: string | null }>("SELECT name, type, sql FROM sqlite_schema")
      .all()
      .map((row) => [row.name, row]),
  );
  for (const collection of names.collections()) {
    if (collection.type === undefined) continue;
    // A type may be called like one of our tables.
    const name = (known.get(collection.id)?.type ?? "view") === "view" ? collection.id : `${collection.id}_`;
    const sql = definition(name, collection);
    const before = known.get(name);
    if (before?.sql === sql) continue;
    if (before !== undefined) db.exec(`DROP VIEW ${quoted(name)}`);
    db.exec(sql);
  }
};
