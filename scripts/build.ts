/**
 * Builds the board when `out/` is missing or older than what it is made of; says which. `npm run build` always builds.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { root, runTool } from "./run.ts";

const sources = ["main", "renderer", "shared", "resources", "electron.vite.config.ts", "package-lock.json"];
const results = [
  "out/main/index.cjs",
  "out/main/hub.cjs",
  "out/main/sync-worker.cjs",
  "out/preload/preload.cjs",
  "out/renderer/index.html",
];

/** The latest modification below a file or folder, in milliseconds since 1970; 0 if there is none. */
const newestMs = (place: string): number => {
  if (!existsSync(place)) return 0;
  const stat = statSync(place);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(place).map((name) => newestMs(path.join(place, name))));
};

/** Why a build is due: "missing", "older than its sources", or undefined when `out/` is fresh. */
export const staleness = (): "missing" | "older than its sources" | undefined => {
  const built = results.map((file) => path.join(root, file));
  if (!built.every((file) => existsSync(file))) return "missing";
  const oldestResult = Math.min(...built.map((file) => statSync(file).mtimeMs));
  const newestSource = Math.max(...sources.map((place) => newestMs(path.join(root, place))));
  return oldestResult < newestSource ? "older than its sources" : undefined;
};

/** Builds if that is due. Its output goes to `stderr` where the caller's standard output is an answer. Throws when the build fails. */
export const buildIfStale = async (say: (line: string) => void, output: "stdout" | "stderr" = "stdout"): Promise<void> => {
  const reason = staleness();
  if (reason === undefined) return;
  say(`the build in out/ is ${reason}; building`);
  await build(output);
};

/** Builds main process, preload and renderer. Throws when the build fails. */
export const build = async (output: "stdout" | "stderr" = "stdout"): Promise<void> => {
  const status = await runTool("electron-vite", "electron-vite", ["build", "--logLevel", "warn"], { output });
  if (status !== 0) throw new Error("the build failed; the lines above say where");
};
