/**
 * The order in which a sweep visits records: foreign ids first, by their UTF-8 bytes, then UUIDs, by their bytes. It is SQLite's order of
 * the ids as a file holds them (text before bytes). JavaScript compares UTF-16 units, which differs from UTF-8 once an id holds both a
 * surrogate pair and a character from U+E000 on.
 */
import { isUuidText, type RecordId } from "../ids.ts";

/** Below zero if `a` is visited first. */
export const compareRecordIds = (a: RecordId, b: RecordId): number => {
  const isUuid = isUuidText(a);
  if (isUuid !== isUuidText(b)) return isUuid ? 1 : -1;
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const xHigh = x >= 0xd800 && x <= 0xdfff;
    const yHigh = y >= 0xd800 && y <= 0xdfff;
    return xHigh === yHigh ? x - y : xHigh ? 1 : -1;
  }
  return a.length - b.length;
};
