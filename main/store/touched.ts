/**
 * Keeps `touched` in step with a record: for each replica whose cells stand or are held in it one row with its highest number.
 * The creation's stamp always counts, so that a record is found by who made it.
 */
import type { Image } from "./image.ts";
import type { Transaction } from "./transaction.ts";

interface Moved {
  /** The stamps that were there before are the first of the table, all in use. */
  readonly stampsBefore: number;
  readonly heldBefore: ReadonlyMap<number, number>;
  /** Which stamps cells are named with now. */
  readonly named: Uint8Array;
  readonly heldAfter: ReadonlyMap<number, number>;
}

export const writeTouched = ({ sql }: Transaction, image: Image, { stampsBefore, heldBefore, named, heldAfter }: Moved): void => {
  const { replica, seq } = image.stamps;
  const before = new Map(heldBefore);
  const after = new Map(heldAfter);
  for (let i = 0; i < seq.length; i++) {
    const num = replica[i] ?? 0;
    const own = seq[i] ?? 0;
    if (i < stampsBefore && own > (before.get(num) ?? 0)) before.set(num, own);
    if ((i === 0 || named[i] === 1) && own > (after.get(num) ?? 0)) after.set(num, own);
  }
  for (const [num, last] of before) {
    const next = after.get(num);
    if (next === undefined) sql.deleteTouched.run(num, last, image.num);
    else if (next !== last) sql.moveTouched.run(next, num, last, image.num);
  }
  for (const [num, last] of after) if (!before.has(num)) sql.insertTouched.run(num, last, image.num);
};
