/**
 * The packed stamps of a record: the stamp that created it once, then for each later stamp the cells that it wrote.
 * A record made in one change costs about eight bytes, a cell with a stamp of its own about ten.
 *
 * Layout, all varints of six bits a byte (bit 6: more follow), so every byte is below 128 and SQLite can hand it out as text:
 *   creation: replica*2+hasTerm, hlc - base (zigzag), seq, [term]
 *   runs, one a replica: replica*4 + min(stamps, 4)-1, [stamps-4], then for each stamp in order of seq
 *     (seq - previous seq)*2+hasTerm, [term], ms delta*2+hasTicks (zigzag), [ticks], cells
 *   cells: (0 aside | slot+1)*2+more, [position, if aside or a branch]
 * A cell that no run names has the creation stamp, if it exists; which exist is the document's to say.
 */

/** A change's name: who wrote it and its number. */
export interface StampSource {
  readonly replica: string;
  readonly seq: number;
}

/** Stamps by index (0: the creation), replicas by local number. */
export interface StampTable {
  readonly replica: number[];
  readonly seq: number[];
  readonly hlc: number[];
  readonly term: number[];
  /** Which stamp a cell has, by its reference; absent: the creation. */
  readonly named: Map<number, number>;
}

/** The reference of a cell aside of the document, by position. */
export const asideRef = (position: number): number => position * ROOM;
/** The reference of a scalar cell (position 0) or of a cell of a branch. */
export const slotRef = (slot: number, position: number): number => position * ROOM + slot + 1;

/** Slots of a document are below this minus two. */
export const ROOM = 1024;
const TICKS_PER_MS = 2048;

export const newStampTable = (replica: number, seq: number, hlc: number, term: number): StampTable => ({
  replica: [replica],
  seq: [seq],
  hlc: [hlc],
  term: [term],
  named: new Map(),
});

/** The index of a stamp, added if it is not there yet. */
export const stampIndex = (table: StampTable, replica: number, seq: number, hlc: number, term: number): number => {
  for (let i = table.seq.length - 1; i >= 0; i--) {
    if (table.seq[i] === seq && table.replica[i] === replica && table.hlc[i] === hlc && table.term[i] === term) return i;
  }
  table.replica.push(replica);
  table.seq.push(seq);
  table.hlc.push(hlc);
  return table.term.push(term) - 1;
};

class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  varint(): number {
    let byte = this.text.charCodeAt(this.at++);
    if (byte < 64) return byte;
    let value = byte & 63;
    let scale = 64;
    do {
      byte = this.text.charCodeAt(this.at++);
      value += (byte & 63) * scale;
      scale *= 64;
    } while (byte >= 64);
    return value;
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

/** Reads packed stamps. `base`: a clock value both sides know (the record id's own time), to keep the creation short. `branch[slot]`: it holds several cells. */
export const unpackStamps = (text: string, base: number, branch: readonly boolean[]): StampTable => {
  const reader = new Reader(text);
  const first = reader.varint();
  const hlc = base + reader.zigzag();
  const table = newStampTable(first >> 1, reader.varint(), hlc, first % 2 === 1 ? reader.varint() : 0);
  while (reader.at < text.length) readRun(reader, table, hlc, branch);
  return table;
};

const readRun = (reader: Reader, table: StampTable, creation: number, branch: readonly boolean[]): void => {
  const head = reader.varint();
  const replica = Math.floor(head / 4);
  const count = head % 4 === 3 ? reader.varint() + 4 : (head % 4) + 1;
  let seq = 0;
  let hlc = creation;
  for (let i = 0; i < count; i++) {
    const step = reader.varint();
    seq += Math.floor(step / 2);
    const term = step % 2 === 1 ? reader.varint() : 0;
    const clock = reader.zigzag();
    const ms = Math.floor(clock / 2) + Math.floor(hlc / TICKS_PER_MS);
    hlc = ms * TICKS_PER_MS + (clock % 2 === 0 ? 0 : reader.varint());
    readCells(reader, table, stampAt(table, replica, seq, hlc, term), branch);
  }
};

const stampAt = (table: StampTable, replica: number, seq: number, hlc: number, term: number): number => {
  if (table.seq[0] === seq && table.replica[0] === replica && table.hlc[0] === hlc && table.term[0] === term) return 0;
  table.replica.push(replica);
  table.seq.push(seq);
  table.hlc.push(hlc);
  return table.term.push(term) - 1;
};

const readCells = (reader: Reader, table: StampTable, index: number, branch: readonly boolean[]): void => {
  let cell: number;
  do {
    cell = reader.varint();
    const slot = (cell >> 1) - 1;
    const ref = slot < 0 ? asideRef(reader.varint()) : slotRef(slot, branch[slot] === true ? reader.varint() : 0);
    table.named.set(ref, index);
  } while (cell % 2 === 1);
};

/** Where stamps are packed: a buffer that grows and is used again. */
export class PackBuffer {
  bytes = new Uint8Array(4096);
  length = 0;

  varint(start: number): void {
    if (this.length + 10 > this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    let value = start;
    while (value >= 64) {
      this.bytes[this.length++] = 64 + (value % 64);
      value = Math.floor(value / 64);
    }
    this.bytes[this.length++] = value;
  }

  zigzag(value: number): void {
    this.varint(value >= 0 ? value * 2 : -value * 2 - 1);
  }
}

/** Packs into `out` from its start. `cells[i]`: the references that run groups must name for stamp `i`, in ascending order; empty: left out. */
export const packStamps = (
  table: StampTable,
  cells: readonly (readonly number[])[],
  base: number,
  branch: readonly boolean[],
  out: PackBuffer,
): void => {
  out.length = 0;
  const term = table.term[0] ?? 0;
  const creation = table.hlc[0] ?? 0;
  out.varint((table.replica[0] ?? 0) * 2 + (term > 0 ? 1 : 0));
  out.zigzag(creation - base);
  out.varint(table.seq[0] ?? 0);
  if (term > 0) out.varint(term);
  const order: number[] = [];
  for (let i = 0; i < cells.length; i++) if ((cells[i]?.length ?? 0) > 0) order.push(i);
  if (order.length > 1)
    order.sort((a, b) => (table.replica[a] ?? 0) - (table.replica[b] ?? 0) || (table.seq[a] ?? 0) - (table.seq[b] ?? 0));
  for (let from = 0; from < order.length; ) {
    const replica = table.replica[order[from] ?? 0] ?? 0;
    let to = from + 1;
    while (to < order.length && table.replica[order[to] ?? 0] === replica) to++;
    const count = to - from;
    out.varint(replica * 4 + Math.min(count, 4) - 1);
    if (count >= 4) out.varint(count - 4);
    packRun({ table, cells, branch }, order.slice(from, to), creation, out);
    from = to;
  }
};

interface Packed {
  readonly table: StampTable;
  readonly cells: readonly (readonly number[])[];
  readonly branch: readonly boolean[];
}

const packRun = ({ table, cells, branch }: Packed, order: readonly number[], creation: number, out: PackBuffer): void => {
  let seq = 0;
  let hlc = creation;
  for (const index of order) {
    const term = table.term[index] ?? 0;
    const nextSeq = table.seq[index] ?? 0;
    const nextHlc = table.hlc[index] ?? 0;
    const ticks = nextHlc % TICKS_PER_MS;
    out.varint((nextSeq - seq) * 2 + (term > 0 ? 1 : 0));
    if (term > 0) out.varint(term);
    out.zigzag((Math.floor(nextHlc / TICKS_PER_MS) - Math.floor(hlc / TICKS_PER_MS)) * 2 + (ticks > 0 ? 1 : 0));
    if (ticks > 0) out.varint(ticks);
    packCells(cells[index] ?? [], branch, out);
    seq = nextSeq;
    hlc = nextHlc;
  }
};

const packCells = (refs: readonly number[], branch: readonly boolean[], out: PackBuffer): void => {
  for (let i = 0; i < refs.length; i++) {
    const ref = refs[i] ?? 0;
    const more = i + 1 < refs.length ? 1 : 0;
    const slot = (ref % ROOM) - 1;
    const position = Math.floor(ref / ROOM);
    out.varint((slot + 1) * 2 + more);
    if (slot < 0 || branch[slot] === true) out.varint(position);
  }
};
