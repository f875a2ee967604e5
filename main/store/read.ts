/**
 * Records in read form: flat objects by field id. Each type compiles once into an object literal over the stored document, which
 * costs no more than reading the columns of a plain table. Generated code holds numbers and JSON strings only (trust.md).
 */
import { type BranchCells, readCounter, readList, readSet } from "../../shared/crdt/kinds.ts";
import { type StoredValue, valueFromStored } from "../../shared/crdt/value.ts";
import type { RecordId } from "../../shared/ids.ts";
import type { FieldDef } from "../../shared/schema/types.ts";
import type { RecordRow } from "./api.ts";
import type { CollectionName } from "./names.ts";

/** Makes the read form of one record out of its id and its document. */
export type Reader = (id: RecordId, doc: readonly StoredValue[]) => RecordRow;

/** What generated literals call; `list` is bound to the item's fields by their position in `fields`. */
interface Kit {
  readonly set: (cells: StoredValue | undefined) => readonly string[];
  readonly counter: (cells: StoredValue | undefined) => number;
  readonly list: (cells: StoredValue | undefined, fields: number) => readonly unknown[];
  readonly data: (stored: StoredValue | undefined) => unknown;
}

const cellsOf = (value: StoredValue | undefined): BranchCells => (isList(value) ? value : []);
const isList = (value: StoredValue | undefined): value is readonly StoredValue[] => Array.isArray(value);

const kitOf = (itemFields: readonly (readonly string[])[]): Kit => ({
  set: (cells) => readSet(cellsOf(cells)),
  counter: (cells) => readCounter(cellsOf(cells)),
  list: (cells, fields) => readList(cellsOf(cells), itemFields[fields] ?? []),
  data: (stored) => valueFromStored(stored ?? null),
});

/** `isWhole`: the document is as long as the type, so that nothing in it can be missing. */
const memberOf = (field: FieldDef, collection: CollectionName, itemFields: (readonly string[])[], isWhole: boolean): string | undefined => {
  const name = JSON.stringify(field.id);
  if (field.kind === "text") return undefined;
  const branch = field.kind === "set" || field.kind === "counter" || field.kind === "list";
  const slot = (branch ? collection.branches : collection.scalars).get(field.id)?.slot;
  const at = slot === undefined ? "null" : `d[${slot}]`;
  switch (field.kind) {
    case "set":
      return `${name}:k.set(${at})`;
    case "counter":
      return `${name}:k.counter(${at})`;
    case "list":
      return `${name}:k.list(${at},${itemFields.push(field.item.map(({ id }) => id)) - 1})`;
    case "json":
      return `${name}:k.data(${at})`;
    default:
      return isWhole ? `${name}:${at}` : `${name}:${at}??null`;
  }
};

/** Compiles a collection's reader. Collections without a type read as their id alone. */
export const compileReader = (collection: CollectionName): Reader => {
  const itemFields: (readonly string[])[] = [];
  const fields = collection.type?.fields ?? [];
  const literal = (isWhole: boolean): string => {
    const members = fields.map((field) => memberOf(field, collection, itemFields, isWhole)).filter((member) => member !== undefined);
    return `({id,collection:${JSON.stringify(collection.id)}${members.map((member) => `,${member}`).join("")}})`;
  };
  const body = `return (id,d)=>d.length<${collection.slots.length}?${literal(false)}:${literal(true)}`;
  // oxlint-disable-next-line typescript/no-implied-eval -- a literal of numbers and JSON strings, see the head of this file
  const make: (kit: Kit) => Reader = new Function("k", body) as (kit: Kit) => Reader;
  return make(kitOf(itemFields));
};
