/**
 * How the richer kinds read: a set, a counter and a list out of the cells below their field. What does not fit a kind's shape
 * (a newer version's paths, a cell of the wrong type) is passed over here and kept by the store.
 */
import { isReplicaText } from "../ids.ts";
import { pathFromText } from "./paths.ts";
import type { StoredValue } from "./value.ts";

/** The cells below a field, flat: path tail (text form), value, path tail, value, … */
export type BranchCells = readonly StoredValue[];

/** An item of a list: its id and its fields. */
export interface ListItem {
  readonly id: string;
  readonly pos: string;
  readonly [field: string]: unknown;
}

/** The elements that are true, sorted. */
export const readSet = (cells: BranchCells): string[] => {
  const elements: string[] = [];
  for (let i = 0; i + 1 < cells.length; i += 2) {
    const tail = cells[i];
    if (cells[i + 1] !== true || typeof tail !== "string" || tail.includes("/")) continue;
    elements.push(tail.includes("~") ? (pathFromText(tail)[0] ?? "") : tail);
  }
  return elements.length > 1 ? elements.sort() : elements;
};

/** The sum of all replicas' totals. */
export const readCounter = (cells: BranchCells): number => {
  let sum = 0;
  let greatest = 0;
  for (let i = 0; i + 1 < cells.length; i += 2) {
    const tail = cells[i];
    const total = cells[i + 1];
    if (typeof tail !== "string" || !isReplicaText(tail) || typeof total !== "number") continue;
    sum += total;
    greatest = Math.max(greatest, Math.abs(total));
  }
  return withoutDust(sum, greatest);
};

/**
 * A sum without the dust of binary fractions, which lies in the sixteenth digit of its greatest part: amounts are counted in decimals, and
 * 0.3 and 1.1 less 1.3999 is 0.0001 on every desk.
 */
export const withoutDust = (sum: number, greatest: number): number => {
  if (Number.isInteger(sum) || !Number.isFinite(sum) || greatest === 0) return sum;
  return Number(sum.toFixed(Math.min(100, Math.max(0, 14 - Math.floor(Math.log10(greatest))))));
};

/** Items that have a position (`pos`, a fractional index), by position, then id. `fields`: what an item has; absent ones read as null. */
export const readList = (cells: BranchCells, fields: readonly string[]): ListItem[] => {
  const positions = new Map<string, string>();
  const values = new Map<string, Map<string, StoredValue>>();
  for (let i = 0; i + 1 < cells.length; i += 2) {
    const tail = cells[i];
    const value = cells[i + 1] ?? null;
    if (typeof tail !== "string") continue;
    const [id, field, ...deeper] = pathFromText(tail);
    if (id === undefined || field === undefined || deeper.length > 0) continue;
    if (field === "pos") {
      if (typeof value === "string") positions.set(id, value);
      continue;
    }
    const item = values.get(id) ?? new Map<string, StoredValue>();
    values.set(id, item.set(field, value));
  }
  return [...positions]
    .sort(([aId, a], [bId, b]) => (a < b ? -1 : a > b ? 1 : aId < bId ? -1 : 1))
    .map(([id, pos]) => ({ id, pos, ...Object.fromEntries(fields.map((field) => [field, values.get(id)?.get(field) ?? null])) }));
};
