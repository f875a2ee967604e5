/**
 * One record in memory as it is stored: its document, what lies aside of it, its packed stamps opened. Finds cells and walks
 * them; who may write is `writer.ts`'s to say. A scalar cell exists if it has a value or a stamp of its own.
 */
import { hlcAt } from "../../shared/clock/hlc.ts";
import { unpackStamps } from "../../shared/crdt/packed-stamps.ts";
import { isDeletionPath, isKeptPath, isSegmentPath, pathFromText, pathTail, pathText } from "../../shared/crdt/paths.ts";
import {
  asideRef,
  branchRef,
  isNamed,
  nameOther,
  nameScalar,
  otherStamp,
  type StampTable,
  scalarStamp,
} from "../../shared/crdt/stamp-table.ts";
import type { Path } from "../../shared/crdt/types.ts";
import type { StoredValue } from "../../shared/crdt/value.ts";
import { parseEpochMs, type RecordId } from "../../shared/ids.ts";
import type { CollectionName, Names, Slot } from "./names.ts";
import type { RecordRowRaw } from "./statements.ts";

/** `record.state`. */
export const STATE = { live: 0, deleted: 1, unseen: 2, held: 3, restored: 4 } as const;
/** Only these are shown. */
export const isLiveState = (state: number): boolean => state !== STATE.deleted && state !== STATE.held;

export interface Image {
  readonly num: number;
  readonly id: RecordId;
  readonly collection: CollectionName;
  /** The clock that the creation's stamp is packed against. */
  readonly base: number;
  /** It has no row yet. */
  readonly fresh: boolean;
  /** Its later stamps have a row. */
  readonly hasPacked: boolean;
  state: number;
  readonly doc: StoredValue[];
  readonly aside: StoredValue[];
  readonly stamps: StampTable;
  history: number;
}

/** Where a cell lies or would lie. */
export interface Place {
  /** Undefined: aside of the document. */
  readonly slot: Slot | undefined;
  /** Among the cells of its branch, or aside; 0 for a scalar. */
  readonly position: number;
  readonly exists: boolean;
}

/** What stands in `aside` for a segment whose bytes are in the `text` table; any other value there is wrapped in an array. */
export const SEGMENT_MARK = 0;

const ZERO_TIME = parseEpochMs(0);

/** The clock at a UUIDv7's own time; the zero clock for foreign ids. */
export const clockOfId = (id: string): number => {
  if (id.length !== 36 || id.charCodeAt(14) !== 55) return 0;
  const ms = parseEpochMs(Number.parseInt(id.slice(0, 8), 16) * 65536 + Number.parseInt(id.slice(9, 13), 16)) ?? ZERO_TIME;
  return ms === undefined ? 0 : hlcAt(ms);
};

const parseStored = (text: string): StoredValue[] => {
  const list: StoredValue[] = JSON.parse(text);
  return list;
};

/** Opens a stored row. */
export const imageOf = (id: RecordId, row: RecordRowRaw, names: Names): Image => {
  const [num, collectionNum, state, doc, made, aside, history, packed] = row;
  const collection = names.collectionOf(collectionNum);
  const parsed = parseStored(doc);
  // The other connection may have given places that this one has not met.
  if (parsed.length > collection.slots.length) names.reload();
  const base = clockOfId(id);
  const table = unpackStamps(made, packed, base, collection.branch);
  // A cell without a value makes the document no longer; its stamp names its place.
  if (table.scalars.length > collection.slots.length) names.reload();
  return {
    num,
    id,
    collection,
    base,
    fresh: false,
    hasPacked: packed !== null,
    state,
    doc: parsed,
    aside: aside === null ? [] : parseStored(aside),
    stamps: table,
    history,
  };
};

/** The cells of a branch; undefined where it has none. */
export const branchOf = (image: Image, slot: number): StoredValue[] | undefined => {
  const cells = image.doc[slot];
  return isMutableList(cells) ? cells : undefined;
};

const isMutableList = (value: StoredValue | undefined): value is StoredValue[] => Array.isArray(value);

const pairOf = (cells: readonly StoredValue[], key: string): number => {
  for (let i = 0; i < cells.length; i += 2) if (cells[i] === key) return i / 2;
  return -1;
};

const isAside = (path: Path): boolean =>
  path.length === 2 ? isDeletionPath(path) || isKeptPath(path) : path.length === 4 && isSegmentPath(path);

/** Finds the cell of a path; a field met for the first time gets its place. */
export const locate = (image: Image, names: Names, path: Path): Place => {
  if (path.length === 1) {
    const slot = names.scalar(image.collection, path[0] ?? "");
    return slot === undefined ? locateAside(image, path) : { slot, position: 0, exists: hasScalar(image, slot.slot) };
  }
  const slot = isAside(path) ? undefined : names.branch(image.collection, path[0] ?? "");
  if (slot === undefined) return locateAside(image, path);
  const cells = branchOf(image, slot.slot) ?? NO_CELLS;
  const found = pairOf(cells, pathTail(path));
  return { slot, position: found < 0 ? cells.length / 2 : found, exists: found >= 0 };
};

const NO_CELLS: readonly StoredValue[] = [];

const hasScalar = (image: Image, slot: number): boolean =>
  (slot < image.doc.length && (image.doc[slot] ?? null) !== null) || isNamed(image.stamps, slot);

const locateAside = (image: Image, path: Path): Place => {
  const found = pairOf(image.aside, pathText(path));
  return { slot: undefined, position: found < 0 ? image.aside.length / 2 : found, exists: found >= 0 };
};

/** What is stored at a place; undefined where nothing is. */
export const storedAt = (image: Image, place: Place): StoredValue | undefined => {
  if (place.slot === undefined) return image.aside[place.position * 2 + 1];
  if (!place.slot.branch) return image.doc[place.slot.slot] ?? (place.exists ? null : undefined);
  return branchOf(image, place.slot.slot)?.[place.position * 2 + 1];
};

/** Puts a value at a place. */
export const storeAt = (image: Image, place: Place, path: Path, value: StoredValue): void => {
  if (place.slot === undefined) {
    image.aside[place.position * 2] = pathText(path);
    image.aside[place.position * 2 + 1] = value;
    return;
  }
  const slot = place.slot.slot;
  while (image.doc.length <= slot) image.doc.push(null);
  if (!place.slot.branch) {
    image.doc[slot] = value;
    return;
  }
  const cells = branchOf(image, slot) ?? [];
  cells[place.position * 2] = pathTail(path);
  cells[place.position * 2 + 1] = value;
  image.doc[slot] = cells;
};

const refOf = ({ slot, position }: Place): number => (slot === undefined ? asideRef(position) : branchRef(slot.slot, position));

/** The index of the stamp of a cell that exists. */
export const stampOf = (image: Image, place: Place): number =>
  place.slot !== undefined && !place.slot.branch ? scalarStamp(image.stamps, place.slot.slot) : otherStamp(image.stamps, refOf(place));

/** Gives a cell a stamp. */
export const nameStamp = (image: Image, place: Place, index: number): void => {
  if (place.slot !== undefined && !place.slot.branch) nameScalar(image.stamps, place.slot.slot, index);
  else nameOther(image.stamps, refOf(place), index);
};

/** Called once for each cell. */
export type CellVisitor = (path: Path, stored: StoredValue, stamp: number) => void;

/** Walks all standing cells. */
export const eachCell = (image: Image, visit: CellVisitor): void => {
  const { doc, aside, stamps } = image;
  for (const { slot, branch, field } of image.collection.slots) {
    if (!branch) {
      if (hasScalar(image, slot)) visit([field], doc[slot] ?? null, scalarStamp(stamps, slot));
      continue;
    }
    const cells = branchOf(image, slot) ?? NO_CELLS;
    for (let i = 0; i < cells.length; i += 2) {
      visit([field, ...pathFromText(String(cells[i]))], cells[i + 1] ?? null, otherStamp(stamps, branchRef(slot, i / 2)));
    }
  }
  for (let i = 0; i < aside.length; i += 2) {
    visit(pathFromText(String(aside[i])), aside[i + 1] ?? null, otherStamp(stamps, asideRef(i / 2)));
  }
};
