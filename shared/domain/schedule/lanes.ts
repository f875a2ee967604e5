/**
 * Intervals on a row: which overlap, and on which lane each is drawn so that none covers another.
 * Greedy by start, the least lane that is free: the fewest lanes there can be (interval graph colouring).
 */

export interface Interval {
  readonly from: number;
  /** Exclusive; at least `from`. */
  readonly to: number;
}

/** Half-open intervals share time; whole intervals are compared, not starts. */
export const overlaps = (a: Interval, b: Interval): boolean => a.from < b.to && b.from < a.to;

/** How much time two intervals share, 0 if none. */
export const sharedTime = (a: Interval, b: Interval): number => Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));

/** The lane of each interval, in the order given, from 0. n log n + n times the lanes. */
export const assignLanes = (intervals: readonly Interval[]): { readonly lanes: readonly number[]; readonly count: number } => {
  const order = intervals
    .map((interval, index) => ({ interval, index }))
    .sort((a, b) => a.interval.from - b.interval.from || a.index - b.index);
  const ends: number[] = [];
  const lanes = new Array<number>(intervals.length).fill(0);
  for (const { interval, index } of order) {
    const free = ends.findIndex((end) => end <= interval.from);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = interval.to;
    lanes[index] = lane;
  }
  return { lanes, count: Math.max(1, ends.length) };
};
