/**
 * Builds the lookup of fields that became indexed since the file was last open, or whose default changed, and the listings of collections;
 * drops what is wanted no more. Which were built stands in `meta`; writers keep them up from then on. A million records take a few seconds.
 */
import type Database from "better-sqlite3";
import { STATE } from "./image.ts";
import { lookupKey } from "./lookup-key.ts";
import type { Meta } from "./meta.ts";
import { type CollectionName, isNumberField, LISTED, type Names, type Slot } from "./names.ts";

type Wanted = { readonly collection: CollectionName; readonly slot: Slot | undefined };

/** Inside a transaction, before the first commit. */
export const settleLookups = (db: Database.Database, names: Names, meta: Meta): void => {
  const built = builtLookups(meta);
  const wanted = new Map<string, Wanted>();
  for (const collection of names.collections()) {
    if (collection.listed !== undefined) wanted.set(String(collection.listed), { collection, slot: undefined });
    for (const slot of collection.slots) if (slot.lookup !== undefined) wanted.set(markOf(slot.lookup, slot.absent), { collection, slot });
  }
  const drop = db.prepare<[number]>("DELETE FROM lookup WHERE field = ?");
  for (const mark of built) if (!wanted.has(mark)) drop.run(fieldOf(mark));
  const listed: CollectionName[] = [];
  for (const [mark, { collection, slot }] of wanted) {
    if (built.has(mark)) continue;
    if (slot === undefined) listed.push(collection);
    else build(db, collection, slot);
  }
  if (listed.length > 0) list(db, listed);
  meta.set("lookups", JSON.stringify([...wanted.keys()]));
};

/** What was built: the number of the lookup and, behind `=`, the default under which absent values stand. */
const builtLookups = (meta: Meta): ReadonlySet<string> => {
  const marks: readonly (string | number)[] = JSON.parse(meta.get("lookups") ?? "[]");
  return new Set(marks.map(String));
};

const markOf = (lookup: number, absent: string | number | undefined): string =>
  absent === undefined ? `${lookup}` : `${lookup}=${absent}`;
const fieldOf = (mark: string): number => Number(mark.split("=", 1)[0]);

/** The numbers of the lookups and listings that stand in the file. */
export const lookupFields = (meta: Meta): ReadonlySet<number> => new Set([...builtLookups(meta)].map(fieldOf));

/** All in SQL, sorted before it is written: random places in a large index cost most. What is absent stands under the default. */
const build = (db: Database.Database, { num }: CollectionName, slot: Slot): void => {
  db.function("number_key", { deterministic: true }, (value: unknown) => lookupKey("number", String(value)) ?? null);
  const insert = (source: string): void => {
    db.prepare<[string, number, string | number | null, number]>(
      `INSERT OR IGNORE INTO lookup (value, field, record) SELECT value, field, num FROM (${source}) WHERE value IS NOT NULL ORDER BY 1, num`,
    ).run(`$[${slot.slot}]`, slot.lookup ?? 0, slot.absent ?? null, num);
  };
  const each = "(SELECT ? AS path, ? AS field, ? AS absent) s CROSS JOIN record r";
  if (slot.branch) {
    // A set's cells: the text of a path, true or false, in turn.
    insert(`SELECT replace(replace(iif(instr(e.value, '/') > 0, substr(e.value, 1, instr(e.value, '/') - 1), e.value), '~1', '/'), '~0', '~') AS value, s.field, r.num
      FROM ${each} CROSS JOIN json_each(r.doc, s.path) e
      WHERE r.collection = ? AND e.key % 2 = 0 AND json_type(r.doc, s.path || '[' || (e.key + 1) || ']') = 'true'`);
    return;
  }
  const value = isNumberField(slot.field) ? "number_key(r.doc ->> s.path)" : "r.doc ->> s.path";
  insert(`SELECT CASE coalesce(json_type(r.doc, s.path), 'null') WHEN 'null' THEN s.absent WHEN 'text' THEN ${value} WHEN 'integer' THEN r.doc ->> s.path
      WHEN 'real' THEN r.doc ->> s.path END AS value, s.field, r.num
      FROM ${each} WHERE r.collection = ?`);
};

/** One look at all records, whatever number of collections. */
const list = (db: Database.Database, collections: readonly CollectionName[]): void => {
  const nums = collections.map(({ num, listed }) => [num, listed ?? 0]);
  db.prepare<[string]>(
    `INSERT OR IGNORE INTO lookup (field, value, record)
     SELECT j.value ->> 1, ${LISTED}, r.num FROM record r JOIN json_each(?) j ON j.value ->> 0 = r.collection
     WHERE r.state NOT IN (${STATE.deleted}, ${STATE.held})`,
  ).run(JSON.stringify(nums));
};
