/**
 * Segments: how a replica's own updates of a text are kept. The last one grows by union, so that a later state of it always
 * holds what an earlier one held; a full one is never written again. Runs typed key by key are joined into one item, which
 * says the same in a tenth of the bytes. Source: merge.md, "Text".
 */
import * as Y from "yjs";

/** A segment is full at 4 KiB. */
export const SEGMENT_BYTES = 4096;
/** What an item needs beside its text, at most: ids of 53 bits and clocks. */
const ITEM_OVERHEAD = 64;

type Struct = ReturnType<typeof Y.decodeUpdate>["structs"][number];
type Deletions = ReadonlyMap<number, readonly { readonly clock: number; readonly len: number }[]>;

const sameId = (a: Y.ID | null, b: Y.ID | null): boolean =>
  a === b || (a !== null && b !== null && a.client === b.client && a.clock === b.clock);

const textOfItem = (struct: Struct): Y.ContentString | undefined =>
  struct instanceof Y.Item && struct.content instanceof Y.ContentString ? struct.content : undefined;

/** Whether `next` goes on where `item` ends: typed after it, before the same right neighbour. */
const continues = (item: Y.Item, next: Y.Item): boolean =>
  next.id.client === item.id.client &&
  next.id.clock === item.id.clock + item.length &&
  next.origin !== null &&
  next.origin.client === item.id.client &&
  next.origin.clock === next.id.clock - 1 &&
  sameId(item.rightOrigin, next.rightOrigin);

const itemLike = (item: Y.Item, skipped: number, text: string): Y.Item =>
  new Y.Item(
    Y.createID(item.id.client, item.id.clock + skipped),
    null,
    skipped === 0 ? item.origin : Y.createID(item.id.client, item.id.clock + skipped - 1),
    null,
    item.rightOrigin,
    skipped === 0 ? item.parent : null,
    skipped === 0 ? item.parentSub : null,
    new Y.ContentString(text),
  );

const joinRuns = (structs: readonly Struct[]): readonly Struct[] => {
  const joined: Struct[] = [];
  for (const struct of structs) {
    const before = joined.at(-1);
    const text = textOfItem(struct);
    const textBefore = before === undefined ? undefined : textOfItem(before);
    if (before instanceof Y.Item && struct instanceof Y.Item && text !== undefined && textBefore !== undefined && continues(before, struct))
      joined[joined.length - 1] = itemLike(before, 0, textBefore.str + text.str);
    else joined.push(struct);
  }
  return joined;
};

/** Writes an update of encoding 1. `structs` by client, in the order of their clocks. */
export const encodeNote = (structs: readonly Struct[], deletions: Deletions | undefined): Uint8Array => {
  const encoder = new Y.UpdateEncoderV1();
  // `writeClient` writes a number of any use as a varint; the class has no other way to write one.
  const number = (value: number): void => encoder.writeClient(value);
  const byClient: Struct[][] = [];
  for (const struct of structs) {
    const last = byClient.at(-1);
    if (last?.[0]?.id.client === struct.id.client) last.push(struct);
    else byClient.push([struct]);
  }
  number(byClient.length);
  for (const group of byClient) {
    number(group.length);
    number(group[0]?.id.client ?? 0);
    number(group[0]?.id.clock ?? 0);
    for (const struct of group) struct.write(encoder, 0);
  }
  const clients = [...(deletions ?? [])];
  number(clients.length);
  for (const [client, ranges] of clients) {
    number(client);
    number(ranges.length);
    for (const { clock, len } of ranges) {
      number(clock);
      number(len);
    }
  }
  return encoder.toUint8Array();
};

/** The union of updates, with runs joined. */
export const mergeNotes = (updates: readonly Uint8Array[]): Uint8Array => {
  const { structs, ds } = Y.decodeUpdate(Y.mergeUpdates([...updates]));
  return encodeNote(joinRuns(structs), ds.clients);
};

const isHighSurrogate = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code <= 0xdbff;
};

/** The longest text of one item that surely fits into `limit` bytes, in UTF-16 units: three bytes of UTF-8 each at most. */
export const pieceLength = (limit: number): number => Math.max(2, Math.floor((limit - ITEM_OVERHEAD) / 3));

/** Where a piece of at most `length` UTF-16 units that begins at `from` ends, never inside a character. */
export const pieceEnd = (text: string, from: number, length: number): number => {
  const to = Math.min(text.length, from + length);
  return to < text.length && isHighSurrogate(text, to - 1) ? to - 1 : to;
};

/** Cuts one item's text into items of at most `length` UTF-16 units. */
const cutItem = (item: Y.Item, text: string, length: number): readonly Y.Item[] => {
  const parts: Y.Item[] = [];
  for (let from = 0; from < text.length; ) {
    const to = pieceEnd(text, from, length);
    parts.push(itemLike(item, from, text.slice(from, to)));
    from = to;
  }
  return parts;
};

/** An update as several of at most about `limit` bytes each, to be applied in this order. Deletions are in the last. */
export const splitNote = (update: Uint8Array, limit: number): readonly Uint8Array[] => {
  if (update.byteLength <= limit) return [update];
  const { structs, ds } = Y.decodeUpdate(update);
  const length = pieceLength(limit);
  const parts: Uint8Array[] = [];
  let group: Struct[] = [];
  let size = 0;
  for (const struct of structs) {
    const text = textOfItem(struct);
    const items = struct instanceof Y.Item && text !== undefined && text.str.length > length ? cutItem(struct, text.str, length) : [struct];
    for (const item of items) {
      const bytes = ITEM_OVERHEAD + (textOfItem(item)?.str.length ?? 0) * 3;
      if (group.length > 0 && size + bytes > limit) {
        parts.push(encodeNote(joinRuns(group), undefined));
        group = [];
        size = 0;
      }
      group.push(item);
      size += bytes;
    }
  }
  parts.push(encodeNote(joinRuns(group), ds.clients));
  return parts;
};

export interface Grown {
  /** The last segment's new bytes; null: it is full and stays as it is. */
  readonly last: Uint8Array | null;
  /** Segments that follow it. */
  readonly next: readonly Uint8Array[];
}

/** Adds an update to a replica's segments of a slot. `last` is its last segment so far, undefined when there is none. */
export const growSegments = (last: Uint8Array | undefined, update: Uint8Array): Grown => {
  const union = mergeNotes(last === undefined ? [update] : [last, update]);
  if (last !== undefined && union.byteLength <= SEGMENT_BYTES) return { last: union, next: [] };
  return { last: null, next: splitNote(last === undefined ? union : mergeNotes([update]), SEGMENT_BYTES) };
};
