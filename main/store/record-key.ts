/**
 * How a record's id stands in the file: a UUID in its usual form as its 16 bytes, any other id as text. SQLite orders text before bytes,
 * and bytes as their hex digits, which is the order of a sweep (`shared/protocol/record-order.ts`).
 */
import { type RecordId, storedRecordId, uuidOfDigits } from "../../shared/ids.ts";

/** By character code; 255 for what is no lower-case hex digit. */
const HEX = new Uint8Array(128).fill(255);
for (let i = 0; i < 16; i++) HEX["0123456789abcdef".charCodeAt(i)] = i;
const HYPHEN = 45;
const key = new Uint8Array(16);

/** What an id is bound as. The bytes are good until the next call: SQLite copies them when it runs. */
export const recordKey = (id: string): string | Uint8Array => {
  if (id.length !== 36) return id;
  for (let i = 0, at = 0; i < 16; i++, at += 2) {
    if (at === 8 || at === 13 || at === 18 || at === 23) if (id.charCodeAt(at++) !== HYPHEN) return id;
    const high = HEX[id.charCodeAt(at)] ?? 255;
    const low = HEX[id.charCodeAt(at + 1)] ?? 255;
    if (high > 15 || low > 15) return id;
    key[i] = high * 16 + low;
  }
  return key;
};

/** Selects an id so that `recordIdOf` reads it: bytes as 32 hex digits, text behind a mark. `column`: the column, qualified if need be. */
export const idColumn = (column: string): string => `iif(typeof(${column}) = 'blob', lower(hex(${column})), '=' || ${column})`;

/** The id that `idColumn` selected. */
export const recordIdOf = (selected: string): RecordId =>
  selected.charCodeAt(0) === 61 ? storedRecordId(selected.slice(1)) : uuidOfDigits(selected);

/** The id as text, by SQL alone: for views that people read. */
export const ID_AS_TEXT =
  "iif(typeof(id) = 'blob', format('%s-%s-%s-%s-%s', substr(lower(hex(id)), 1, 8), substr(lower(hex(id)), 9, 4), substr(lower(hex(id)), 13, 4), substr(lower(hex(id)), 17, 4), substr(lower(hex(id)), 21)), id)";
