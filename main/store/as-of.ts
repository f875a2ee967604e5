/**
 * A record as it stood at an earlier time: of each path the greatest cell stamped by then, of those that stand and those that the history
 * keeps. By stamps, not by arrival, so that desks with the same history answer the same. What is not known any more is named, not guessed.
 */
import { msOfHlc } from "../../shared/clock/hlc.ts";
import { seenBy } from "../../shared/crdt/deletion.ts";
import { isDeletionPath, isKeptPath, isSegmentPath, pathFromText, pathText } from "../../shared/crdt/paths.ts";
import { newStampTable } from "../../shared/crdt/stamp-table.ts";
import type { Path } from "../../shared/crdt/types.ts";
import { type StoredValue, valueFromStored } from "../../shared/crdt/value.ts";
import { AppError } from "../../shared/errors.ts";
import { type CollectionId, type EpochMs, parseEpochMs, type RecordId } from "../../shared/ids.ts";
import type { AsOf, AsOfRow } from "./api.ts";
import { historyCells } from "./history.ts";
import { eachCell, type Image, imageOf, locate, STATE, storeAt } from "./image.ts";
import { Meta } from "./meta.ts";
import { compileReader, type Reader } from "./read.ts";
import { idColumn, recordIdOf } from "./record-key.ts";
import type { Connection } from "./transaction.ts";

/** Who wrote a cell, and when. */
interface Written {
  readonly ms: number;
  /** `replica:seq`, as deletions list it. */
  readonly source: string;
}

interface PastCell extends Written {
  readonly value: StoredValue;
}

/** The source of what was not written yet. */
const NOBODY = "";
/** The time of what was there before anything that is known. */
const BEFORE_ALL = Number.NEGATIVE_INFINITY;

/** A record's cells by path, of each path all that is known. */
interface Past {
  readonly created: Written;
  readonly cells: ReadonlyMap<string, readonly PastCell[]>;
  /** By path, one a deleter. */
  readonly deletions: ReadonlyMap<string, readonly PastDeletion[]>;
}

/** The list is known of the deletion that stands; of one that was replaced only the time. */
interface PastDeletion extends Written {
  readonly list: StoredValue | undefined;
}

/** The instant from which on the history is whole; 0 while nothing was trimmed. */
export const historySince = (connection: Connection): number => Number(new Meta(connection.db).get("historySince") ?? 0);

/** Throws `before_history` for a time that the history does not reach back to. */
export const asOf = (connection: Connection, at: EpochMs): AsOf => {
  const since = parseEpochMs(historySince(connection));
  if (since !== undefined && at < since)
    throw new AppError(
      "before_history",
      `The history of this desk goes back to ${new Date(since).toISOString()}. Ask for a later time, or restore a backup of that day into another profile.`,
    );
  const readers = new Map<number, Reader>();
  const one = (id: RecordId): AsOfRow | undefined => {
    const raw = connection.sql.recordById.get(id);
    return raw === undefined || raw[2] === STATE.held ? undefined : rowAt(connection, imageOf(id, raw, connection.names), at, readers);
  };
  const ids = connection.db.prepare<[number], string>(`SELECT ${idColumn("id")} FROM record WHERE collection = ? ORDER BY id`).pluck();
  return {
    row: (id) => connection.read(() => one(id)),
    rows: (collection: CollectionId) =>
      connection.read(() => {
        const known = connection.names.knownCollection(collection);
        return known === undefined ? [] : ids.all(known.num).flatMap((id) => one(recordIdOf(id)) ?? []);
      }),
  };
};

const rowAt = (connection: Connection, image: Image, at: EpochMs, readers: Map<number, Reader>): AsOfRow | undefined => {
  const past = pastOf(connection, image);
  if (past.created.ms > at) return undefined;
  const then: Image = { ...image, doc: [], aside: [], stamps: newStampTable(0, 0, 0, 0) };
  const standing: Written[] = [];
  const unknown = new Set<string>();
  for (const [text, known] of past.cells) {
    const path = pathFromText(text);
    const cell = latest(known, at);
    const [field = ""] = path;
    // A text's segment grows in place: how it was before its last piece is not kept.
    if (isSegmentPath(path) && known.some(({ ms }) => ms > at)) unknown.add(field);
    // It came by a catch-up with a later stamp; what stood before it was never here.
    else if (cell === undefined && !isKeptPath(path)) unknown.add(field);
    if (cell === undefined || cell.source === NOBODY) continue;
    standing.push(cell);
    if (!isSegmentPath(path) && !isKeptPath(path)) storeAt(then, locate(then, connection.names, path), path, cell.value);
  }
  const reader = readers.get(image.collection.num) ?? compileReader(image.collection);
  readers.set(image.collection.num, reader);
  return { ...reader(image.id, then.doc), deleted: isDeletedAt(past, standing, at), unknown: [...unknown].toSorted() };
};

/** The last of these that was written by then. */
const latest = <Of extends Written>(known: readonly Of[], at: EpochMs): Of | undefined =>
  known.reduce<Of | undefined>((best, each) => (each.ms <= at && (best === undefined || each.ms > best.ms) ? each : best), undefined);

/**
 * By the list of each deleter's last deletion; where that was replaced since, it is taken that it had seen what was written before it. An
 * earlier deletion of the same deleter says nothing more: what it had seen is in the later list, unless it was written over.
 */
const isDeletedAt = ({ deletions }: Past, standing: readonly Written[], at: EpochMs): boolean => {
  const then = [...deletions.values()].flatMap((known) => latest(known, at) ?? []);
  if (then.length === 0) return false;
  const seen = seenBy(then.flatMap(({ list }) => (list === undefined ? [] : [valueFromStored(list)])));
  const blind = then.filter(({ list }) => list === undefined).map(({ ms }) => ms);
  return standing.every(({ source, ms }) => seen.has(source) || blind.some((until) => ms <= until));
};

const pastOf = (connection: Connection, image: Image): Past => {
  const { stamps } = image;
  const writtenAt = (index: number): Written =>
    writtenBy(connection, stamps.replica[index] ?? 0, stamps.seq[index] ?? 0, stamps.hlc[index] ?? 0);
  const created = writtenAt(0);
  const cells = new Map<string, PastCell[]>();
  const deletions = new Map<string, PastDeletion[]>();
  /** What stood after the row that is looked at, by path; who wrote it is in the row before. */
  const after = new Map<string, StoredValue>();
  const known = (text: string, cell: PastCell): void => append(cells, text, cell);
  eachCell(image, (path, value, stamp) => {
    if (isDeletionPath(path)) append(deletions, pathText(path), { ...writtenAt(stamp), list: value });
    else {
      known(pathText(path), { ...writtenAt(stamp), value });
      after.set(pathText(path), value);
    }
  });
  const overwritten = new Set<string>();
  const wasDeleted = new Map<string, boolean>();
  for (let row = rowOf(connection, image.history); row !== undefined; row = rowOf(connection, row[2])) {
    const [, , , replica, seq, hlc, before, lost] = row;
    const by = writtenBy(connection, replica, seq, hlc);
    for (const { path, value } of historyCells(image, lost)) known(pathText(path), { ...by, value });
    if (before === null) {
      // What the change that made the record deleted at once is in no row of its own.
      for (const [text, was] of wasDeleted) if (was) append(deletions, text, { ...by, list: undefined });
      break;
    }
    for (const { path, value } of historyCells(image, before))
      noteRow(path, value, by, { known, after, overwritten, deletions, wasDeleted });
  }
  // What the oldest row replaced was there before it: as far as is known, from the beginning, and it stands over nothing that is known.
  for (const text of overwritten) {
    const value = after.get(text) ?? null;
    known(text, { ms: BEFORE_ALL, source: value === null ? NOBODY : created.source, value });
  }
  return { created, cells, deletions };
};

interface Notes {
  readonly known: (text: string, cell: PastCell) => void;
  readonly after: Map<string, StoredValue>;
  readonly overwritten: Set<string>;
  readonly deletions: Map<string, PastDeletion[]>;
  /** By path of a deletion: whether there was one before the row that is looked at. */
  readonly wasDeleted: Map<string, boolean>;
}

const noteRow = (path: Path, before: StoredValue, by: Written, { known, after, overwritten, deletions, wasDeleted }: Notes): void => {
  if (isDeletionPath(path)) {
    const text = pathText(path);
    if (!deletions.get(text)?.some(({ source }) => source === by.source)) append(deletions, text, { ...by, list: undefined });
    wasDeleted.set(text, before !== null);
    return;
  }
  const text = pathText(path);
  if (overwritten.has(text)) known(text, { ...by, value: after.get(text) ?? null });
  overwritten.add(text);
  after.set(text, before);
};

const append = <Of>(to: Map<string, Of[]>, text: string, one: Of): void => void (to.get(text) ?? to.set(text, []).get(text))?.push(one);

const rowOf = (connection: Connection, num: number) => (num === 0 ? undefined : connection.sql.historyRow.get(num));

const writtenBy = (connection: Connection, replica: number, seq: number, hlc: number): Written => ({
  ms: msOfHlc(connection.hlc(hlc)),
  source: `${connection.names.replicaOf(replica).id}:${seq}`,
});
