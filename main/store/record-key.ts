/**
 * How a record's id stands in the file: a UUID in its usual form as its 16 bytes, any other id as text. SQLite orders text before bytes,
 * and bytes as their hex digits, which is the order of a sweep (`shared/protocol/record-order.ts`).
 */

import type { RecordId } from "../../shared/ids.ts";
import { isUuidText } from "../../shared/ids.ts";

const HEX = new Uint8Array(103);
for (let i = 0; i < 16; i++) HEX["0123456789abcdef".charCodeAt(i)] = i;
const key = new Uint8Array(16);
const STARTS = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/** What an id is bound as. The bytes are good until the next call: SQLite copies them when it runs. */
export const recordKey = (id: string): string | Uint8Array => {
  if (!isUuidText(id)) return id;
  for (let i = 0; i < 16; i++) {
    const at = STARTS[i] ?? 0;
    key[i] = (HEX[id.charCodeAt(at)] ?? 0) * 16 + (HEX[id.charCodeAt(at + 1)] ?? 0);
  }
  return key;
};

/** Selects an id so that `recordIdOf` reads it: bytes as 32 hex digits, text behind a mark. `column`: the column, qualified if need be. */
export const idColumn = (column: string): string => `iif(typeof(${column}) = 'blob', lower(hex(${column})), '=' || ${column})`;

/** The id that `idColumn` selected. */
export const recordIdOf = (selected: string): RecordId => {
  const text =
    selected.charCodeAt(0) === 61
      ? selected.slice(1)
      : `${selected.slice(0, 8)}-${selected.slice(8, 12)}-${selected.slice(12, 16)}-${selected.slice(16, 20)}-${selected.slice(20)}`;
  return text as RecordId;
};

/** The id as text, by SQL alone: for views that people read. */
export const ID_AS_TEXT =
  "iif(typeof(id) = 'blob', format('%s-%s-%s-%s-%s', substr(lower(hex(id)), 1, 8), substr(lower(hex(id)), 9, 4), substr(lower(hex(id)), 13, 4), substr(lower(hex(id)), 17, 4), substr(lower(hex(id)), 21)), id)";
