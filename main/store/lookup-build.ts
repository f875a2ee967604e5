/**
 * Builds the lookup of fields that became indexed since the file was last open, or whose default changed, and the listings of collections;
 * drops what is wanted no more. Which were built stands in `meta`; writers keep them up from then on. A million records take seconds.
 */
import type Database from "better-sqlite3";
import type { StoredValue } from "../../shared/crdt/value.ts";
import { STATE } from "./image.ts";
import { lookupKeys } from "./lookup-key.ts";
import type { Meta } from "./meta.ts";
import { type CollectionName, isNumberField, LISTED, type Names, type Slot } from "./names.ts";

/** Records whose keys are sorted before they are written, at once: random places in a large index cost most. */
const CHUNK = 100_000;

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

const build = (db: Database.Database, collection: CollectionName, slot: Slot): void => {
  if (!slot.branch && !isNumberField(slot.field)) buildScalar(db, collection, slot);
  else buildByKey(db, collection, slot);
};

/** All in SQL: texts and numbers stand under themselves, what is absent under the default. */
const buildScalar = (db: Database.Database, { num }: CollectionName, { slot, lookup, absent }: Slot): void => {
  db.prepare<[string, number, string | number | null, number]>(
    `INSERT OR IGNORE INTO lookup (value, field, record)
     SELECT coalesce(value, absent), field, num FROM (
       SELECT CASE WHEN json_type(doc, path) IN ('text', 'integer', 'real') THEN doc ->> path END AS value,
         iif(coalesce(json_type(doc, path), 'null') = 'null', absent, NULL) AS absent, field, num
       FROM (SELECT ? AS path, ? AS field, ? AS absent), record WHERE collection = ?)
     WHERE coalesce(value, absent) IS NOT NULL ORDER BY 1, num`,
  ).run(`$[${slot}]`, lookup ?? 0, absent ?? null, num);
};

/** Elements of sets, and numbers with their digits first. */
const buildByKey = (db: Database.Database, { num: owner }: CollectionName, slot: Slot): void => {
  const rows = db
    .prepare<[string, number, number], [number, string | null]>(
      `SELECT num, doc -> ? FROM record WHERE num > ? AND collection = ? ORDER BY num LIMIT ${CHUNK}`,
    )
    .raw();
  const insert = db.prepare<[string, number]>(
    "INSERT OR IGNORE INTO lookup (value, field, record) SELECT j.value ->> 0, f.field, j.value ->> 1 FROM json_each(?) j, (SELECT ? AS field) f ORDER BY 1, 3",
  );
  for (let last = 0; ; ) {
    const found = rows.all(`$[${slot.slot}]`, last, owner);
    if (found.length === 0) return;
    const keys: (readonly [string | number, number])[] = [];
    for (const [num, json] of found) {
      const value: StoredValue = json === null ? null : JSON.parse(json);
      for (const key of lookupKeys(slot, value)) keys.push([key, num]);
      last = num;
    }
    insert.run(JSON.stringify(keys), slot.lookup ?? 0);
  }
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
