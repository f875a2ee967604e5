/**
 * What a suite's run came to, read from the JSON reports of Vitest and Playwright. A run that says it failed is never counted
 * as passed: a file that did not load, an error outside any test, a report that is missing are each one failure.
 */
import { existsSync, readFileSync } from "node:fs";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

interface PlaywrightReport {
  readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number; readonly skipped: number };
}

const read = (file: string): unknown => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined);

/** A run that ended with a failure has at least one. */
const honest = (counts: Counts, status: number): Counts => (status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts);

/** Reads Vitest's JSON report of a run that ended with `status`. */
export const vitestCounts = (file: string, status: number): Counts => {
  const report = read(file) as VitestReport | undefined;
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const unloaded = report.testResults.filter((result) => result.status === "failed" && result.assertionResults.length === 0).length;
  const skipped = report.numPendingTests + report.numTodoTests;
  return honest({ passed: report.numPassedTests, failed: report.numFailedTests + unloaded, skipped }, status);
};

/** Reads Playwright's JSON report of a run that ended with `status`. A test that passed at the second try counts as failed: it is not reliable. */
export const playwrightCounts = (file: string, status: number): Counts => {
  const report = read(file) as PlaywrightReport | undefined;
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const { expected, unexpected, flaky, skipped } = report.stats;
  return honest({ passed: expected, failed: unexpected + flaky, skipped }, status);
};

/** The sum over suites. */
export const sum = (all: readonly Counts[]): Counts => ({
  passed: all.reduce((total, { passed }) => total + passed, 0),
  failed: all.reduce((total, { failed }) => total + failed, 0),
  skipped: all.reduce((total, { skipped }) => total + skipped, 0),
});

/** The closing line of a test run. */
export const closingLine = ({ passed, failed, skipped }: Counts): string => `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** A run succeeded if something passed and nothing failed. */
export const succeeded = ({ passed, failed }: Counts): boolean => passed > 0 && failed === 0;
