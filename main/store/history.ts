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
import { isUnseenRef, refIn } from "./notes.ts";
import { actionOf } from "./own.ts";
import type { HistoryRowRaw } from "./statements.ts";
import type { Connection } from "./transaction.ts";

interface Row {
  readonly at: EpochMs;
  readonly replica: ReplicaId;
  readonly action: HistoryEntry["action"];
}

/** So many rows of a record are looked at: one that is edited ten times a day has a year of them. */
const MOST_ROWS = 4000;

/** At most `limit` entries, what was written last first: rows stand as they came, and some came late. The creation comes last. */
export const historyOf = (connection: Connection, record: RecordId, limit: number): readonly HistoryEntry[] =>
  connection.read(() => {
    const raw = connection.sql.recordById.get(record);
    return raw === undefined ? [] : walk(connection, imageOf(record, raw, connection.names), limit);
  });

const walk = (connection: Connection, image: Image, limit: number): readonly HistoryEntry[] => {
  const entries: HistoryEntry[] = [];
  const values = standingValues(image);
  const unseen = new Set<string>();
  let row = image.history === 0 ? undefined : connection.sql.historyRow.get(image.history);
  /** The rows go back to one that was trimmed: what is left was written at any time before. */
  let trimmed = image.history !== 0 && row === undefined;
  let created = false;
  let rows = 0;
  while (row !== undefined && rows++ < MOST_ROWS && !created) {
    created = row[6] === null;
    readRow(connection, image, row, { values, unseen }, entries);
    const prev: number = row[2];
    row = prev === 0 ? undefined : connection.sql.historyRow.get(prev);
    trimmed = prev !== 0 && row === undefined;
  }
  if (!created && !trimmed && row === undefined) addCreation(creationRow(connection, image), { values, unseen }, entries);
  return entries.sort((a, b) => b.at - a.at).slice(0, limit);
};

/** What stood after the row that is read, by path text. */
interface After {
  readonly values: Map<string, StoredValue>;
  /** Where that was written over by somebody who had not seen it. */
  readonly unseen: Set<string>;
}

/** The shown values by path text. Texts, deletions and restores have none of their own. */
const standingValues = (image: Image): Map<string, StoredValue> => {
  const values = new Map<string, StoredValue>();
  eachCell(image, (path, stored) => {
    if (!isSegmentPath(path) && !isDeletionPath(path) && !isKeptPath(path)) values.set(pathText(path), stored);
  });
  return values;
};

const readRow = (connection: Connection, image: Image, raw: HistoryRowRaw, after: After, entries: HistoryEntry[]): void => {
  const { values, unseen } = after;
  const [, , , replica, , hlc, cells, lost, own] = raw;
  const row: Row = {
    at: msOfHlc(connection.hlc(hlc)),
    replica: connection.names.replicaOf(replica).id,
    action: own === null ? null : actionOf(own),
  };
  for (const { path, value } of historyCells(image, lost)) {
    // Two who write the same agree.
    if (isSame(value, values.get(pathText(path)))) continue;
    entries.push({ ...row, path, from: valueFromStored(values.get(pathText(path)) ?? null), to: valueFromStored(value), won: false });
  }
  if (cells === null) {
    addCreation(row, after, entries);
    return;
  }
  for (const field of historyTexts(cells)) entries.push({ ...row, path: [field], from: null, to: null, won: true });
  for (const { path, value: before, isUnseen } of historyCells(image, cells)) {
    const text = pathText(path);
    const special = isDeletionPath(path) || isKeptPath(path);
    const to = special ? true : valueFromStored(values.get(text) ?? null);
    const won = special || !unseen.delete(text);
    entries.push({ ...row, path: special ? path.slice(0, 1) : path, from: special ? null : valueFromStored(before), to, won });
    if (special) continue;
    if (isUnseen && !isSame(before, values.get(text))) unseen.add(text);
    values.set(text, before);
  }
};

const isSame = (a: StoredValue, b: StoredValue | undefined): boolean =>
  a === (b ?? null) || JSON.stringify(a) === JSON.stringify(b ?? null);

/** What is left of the values is what the creation wrote. */
const addCreation = (row: Row, { values, unseen }: After, entries: HistoryEntry[]): void => {
  for (const [text, value] of values) {
    if (value !== null) entries.push({ ...row, path: pathFromText(text), from: null, to: valueFromStored(value), won: !unseen.has(text) });
  }
};

const creationRow = (connection: Connection, image: Image): Row => ({
  at: msOfHlc(connection.hlc(image.stamps.hlc[0] ?? 0)),
  replica: connection.names.replicaOf(image.stamps.replica[0] ?? 0).id,
  action: null,
});

/** One cell of a history row: what it was before, or what lost. */
export interface HistoryCell {
  readonly path: Path;
  readonly value: StoredValue;
  /** A value of ours, which whoever wrote over it had not seen. */
  readonly isUnseen: boolean;
}

/** The texts that a row's `cells` changed. What is noted of them is undo's alone. */
const historyTexts = (cells: string): ReadonlySet<string> => {
  const flat: StoredValue[] = JSON.parse(cells);
  const fields = new Set<string>();
  for (let i = 0; i < flat.length; i += 2) {
    const ref = flat[i];
    const path = typeof ref === "string" ? pathFromText(ref) : [];
    if (isSegmentPath(path)) fields.add(path[0] ?? "");
  }
  return fields;
};

/** A history row's `cells` or `lost`, without texts; empty for null. */
export const historyCells = (image: Image, cells: string | null): readonly HistoryCell[] => {
  if (cells === null) return [];
  const flat: StoredValue[] = JSON.parse(cells);
  const all: HistoryCell[] = [];
  for (let i = 0; i < flat.length; i += 2) {
    const marked = flat[i];
    const isUnseen = isUnseenRef(marked);
    const ref = refIn(marked);
    const path = typeof ref === "number" ? [image.collection.slots[ref]?.field ?? ""] : pathFromText(String(ref));
    if (!isSegmentPath(path)) all.push({ path, value: flat[i + 1] ?? null, isUnseen });
  }
  return all;
};
