/**
 * Edits cut into parts that each fit one change, in order. Half of what a change may hold is aimed at: room for what a restore, deletion
 * lists and paths add.
 */
import type { Edit } from "../../shared/crdt/edit.ts";
import { valueText } from "../../shared/crdt/value.ts";
import { MAX_BYTES, MAX_CELLS } from "./commit.ts";

const CELLS_AIMED_AT = MAX_CELLS / 2;
const BYTES_AIMED_AT = MAX_BYTES / 2;

const sizeOf = (edit: Edit): number => {
  if (edit.kind === "text") return edit.update.byteLength;
  if (edit.kind !== "put") return 0;
  return edit.path.join("/").length + (edit.value instanceof Uint8Array ? edit.value.length : valueText(edit.value).length);
};

/** One that is larger than a part by itself is a part of its own. */
export const inParts = (edits: readonly Edit[]): readonly (readonly Edit[])[] => {
  const parts: Edit[][] = [];
  let part: Edit[] = [];
  let bytes = 0;
  for (const edit of edits) {
    const size = sizeOf(edit);
    if (part.length > 0 && (part.length >= CELLS_AIMED_AT || bytes + size > BYTES_AIMED_AT)) {
      parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(edit);
    bytes += size;
  }
  if (part.length > 0) parts.push(part);
  return parts;
};
