/**
 * The wire form of records in a catch-up: replicas, stamps, collections and paths stand once in tables, each cell names them by index.
 * A record is `[id, collection, whole, (path, stamp, value)…]`; `made` lists (record, stamp) where a record's cells do not tell its creation. Reading gives cells that share their path and stamp objects.
 */
import type { Cell, Path, RecordCells, Stamp, Value } from "../crdt/types.ts";
import type { CollectionId } from "../ids.ts";
import { isNameId } from "../ids.ts";
import { asBody, asCollection, asCount, asFlag, asHlc, asList, asRecord, asReplica, asText, bytesFromHex } from "./fields.ts";
import { MAX_PATH_SEGMENTS, MAX_REPLICAS, MAX_SEGMENT_BYTES } from "./limits.ts";
import { garbled, tooLarge } from "./refusal.ts";

/** A table that gives each new key the next index. */
const table = <T>() => {
  const indexByKey = new Map<string, number>();
  const items: T[] = [];
  return {
    items,
    index: (key: string, make: () => T): number => {
      const known = indexByKey.get(key);
      if (known !== undefined) return known;
      indexByKey.set(key, items.length);
      items.push(make());
      return items.length - 1;
    },
  };
};

export const packRecords = (records: readonly RecordCells[]): unknown => {
  const replicas = table<Uint8Array>();
  const stamps = table<readonly number[]>();
  const collections = table<CollectionId>();
  const paths = table<Path>();
  const made: number[] = [];
  const stampIndex = (stamp: Stamp): number =>
    stamps.index(`${stamp.replica}${stamp.seq}.${stamp.hlc}.${stamp.term}`, () => [
      replicas.index(stamp.replica, () => bytesFromHex(stamp.replica)),
      stamp.seq,
      stamp.hlc,
      ...(stamp.term === 0 ? [] : [stamp.term]),
    ]);
  const list = records.map(({ record, collection, whole, created, cells }, at) => {
    // Only who gets all of a record and has no row of it asks for its creation.
    if (created !== undefined && whole) made.push(at, stampIndex(created));
    const row: unknown[] = [record, collections.index(collection, () => collection), whole];
    for (const { path, stamp, value } of cells) {
      row.push(
        paths.index(path.length === 1 ? `${path[0]}` : JSON.stringify(path), () => path),
        stampIndex(stamp),
        value,
      );
    }
    return row;
  });
  const tables = { replicas: replicas.items, stamps: stamps.items, collections: collections.items, paths: paths.items };
  return { ...tables, records: list, ...(made.length === 0 ? {} : { made }) };
};

const utf8Length = (text: string): number => {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // Each half of a surrogate pair counts two of its four bytes.
    length += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
  }
  return length;
};

/** A field's id, then element or item keys of any text. */
export const readPath = (value: unknown): Path => {
  const path = asList(value, "path", MAX_PATH_SEGMENTS).map((segment) => {
    const text = asText(segment, "path", MAX_SEGMENT_BYTES);
    if (utf8Length(text) > MAX_SEGMENT_BYTES) throw tooLarge("path");
    return text;
  });
  if (path[0] === undefined || !isNameId(path[0])) throw garbled("path");
  return path;
};

const isPlain = (value: object): value is Readonly<Record<string, unknown>> => !Array.isArray(value) && !(value instanceof Uint8Array);

/** What the decoder gave is JSON data or bytes; depth and keys were checked before decoding, floats that are no numbers are not. */
export const isValue = (value: unknown): value is Value => {
  switch (typeof value) {
    case "boolean":
    case "string":
      return true;
    case "number":
      return Number.isFinite(value);
    case "object":
      if (value === null || value instanceof Uint8Array) return true;
      return Array.isArray(value) ? value.every(isValue) : isPlain(value) && Object.values(value).every(isValue);
    default:
      return false;
  }
};

export const readValue = (value: unknown): Value => {
  if (!isValue(value)) throw garbled("value");
  return value;
};

export const readStamp = (replica: unknown, seq: unknown, hlc: unknown, term: unknown): Stamp => {
  const number = asCount(seq, "stamp");
  if (number === 0) throw garbled("stamp");
  return {
    term: term === undefined ? 0 : asCount(term, "stamp", 0xffffffff),
    hlc: asHlc(hlc, "stamp"),
    replica: asReplica(replica, "stamp"),
    seq: number,
  };
};

const at = <T>(items: readonly T[], index: unknown, what: string): T => {
  const item = items[asCount(index, what)];
  if (item === undefined) throw garbled(what);
  return item;
};

export const readRecords = (value: unknown): readonly RecordCells[] => {
  const body = asBody(value, "records");
  const many = Number.MAX_SAFE_INTEGER; // what the bytes can hold, the scan has seen to
  const replicas = asList(body["replicas"], "replicas", MAX_REPLICAS);
  const stamps = asList(body["stamps"], "stamps", many).map((item) => {
    const [replica, seq, hlc, term] = asList(item, "stamp", 4);
    return readStamp(at(replicas, replica, "stamp"), seq, hlc, term);
  });
  const collections = asList(body["collections"], "collections", many).map((item) => asCollection(item, "collection"));
  const paths = asList(body["paths"], "paths", many).map(readPath);
  const made = asList(body["made"] ?? [], "made", many);
  const creations = new Map<number, Stamp>();
  for (let i = 0; i + 1 < made.length; i += 2) creations.set(asCount(made[i], "made"), at(stamps, made[i + 1], "made"));
  return asList(body["records"], "records", many).map((item, n) => {
    const row = asList(item, "record", many);
    if (row.length < 3 || row.length % 3 !== 0) throw garbled("record");
    const cells: Cell[] = [];
    for (let i = 3; i < row.length; i += 3) {
      cells.push({ path: at(paths, row[i], "path"), stamp: at(stamps, row[i + 1], "stamp"), value: readValue(row[i + 2]) });
    }
    const created = creations.get(n);
    return {
      record: asRecord(row[0], "record"),
      collection: at(collections, row[1], "collection"),
      whole: asFlag(row[2], "record"),
      ...(created === undefined ? {} : { created }),
      cells,
    };
  });
};
