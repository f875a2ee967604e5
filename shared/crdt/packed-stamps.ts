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
import { asideRef, branchRef, nameScalar, newStampTable, positionOfRef, pushStamp, type StampTable, slotOfRef } from "./stamp-table.ts";

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
    if (mask % 2 === 1) nameScalar(table, slot, index);
    mask = Math.floor(mask / 2);
  }
};

const readCells = (reader: PackReader, table: StampTable, index: number, branch: readonly boolean[]): void => {
  let cell: number;
  do {
    cell = reader.varint();
    const slot = Math.floor(cell / 2) - 1;
    if (slot < 0) table.others.set(asideRef(reader.varint()), index);
    else if (branch[slot] === true) table.others.set(branchRef(slot, reader.varint()), index);
    else nameScalar(table, slot, index);
  } while (cell % 2 === 1);
};

interface Packed {
  readonly table: StampTable;
  readonly doc: readonly unknown[];
  /** The references of `table.others` by stamp; undefined when there are none. */
  readonly others: readonly (readonly number[])[] | undefined;
  readonly out: PackBuffer;
}

/** Packs the creation's stamp into `out` from its start. `base`: as for `unpackStamps`. */
export const packCreation = (table: StampTable, base: number, out: PackBuffer): void => {
  out.length = 0;
  const term = table.term[0] ?? 0;
  out.varint((table.replica[0] ?? 0) * 2 + (term > 0 ? 1 : 0));
  out.zigzag((table.hlc[0] ?? 0) - base);
  out.varint(table.seq[0] ?? 0);
  if (term > 0) out.varint(term);
};

/** Packs the runs into `out` from its start; nothing where no cell is named. `named`: what `namedStamps` says; `doc`: tells cells without a value, which must be named. */
export const packStamps = (table: StampTable, named: Uint8Array, doc: readonly unknown[], out: PackBuffer): void => {
  out.length = 0;
  const order: number[] = [];
  for (let i = 0; i < named.length; i++) if (named[i] === 1) order.push(i);
  if (order.length === 0) return;
  if (order.length > 1)
    order.sort((a, b) => (table.replica[a] ?? 0) - (table.replica[b] ?? 0) || (table.seq[a] ?? 0) - (table.seq[b] ?? 0));
  const packed = { table, doc, others: table.others.size === 0 ? undefined : othersByStamp(table), out };
  for (let from = 0; from < order.length; ) {
    const replica = table.replica[order[from] ?? 0] ?? 0;
    let to = from + 1;
    while (to < order.length && table.replica[order[to] ?? 0] === replica) to++;
    const count = to - from;
    out.varint(replica * 4 + Math.min(count, 4) - 1);
    if (count >= 4) out.varint(count - 4);
    packRun(packed, order, from, to);
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

const packRun = (packed: Packed, order: readonly number[], from: number, to: number): void => {
  const { table, out } = packed;
  let seq = 0;
  let hlc = table.hlc[0] ?? 0;
  for (let k = from; k < to; k++) {
    const index = order[k] ?? 0;
    const term = table.term[index] ?? 0;
    const nextSeq = table.seq[index] ?? 0;
    const nextHlc = table.hlc[index] ?? 0;
    const ticks = nextHlc % TICKS_PER_MS;
    const mask = maskOf(packed, index);
    packHead(out, {
      seq: nextSeq - seq,
      ms: Math.floor(nextHlc / TICKS_PER_MS) - Math.floor(hlc / TICKS_PER_MS),
      term,
      isMask: mask > 0,
      hasTicks: ticks > 0,
    });
    if (ticks > 0) out.varint(ticks);
    if (mask > 0) out.varint(mask);
    else packCells(packed, index);
    seq = nextSeq;
    hlc = nextHlc;
  }
};

/** Whether the runs must name this scalar cell for this stamp. */
const hasScalar = ({ table, doc }: Packed, slot: number, index: number): boolean =>
  table.scalars[slot] === index && (index > 0 || (doc[slot] ?? null) === null);

/** The cells as a mask, where that is shorter than a list and says everything; else 0. */
const maskOf = (packed: Packed, index: number): number => {
  if ((packed.others?.[index]?.length ?? 0) > 0) return 0;
  const { scalars } = packed.table;
  let mask = 0;
  let bit = 1;
  let count = 0;
  let last = 0;
  for (let slot = 0; slot < scalars.length; slot++) {
    if (hasScalar(packed, slot, index)) {
      if (slot >= MASK_SLOTS) return 0;
      mask += bit;
      count += slot < 31 ? 1 : 2;
      last = slot;
    }
    bit *= 2;
  }
  return Math.floor(last / 6) + 1 < count ? mask : 0;
};

const packCells = (packed: Packed, index: number): void => {
  const { table, out } = packed;
  const others = packed.others?.[index] ?? [];
  // One item is kept back until it is known whether more follow.
  let waiting = -1;
  for (let slot = 0; slot < table.scalars.length; slot++) {
    if (!hasScalar(packed, slot, index)) continue;
    if (waiting >= 0) out.varint((waiting + 1) * 2 + 1);
    waiting = slot;
  }
  if (waiting >= 0) out.varint((waiting + 1) * 2 + (others.length > 0 ? 1 : 0));
  for (let i = 0; i < others.length; i++) {
    const ref = others[i] ?? 0;
    out.varint((slotOfRef(ref) + 1) * 2 + (i + 1 < others.length ? 1 : 0));
    out.varint(positionOfRef(ref));
  }
};

const othersByStamp = (table: StampTable): number[][] => {
  const lists: number[][] = table.seq.map(() => []);
  for (const [ref, index] of table.others) if (index > 0) lists[index]?.push(ref);
  return lists;
};
