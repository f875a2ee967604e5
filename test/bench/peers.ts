/**
 * `npm run bench:peers`: the peers that npm has, and our own store, on the same orders, one after the other in processes of their own. The
 * peers are not ours: they lie in a folder with a lock file of its own and are installed when the command first needs them. A peer that
 * cannot be installed or run is listed with its reason.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const folder = fileURLToPath(new URL("./peers/", import.meta.url));
const ADAPTERS = ["switchyard", "switchyard-bare", "yjs", "loro", "automerge", "tinybase", "pouchdb", "signaldb", "rxdb"] as const;
const isOurs = (adapter: string): boolean => adapter.startsWith("switchyard");
/** A peer that takes longer is stopped and listed as such. */
const LIMIT_MS = 300_000;
/** Peers that were looked at and cannot be measured here. */
const ABSENT = [["cr-sqlite", "its npm package has no binary in it; an install script downloads one from elsewhere"]] as const;

const usage = `npm run bench:peers -- [--json] [--folder DIR] [NAME…]
Measures peers and our own store on 10,000 orders of 20 fields: ${ADAPTERS.join(", ")}.
  --json         one JSON line a figure: {"peer","metric","value","unit"}, or {"peer","failed"}
  --folder DIR   where the files lie (default: the system's temporary folder)
Without --json a table in Markdown. The peers are installed on first use.`;

interface About {
  readonly name: string;
  readonly version: string;
  readonly kept: string;
  readonly orders: number;
  readonly overwritten: number;
}

interface Result {
  readonly adapter: string;
  about: About | undefined;
  readonly figures: Map<string, { readonly value: number; readonly unit: string }>;
  failed: string | undefined;
}

const COLUMNS = [
  ["create", "create, on disk"],
  ["edit", "one edit"],
  ["merge", "merge ten fields of each"],
  ["load", "load from disk"],
  ["bytes.created", "disk, created"],
  ["bytes.overwritten", "disk, all overwritten ten times"],
  ["wire", "wire, one edit"],
] as const;

/** Installs what the lock file says, on the npm that runs us. Why it failed, or undefined. */
const install = (): string | undefined => {
  const installed = path.join(folder, "node_modules", ".package-lock.json");
  const lock = path.join(folder, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return undefined;
  process.stderr.write("bench:peers: installing the peers (once)\n");
  const args = ["ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"];
  const script = process.env["npm_execpath"];
  const [program, words] = script === undefined ? ["npm", args] : [process.env["npm_node_execpath"] ?? process.execPath, [script, ...args]];
  const ran = spawnSync(program, words, { cwd: folder, stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
  return ran.status === 0 ? undefined : `npm ci failed: ${lastLine(ran.stderr ?? String(ran.error))}`;
};

const lastLine = (text: string): string =>
  text
    .trim()
    .split("\n")
    .findLast((line) => /error/i.test(line))
    ?.trim() ?? text.trim().slice(-200);

const measure = (adapter: string, parent: string | undefined): Promise<Result> =>
  new Promise((resolve) => {
    const result: Result = { adapter, about: undefined, figures: new Map(), failed: undefined };
    const place = mkdtempSync(path.join(parent ?? os.tmpdir(), "switchyard-peers-"));
    const child = spawn(process.execPath, ["--max-old-space-size=4096", path.join(folder, "measure.ts"), adapter, place], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const timer = setTimeout(() => {
      result.failed = `took more than ${LIMIT_MS / 1000} s`;
      child.kill("SIGKILL");
    }, LIMIT_MS);
    let complaint = "";
    child.stderr.on("data", (bytes: Buffer) => {
      complaint += bytes.toString();
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      const told: { readonly peer?: About; readonly metric?: string; readonly value?: number; readonly unit?: string } = JSON.parse(line);
      if (told.peer !== undefined) result.about = told.peer;
      else if (told.metric !== undefined) result.figures.set(told.metric, { value: told.value ?? 0, unit: told.unit ?? "" });
    });
    child.on("close", (status) => {
      clearTimeout(timer);
      if (status !== 0) result.failed ??= lastLine(complaint);
      rmSync(place, { recursive: true, force: true });
      resolve(result);
    });
  });

const cellOf = ({ about, figures }: Result, metric: string): string => {
  const figure = figures.get(metric);
  if (figure === undefined) return "–";
  const smaller = metric === "bytes.overwritten" && about !== undefined && about.overwritten < about.orders ? " ¹" : "";
  return `${figure.value} ${figure.unit}${smaller}`;
};

const printTable = (results: readonly Result[]): void => {
  const head = ["peer", "orders", ...COLUMNS.map(([, title]) => title), "what of an edit is kept"];
  const lines = [head, head.map(() => "---")];
  for (const result of results) {
    const { about, failed, adapter } = result;
    const name = about === undefined ? adapter : `${about.name} ${about.version}`.trim();
    lines.push([
      name,
      String(about?.orders ?? "–"),
      ...COLUMNS.map(([metric]) => cellOf(result, metric)),
      failed === undefined ? (about?.kept ?? "") : `**failed**: ${failed}`,
    ]);
  }
  for (const [name, why] of ABSENT) lines.push([name, "–", ...COLUMNS.map(() => "–"), `not measured: ${why}`]);
  process.stdout.write(`${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`);
  if (results.some(({ about }) => about !== undefined && about.overwritten < about.orders))
    process.stdout.write("\n¹ measured with 1,000 orders, times ten.\n");
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean" }, folder: { type: "string" }, help: { type: "boolean" } },
});
const unknown = positionals.filter((name) => !ADAPTERS.some((known) => known === name));
if (values.help === true) process.stdout.write(`${usage}\n`);
else if (unknown.length > 0) {
  process.stderr.write(`No peer is called ${unknown.join(", ")}.\n${usage}\n`);
  process.exitCode = 2;
} else {
  const failed = install();
  const results: Result[] = [];
  for (const adapter of ADAPTERS.filter((name) => positionals.length === 0 || positionals.includes(name))) {
    process.stderr.write(`${adapter} …\n`);
    const result: Result =
      failed !== undefined && !isOurs(adapter)
        ? { adapter, about: undefined, figures: new Map(), failed }
        : await measure(adapter, values.folder);
    results.push(result);
    if (values.json !== true) continue;
    for (const [metric, figure] of result.figures) process.stdout.write(`${JSON.stringify({ peer: adapter, metric, ...figure })}\n`);
    if (result.failed !== undefined) process.stdout.write(`${JSON.stringify({ peer: adapter, failed: result.failed })}\n`);
  }
  if (values.json !== true) printTable(results);
  if (results.some(({ adapter, failed: why }) => why !== undefined && (isOurs(adapter) || why.includes("wrong result"))))
    process.exitCode = 1;
}
