/**
 * The sum that closes a test run: nothing that failed may vanish from it, whatever shape the failure had.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closingLine, playwrightCounts, succeeded, sum, vitestCounts } from "../../scripts/counts.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "switchyard-counts-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const report = (value: unknown): string => {
  const file = path.join(folder, "report.json");
  writeFileSync(file, JSON.stringify(value));
  return file;
};

const vitest = { numPassedTests: 3, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, testResults: [] };

test("skipped and planned tests of Vitest count as skipped", () => {
  expect(vitestCounts(report(vitest), 1)).toEqual({ passed: 3, failed: 1, skipped: 3 });
});

test("a test file that did not load is a failure", () => {
  const unloaded = { ...vitest, numFailedTests: 0, testResults: [{ status: "failed", assertionResults: [] }] };
  expect(vitestCounts(report(unloaded), 1).failed).toBe(1);
});

test("a run that ended badly has a failure even if all its tests passed", () => {
  expect(vitestCounts(report({ ...vitest, numFailedTests: 0 }), 1).failed).toBe(1);
  expect(playwrightCounts(report({ stats: { expected: 2, unexpected: 0, flaky: 0, skipped: 0 } }), 1).failed).toBe(1);
});

test("a missing report is a failure, not an empty success", () => {
  expect(vitestCounts(path.join(folder, "none.json"), 0).failed).toBe(1);
  expect(playwrightCounts(path.join(folder, "none.json"), 0).failed).toBe(1);
});

test("a journey that passed only at the second try counts as failed", () => {
  expect(playwrightCounts(report({ stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 2 } }), 1)).toEqual({
    passed: 4,
    failed: 2,
    skipped: 2,
  });
});

test("the closing line adds up the suites", () => {
  const all = sum([
    { passed: 3, failed: 0, skipped: 1 },
    { passed: 4, failed: 0, skipped: 0 },
  ]);
  expect(closingLine(all)).toBe("7 passed, 0 failed, 1 skipped");
  expect(succeeded(all)).toBe(true);
});

test("a run in which nothing ran did not succeed", () => {
  expect(succeeded({ passed: 0, failed: 0, skipped: 12 })).toBe(false);
});
