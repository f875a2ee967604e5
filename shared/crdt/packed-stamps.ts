/**
 * The packed stamps of a record: the stamp that created it once, then for each later stamp the cells that it wrote.
 * A record made in one change costs about eight bytes, a cell with a stamp of its own about ten.
 *
 * Layout, all varints (`pack-buffer.ts`), creation and runs kept apart so that a row with a creation never grows:
 *   creation: replica*2+hasTerm, hlc - base (zigzag), seq, [term]
 *   runs, one a replica: replica*4 + min(stamps, 4)-1, [stamps-4], then for each stamp in order of seq
 *     a head (below), seq - previous seq, [term*2+goesBack], ms since the previous stamp (before it, if it goes back: only what is
 *     written again as released), [ticks], cells
 *   a head is a byte: hasTerm*64 (or goesBack) + isMask*32 + hasTicks*16 + length of the ms (2, 3, 4, 6 bytes)*4 + of the seq (1, 2, 3, 6)
 *   cells, as a mask: one bit a scalar slot; else a list of (0 aside | slot+1)*2+more, [position, if aside or a branch]
 * A cell that no run names has the creation stamp, if it exists; which exist is the document's to say.
 */
import type { PackBuffer } from "./pack-buffer.ts";
import { PackReader } from "./pack-buffer.ts";
import {
  asideRef,
  branchRef,
  nameOther,
  nameScalar,
  needsName,
  newStampTable,
  positionOfRef,
  pushStamp,
  type StampTable,
  slotOfRef,
} from "./stamp-table.ts";

const TICKS_PER_MS = 2048;
/** A mask is a number of at most this many bits. */
const MASK_SLOTS = 48;
const HEAD = { ticks: 16, mask: 32, rare: 64 } as const;
/** By their codes in a head. Six bytes hold any number that a sequence or a clock may reach. */
const SEQ_BYTES = [1, 2, 3, 6] as const;
const MS_BYTES = [2, 3, 4, 6] as const;

/**
 * Reads packed stamps: `made` is the creation's, `later` the runs or null. `base`: a clock value both sides know (the record id's own time). `branch[slot]`: it holds
 * several cells.
 */
export const unpackStamps = (made: string, later: string | null, base: number, branch: readonly boolean[]): StampTable => {
  const creation = new PackReader(made);
  const first = creation.varint();
  const hlc = base + creation.zigzag();
  const table = newStampTable(Math.floor(first / 2), creation.varint(), hlc, first % 2 === 1 ? creation.varint() : 0);
  if (later === null) return table;
  const reader = new PackReader(later);
  while (reader.at < later.length) readRun(reader, table, hlc, branch);
  return table;
};

const readRun = (reader: PackReader, table: StampTable, creation: number, branch: readonly boolean[]): void => {
  const head = reader.varint();
  const replica = Math.floor(head / 4);
  const count = head % 4 === 3 ? reader.varint() + 4 : (head % 4) + 1;
  let seq = 0;
  let hlc = creation;
  for (let i = 0; i < count; i++) {
    const step = reader.fixed(1);
    seq += reader.fixed(SEQ_BYTES[step & 3] ?? 0);
    const rare = step >= HEAD.rare ? reader.varint() : 0;
    const term = Math.floor(rare / 2);
    const elapsed = reader.fixed(MS_BYTES[(step >> 2) & 3] ?? 0);
    const ms = Math.floor(hlc / TICKS_PER_MS) + (rare % 2 === 1 ? -elapsed : elapsed);
    hlc = ms * TICKS_PER_MS + ((step & HEAD.ticks) === 0 ? 0 : reader.varint());
    const isCreation = seq === table.seq[0] && replica === table.replica[0] && hlc === creation && term === table.term[0];
    const index = isCreation ? 0 : pushStamp(table, replica, seq, hlc, term);
    if ((step & HEAD.mask) !== 0) readMask(reader.varint(), table, index);
    else readCells(reader, table, index, branch);
  }
};

const readMask = (start: number, table: StampTable, index: number): void => {
  let mask = start;
  for (let slot = 0; mask > 0; slot++) {
    const half = Math.floor(mask / 2);
    if (mask !== half * 2) nameScalar(table, slot, index);
    mask = half;
  }
};

const readCells = (reader: PackReader, table: StampTable, index: number, branch: readonly boolean[]): void => {
  let cell: number;
  do {
    cell = reader.varint();
    const slot = Math.floor(cell / 2) - 1;
    if (slot < 0) nameOther(table, asideRef(reader.varint()), index);
    else if (branch[slot] === true) nameOther(table, branchRef(slot, reader.varint()), index);
    else nameScalar(table, slot, index);
  } while (cell % 2 === 1);
};

/** Packs the creation's stamp into `out` from its start. `base`: as for `unpackStamps`. */
export const packCreation = (table: StampTable, base: number, out: PackBuffer): void => {
  out.length = 0;
  const term = table.term[0] ?? 0;
  out.varint((table.replica[0] ?? 0) * 2 + (term > 0 ? 1 : 0));
  out.zigzag((table.hlc[0] ?? 0) - base);
  out.varint(table.seq[0] ?? 0);
  if (term > 0) out.varint(term);
};

/**
 * What each stamp names, by its index: how many scalar cells, from which slot to which, how many bytes they take as a list, and as
 * bits. Filled anew for each record; kept, because it is filled for every record that is written.
 */
const names = {
  count: new Array<number>(),
  first: new Array<number>(),
  last: new Array<number>(),
  bytes: new Array<number>(),
  bits: new Array<number>(),
};
const order: number[] = [];

/** Fills `names`, and `order` with the stamps that name something, by replica and number. */
const gather = (table: StampTable, doc: readonly unknown[], others: Others): void => {
  const { seq, replica, scalars } = table;
  const { count, first, last, bytes, bits } = names;
  for (let i = 0; i < seq.length; i++) {
    count[i] = 0;
    bytes[i] = 0;
    bits[i] = 0;
  }
  let bit = 1;
  for (let slot = 0; slot < scalars.length; slot++) {
    const index = scalars[slot] ?? -1;
    if (needsName(index, slot, doc)) {
      if (count[index] === 0) first[index] = slot;
      last[index] = slot;
      count[index] = (count[index] ?? 0) + 1;
      bytes[index] = (bytes[index] ?? 0) + (slot < 31 ? 1 : 2);
      bits[index] = (bits[index] ?? 0) + bit;
    }
    bit *= 2;
  }
  order.length = 0;
  for (let i = 0; i < seq.length; i++) {
    if (count[i] === 0 && (others?.[i] ?? NONE).length === 0) continue;
    // Sorted as it grows: a record has few stamps, mostly in order already.
    let at = order.length;
    for (; at > 0; at--) {
      const before = order[at - 1] ?? 0;
      if (((replica[before] ?? 0) - (replica[i] ?? 0) || (seq[before] ?? 0) - (seq[i] ?? 0)) <= 0) break;
      order[at] = before;
    }
    order[at] = i;
  }
};

/** The references of `table.others` by stamp; undefined when there are none. */
type Others = readonly (readonly number[])[] | undefined;
const NONE: readonly number[] = [];

/** Packs the runs into `out` from its start; nothing where no cell is named. `doc`: tells cells without a value, which must be named. */
export const packStamps = (table: StampTable, doc: readonly unknown[], out: PackBuffer): void => {
  out.length = 0;
  const others = table.others === undefined ? undefined : othersByStamp(table, table.others);
  gather(table, doc, others);
  for (let from = 0; from < order.length; ) {
    const replica = table.replica[order[from] ?? 0] ?? 0;
    let to = from + 1;
    while (to < order.length && table.replica[order[to] ?? 0] === replica) to++;
    const count = to - from;
    out.varint(replica * 4 + Math.min(count, 4) - 1);
    if (count >= 4) out.varint(count - 4);
    packRun({ table, doc, others, out }, from, to);
    from = to;
  }
};

/** A stamp of a run up to its ticks, relative to the one before it. */
export const packHead = (
  out: PackBuffer,
  {
    seq,
    ms,
    term,
    isMask,
    hasTicks,
  }: { readonly seq: number; readonly ms: number; readonly term: number; readonly isMask: boolean; readonly hasTicks: boolean },
): void => {
  const elapsed = Math.abs(ms);
  const rare = term * 2 + (ms < 0 ? 1 : 0);
  const seqCode = seq < 128 ? 0 : seq < 16_384 ? 1 : seq < 2_097_152 ? 2 : 3;
  const msCode = elapsed < 16_384 ? 0 : elapsed < 2_097_152 ? 1 : elapsed < 268_435_456 ? 2 : 3;
  out.fixed(seqCode + msCode * 4 + (hasTicks ? HEAD.ticks : 0) + (isMask ? HEAD.mask : 0) + (rare > 0 ? HEAD.rare : 0), 1);
  out.fixed(seq, SEQ_BYTES[seqCode] ?? 0);
  if (rare > 0) out.varint(rare);
  out.fixed(elapsed, MS_BYTES[msCode] ?? 0);
};

interface Packing {
  readonly table: StampTable;
  readonly doc: readonly unknown[];
  readonly others: Others;
  readonly out: PackBuffer;
}

const packRun = (packing: Packing, from: number, to: number): void => {
  const { table, others, out } = packing;
  let seq = 0;
  let ms = Math.floor((table.hlc[0] ?? 0) / TICKS_PER_MS);
  for (let k = from; k < to; k++) {
    const index = order[k] ?? 0;
    const nextSeq = table.seq[index] ?? 0;
    const hlc = table.hlc[index] ?? 0;
    const nextMs = Math.floor(hlc / TICKS_PER_MS);
    const ticks = hlc - nextMs * TICKS_PER_MS;
    const rest = others?.[index] ?? NONE;
    const mask = rest.length === 0 ? maskOf(index) : 0;
    packHead(out, { seq: nextSeq - seq, ms: nextMs - ms, term: table.term[index] ?? 0, isMask: mask > 0, hasTicks: ticks > 0 });
    if (ticks > 0) out.varint(ticks);
    if (mask > 0) out.varint(mask);
    else packCells(packing, index, rest);
    seq = nextSeq;
    ms = nextMs;
  }
};

/** The scalar cells as a mask, where that is shorter than a list; else 0. */
const maskOf = (index: number): number => {
  const last = names.last[index] ?? 0;
  return last < MASK_SLOTS && Math.floor(last / 6) + 1 < (names.bytes[index] ?? 0) ? (names.bits[index] ?? 0) : 0;
};

const packCells = ({ table: { scalars }, doc, out }: Packing, index: number, others: readonly number[]): void => {
  let left = names.count[index] ?? 0;
  for (let slot = names.first[index] ?? 0; left > 0; slot++) {
    if (scalars[slot] !== index || !needsName(index, slot, doc)) continue;
    left -= 1;
    out.varint((slot + 1) * 2 + (left > 0 || others.length > 0 ? 1 : 0));
  }
  for (let i = 0; i < others.length; i++) {
    const ref = others[i] ?? 0;
    out.varint((slotOfRef(ref) + 1) * 2 + (i + 1 < others.length ? 1 : 0));
    out.varint(positionOfRef(ref));
  }
};

const othersByStamp = (table: StampTable, others: ReadonlyMap<number, number>): number[][] => {
  const lists: number[][] = table.seq.map(() => []);
  for (const [ref, index] of others) if (index > 0) lists[index]?.push(ref);
  return lists;
};
