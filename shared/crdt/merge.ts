/**
 * Merging as a whole: which incoming cells win over the standing ones, and the term of a local write. Pure reference of what
 * the store does in place; the property tests hold the two against each other.
 */

import type { ReplicaId } from "../ids.ts";
import { compareCells, compareStamps } from "./order.ts";
import { ownerOf, pathText } from "./paths.ts";
import type { Cell, Path, Stamp } from "./types.ts";

/** Cells of one record by the text form of their path. */
export type Cells = ReadonlyMap<string, Cell>;

/** The incoming cells that win, each path once. Commutative, associative, idempotent: an equal cell wins nothing. */
export const winners = (current: Cells, incoming: readonly Cell[]): Cells => {
  const won = new Map<string, Cell>();
  for (const cell of incoming) {
    const key = pathText(cell.path);
    const rival = won.get(key) ?? current.get(key);
    if (rival === undefined || compareCells(cell, rival) > 0) won.set(key, cell);
  }
  return won;
};

/**
 * Whether a cell goes by the clock: only such cells are held, lift the clock and need a term. What anybody but its owner writes on a
 * path that looks owned does: a set's element may be any text, also one in the shape of a replica's id.
 */
export const isClockOrdered = (path: Path, writer: ReplicaId): boolean => ownerOf(path) !== writer;

/**
 * The term that a local change with this stamp (its term not yet known) needs to stand over one cell: that cell's own,
 * one more if the clock would lose; always one higher than a held one.
 */
export const termOver = (rival: Stamp, held: boolean, ours: Omit<Stamp, "term">): number => {
  if (held) return rival.term + 1;
  return compareStamps({ ...ours, term: rival.term }, rival) > 0 ? rival.term : rival.term + 1;
};
