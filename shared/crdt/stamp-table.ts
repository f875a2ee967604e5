/**
 * The stamps of one record, open: which stamps it has and which cell has which. Index 0 is the stamp that created the record,
 * and what a cell has that no entry names. Replicas are local numbers. Packed form: `packed-stamps.ts`.
 */

/** A change's name: who wrote it and its number. */
export interface StampSource {
  readonly replica: string;
  readonly seq: number;
}

export interface StampTable {
  readonly replica: number[];
  readonly seq: number[];
  readonly hlc: number[];
  readonly term: number[];
  /** By slot of a scalar cell: its stamp, or -1 for the creation's. */
  readonly scalars: number[];
  /** By reference of a cell in a branch or aside of the document; absent: the creation's. Made for the first one: few records have any. */
  others: Map<number, number> | undefined;
}

/** Slots of a document are below this minus two. */
export const ROOM = 1024;

/** The reference of a cell aside of the document, by position. */
export const asideRef = (position: number): number => position * ROOM;
/** The reference of a cell of a branch. */
export const branchRef = (slot: number, position: number): number => position * ROOM + slot + 1;
/** The slot of a reference; -1: aside. */
export const slotOfRef = (ref: number): number => (ref % ROOM) - 1;
export const positionOfRef = (ref: number): number => Math.floor(ref / ROOM);

export const newStampTable = (replica: number, seq: number, hlc: number, term: number): StampTable => ({
  replica: [replica],
  seq: [seq],
  hlc: [hlc],
  term: [term],
  scalars: [],
  others: undefined,
});

/** Adds a stamp without looking whether it is there. */
export const pushStamp = (table: StampTable, replica: number, seq: number, hlc: number, term: number): number => {
  table.replica.push(replica);
  table.seq.push(seq);
  table.hlc.push(hlc);
  return table.term.push(term) - 1;
};

/** The index of a stamp, added if it is not there yet. */
export const stampIndex = (table: StampTable, replica: number, seq: number, hlc: number, term: number): number => {
  for (let i = table.seq.length - 1; i >= 0; i--) {
    if (table.seq[i] === seq && table.replica[i] === replica && table.hlc[i] === hlc && table.term[i] === term) return i;
  }
  return pushStamp(table, replica, seq, hlc, term);
};

/** The stamp of a scalar cell that exists. */
export const scalarStamp = (table: StampTable, slot: number): number => {
  const index = slot < table.scalars.length ? (table.scalars[slot] ?? -1) : -1;
  return index < 0 ? 0 : index;
};

/** Whether a scalar cell is named: a cell without a value exists only then. */
export const isNamed = (table: StampTable, slot: number): boolean => slot < table.scalars.length && (table.scalars[slot] ?? -1) >= 0;

export const nameScalar = (table: StampTable, slot: number, index: number): void => {
  while (table.scalars.length <= slot) table.scalars.push(-1);
  table.scalars[slot] = index;
};

/** The stamp of a cell in a branch or aside of the document. */
export const otherStamp = (table: StampTable, ref: number): number => table.others?.get(ref) ?? 0;

export const nameOther = (table: StampTable, ref: number, index: number): void => {
  (table.others ??= new Map()).set(ref, index);
};

/** Whether a scalar cell's stamp must be named: one with the creation's and a value needs no name. `index`: what `scalars` has of it. */
export const needsName = (index: number, slot: number, doc: readonly unknown[]): boolean =>
  index > 0 || (index === 0 && (doc[slot] ?? null) === null);

/** Which stamps a cell is named with, 1 or 0 by index. */
export const namedStamps = (table: StampTable, doc: readonly unknown[]): Uint8Array => {
  const used = new Uint8Array(table.seq.length);
  for (const [slot, index] of table.scalars.entries()) if (needsName(index, slot, doc)) used[index] = 1;
  for (const index of table.others?.values() ?? []) if (index > 0) used[index] = 1;
  return used;
};
