/**
 * Merging texts in the store: which of our own segments an update goes into. A field's text is Yjs updates in cells
 * `field/replica/slot/n`; the last segment of a slot grows, a full one is sealed and the next begins (merge.md, "Text").
 * Also what a change notes of a segment that it grew, in place of the value before: enough to take the change back.
 */
import { mergeNotes } from "../../shared/crdt/notes/segments.ts";
import { type Characters, type TextWrite, textWriteOf } from "../../shared/crdt/notes/take-back.ts";
import { pathFromText, pathText } from "../../shared/crdt/paths.ts";
import type { Path } from "../../shared/crdt/types.ts";
import type { StoredValue } from "../../shared/crdt/value.ts";
import type { ReplicaId } from "../../shared/ids.ts";
import type { Image } from "./image.ts";
import type { Statements } from "./statements.ts";

/** A segment that has reached this many bytes is sealed. */
const FULL_BYTES = 4096;
/** The character after `/`: where the range of the paths below a field ends. */
const AFTER_SLASH = "0";

/** The segment an update belongs into, and that segment's bytes with the update in them. */
export const growSegment = (
  image: Image,
  target: { readonly field: string; readonly replica: ReplicaId; readonly slot: number; readonly update: Uint8Array },
  bytesOf: (path: Path) => Uint8Array | undefined,
): { readonly path: Path; readonly bytes: Uint8Array } => {
  const { field, replica, slot, update } = target;
  const prefix = `${pathText([field, replica, String(slot)])}/`;
  let last = -1;
  for (let i = 0; i < image.aside.length; i += 2) {
    const text = String(image.aside[i]);
    if (text.startsWith(prefix)) last = Math.max(last, Number(pathFromText(text)[3] ?? -1));
  }
  const at = (n: number): Path => [field, replica, String(slot), String(n)];
  for (let n = Math.max(last, 0); ; n++) {
    const current = bytesOf(at(n));
    if (current === undefined || current.length === 0) return { path: at(n), bytes: update };
    if (current.length < FULL_BYTES) return { path: at(n), bytes: mergeNotes([current, update]) };
  }
};

/** All standing updates of a record's field. */
export const textsOf = (sql: Pick<Statements, "texts">, record: number, field: string): readonly Uint8Array[] => {
  const prefix = pathText([field]);
  return sql.texts.all(record, `${prefix}/`, `${prefix}${AFTER_SLASH}`);
};

/** What a change did to a segment. */
export interface SegmentNote extends TextWrite {
  /** The number of our change that had grown it last; 0 when the segment is new. */
  readonly before: number;
}

export const segmentNoteOf = (before: number, updates: readonly Uint8Array[]): StoredValue => {
  const { inserted, deleted } = textWriteOf(updates);
  return [before, inserted, deleted];
};

/** What `segmentNoteOf` made; undefined for any other value. */
export const segmentNoteFrom = (stored: StoredValue): SegmentNote | undefined => {
  if (!isList(stored)) return undefined;
  const [before, inserted, deleted] = stored;
  return typeof before === "number" && isCharacters(inserted) && isCharacters(deleted) ? { before, inserted, deleted } : undefined;
};

const isList = (stored: StoredValue | undefined): stored is readonly StoredValue[] => Array.isArray(stored);
const isCharacters = (stored: StoredValue | undefined): stored is Characters =>
  isList(stored) && stored.every((part) => typeof part === "number");
