/**
 * Merging texts in the store: which of our own segments an update goes into. A field's text is Yjs updates in cells
 * `field/replica/slot/n`; the last segment of a slot grows, a full one is sealed and the next begins (merge.md, "Text").
 */
import { mergeNotes } from "../../shared/crdt/notes/segments.ts";
import { pathFromText, pathText } from "../../shared/crdt/paths.ts";
import type { Path } from "../../shared/crdt/types.ts";
import type { ReplicaId } from "../../shared/ids.ts";
import type { Image } from "./image.ts";

/** A segment that has reached this many bytes is sealed. */
const FULL_BYTES = 4096;

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
