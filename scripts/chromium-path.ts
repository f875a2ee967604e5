/**
 * Which Chromium the end-to-end tests drive: CHROMIUM_PATH, else a Chromium or Chrome of the system, else the one that
 * Playwright downloaded, else none. Looks only, installs nothing.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { chromium } from "@playwright/test";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const windowsPlaces = ["Google\\Chrome\\Application\\chrome.exe", "Microsoft\\Edge\\Application\\msedge.exe"];
const macPlaces = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];

/** Every place where a Chromium may lie on this system, best first. */
const candidates = (): readonly string[] => {
  if (process.platform === "darwin") return macPlaces;
  if (process.platform === "win32") {
    const folders = [process.env["PROGRAMFILES"], process.env["PROGRAMFILES(X86)"], process.env["LOCALAPPDATA"]].filter(
      (folder) => folder !== undefined,
    );
    return windowsPlaces.flatMap((place) => folders.map((folder) => path.join(folder, place)));
  }
  const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
};

/** The Chromium to launch, or undefined when there is none. A CHROMIUM_PATH that does not exist is an error. */
export const findChromium = (): string | undefined => {
  const named = process.env["CHROMIUM_PATH"];
  if (named !== undefined && !existsSync(named))
    throw new Error(`CHROMIUM_PATH names ${named}, which does not exist; unset it or correct it`);
  return named ?? [...candidates(), chromium.executablePath()].find((file) => existsSync(file));
};

/** The command that brings a Chromium here. */
export const chromiumInstallCommand = (): string =>
  process.platform === "linux" && existsSync("/usr/bin/apt-get") ? "sudo apt-get install chromium" : "npx playwright install chromium";
