/** `npm run bench:store`: the store beside its floor, with the targets of a store that is as fast and small as it can be. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { measureMillionBoard } from "./board-million.ts";
import { measureCommits } from "./commits.ts";
import { measureMergingCommits } from "./commits-merging.ts";
import { measureLoad } from "./loads.ts";
import { type MergeShape, measureMerges } from "./merges.ts";
import type { Metric } from "./metric.ts";
import { measureStatusQuery, measureTextQuery, measureWindowQuery } from "./queries.ts";
import { runBenchmarks } from "./runner.ts";
import { measureStorage, STORAGE_CASES } from "./storage.ts";

const commit = (name: string, part: number, target: number): Metric => ({
  name,
  unit: "us",
  target,
  run: (folder) => measureCommits(folder, part),
});

const merging = (name: string, part: number, target: number): Metric => ({
  name,
  unit: "us",
  target,
  run: (folder) => measureMergingCommits(folder, part, 1),
});

const merge = (name: string, target: number, shape: MergeShape): Metric => ({
  name,
  unit: "us/cell",
  target,
  run: (folder) => measureMerges(folder, shape),
});

/** The cost of a cell among a million records over that among ten thousand. */
const measureMillion: Metric["run"] = (folder) => {
  const shape = { change: "grouped", order: "record", keepHistory: false } as const;
  const [few, many] = [path.join(folder, "few"), path.join(folder, "many")];
  mkdirSync(few);
  mkdirSync(many);
  const { value: floor } = measureMerges(few, shape);
  return { value: measureMerges(many, { ...shape, held: 1_000_000 }).value, floor };
};

const storage = (name: keyof typeof STORAGE_CASES, target: number): Metric => ({
  name: `storage.${name}`,
  unit: "MB",
  target,
  run: (folder) => measureStorage(folder, STORAGE_CASES[name]),
});

const query = (name: string, run: Metric["run"]): Metric => ({ name, unit: "ms", target: 10, judged: "value", run });

const metrics: readonly Metric[] = [
  commit("commit.p50", 0.5, 1.35),
  commit("commit.p99", 0.99, 1.9),
  merging("commit.p50.merging", 0.5, 1.5),
  merging("commit.p99.merging", 0.99, 2),
  { name: "commit.max.merging", unit: "ms", target: 16, judged: "value", run: (folder) => measureMergingCommits(folder, 1, 1000) },
  merge("merge.grouped", 0.65, { change: "grouped", order: "record", keepHistory: false }),
  merge("merge.grouped.history", 0.85, { change: "grouped", order: "record", keepHistory: true }),
  merge("merge.scattered", 0.8, { change: "scattered", order: "record", keepHistory: false }),
  merge("merge.scattered.seq", 2, { change: "scattered", order: "seq", keepHistory: false }),
  { name: "board.load", unit: "ms", target: 1.1, run: measureLoad },
  storage("created", 1.2),
  storage("shared", 1.35),
  storage("interleaved", 1.9),
  storage("devices", 1.35),
  query("query.status", measureStatusQuery),
  query("query.window", measureWindowQuery),
  query("query.text", measureTextQuery),
  { name: "board.load.1m", unit: "ms", target: 1.2, long: true, run: measureMillionBoard },
  { name: "merge.grouped.1m", unit: "us/cell", target: 2, long: true, run: measureMillion },
];

await runBenchmarks("bench:store", metrics);
