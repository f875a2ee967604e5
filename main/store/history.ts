/**
 * A record's history, newest first. Rows hold only what each change replaced, so what a change wrote is what the next one
 * replaced, or what stands: the walk starts at the standing cells and goes back along the record's chain of rows.
 */
import { msOfHlc } from "../../shared/clock/hlc.ts";
import { isDeletionPath, isKeptPath, isSegmentPath, pathFromText, pathText } from "../../shared/crdt/paths.ts";
import type { Path } from "../../shared/crdt/types.ts";
import { type StoredValue, valueFromStored } from "../../shared/crdt/value.ts";
import type { EpochMs, RecordId, ReplicaId } from "../../shared/ids.ts";
import type { HistoryEntry } from "./api.ts";
import { eachCell, type Image, imageOf } from "./image.ts";
import { actionOf } from "./own.ts";
import type { HistoryRowRaw } from "./statements.ts";
import type { Connection } from "./transaction.ts";

interface Row {
  readonly at: EpochMs;
  readonly replica: ReplicaId;
  readonly action: HistoryEntry["action"];
}

/** At most `limit` entries; the creation, if it is reached, comes last. */
export const historyOf = (connection: Connection, record: RecordId, limit: number): readonly HistoryEntry[] =>
  connection.read(() => {
    const raw = connection.sql.recordById.get(record);
    return raw === undefined ? [] : walk(connection, imageOf(record, raw, connection.names), limit);
  });

const walk = (connection: Connection, image: Image, limit: number): readonly HistoryEntry[] => {
  const entries: HistoryEntry[] = [];
  const values = standingValues(image);
  let row = image.history === 0 ? undefined : connection.sql.historyRow.get(image.history);
  /** The rows go back to one that was trimmed: what is left was written at any time before. */
  let trimmed = image.history !== 0 && row === undefined;
  let created = false;
  while (row !== undefined && entries.length < limit && !created) {
    created = row[6] === null;
    readRow(connection, image, row, values, entries);
    const prev: number = row[2];
    row = prev === 0 ? undefined : connection.sql.historyRow.get(prev);
    trimmed = prev !== 0 && row === undefined;
  }
  if (!created && !trimmed && row === undefined && entries.length < limit) addCreation(creationRow(connection, image), values, entries);
  return entries.slice(0, limit);
};

/** The shown values by path text. Texts, deletions and restores have none of their own. */
const standingValues = (image: Image): Map<string, StoredValue> => {
  const values = new Map<string, StoredValue>();
  eachCell(image, (path, stored) => {
    if (!isSegmentPath(path) && !isDeletionPath(path) && !isKeptPath(path)) values.set(pathText(path), stored);
  });
  return values;
};

const readRow = (
  connection: Connection,
  image: Image,
  raw: HistoryRowRaw,
  values: Map<string, StoredValue>,
  entries: HistoryEntry[],
): void => {
  const [, , , replica, , hlc, cells, lost, own] = raw;
  const row: Row = {
    at: msOfHlc(connection.hlc(hlc)),
    replica: connection.names.replicaOf(replica).id,
    action: own === null ? null : actionOf(own),
  };
  for (const [path, value] of historyPairs(image, lost)) {
    entries.push({ ...row, path, from: valueFromStored(values.get(pathText(path)) ?? null), to: valueFromStored(value), won: false });
  }
  if (cells === null) {
    addCreation(row, values, entries);
    return;
  }
  for (const [path, before] of historyPairs(image, cells)) {
    const text = pathText(path);
    const special = isDeletionPath(path) || isKeptPath(path);
    const to = special ? true : valueFromStored(values.get(text) ?? null);
    entries.push({ ...row, path: special ? path.slice(0, 1) : path, from: special ? null : valueFromStored(before), to, won: true });
    if (!special) values.set(text, before);
  }
};

/** What is left of the values is what the creation wrote. */
const addCreation = (row: Row, values: ReadonlyMap<string, StoredValue>, entries: HistoryEntry[]): void => {
  for (const [text, value] of values) {
    if (value !== null) entries.push({ ...row, path: pathFromText(text), from: null, to: valueFromStored(value), won: true });
  }
};

const creationRow = (connection: Connection, image: Image): Row => ({
  at: msOfHlc(connection.hlc(image.stamps.hlc[0] ?? 0)),
  replica: connection.names.replicaOf(image.stamps.replica[0] ?? 0).id,
  action: null,
});

/** A history row's `cells` or `lost` as paths and values; empty for null. What is noted of texts is undo's alone and left out. */
export const historyPairs = (image: Image, cells: string | null): readonly (readonly [Path, StoredValue])[] => {
  if (cells === null) return [];
  const flat: StoredValue[] = JSON.parse(cells);
  const pairs: (readonly [Path, StoredValue])[] = [];
  for (let i = 0; i < flat.length; i += 2) {
    const ref = flat[i];
    const path = typeof ref === "number" ? [image.collection.slots[ref]?.field ?? ""] : pathFromText(String(ref));
    if (!isSegmentPath(path)) pairs.push([path, flat[i + 1] ?? null]);
  }
  return pairs;
};
