/**
 * Merging what peers send: catch-up batches by record, live changes in their replica's order, held cells that are due.
 * A batch moves no vector; a live change moves its replica's entry in its own transaction; so a vector never claims what is not
 * stored. The transaction ends at the next record as soon as a local commit waits.
 */
import { observeHlc } from "../../shared/clock/hlc.ts";
import { creationOf } from "../../shared/crdt/creation.ts";
import { isClockOrdered } from "../../shared/crdt/merge.ts";
import type { Change, Hlc, Path, RecordCells, Stamp, Value, VersionVector } from "../../shared/crdt/types.ts";
import { AppError } from "../../shared/errors.ts";
import type { CollectionId, RecordId } from "../../shared/ids.ts";
import type { BatchOutcome, LiveOutcome } from "./api.ts";
import type { Connection, Transaction } from "./transaction.ts";
import { type LocalStamp, RecordWriter } from "./writer.ts";

/** One merge transaction while it runs: what it lifts the clock to, what it held. */
interface Merging {
  readonly tx: Transaction;
  readonly limit: Hlc;
  greatest: Hlc;
  held: number;
  stamp: LocalStamp | undefined;
}

const localStamp = (merging: Merging, { replica, seq, hlc, term }: Stamp): LocalStamp => {
  const last = merging.stamp;
  if (last !== undefined && last.seq === seq && last.hlc === hlc && last.replica.id === replica && last.term === term) return last;
  merging.stamp = { replica: merging.tx.names.replica(replica), seq, hlc, term };
  return merging.stamp;
};

/** One cell, merged or held; whether something that is shown changed. */
const mergeCell = (merging: Merging, writer: RecordWriter, path: Path, value: Value, stamp: LocalStamp): boolean => {
  if (isClockOrdered(path, stamp.replica.id)) {
    if (stamp.hlc > merging.limit) {
      if (writer.hold(path, value, stamp) === "held") merging.held += 1;
      return false;
    }
    if (stamp.hlc > merging.greatest) merging.greatest = stamp.hlc;
  }
  return writer.write(path, value, stamp) === "won";
};

const refuseSystem = (collection: CollectionId): void => {
  if (collection.startsWith("$")) throw new AppError("system_collection", `${collection} changes only by signed changes of admins.`);
};

/**
 * A record stays of the collection that it came with first. One id in two collections comes from a broken desk alone; refusing it would
 * keep apart for ever the sound desks that it told different things (trust.md).
 */
const openRecord = (merging: Merging, record: RecordId, collection: CollectionId): RecordWriter | undefined => {
  refuseSystem(collection);
  return RecordWriter.find(merging.tx, record);
};

const createRecord = (merging: Merging, record: RecordId, collection: CollectionId, creation: LocalStamp): RecordWriter =>
  RecordWriter.create(merging.tx, record, merging.tx.names.collection(collection), creation);

const createSent = (merging: Merging, sent: RecordCells): RecordWriter => {
  const creation = creationOf(sent);
  if (creation === undefined) throw new AppError("unreachable", `The record ${sent.record} was sent without a cell.`);
  return createRecord(merging, sent.record, sent.collection, localStamp(merging, creation));
};

/** "missing" when there is no row and this is not all of it; nothing was merged then. */
const mergeRecord = (merging: Merging, sent: RecordCells): "missing" | "changed" | "unchanged" => {
  const { record, collection, whole, cells } = sent;
  const found = openRecord(merging, record, collection);
  if (found === undefined && !whole) return "missing";
  if (cells.length === 0) return "unchanged";
  const writer = found ?? createSent(merging, sent);
  let changed = false;
  for (const { path, value, stamp } of cells) changed = mergeCell(merging, writer, path, value, localStamp(merging, stamp)) || changed;
  writer.close(undefined, undefined);
  return changed ? "changed" : "unchanged";
};

/** Runs one merge transaction, the clock lifted at its end. */
const transact = <T>(connection: Connection, limit: Hlc, seen: number | undefined, work: (merging: Merging) => T): T => {
  let result: { readonly value: T } | undefined;
  connection.write((tx) => {
    const current: Merging = { tx, limit, greatest: tx.state.hlc, held: 0, stamp: undefined };
    result = { value: work(current) };
    tx.state.hlc = observeHlc(tx.state.hlc, current.greatest);
  }, seen);
  if (result === undefined) throw new AppError("unreachable", "A merge ended without a result.");
  return result.value;
};

/** What is merged now is stamped up to `limit`; `seen` as in the `Transaction`. */
interface Terms {
  readonly limit: Hlc;
  readonly seen: number | undefined;
}

/** The same after all that is due: held cells whose time has come are merged before anything else. */
const merging = <T>(connection: Connection, { limit, seen }: Terms, touched: Set<RecordId>, work: (merging: Merging) => T): T => {
  for (const record of mergeDue(connection, limit)) touched.add(record);
  return transact(connection, limit, seen, work);
};

/** Merges held cells that are due, a few records in a transaction while a local commit waits; the records they touched. */
export const mergeDue = (connection: Connection, limit: Hlc): readonly RecordId[] => {
  if (connection.due.isAfter(limit)) return [];
  const nums = connection.read(() => connection.sql.dueRecords.all(limit));
  const released: RecordId[] = [];
  for (let at = 0; at < nums.length; ) {
    transact(connection, limit, undefined, (current) => {
      do released.push(release(current, nums[at++] ?? 0));
      while (at < nums.length && !connection.wanted());
    });
  }
  connection.due.merged(connection.read(() => connection.sql.earliestHeld.get() ?? null));
  return released;
};

const release = (current: Merging, num: number): RecordId => {
  const writer = RecordWriter.byNum(current.tx, num);
  if (writer === undefined) throw new AppError("database_damaged", "Held cells lost their record. Restore a backup, or join again.");
  for (const { hlc } of writer.release(current.limit)) if (hlc > current.greatest) current.greatest = hlc;
  writer.close(undefined, undefined);
  return writer.image.id;
};

/** Merges a catch-up batch. Idempotent; the vector does not move. */
export const mergeBatch = (connection: Connection, records: readonly RecordCells[], limit: Hlc, seen?: number): BatchOutcome => {
  const touched = new Set<RecordId>();
  const missing: RecordId[] = [];
  let held = 0;
  for (let at = 0; at < records.length; ) {
    connection.pace.rest();
    held += merging(connection, { limit, seen }, touched, (current) => {
      let room = connection.pace.cells;
      do {
        const cells = records[at];
        if (cells === undefined) break;
        at += 1;
        room -= cells.cells.length;
        const outcome = mergeRecord(current, cells);
        if (outcome === "missing") missing.push(cells.record);
        else if (outcome === "changed") touched.add(cells.record);
      } while (room > 0 && !connection.wanted());
      connection.pace.ended(connection.wanted(), performance.now());
      return current.held;
    });
  }
  return { records: [...touched], missing, held };
};

/** Taken in already, or our own. In a net of desks most copies of a change are: they cost a look and no transaction. */
const isKnown = (connection: Connection, { replica, seq }: Stamp): boolean =>
  connection.read(() => {
    const num = connection.names.knownReplica(replica)?.num;
    return num !== undefined && (num === connection.state().replica || seq <= (connection.sql.replicaSeq.get(num) ?? 0));
  });

/** Merges one live change if it is its replica's next. */
export const mergeLive = (connection: Connection, change: Change, limit: Hlc, seen?: number): LiveOutcome => {
  if (isKnown(connection, change.stamp)) return { kind: "known" };
  const touched = new Set<RecordId>();
  return merging(connection, { limit, seen }, touched, (current): LiveOutcome => {
    const { tx } = current;
    const stamp = localStamp(current, change.stamp);
    if (stamp.seq !== (tx.sql.replicaSeq.get(stamp.replica.num) ?? 0) + 1) return { kind: "gap" };
    const open = change.records.map(({ record, collection, creates, cells }) => ({
      record,
      collection,
      creates,
      cells,
      found: openRecord(current, record, collection),
    }));
    const missing = open.filter(({ found, creates }) => found === undefined && !creates).map(({ record }) => record);
    if (missing.length > 0) return { kind: "missing", records: missing };
    for (const { record, collection, cells, found } of open) {
      const writer = found ?? createRecord(current, record, collection, stamp);
      let changed = false;
      for (const { path, value } of cells) changed = mergeCell(current, writer, path, value, stamp) || changed;
      writer.close(undefined, undefined);
      if (changed) touched.add(record);
    }
    tx.sql.setVector.run(stamp.seq, stamp.hlc, stamp.replica.num);
    tx.arrivals.saw(stamp.replica.num, stamp.seq, stamp.hlc);
    return { kind: "merged", records: [...touched] };
  });
};

/**
 * A sweep has ended: what its vector claims has all been merged, and what its sender purged was not sent. Our own entry is never taken
 * from others.
 */
export const takeVector = (connection: Connection, vector: VersionVector, purge: VersionVector = new Map()): void => {
  const notePurged = connection.db.prepare<[number, number]>("UPDATE replica SET purged = max(purged, ?) WHERE num = ?");
  connection.write((tx) => {
    for (const [id, { seq, hlc }] of vector) {
      const { num } = tx.names.replica(id);
      if (num === tx.state.replica || seq <= (tx.sql.replicaSeq.get(num) ?? 0)) continue;
      tx.sql.setVector.run(seq, hlc, num);
      tx.arrivals.saw(num, seq, hlc);
    }
    for (const [id, { seq }] of purge) notePurged.run(seq, tx.names.replica(id).num);
  });
};
