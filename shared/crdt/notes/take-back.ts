/**
 * Taking back what an action wrote into a text: its characters go, those it deleted come again where they stood, and what others
 * typed before, inside or after stays. What comes again are new characters, so taking a taking-back back is the same once more.
 */
import * as Y from "yjs";
import { noteDocWithDeleted, noteItems, stringOf } from "./doc.ts";
import { encodeNote } from "./segments.ts";

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

/** New characters right after the deleted ones, so that what was deleted side by side comes again in its order, whichever comes first. */
const bringAgain = (taking: Taking, clientId: number, item: Y.Item, [from, to]: Span): void => {
  const text = stringOf(item).slice(from, to);
  if (text === "") return;
  const { client, clock } = item.id;
  const right = to < item.length ? Y.createID(client, clock + to) : (item.right?.id ?? null);
  const id = Y.createID(clientId, taking.next);
  taking.again.push(new Y.Item(id, null, Y.createID(client, clock + to - 1), null, right, null, null, new Y.ContentString(text)));
  taking.next += text.length;
};

export interface TextTakenBack {
  /** Undefined: nothing of it stands any more, and nothing comes again. */
  readonly update: Uint8Array | undefined;
  /** Others' text stands between what was inserted. */
  readonly mixed: boolean;
}

/** The update under `clientId` after which a text of `updates` is as if `write` had not been. Nobody else may write as this client. */
export const takeTextBack = (updates: readonly Uint8Array[], { inserted, deleted }: TextWrite, clientId: number): TextTakenBack => {
  const doc = noteDocWithDeleted(updates);
  const taking: Taking = { gone: new Map(), again: [], next: Y.getState(doc.store, clientId) };
  let begun = false;
  let foreign = false;
  let mixed = false;
  for (const item of noteItems(doc)) {
    let seen = 0;
    for (const span of spansIn(item, inserted)) {
      if (begun && (foreign || (!item.deleted && span[0] > seen))) mixed = true;
      begun = true;
      seen = span[1];
      if (!item.deleted) take(taking, item, span);
    }
    if (begun && !item.deleted && seen < item.length) foreign = true;
    if (item.deleted) for (const span of spansIn(item, deleted)) bringAgain(taking, clientId, item, span);
  }
  const nothing = taking.gone.size === 0 && taking.again.length === 0;
  return { update: nothing ? undefined : encodeNote(taking.again, taking.gone), mixed };
};
