/**
 * Taking back what an action wrote into a text: its characters go, those it deleted come again where they stood, and what others
 * typed before, inside or after stays. What comes again are new characters, so taking a taking-back back is the same once more.
 * Each run of them stands right behind the run that it brings again and is as long: read off its origin, so that taking back what had
 * written the first run takes whatever stands for it now.
 */
import * as Y from "yjs";
import { noteDocWithDeleted, noteItems, stringOf } from "./doc.ts";
import { encodeNote, pieceEnd, pieceLength, SEGMENT_BYTES } from "./segments.ts";

/** Runs of characters, flat: client id, clock and length of each. */
export type Characters = readonly number[];

export interface TextWrite {
  readonly inserted: Characters;
  readonly deleted: Characters;
}

/** What updates write. */
export const textWriteOf = (updates: readonly Uint8Array[]): TextWrite => {
  const inserted: number[] = [];
  const deleted: number[] = [];
  for (const update of updates) {
    const { structs, ds } = Y.decodeUpdate(update);
    for (const struct of structs) {
      if (!(struct instanceof Y.Skip)) inserted.push(struct.id.client, struct.id.clock, struct.length);
    }
    for (const [client, ranges] of ds.clients) for (const { clock, len } of ranges) deleted.push(client, clock, len);
  }
  return { inserted, deleted };
};

type Span = readonly [from: number, to: number];

/** Where in an item, in its own offsets and order, these characters stand. */
const spansIn = (item: Y.Item, characters: Characters): readonly Span[] => {
  const spans: Span[] = [];
  for (let i = 0; i < characters.length; i += 3) {
    const [client, clock = 0, length = 0] = characters.slice(i, i + 3);
    const from = Math.max(clock - item.id.clock, 0);
    const to = Math.min(clock + length - item.id.clock, item.length);
    if (client === item.id.client && from < to) spans.push([from, to]);
  }
  return spans.sort((a, b) => a[0] - b[0]);
};

/** What is to be deleted and what is to come again, while the text is walked. */
interface Taking {
  readonly gone: Map<number, { readonly clock: number; readonly len: number }[]>;
  readonly again: Y.Item[];
  next: number;
}

const take = ({ gone }: Taking, { id }: Y.Item, [from, to]: Span): void => {
  const ranges = gone.get(id.client) ?? [];
  ranges.push({ clock: id.clock + from, len: to - from });
  gone.set(id.client, ranges);
};

/** Never cut again when it is stored: the rest of a cut run would have another origin. */
const PIECE = pieceLength(SEGMENT_BYTES);

/** New characters right after the deleted ones, so that what was deleted side by side comes again in its order, whichever comes first. */
const bringAgain = (taking: Taking, clientId: number, item: Y.Item, [from, to]: Span): void => {
  const text = stringOf(item).slice(0, to);
  const { client, clock } = item.id;
  for (let at = from; at < text.length; ) {
    const end = pieceEnd(text, at, PIECE);
    const right = end < item.length ? Y.createID(client, clock + end) : (item.right?.id ?? null);
    const content = new Y.ContentString(text.slice(at, end));
    const id = Y.createID(clientId, taking.next);
    taking.again.push(new Y.Item(id, null, Y.createID(client, clock + end - 1), null, right, null, null, content));
    taking.next += content.getLength();
    at = end;
  }
};

/** What a character was written behind; null at the beginning, or where the character is not known. */
const originOf = (doc: Y.Doc, client: number, clock: number): Y.ID | null => {
  if (clock >= Y.getState(doc.store, client)) return null;
  const item = Y.getItem(doc.store, Y.createID(client, clock));
  if (!(item instanceof Y.Item)) return null;
  return item.id.clock === clock ? item.origin : Y.createID(client, clock - 1);
};

/** The characters and all that came again for them, also for what had come again. */
const withAgain = (doc: Y.Doc, characters: Characters, again: Characters): Characters => {
  const all = [...characters];
  for (let i = 0; i < again.length; i += 3) {
    const [client = 0, clock = 0, length = 0] = again.slice(i, i + 3);
    const origin = originOf(doc, client, clock);
    if (origin === null) continue;
    const first = origin.clock - length + 1;
    const known = all.length;
    for (let k = 0; k < known; k += 3) {
      const from = Math.max(all[k + 1] ?? 0, first);
      const to = Math.min((all[k + 1] ?? 0) + (all[k + 2] ?? 0), first + length);
      if (all[k] === origin.client && from < to) all.push(client, clock + from - first, to - from);
    }
  }
  return all;
};

export interface TextTakenBack {
  /** Undefined: nothing of it stands any more, and nothing comes again. */
  readonly update: Uint8Array | undefined;
  /** Others' text stands between what was inserted. */
  readonly mixed: boolean;
}

/**
 * The update under `clientId` after which a text of `updates` is as if `write` had not been. Nobody else may write as this client.
 * `again`: the runs that takings-back since then have inserted, the oldest first.
 */
export const takeTextBack = (updates: readonly Uint8Array[], write: TextWrite, clientId: number, again: Characters = []): TextTakenBack => {
  const doc = noteDocWithDeleted(updates);
  const inserted = withAgain(doc, write.inserted, again);
  const taking: Taking = { gone: new Map(), again: [], next: Y.getState(doc.store, clientId) };
  let begun = false;
  let foreign = false;
  let mixed = false;
  for (const item of noteItems(doc)) {
    let seen = 0;
    for (const span of spansIn(item, inserted)) {
      // What is gone may stand anywhere between what came again for it and its neighbours.
      if (item.deleted) continue;
      if (begun && (foreign || span[0] > seen)) mixed = true;
      begun = true;
      seen = span[1];
      take(taking, item, span);
    }
    if (begun && !item.deleted && seen < item.length) foreign = true;
    if (item.deleted) for (const span of spansIn(item, write.deleted)) bringAgain(taking, clientId, item, span);
  }
  const nothing = taking.gone.size === 0 && taking.again.length === 0;
  return { update: nothing ? undefined : encodeNote(taking.again, taking.gone), mixed };
};
