/**
 * Drafts and people as edits of the store, cut into changes that keep the limits of contracts.md. Orders are numbered by
 * the store in the order in which they stand here; what refers to something comes after it.
 */
import { generateNKeysBetween } from "fractional-indexing";
import type { Edit } from "../../crdt/edit.ts";
import { noteDoc } from "../../crdt/notes/doc.ts";
import { clientIdOf } from "../../crdt/notes/leases.ts";
import { appendParagraph } from "../../crdt/notes/write.ts";
import type { Value } from "../../crdt/types.ts";
import {
  type CollectionId,
  type EpochMs,
  parseCollectionId,
  parseEpochMs,
  parseRecordId,
  type RecordId,
  type ReplicaId,
  uuidV7,
} from "../../ids.ts";
import type { Random } from "./random.ts";

/** A new record's edits; fields that are undefined are left absent. */
export type Make = (
  collection: string,
  fields: Readonly<Record<string, Value | undefined>>,
  more?: {
    readonly sets?: Readonly<Record<string, readonly string[]>>;
    readonly lists?: Readonly<Record<string, readonly Readonly<Record<string, Value>>[]>>;
    readonly texts?: Readonly<Record<string, string | undefined>>;
    /** Gets the next order number. */
    readonly numbered?: true;
  },
) => { readonly id: RecordId; readonly edits: readonly Edit[] };

/** The slot whose Yjs client id the demo writes its texts under; editors lease theirs when nobody writes any more. */
const TEXT_SLOT = 0;

export const maker = (now: EpochMs, replica: ReplicaId, random: Random): Make => {
  // Ids sort in the order in which records are made, all of them before now.
  let tick = now - 10_000;
  const newId = (): RecordId => {
    tick += 1;
    const id = parseRecordId(uuidV7(parseEpochMs(tick) ?? now, random.bytes(10)));
    if (id === undefined) throw new RangeError("no record id");
    return id;
  };
  const clientId = clientIdOf(replica, TEXT_SLOT);

  return (name, fields, { sets = {}, lists = {}, texts = {}, numbered } = {}) => {
    const id = newId();
    const target: { readonly collection: CollectionId; readonly record: RecordId } = { collection: collectionOf(name), record: id };
    const put = (path: readonly string[], value: Value): Edit => ({ ...target, kind: "put", path, value });
    const edits: Edit[] = numbered ? [{ ...target, kind: "number", field: "number" }] : [];
    for (const [field, value] of Object.entries(fields)) if (value !== undefined) edits.push(put([field], value));
    for (const [field, elements] of Object.entries(sets)) for (const element of elements) edits.push(put([field, element], true));
    for (const [field, items] of Object.entries(lists)) {
      const positions = generateNKeysBetween(null, null, items.length);
      for (const [index, item] of items.entries()) {
        const key = `${field[0] ?? "i"}${index + 1}`;
        edits.push(put([field, key, "pos"], positions[index] ?? ""));
        for (const [part, value] of Object.entries(item)) edits.push(put([field, key, part], value));
      }
    }
    for (const [field, text] of Object.entries(texts)) {
      const update = text === undefined ? undefined : appendParagraph(noteDoc([]), clientId, text);
      if (update !== undefined) edits.push({ ...target, kind: "text", field, slot: TEXT_SLOT, update });
    }
    return { id, edits };
  };
};

const collectionOf = (name: string): CollectionId => {
  const id = parseCollectionId(name);
  if (id === undefined) throw new RangeError(`${name} is no collection`);
  return id;
};

/** Well below the limits of a change, 500 cells and 128 KiB: a demo cell is some 50 bytes, its texts are a line or two. */
const MAX_EDITS = 400;

/** Groups of edits that fit one change each; what belongs together (one record, an order with its visits) is not torn. */
export const inChanges = (together: readonly (readonly Edit[])[]): readonly (readonly Edit[])[] => {
  const changes: Edit[][] = [];
  for (const edits of together) {
    const last = changes.at(-1);
    if (last === undefined || last.length + edits.length > MAX_EDITS) changes.push([...edits]);
    else last.push(...edits);
  }
  return changes;
};
