/**
 * `npm run package`: builds for release and packages with electron-builder. Given a local Electron (ELECTRON_OVERRIDE_DIST_PATH, or the package's
 * own binary) it needs no network for `--dir`; for other targets electron-builder fetches its tools.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { answerHelp } from "./arguments.ts";
import { build } from "./build.ts";
import { presentElectron } from "./electron-path.ts";
import { runTool } from "./run.ts";

const usage = `npm run package [-- --dir] [-- any option of electron-builder]
Builds the board and packages it into dist/: on Windows NSIS, on Linux AppImage and deb, on macOS dmg.
  --dir    only the unpacked folder; works without network where an Electron is at hand
           (ELECTRON_OVERRIDE_DIST_PATH names the folder of another one)
  --linux, --win, --mac, -c.KEY=VALUE and the rest go to electron-builder as they are`;

const say = (line: string): void => console.log(`package: ${line}`);
const args = process.argv.slice(2);
answerHelp(usage);

/** The folder with the Electron to package: only for this system itself. A wrapped runtime keeps its files one folder below. */
const electronDist = (): string | undefined => {
  if (args.some((argument) => /^(--win|--mac|--linux|-w|-m|-l|--arm64|--ia32|--armv7l|--universal|-mwl)$/.test(argument))) return undefined;
  const dist = presentElectron()?.dist;
  if (dist === undefined) return undefined;
  const inner = path.join(dist, "runtime");
  return existsSync(path.join(inner, "version")) ? inner : dist;
};

try {
  const dist = electronDist();
  // An Electron of one's own choice may be older than the one that ships: then the build keeps the targets of the oldest.
  if (process.env["ELECTRON_OVERRIDE_DIST_PATH"] === undefined) process.env["SWITCHYARD_TARGET"] = "release";
  say(`building for ${process.env["SWITCHYARD_TARGET"] === "release" ? "the Electron that ships" : "the Electron given"}`);
  await build();
  say(dist === undefined ? "packaging; electron-builder fetches Electron" : `packaging with the Electron in ${dist}`);
  const status = await runTool("electron-builder", "electron-builder", [
    "--publish",
    "never",
    ...(dist === undefined ? [] : [`-c.electronDist=${dist}`]),
    ...args,
  ]);
  say(status === 0 ? "done; the results are in dist/" : "electron-builder failed; the lines above say why");
  process.exitCode = status;
} catch (error) {
  console.error(`package: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
