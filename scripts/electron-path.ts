/**
 * Which Electron: ELECTRON_OVERRIDE_DIST_PATH, else the `electron` package's own binary, else one attempt to fetch it, else none.
 * The package is read, never imported: importing `electron` from Node starts a download.
 * A stand-in runtime beside the repository is prepared only for callers that ask for it (`.ci/run`, `test:e2e`).
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { root, toolCommand } from "./run.ts";

export interface Electron {
  /** The folder that holds it: what ELECTRON_OVERRIDE_DIST_PATH means. */
  readonly dist: string;
  /** The program to start. */
  readonly file: string;
}

const packageFolder = path.join(root, "node_modules", "electron");
const standInScript = path.resolve(root, "..", "shared", "electron-runtime", "prepare.sh");

/** The Electron at hand, if any; looks only, fetches nothing. An override that holds no Electron is an error, not a reason to take another. */
export const presentElectron = (): Electron | undefined => {
  const pathFile = path.join(packageFolder, "path.txt");
  const program = existsSync(pathFile) ? readFileSync(pathFile, "utf8").trim() : process.platform === "win32" ? "electron.exe" : "electron";
  const override = process.env["ELECTRON_OVERRIDE_DIST_PATH"];
  const dist = override ?? path.join(packageFolder, "dist");
  const file = path.join(dist, program);
  if (existsSync(file)) return { dist, file };
  if (override !== undefined)
    throw new Error(`ELECTRON_OVERRIDE_DIST_PATH names ${override}, which has no ${program}; unset it or correct it`);
  return undefined;
};

/** The Electron at hand, else one attempt to fetch the package's own (half a second where there is no network). `say` gets one line about it. */
export const obtainElectron = (say: (line: string) => void): Electron | undefined => {
  const present = presentElectron();
  if (present) return present;
  say("Electron's binary is missing; fetching it once (about 110 MB)");
  const [node, script] = toolCommand("electron", "install-electron");
  spawnSync(node, [script], { cwd: root, stdio: "ignore" });
  return presentElectron();
};

/** Prepares the stand-in runtime where its script lies beside the repository; undefined if there is none or it fails (its own words stream to stderr). */
export const prepareStandIn = (say: (line: string) => void): Electron | undefined => {
  if (!existsSync(standInScript)) return undefined;
  say("preparing the stand-in Electron runtime (two minutes the first time)");
  const { stdout, status } = spawnSync(standInScript, [], { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });
  const dist = stdout?.trim();
  return status === 0 && dist ? { dist, file: path.join(dist, "electron") } : undefined;
};

/** The command that brings an Electron here, for the message of a suite that lacks it. */
export const electronInstallCommand = (): string => (existsSync(standInScript) ? "npm run test:e2e" : "npx install-electron");
