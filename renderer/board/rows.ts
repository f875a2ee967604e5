/**
 * A column as rows: cards, and a head before each technician's when the board is cut by technician.
 */
import type { RecordId } from "../../shared/ids.ts";

export type BoardRow =
  | { readonly kind: "card"; readonly id: RecordId }
  | { readonly kind: "head"; readonly group: string; readonly count: number };

export const rowsOf = (ids: readonly RecordId[], groupOf: ((id: RecordId) => string) | undefined): readonly BoardRow[] => {
  if (groupOf === undefined) return ids.map((id) => ({ kind: "card", id }));
  const rows: BoardRow[] = [];
  let at = 0;
  while (at < ids.length) {
    const first = ids[at];
    if (first === undefined) break;
    const group = groupOf(first);
    let end = at;
    for (let id = ids[end]; id !== undefined && groupOf(id) === group; id = ids[end]) end++;
    rows.push({ kind: "head", group, count: end - at });
    for (const id of ids.slice(at, end)) rows.push({ kind: "card", id });
    at = end;
  }
  return rows;
};
