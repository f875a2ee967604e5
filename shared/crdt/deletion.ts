/**
 * Deletion by what its author had seen: a `deleted/replica` cell lists the exact stamps that stood in the record when it was
 * deleted. A record is deleted when every other cell's stamp is in some list: a pure function of the standing cells, so order,
 * grouping and duplication do not matter (merge.md, "Deletion and restore").
 */
import type { StampSource } from "./stamp-table.ts";
import type { Value } from "./types.ts";

/** What a record is to a reader. `unseen`: it lives on only through edits that no deleter had seen and no restore explains. */
export type Liveness = "live" | "deleted" | "unseen";

/** The value of a deletion cell: for each replica its sequence numbers, both in ascending order. */
export const deletionValue = (seen: readonly StampSource[]): Value => {
  const byReplica = new Map<string, Set<number>>();
  for (const { replica, seq } of seen) byReplica.set(replica, (byReplica.get(replica) ?? new Set()).add(seq));
  return Object.fromEntries(
    [...byReplica].sort(([a], [b]) => (a < b ? -1 : 1)).map(([replica, seqs]) => [replica, [...seqs].sort((a, b) => a - b)]),
  );
};

/** All stamps that these deletion cells list, as `replica:seq`. What has another shape lists nothing. */
export const seenBy = (deletions: readonly Value[]): ReadonlySet<string> => {
  const seen = new Set<string>();
  for (const value of deletions) {
    if (value === null || typeof value !== "object" || Array.isArray(value) || value instanceof Uint8Array) continue;
    for (const [replica, seqs] of Object.entries(value)) {
      if (!Array.isArray(seqs)) continue;
      for (const seq of seqs) if (typeof seq === "number") seen.add(`${replica}:${seq}`);
    }
  }
  return seen;
};

/** `others`: the stamps of all cells but deletions; `kept`: those of the restores among them. */
export const liveness = (deletions: readonly Value[], others: Iterable<StampSource>, kept: Iterable<StampSource>): Liveness => {
  if (deletions.length === 0) return "live";
  const seen = seenBy(deletions);
  const unseen = (stamps: Iterable<StampSource>): boolean => {
    for (const { replica, seq } of stamps) if (!seen.has(`${replica}:${seq}`)) return true;
    return false;
  };
  if (!unseen(others)) return "deleted";
  return unseen(kept) ? "live" : "unseen";
};
