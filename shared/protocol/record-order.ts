/**
 * The order in which a sweep visits records: that of their ids' UTF-8 bytes, which is SQLite's order of text.
 * JavaScript compares UTF-16 units, which differs once an id holds both a surrogate pair and a character from U+E000 on.
 */
import type { RecordId } from "../ids.ts";

/** Below zero if `a` is visited first. */
export const compareRecordIds = (a: RecordId, b: RecordId): number => {
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
