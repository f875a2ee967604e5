/**
 * The suites and how to run them: Vitest in Node, Playwright in Electron and in Chromium. What a suite needs and lacks is said with the one
 * command that brings it; the suite then counts as skipped, or, with CI set, as failed.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { buildIfStale } from "./build.ts";
import { chromiumInstallCommand, findChromium } from "./chromium-path.ts";
import { type Counts, playwrightCounts, sum, vitestCounts } from "./counts.ts";
import { type Electron, electronInstallCommand } from "./electron-path.ts";
import { root, run, runTool, toolCommand } from "./run.ts";

const artifacts = path.join(root, ".artifacts");

/** A fresh place for a suite's report. */
const reportFile = (suite: string): string => {
  mkdirSync(artifacts, { recursive: true });
  const file = path.join(artifacts, `${suite}.json`);
  rmSync(file, { force: true });
  return file;
};

/** Runs the suites that need only Node: unit, property, simulation, integration. */
export const nodeSuites = async (): Promise<Counts> => {
  const file = reportFile("node-suites");
  const status = await runTool("vitest", "vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`]);
  return vitestCounts(file, status);
};

/** A suite that could not even start is one failure and says why; the suites after it still run. */
export const attempt = async (suite: () => Promise<Counts>, say: (line: string) => void): Promise<Counts> => {
  try {
    return await suite();
  } catch (error) {
    say(`this suite could not run: ${error instanceof Error ? error.message : String(error)}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
};

type Project = "electron" | "chromium";

export interface JourneyOptions {
  /** The projects wanted. */
  readonly projects: readonly Project[];
  /** Finds Electron, called only if its project is wanted. */
  readonly electron: () => Electron | undefined;
  /** Further arguments for Playwright, such as a file or `--grep`. */
  readonly args: readonly string[];
}

const needsDisplay = process.platform === "linux" && !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"];
const hasVirtualDisplay = (): boolean => spawnSync("xvfb-run", ["--help"], { stdio: "ignore" }).error === undefined;

/** How many tests a project has, without running them; at least 1, so that a skipped suite shows. */
const listed = (project: Project, args: readonly string[]): number => {
  const file = reportFile(`list-${project}`);
  const [node, script] = toolCommand("@playwright/test", "playwright");
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: file };
  const { status } = spawnSync(node, [script, "test", "--list", "--reporter=json", `--project=${project}`, ...args], {
    cwd: root,
    env,
    stdio: "ignore",
  });
  if (status !== 0) return 1;
  const report = readFileSync(file, "utf8");
  return Math.max(1, report.split('"projectName"').length - 1);
};

/** What the project lacks: the thing and the command that brings it; undefined if nothing. */
const lack = (project: Project, electron: Electron | undefined): { readonly thing: string; readonly command: string } | undefined => {
  if (project === "chromium") return findChromium() === undefined ? { thing: "Chromium", command: chromiumInstallCommand() } : undefined;
  if (electron === undefined) return { thing: "Electron", command: electronInstallCommand() };
  return needsDisplay && !hasVirtualDisplay() ? { thing: "a display", command: "sudo apt-get install xvfb xauth" } : undefined;
};

/** Runs the journeys in the wanted projects; builds the board first if that is due. */
export const journeys = async (
  { projects, electron: findElectron, args }: JourneyOptions,
  say: (line: string) => void,
): Promise<Counts> => {
  const electron = projects.includes("electron") ? findElectron() : undefined;
  const counts: Counts[] = [];
  const able = projects.filter((project) => {
    const missing = lack(project, electron);
    if (missing === undefined) return true;
    const number = listed(project, args);
    const failing = process.env["CI"] !== undefined;
    say(
      `the ${project} suite lacks ${missing.thing} and ${failing ? "FAILS" : "is skipped"} (${number} tests); this brings it: ${missing.command}`,
    );
    counts.push({ passed: 0, failed: failing ? number : 0, skipped: failing ? 0 : number });
    return false;
  });
  if (able.length > 0) counts.push(await play(able, electron, args, say));
  return sum(counts);
};

const play = async (
  projects: readonly Project[],
  electron: Electron | undefined,
  args: readonly string[],
  say: (line: string) => void,
): Promise<Counts> => {
  await buildIfStale(say);
  const file = reportFile("journeys");
  const env = {
    ...process.env,
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
    ...(electron ? { ELECTRON_OVERRIDE_DIST_PATH: electron.dist } : {}),
  };
  const [node, script] = toolCommand("@playwright/test", "playwright");
  const command = [node, script, "test", "--reporter=list,json", ...projects.map((project) => `--project=${project}`), ...args] as const;
  const virtual = ["xvfb-run", "-a", "-s", "-screen 0 1920x1200x24"] as const;
  const [program, ...rest] = projects.includes("electron") && needsDisplay ? [...virtual, ...command] : command;
  return playwrightCounts(file, await run(program, rest, { env }));
};
