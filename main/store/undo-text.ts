/**
 * The part of undo that is about merging texts: from what an action wrote into a text to the edits that take it back. They are
 * written under a slot of the store's own, so that no open editor shares their client id.
 */
import type { Edit } from "../../shared/crdt/edit.ts";
import { clientIdOf, TAKE_BACK_SLOT } from "../../shared/crdt/notes/leases.ts";
import { SEGMENT_BYTES, splitNote } from "../../shared/crdt/notes/segments.ts";
import { type Characters, type TextWrite, takeTextBack } from "../../shared/crdt/notes/take-back.ts";
import type { Path } from "../../shared/crdt/types.ts";
import type { Image } from "./image.ts";
import { type SegmentNote, textsOf } from "./text.ts";
import type { Transaction } from "./transaction.ts";

/** Whether this segment holds what undo and redo write. */
export const isTakeBackPath = (path: Path): boolean => path[2] === String(TAKE_BACK_SLOT);

/** Gathers by field what a change wrote into several segments. */
export const addTextWrite = (texts: Map<string, TextWrite>, field: string, write: SegmentNote | undefined): void => {
  if (write === undefined) return;
  const known = texts.get(field);
  texts.set(field, {
    inserted: [...(known?.inserted ?? []), ...write.inserted],
    deleted: [...(known?.deleted ?? []), ...write.deleted],
  });
};

/** The edits that take it back. `again`: see `takeTextBack`. `kept`: others' text stays in it, or nothing of it stands. */
export const textEditsAgainst = (
  tx: Transaction,
  image: Image,
  field: string,
  write: TextWrite,
  again: Characters,
): { readonly edits: readonly Edit[]; readonly kept: boolean } => {
  const clientId = clientIdOf(tx.names.replicaOf(tx.state.replica).id, TAKE_BACK_SLOT);
  const { update, mixed } = takeTextBack(textsOf(tx.sql, image.num, field), write, clientId, again);
  if (update === undefined) return { edits: [], kept: true };
  const target = { collection: image.collection.id, record: image.id };
  const edits = splitNote(update, SEGMENT_BYTES).map(
    (part): Edit => ({ ...target, kind: "text", field, slot: TAKE_BACK_SLOT, update: part }),
  );
  return { edits, kept: mixed };
};
