/**
 * A record that was edited here while it was purged elsewhere, as a new one: what stood in it is written anew, under a new id that is the
 * same however often this is done, with a link to the old. Source: merge.md, "Purge and rejoin".
 */
import { createHash } from "node:crypto";
import { msOfHlc } from "../../shared/clock/hlc.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import { mergeNotes, splitNote } from "../../shared/crdt/notes/segments.ts";
import { isDeletionPath, isKeptPath, isSegmentPath, ownerOf } from "../../shared/crdt/paths.ts";
import type { Cell, Path, Value } from "../../shared/crdt/types.ts";
import { AppError } from "../../shared/errors.ts";
import { type CollectionId, parseActionId, parseRecordId, type RecordId, type ReplicaId, uuidV7 } from "../../shared/ids.ts";
import { commitEdits } from "./commit.ts";
import { inParts } from "./edit-parts.ts";
import type { Connection, Transaction } from "./transaction.ts";

/** The field of a new record that names the old one. */
export const RETURNED_FROM = "returnedFrom";
/** Well below what one change may hold: a part of a text. */
const TEXT_BYTES = 64 * 1024;

/** One record of the old file, standing joined with held. */
export interface Returning {
  readonly old: RecordId;
  readonly collection: CollectionId;
  readonly cells: readonly Cell[];
}

/** The new id of a record that the old file's replica brings back. */
export const returnedId = ({ old, cells }: Returning, replica: ReplicaId): RecordId => {
  const latest = cells.reduce((hlc, { stamp }) => (hlc === undefined || stamp.hlc > hlc ? stamp.hlc : hlc), cells[0]?.stamp.hlc);
  if (latest === undefined) throw new AppError("unreachable", "A record without cells comes back.");
  const random = new Uint8Array(createHash("sha256").update(`${replica} ${old}`).digest());
  const id = parseRecordId(uuidV7(msOfHlc(latest), random));
  if (id === undefined) throw new AppError("unreachable", "A new id is no record id.");
  return id;
};

/** Writes them all, each whole or not at all; what an earlier try has written stays. */
export const writeReturning = (
  target: Connection,
  all: readonly Returning[],
  replica: ReplicaId,
  wall: Parameters<typeof commitEdits>[2]["wall"],
): void => {
  const ids = new Map(all.map((one) => [one.old, returnedId(one, replica)]));
  for (const one of all) {
    const record = ids.get(one.old);
    if (record === undefined || target.read(() => target.sql.recordById.get(record)) !== undefined) continue;
    const edits = editsOf(one, record, ids);
    target.write((tx) => {
      for (const part of inParts(edits)) commitPart(tx, part, record, wall);
    });
  }
};

const commitPart = (tx: Transaction, edits: readonly Edit[], record: RecordId, wall: Parameters<typeof commitEdits>[2]["wall"]): void => {
  const action = parseActionId(record);
  if (action === undefined) throw new AppError("unreachable", "A record id is no action id.");
  // Fields of newer types come back too, so the types are not asked.
  const note = { action, label: "Bring back", undoable: false, previous: tx.state.own, sameAction: 0, undoes: 0, kind: "do" } as const;
  commitEdits(tx, edits, { rules: new Map(), wall, letters: undefined }, note);
};

const editsOf = ({ old, collection, cells }: Returning, record: RecordId, ids: ReadonlyMap<RecordId, RecordId>): readonly Edit[] => {
  const target = { collection, record };
  const edits: Edit[] = [{ kind: "put", ...target, path: [RETURNED_FROM], value: old }];
  const counted = new Map<string, number>();
  const texts = new Map<string, Uint8Array[]>();
  for (const { path, value, stamp } of cells) {
    const [field = ""] = path;
    if (isDeletionPath(path) || isKeptPath(path)) continue;
    if (isSegmentPath(path) && value instanceof Uint8Array) texts.set(field, [...(texts.get(field) ?? []), value]);
    else if (ownerOf(path) === stamp.replica && path.length === 2 && typeof value === "number")
      counted.set(field, (counted.get(field) ?? 0) + value);
    else if (value !== null && !isSegmentPath(path)) edits.push({ kind: "put", ...target, path, value: linked(path, value, ids) });
  }
  for (const [field, by] of counted) edits.push({ kind: "count", ...target, field, by });
  for (const [field, updates] of texts) {
    for (const update of splitNote(mergeNotes(updates), TEXT_BYTES)) edits.push({ kind: "text", ...target, field, slot: 0, update });
  }
  return edits;
};

/** A visit that comes back belongs to its order that comes back. */
const linked = (path: Path, value: Value, ids: ReadonlyMap<RecordId, RecordId>): Value => {
  if (typeof value !== "string" || path.length !== 1) return value;
  const id = parseRecordId(value);
  return (id === undefined ? undefined : ids.get(id)) ?? value;
};
