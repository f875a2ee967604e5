/**
 * What a change replaced in one record, gathered while it is written: one history row a record and stamp. Only the value before
 * is kept (what came after is in the next row or stands); of deletion lists only that there was one, restores without value. Of texts what
 * undo may take back is noted, what the change wrote (`text.ts`); of what was typed in an editor or merged only that it was.
 */
import { msOfHlc } from "../../shared/clock/hlc.ts";
import { isDeletionPath, isKeptPath, isSegmentPath, pathText } from "../../shared/crdt/paths.ts";
import type { Path, Value } from "../../shared/crdt/types.ts";
import { type StoredValue, storedFromValue } from "../../shared/crdt/value.ts";
import type { Place } from "./image.ts";
import type { Transaction } from "./transaction.ts";
import type { LocalStamp } from "./writer.ts";

interface Group {
  readonly stamp: LocalStamp;
  /** Undefined: the change created the record. */
  readonly cells: StoredValue[] | undefined;
  readonly lost: StoredValue[];
  /** Segments that it changed, without a note for undo. */
  readonly texts: string[];
}

/** Whoever goes on typing within this is told once. */
const TYPING_MS = 10 * 60_000;

export class ChangeNotes {
  readonly #keep: boolean;
  readonly #groups: Group[] = [];

  constructor(keep: boolean) {
    this.#keep = keep;
  }

  get isEmpty(): boolean {
    return this.#groups.length === 0;
  }

  /** The change made the record: its cells need no note of their own. */
  created(stamp: LocalStamp): void {
    this.#groups.push({ stamp, cells: undefined, lost: [], texts: [] });
  }

  /** A cell was written over `before`; `isUnseen`: that is a value of ours, which the writer had not seen. */
  replaced(stamp: LocalStamp, path: Path, place: Place, before: StoredValue, isUnseen: boolean): void {
    if (!this.#keep) return;
    if (path.length === 4 && isSegmentPath(path)) {
      const { texts } = this.#groupOf(stamp);
      texts.push(pathText(path));
      return;
    }
    const isDeletion = path.length === 2 && isDeletionPath(path);
    const isUnvalued = isDeletion || (path.length === 2 && isKeptPath(path));
    const ref = refOf(path, place);
    this.#groupOf(stamp).cells?.push(isUnseen ? unseenRef(ref) : ref, isUnvalued ? (isDeletion && before !== null ? true : null) : before);
  }

  /** `replaced` of a field's own cell, by its slot. */
  replacedAt(stamp: LocalStamp, slot: number, before: StoredValue, isUnseen: boolean): void {
    if (this.#keep) this.#groupOf(stamp).cells?.push(isUnseen ? unseenRef(slot) : slot, before);
  }

  /** `lost` of a field's own cell, by its slot. */
  lostAt(stamp: LocalStamp, slot: number, value: Value): void {
    if (this.#keep) this.#groupOf(stamp).lost.push(slot, storedFromValue(value));
  }

  /** Our change grew a segment. */
  grew(stamp: LocalStamp, path: Path, note: StoredValue): void {
    if (this.#keep) this.#groupOf(stamp).cells?.push(pathText(path), note);
  }

  /** A cell lost at once to one that stands. */
  lost(stamp: LocalStamp, path: Path, place: Place, value: Value): void {
    if (!this.#keep || (path.length === 4 && isSegmentPath(path))) return;
    this.#groupOf(stamp).lost.push(refOf(path, place), storedFromValue(value));
  }

  /** Writes the rows, chained to `prev`; the number of the last one. `own` goes into the first. */
  write(tx: Transaction, record: number, prev: number, own: string | undefined): number {
    let last = prev;
    for (const { stamp, cells, lost: all, texts } of this.#groups) {
      const lost = all.length === 0 ? all : notYetNoted(tx, prev, stamp, all);
      if (lost.length === 0 && cells?.length === 0 && (texts.length === 0 || goesOn(tx, last, stamp, texts))) continue;
      // Undo's own note of a segment says all.
      if (cells !== undefined) for (const text of texts) if (!cells.includes(text)) cells.push(text, null);
      const num = ++tx.state.arrival;
      tx.sql.insertHistory.run(
        num,
        record,
        last,
        stamp.replica.num,
        stamp.seq,
        stamp.hlc,
        cells === undefined ? null : JSON.stringify(cells),
        lost.length === 0 ? null : JSON.stringify(lost),
        last === prev && own !== undefined ? own : null,
      );
      last = num;
    }
    return last;
  }

  #groupOf(stamp: LocalStamp): Group {
    const last = this.#groups[this.#groups.length - 1];
    if (last !== undefined && last.stamp.seq === stamp.seq && last.stamp.replica === stamp.replica) return last;
    const known = this.#groups.find((group) => group.stamp.seq === stamp.seq && group.stamp.replica === stamp.replica);
    if (known !== undefined) return known;
    const group: Group = { stamp, cells: [], lost: [], texts: [] };
    this.#groups.push(group);
    return group;
  }
}

/** Whether the record's last row tells already that these segments are being typed in. */
const goesOn = (tx: Transaction, last: number, { replica, hlc }: LocalStamp, texts: readonly string[]): boolean => {
  const row = last === 0 ? undefined : tx.sql.historyRow.get(last);
  if (row === undefined || row[3] !== replica.num || row[6] === null || msOfHlc(hlc) - msOfHlc(tx.hlc(row[5])) > TYPING_MS) return false;
  const told: StoredValue[] = JSON.parse(row[6]);
  return texts.every((text) => told.includes(text));
};

/** What lost and is not in the record's history yet: a catch-up that is taken up again, or comes from two peers, brings it once more. */
const notYetNoted = (tx: Transaction, head: number, { replica, seq }: LocalStamp, lost: readonly StoredValue[]): readonly StoredValue[] => {
  const noted = new Set<StoredValue>();
  for (let row = tx.sql.historyRow.get(head); row !== undefined; row = tx.sql.historyRow.get(row[2])) {
    if (row[3] !== replica.num || row[4] !== seq) continue;
    if (row[6] === null) return [];
    for (const flat of [row[6], row[7] ?? "[]"]) {
      const pairs: StoredValue[] = JSON.parse(flat);
      for (let i = 0; i < pairs.length; i += 2) noted.add(refIn(pairs[i]) ?? null);
    }
  }
  return noted.size === 0 ? lost : lost.filter((_, i) => !noted.has(lost[i - (i % 2)] ?? null));
};

/** How history names a cell: a scalar by its slot, any other by its path. */
const refOf = (path: Path, place: Place): StoredValue => (path.length === 1 && place.slot !== undefined ? place.slot.slot : pathText(path));

/** In a row's `cells`: what was replaced is a value of ours, which the writer had not seen. */
const unseenRef = (ref: StoredValue): StoredValue => [ref];

export const isUnseenRef = (marked: StoredValue | undefined): boolean => Array.isArray(marked);

/** The reference, marked or not. */
export const refIn = (marked: StoredValue | undefined): StoredValue | undefined => (isList(marked) ? marked[0] : marked);

const isList = (value: StoredValue | undefined): value is readonly StoredValue[] => Array.isArray(value);
