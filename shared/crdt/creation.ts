/**
 * Which stamp made a record. Its cells may all have been overwritten since, so a catch-up names it where the earliest of them is another:
 * whether an old record's edits belong to one that was purged elsewhere is told by it (merge.md, "Purge and rejoin").
 */
import type { Cell, RecordCells, Stamp } from "./types.ts";

const earliest = (cells: readonly Cell[]): Stamp | undefined =>
  cells.reduce<Stamp | undefined>((first, { stamp }) => (first === undefined || stamp.hlc < first.hlc ? stamp : first), undefined);

const isSame = (a: Stamp, b: Stamp): boolean => a.replica === b.replica && a.seq === b.seq;

/** What `creationOf` will not tell by the cells alone; nothing where it will. */
export const creationBeside = (created: Stamp, cells: readonly Cell[]): Pick<RecordCells, "created"> => {
  const told = earliest(cells);
  return told !== undefined && isSame(told, created) ? {} : { created };
};

/** The stamp that a record first known by a catch-up counts as its creation's; undefined when it has no cells. */
export const creationOf = ({ created, cells }: Pick<RecordCells, "created" | "cells">): Stamp | undefined => created ?? earliest(cells);
