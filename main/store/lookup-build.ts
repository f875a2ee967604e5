/**
 * Builds the lookup of fields that became indexed since the file was last open, and drops that of fields that no longer are.
 * Which were built stands in `meta`; writers keep them up from then on.
 */
import type Database from "better-sqlite3";
import type { StoredValue } from "../../shared/crdt/value.ts";
import { lookupKeys } from "./lookup-key.ts";
import type { Meta } from "./meta.ts";
import type { CollectionName, Names, Slot } from "./names.ts";

/** Inside a transaction, before the first commit. */
export const settleLookups = (db: Database.Database, names: Names, meta: Meta): void => {
  const built = new Set(numbersOf(meta.get("lookups")));
  const wanted = new Map<number, { readonly collection: CollectionName; readonly slot: Slot }>();
  for (const collection of names.collections()) {
    for (const slot of collection.slots) if (slot.lookup !== undefined) wanted.set(slot.lookup, { collection, slot });
  }
  const drop = db.prepare<[number]>("DELETE FROM lookup WHERE field = ?");
  for (const field of built) if (!wanted.has(field)) drop.run(field);
  for (const [field, { collection, slot }] of wanted) if (!built.has(field)) build(db, field, collection, slot);
  meta.set("lookups", JSON.stringify([...wanted.keys()]));
};

const numbersOf = (text: string | undefined): readonly number[] => (text === undefined ? [] : JSON.parse(text));

const build = (db: Database.Database, field: number, collection: CollectionName, slot: Slot): void => {
  const rows = db.prepare<[string, number], [number, string | null]>("SELECT num, doc -> ? FROM record WHERE collection = ?").raw();
  const insert = db.prepare<[number, string | number, number]>("INSERT OR IGNORE INTO lookup (field, value, record) VALUES (?, ?, ?)");
  for (const [num, json] of rows.all(`$[${slot.slot}]`, collection.num)) {
    const value: StoredValue = json === null ? null : JSON.parse(json);
    for (const key of lookupKeys(slot, value)) insert.run(field, key, num);
  }
};
