/** About how many bytes a record takes in a message, before compression. */
import type { RecordCells } from "../crdt/types.ts";
import { valueText } from "../crdt/value.ts";

/** What a cell costs besides its path and value, roughly. */
const CELL_BYTES = 12;
const RECORD_BYTES = 64;

export const recordBytes = ({ cells }: RecordCells): number => {
  let bytes = RECORD_BYTES;
  for (const { path, value } of cells) {
    bytes += CELL_BYTES + (value instanceof Uint8Array ? value.length : typeof value === "string" ? value.length : valueText(value).length);
    for (const segment of path) bytes += segment.length + 1;
  }
  return bytes;
};
