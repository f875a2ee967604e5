/**
 * The suites that run in Node: one project per kind, so that each has the time it needs. Two processes at most, as on the smallest
 * machine that must pass; forks, because workers and SQLite's locks are real here.
 */
import { defineConfig } from "vitest/config";

const kind = (name: string, testTimeout: number, setupFiles: readonly string[] = []) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    setupFiles: [...setupFiles],
    environment: "node",
    testTimeout,
    hookTimeout: Math.max(testTimeout, 30_000),
  },
});

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    passWithNoTests: false,
    projects: [
      kind("unit", 20_000),
      kind("property", 120_000, ["test/property/replay.ts"]),
      kind("simulation", 240_000),
      kind("integration", 120_000),
    ],
  },
});
