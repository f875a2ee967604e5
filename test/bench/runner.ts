/**
 * Runs metrics one after the other, each in a folder of its own on a disk: the command line of both benchmarks. With --json one
 * line a metric on standard output; without, a table. Exit status 1 when a result is wrong.
 */
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import type { Metric } from "./metric.ts";

const usageOf = (script: string): string => `npm run ${script} -- [--json] [--folder DIR] [NAME…]

Measures our cost beside the plainest better-sqlite3 that does the same work (the floor), in the same run.
  --json         one JSON line a metric: {"name","value","unit","floor","ratio"}
  --folder DIR   where the files lie; must be on a disk (default: the system's temporary folder)
  --list         the names of all metrics
  NAME           only these metrics; those that take minutes run only when they are named`;

/** File systems that never touch a disk: a durable commit costs nothing there. */
const MEMORY_FILE_SYSTEMS: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]);

const folderOnDisk = (asked: string | undefined): string => {
  const parent = asked ?? tmpdir();
  mkdirSync(parent, { recursive: true });
  if (MEMORY_FILE_SYSTEMS.has(statfsSync(parent).type)) {
    throw new Error(`${parent} lies in memory, where nothing durable can be measured. Name a folder on a disk: --folder DIR`);
  }
  return mkdtempSync(path.join(parent, "switchyard-bench-"));
};

/** `script`: how npm calls it. Sets the exit status; never throws. */
export const runBenchmarks = async (script: string, metrics: readonly Metric[]): Promise<void> => {
  try {
    await run(script, metrics);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
};

const run = async (script: string, all: readonly Metric[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean" }, folder: { type: "string" }, help: { type: "boolean" }, list: { type: "boolean" } },
  });
  if (values.help === true) return void process.stdout.write(`${usageOf(script)}\n`);
  if (values.list === true) return void process.stdout.write(`${all.map(({ name }) => name).join("\n")}\n`);
  const unknown = positionals.filter((name) => !all.some((metric) => metric.name === name));
  if (unknown.length > 0) throw new Error(`No metric is called ${unknown.join(", ")}. Known: ${all.map(({ name }) => name).join(", ")}`);
  for (const metric of all.filter(({ name, long }) => (positionals.length === 0 ? long !== true : positionals.includes(name)))) {
    process.stderr.write(`${metric.name} …\n`);
    const folder = folderOnDisk(values.folder);
    try {
      const { value, floor } = await metric.run(folder);
      report(metric, value, floor, values.json === true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
};

const round = (value: number): number => Number(value.toPrecision(4));

const report = ({ name, unit, target, judged }: Metric, value: number, floor: number, json: boolean): void => {
  const ratio = round(value / floor);
  const aim = judged === "value" ? `${target} ${unit}` : String(target);
  const line = json
    ? JSON.stringify({ name, value: round(value), unit, floor: round(floor), ratio })
    : `${name.padEnd(22)} ${`${round(value)} ${unit}`.padEnd(18)} floor ${String(round(floor)).padEnd(10)} ratio ${String(ratio).padEnd(7)} target ${aim}`;
  process.stdout.write(`${line}\n`);
};
