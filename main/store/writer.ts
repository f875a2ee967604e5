/**
 * The one place where a cell is written: local commits, merges, due held cells and undo all come through here. A writer opens
 * one record inside a transaction, takes cells, and writes the row with all that follows from it (arrivals, lookup, fingerprint,
 * history, liveness) once when it closes: one parse and one stringify a record, whatever the number of cells.
 */
import { FingerprintSum, hashCell, hashPathText, hashStamp } from "../../shared/crdt/fingerprint.ts";
import { newHash } from "../../shared/crdt/hash.ts";
import { compareOn, compareTied } from "../../shared/crdt/order.ts";
import { isDeletionPath, isSegmentPath, pathFromText, pathText } from "../../shared/crdt/paths.ts";
import { isNamed, nameScalar, newStampTable, scalarStamp, stampIndex } from "../../shared/crdt/stamp-table.ts";
import type { Cell, Hlc, Path, Stamp, Value } from "../../shared/crdt/types.ts";
import { type StoredValue, storedFromValue, valueFromStored } from "../../shared/crdt/value.ts";
import type { RecordId } from "../../shared/ids.ts";
import { CellHashes } from "./cell-hashes.ts";
import { HeldCells } from "./held.ts";
import {
  clockOfId,
  eachCell,
  type Image,
  imageOf,
  isLiveState,
  locate,
  nameStamp,
  type Place,
  SEGMENT_MARK,
  STATE,
  stampOf,
  storeAt,
  storedAt,
} from "./image.ts";
import { livenessOf } from "./liveness.ts";
import { keyAt } from "./lookup-key.ts";
import { type CollectionName, isSearched, LISTED, type ReplicaName, type Slot } from "./names.ts";
import { ChangeNotes } from "./notes.ts";
import { writeRow } from "./record-row.ts";
import type { Transaction } from "./transaction.ts";

/** A stamp with its replica's local number. */
export interface LocalStamp {
  readonly replica: ReplicaName;
  readonly seq: number;
  readonly hlc: Hlc;
  readonly term: number;
}

export type WriteOutcome = "won" | "lost" | "same";

/** What a closed writer tells the commit. */
export interface Written {
  /** The record's new history row; 0 when none was written. */
  readonly history: number;
}

const cellHash = newHash();

export class RecordWriter {
  readonly image: Image;
  readonly #tx: Transaction;
  readonly #hashes: CellHashes;
  readonly #notes: ChangeNotes;
  /** How many stamps the record had before this writer. */
  readonly #stampsBefore: number;
  readonly #liveBefore: boolean;
  #held: HeldCells | undefined;
  /** Made when the first is put in: most records need none. */
  #texts: Map<string, Uint8Array | undefined> | undefined;
  #lookups: { readonly field: number; readonly from: StoredValue; readonly to: StoredValue }[] | undefined;
  /** The record's whole share of the fingerprint was taken out, and is put back when the writer closes. */
  #whole = false;
  #dirty = false;
  #isSearchDue = false;

  private constructor(tx: Transaction, image: Image) {
    this.#tx = tx;
    this.image = image;
    this.#hashes = new CellHashes(tx, image);
    this.#notes = new ChangeNotes(tx.keepHistory && !image.fresh);
    this.#stampsBefore = image.fresh ? 0 : image.stamps.seq.length;
    this.#liveBefore = !image.fresh && isLiveState(image.state);
  }

  /** Read when somebody asks: hardly ever is anything held. */
  get held(): HeldCells {
    return (this.#held ??= new HeldCells(this.#tx, this.image));
  }

  get #hasHeld(): boolean {
    return this.#tx.state.held > 0 && this.held.count > 0;
  }

  /** Opens the record that has this row; undefined when there is none. */
  static find(tx: Transaction, id: RecordId): RecordWriter | undefined {
    const row = tx.sql.recordById.get(id);
    return row === undefined ? undefined : new RecordWriter(tx, imageOf(id, row, tx.names));
  }

  /** Opens a record by its local number. */
  static byNum(tx: Transaction, num: number): RecordWriter | undefined {
    const id = tx.sql.idOfNum.get(num);
    return id === undefined ? undefined : RecordWriter.find(tx, id);
  }

  /** Begins a record that has no row. `creation` is kept as its first stamp. */
  static create(tx: Transaction, id: RecordId, collection: CollectionName, creation: LocalStamp): RecordWriter {
    tx.state.records += 1;
    return new RecordWriter(tx, {
      num: tx.state.records,
      id,
      collection,
      base: clockOfId(id),
      fresh: true,
      hasPacked: false,
      state: STATE.live,
      doc: [],
      aside: [],
      stamps: newStampTable(creation.replica.num, creation.seq, creation.hlc, creation.term),
      history: 0,
    });
  }

  /** The standing cell of a path. */
  standing(path: Path): { readonly value: Value; readonly stamp: Stamp } | undefined {
    const place = locate(this.image, this.#tx.names, path);
    if (!place.exists) return undefined;
    return { value: this.valueAt(path, place), stamp: this.stampAt(stampOf(this.image, place)) };
  }

  /** A stamp of the record's table, as the wire has it. */
  stampAt(index: number): Stamp {
    const { replica, seq, hlc, term } = this.image.stamps;
    return {
      term: term[index] ?? 0,
      hlc: this.#tx.hlc(hlc[index] ?? 0),
      replica: this.#tx.names.replicaOf(replica[index] ?? 0).id,
      seq: seq[index] ?? 0,
    };
  }

  /** The value at a place, bytes fetched from where segments lie. */
  valueAt(path: Path, place: Place): Value {
    return this.#valueOf(path, storedAt(this.image, place) ?? null);
  }

  /** Writes one cell if it stands over what is there. */
  write(path: Path, value: Value, stamp: LocalStamp): WriteOutcome {
    const slot = path.length === 1 ? this.image.collection.scalars.get(path[0] ?? "") : undefined;
    if (slot !== undefined && !this.#whole && this.image.state === STATE.live && !this.#hasHeld)
      return this.#writeScalar(slot, value, stamp);
    const place = locate(this.image, this.#tx.names, path);
    const before = place.exists ? (storedAt(this.image, place) ?? null) : null;
    if (place.exists) {
      const order = this.#compare(path, place, before, value, stamp);
      if (order === 0) return "same";
      if (order < 0) {
        this.#notes.lost(stamp, path, place, value);
        return "lost";
      }
      this.#beginAlone(path);
      if (!this.#whole) this.#count(path, place, this.#valueOf(path, before), stampOf(this.image, place), -1);
      this.#notes.replaced(stamp, path, place, before, this.#isUnseen(stampOf(this.image, place)));
    } else {
      this.#beginAlone(path);
      this.#notes.replaced(stamp, path, place, before, false);
    }
    this.#put(path, place, value, stamp, before);
    return "won";
  }

  /** The same for the field of a plain record, as nearly all cells are, without making anything for it. */
  #writeScalar(slot: Slot, value: Value, stamp: LocalStamp): WriteOutcome {
    const { stamps, doc } = this.image;
    const at = slot.slot;
    const before = at < doc.length ? (doc[at] ?? null) : null;
    let isUnseen = false;
    if (before !== null || isNamed(stamps, at)) {
      const index = scalarStamp(stamps, at);
      const order = this.#compareStamp(stamp, index) || compareTied(value, stamp.seq, valueFromStored(before), stamps.seq[index] ?? 0);
      if (order === 0) return "same";
      if (order < 0) {
        this.#notes.lostAt(stamp, at, value);
        return "lost";
      }
      this.#hashes.count(slot.hash, valueFromStored(before), index, -1);
      isUnseen = this.#isUnseen(index);
    }
    this.#notes.replacedAt(stamp, at, before, isUnseen);
    const index = stampIndex(stamps, stamp.replica.num, stamp.seq, stamp.hlc, stamp.term);
    const stored = storedFromValue(value);
    while (doc.length <= at) doc.push(null);
    doc[at] = stored;
    nameScalar(stamps, at, index);
    if (slot.lookup !== undefined && stored !== before) (this.#lookups ??= []).push({ field: slot.lookup, from: before, to: stored });
    if (slot.searched) this.#isSearchDue = true;
    this.#hashes.count(slot.hash, value, index, 1);
    this.#dirty = true;
    return "won";
  }

  /** Notes what our change wrote into a segment, for undo. */
  noteGrowth(path: Path, note: StoredValue, stamp: LocalStamp): void {
    this.#notes.grew(stamp, path, note);
  }

  /** Keeps a cell from the future beside the standing one. */
  hold(path: Path, value: Value, stamp: LocalStamp): "held" | "lost" | "same" {
    const standing = this.standing(path);
    const ours = { ...stamp, replica: stamp.replica.id };
    if (standing !== undefined) {
      const order = compareOn(path, ours, standing.stamp) || compareTied(value, stamp.seq, standing.value, standing.stamp.seq);
      if (order <= 0) return order === 0 ? "same" : "lost";
    }
    this.#takeOutWhole();
    const outcome = this.held.put(pathText(path), value, stamp);
    if (outcome === "held") {
      this.#dirty = true;
      this.#tx.arrivals.saw(stamp.replica.num, stamp.seq, stamp.hlc);
    }
    return outcome;
  }

  /** Merges the held cells that are due; they are then held no more, whether they won or lost. */
  release(limit: Hlc): readonly LocalStamp[] {
    this.#takeOutWhole();
    const due = this.held.takeDue(limit);
    for (const { path, value, ...stamp } of due) this.write(pathFromText(path), value, stamp);
    if (due.length > 0) this.#dirty = true;
    return due;
  }

  /** Writes the row and all that follows from it. `own`: what the first history row of an own change carries. */
  close(creator: LocalStamp | undefined, own: string | undefined): Written {
    if (!this.#dirty && this.#notes.isEmpty) {
      if (this.#whole) this.#putBackWhole();
      return { history: 0 };
    }
    const { image } = this;
    const tx = this.#tx;
    if (this.#whole) this.held.dropLosers((path) => this.standing(path));
    image.state = livenessOf(image, tx.names, this.#hasHeld);
    if (this.#whole) this.#putBackWhole();
    const before = image.history;
    if (creator !== undefined && image.fresh && tx.keepHistory) this.#notes.created(creator);
    image.history = this.#notes.write(tx, image.num, image.history, own);
    writeRow(tx.sql, image);
    this.#tellArrivals(image.history !== before);
    this.#writeTexts();
    if (this.#lookups !== undefined) for (const { field, from, to } of this.#lookups) this.#moveLookup(field, from, to);
    const live = isLiveState(image.state);
    this.#listIt(live);
    if (this.#isSearchDue || (live !== this.#liveBefore && isSearched(image.collection))) tx.sql.insertSearchDue.run(image.num);
    if (live !== this.#liveBefore && !image.collection.system) tx.state.live += live ? 1 : -1;
    this.#hashes.close();
    return { history: image.history === before ? 0 : image.history };
  }

  #put(path: Path, place: Place, value: Value, stamp: LocalStamp, before: StoredValue): void {
    const { image } = this;
    const index = stampIndex(image.stamps, stamp.replica.num, stamp.seq, stamp.hlc, stamp.term);
    let stored: StoredValue;
    if (place.slot === undefined && isSegmentPath(path)) {
      stored = value instanceof Uint8Array ? SEGMENT_MARK : [storedFromValue(value)];
      (this.#texts ??= new Map()).set(pathText(path), value instanceof Uint8Array ? value : undefined);
    } else stored = storedFromValue(value);
    storeAt(image, place, path, stored);
    nameStamp(image, place, index);
    if (place.slot?.lookup !== undefined && stored !== before) {
      const [from, to] = place.slot.branch ? [elementIn(path, before), elementIn(path, stored)] : [before, stored];
      (this.#lookups ??= []).push({ field: place.slot.lookup, from, to });
    }
    if (place.slot?.searched ?? image.collection.searchedTexts.has(path[0] ?? "")) this.#isSearchDue = true;
    if (!this.#whole) this.#count(path, place, value, index, 1);
    this.#dirty = true;
  }

  #compare(path: Path, place: Place, before: StoredValue, value: Value, stamp: LocalStamp): number {
    const index = stampOf(this.image, place);
    const order =
      path.length === 1 ? this.#compareStamp(stamp, index) : compareOn(path, { ...stamp, replica: stamp.replica.id }, this.stampAt(index));
    return order || compareTied(value, stamp.seq, this.#valueOf(path, before), this.image.stamps.seq[index] ?? 0);
  }

  /** Whether this stamp of the table is of a change of ours that who writes over it had not seen. */
  #isUnseen(index: number): boolean {
    const { replica, seq } = this.image.stamps;
    return (seq[index] ?? 0) > this.#tx.seen && replica[index] === this.#tx.state.replica;
  }

  /** `compareStamps` with a stamp of the table, whose replica is looked up only when nothing else tells. */
  #compareStamp(stamp: LocalStamp, index: number): number {
    const { replica, hlc, term } = this.image.stamps;
    const order = stamp.term - (term[index] ?? 0) || stamp.hlc - (hlc[index] ?? 0);
    if (order !== 0 || replica[index] === stamp.replica.num) return order;
    return stamp.replica.id < this.#tx.names.replicaOf(replica[index] ?? 0).id ? -1 : 1;
  }

  #valueOf(path: Path, stored: StoredValue): Value {
    if (stored === null || typeof stored === "string" || typeof stored === "boolean") return stored;
    if (path.length === 4 && isSegmentPath(path)) {
      if (stored !== SEGMENT_MARK) return valueFromStored(isOneList(stored) ? (stored[0] ?? null) : stored);
      const key = pathText(path);
      return this.#texts?.get(key) ?? this.#tx.sql.textBytes.get(this.image.num, key) ?? new Uint8Array();
    }
    return valueFromStored(stored);
  }

  /** Adds one cell to the fingerprint or takes it away. */
  #count(path: Path, place: Place, value: Value, index: number, sign: 1 | -1): void {
    const pathHash = path.length === 1 && place.slot !== undefined ? place.slot.hash : hashPathText(pathText(path));
    this.#hashes.count(pathHash, value, index, sign);
  }

  /** Before the first cell is written: a record with deletions or held cells is counted whole, any other cell by cell. */
  #beginAlone(path: Path): void {
    if (this.image.state !== STATE.live || this.#hasHeld || isDeletionPath(path)) this.#takeOutWhole();
  }

  #takeOutWhole(): void {
    if (this.#whole) return;
    this.#whole = true;
    this.#tx.sum.combine(this.share(), -1);
  }

  #putBackWhole(): void {
    this.#tx.sum.combine(this.share(), 1);
  }

  /** The record's share of the fingerprint: standing joined with held, nothing if that state is deleted. */
  share(): FingerprintSum {
    const sum = new FingerprintSum();
    const stampHash = newHash();
    for (const { path, value, stamp } of this.held.joined(this.cells())) {
      hashStamp(this.#hashes.record, { ...stamp, replica: this.#tx.names.replica(stamp.replica).hash }, stampHash);
      hashCell(stampHash, hashPathText(pathText(path)), value, cellHash);
      sum.add(cellHash);
    }
    return sum;
  }

  /** All standing cells as the wire has them. */
  cells(): Cell[] {
    const cells: Cell[] = [];
    eachCell(this.image, (path, stored, index) => cells.push({ path, value: this.#valueOf(path, stored), stamp: this.stampAt(index) }));
    return cells;
  }

  /** Tells the log of arrivals whose numbers stand here now, and that the record was written where no row of history does. */
  #tellArrivals(logged: boolean): void {
    const { arrivals, state } = this.#tx;
    const { replica, seq, hlc } = this.image.stamps;
    for (let i = this.#stampsBefore; i < seq.length; i++) arrivals.saw(replica[i] ?? 0, seq[i] ?? 0, hlc[i] ?? 0);
    if (!logged) arrivals.unlogged(this.image.num, state);
  }

  #writeTexts(): void {
    if (this.#texts === undefined) return;
    for (const [path, bytes] of this.#texts) {
      if (bytes === undefined) this.#tx.sql.deleteText.run(this.image.num, path);
      else this.#tx.sql.putText.run(this.image.num, path, bytes);
    }
  }

  #moveLookup(field: number, from: StoredValue, to: StoredValue): void {
    const slot = this.image.collection.slots[field % 1024];
    if (slot === undefined) return;
    const old = keyAt(slot, from);
    const next = keyAt(slot, to);
    if (old !== undefined) this.#tx.sql.deleteLookup.run(field, old, this.image.num);
    if (next !== undefined) this.#tx.sql.insertLookup.run(field, next, this.image.num);
  }

  /** A new record is looked up under the defaults of what it has no value of; the listing holds what is shown. */
  #listIt(live: boolean): void {
    const { fresh, collection, doc, num } = this.image;
    if (fresh)
      for (const slot of collection.defaulted) if ((doc[slot.slot] ?? null) === null) this.#moveLookup(slot.lookup ?? 0, null, null);
    if (collection.listed === undefined || live === this.#liveBefore) return;
    if (live) this.#tx.sql.insertLookup.run(collection.listed, LISTED, num);
    else this.#tx.sql.deleteLookup.run(collection.listed, LISTED, num);
  }
}

/** What a set's cell looks up: its element, while it is in the set. */
const elementIn = (path: Path, stored: StoredValue): StoredValue => (stored === true ? (path[1] ?? null) : null);

const isOneList = (value: StoredValue): value is readonly StoredValue[] => Array.isArray(value) && value.length === 1;
