/**
 * What a benchmark is: a candidate beside its floor (the plainest better-sqlite3 that does the same work), alternating in one
 * process and one log state, medians of rounds. Results are verified outside the timed part, so a fast wrong answer fails.
 */

export interface Measured {
  /** Our cost, in the metric's unit. */
  readonly value: number;
  /** The floor's cost, in the same unit, measured in the same run. */
  readonly floor: number;
}

export interface Metric {
  readonly name: string;
  readonly unit: string;
  /** To stay at or below. */
  readonly target: number;
  /** What the target is about: the ratio of our cost to the floor's (unless said otherwise), or our cost itself. */
  readonly judged?: "ratio" | "value";
  /** Takes minutes: runs only when it is named. */
  readonly long?: boolean;
  /** Runs in a folder of its own, on a disk; throws when a result is wrong. */
  run(folder: string): Measured | Promise<Measured>;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[sorted.length >> 1];
  if (middle === undefined) throw new Error("a median of nothing");
  return middle;
};

/** The value that this part of them does not exceed. */
export const percentile = (values: readonly number[], part: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
};

/** Microseconds that `work` takes. */
export const timed = (work: () => void): number => {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1000;
};

/** Fails the benchmark: what it measured was not the work. */
export const verify = (claim: boolean, what: string): void => {
  if (!claim) throw new Error(`wrong result: ${what}`);
};
