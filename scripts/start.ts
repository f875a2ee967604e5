/**
 * `npm start`: builds if that is due, then opens the board in Electron. Where Electron can't be had, or there is no display for it, the same
 * main process runs headless and the board opens in the browser; the address is always printed.
 */
import { spawn } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { answerHelp } from "./arguments.ts";
import { buildIfStale } from "./build.ts";
import { type Electron, obtainElectron } from "./electron-path.ts";
import { root } from "./run.ts";

const usage = `npm start [-- [--profile NAME|FOLDER] [--demo] [--browser] [--port N] [--no-mdns]]
Opens the dispatch board; a fresh default profile founds the demo workspace.
  --profile X   another desk on this machine: a name, or a folder (with a path separator)
  --demo        a fresh profile founds the demo workspace
  --browser     run headless and open the board in the browser, even where Electron is there
  --port N      the port for other desks (sync)
  --no-mdns     do not announce this desk on the LAN, nor look for others`;

const say = (line: string): void => console.log(`start: ${line}`);

/** The first line of a headless host, once it is ready. */
interface Ready {
  readonly ready: true;
  readonly url: string;
}

const readyLine = (line: string): Ready | undefined => {
  if (!line.startsWith("{")) return undefined;
  const value: unknown = JSON.parse(line);
  return typeof value === "object" && value !== null && "ready" in value && "url" in value && typeof value.url === "string"
    ? { ready: true, url: value.url }
    : undefined;
};

const hasDisplay = process.platform !== "linux" || Boolean(process.env["DISPLAY"]) || Boolean(process.env["WAYLAND_DISPLAY"]);

/** Opens an address in the browser, as far as there is one; that it could not be opened is no failure, for the address is printed. */
const openBrowser = (url: string): void => {
  const chosen = process.env["BROWSER"];
  if (!chosen && !hasDisplay) return;
  const usual =
    process.platform === "win32" ? ["rundll32", "url.dll,FileProtocolHandler"] : [process.platform === "darwin" ? "open" : "xdg-open"];
  const [command = "xdg-open", ...args] = chosen ? [chosen] : usual;
  const browser = spawn(command, [...args, url], { stdio: "ignore", detached: true });
  browser.once("error", (error) => say(`could not start ${command} (${error.message}); open the address above yourself`));
  browser.unref();
};

/** Runs a program to its end; a signal that ends us ends it first, and its exit status becomes ours. */
const follow = (command: string, args: readonly string[], onLine?: (line: string) => void): void => {
  const child = spawn(command, args, { cwd: root, stdio: ["inherit", onLine ? "pipe" : "inherit", "inherit"] });
  if (onLine && child.stdout) createInterface({ input: child.stdout }).on("line", onLine);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  child.once("error", (error) => {
    say(`could not start ${command}: ${error.message}`);
    process.exitCode = 1;
  });
  child.once("close", (status) => {
    process.exitCode = status ?? 1;
  });
};

const openWindow = ({ file }: Electron, args: readonly string[]): void => {
  // Chromium's sandbox does not start for root; everybody else keeps it.
  const asRoot = process.platform === "linux" && process.getuid?.() === 0;
  follow(file, [root, ...(asRoot ? ["--no-sandbox"] : []), ...args]);
};

const openHeadless = (args: readonly string[]): void => {
  let opened = false;
  follow(process.execPath, [path.join(root, "out", "main", "hub.cjs"), ...args], (line) => {
    const ready = opened ? undefined : readyLine(line);
    if (!ready) return console.log(line);
    opened = true;
    say(`the board is at ${ready.url}`);
    openBrowser(ready.url);
  });
};

const given = process.argv.slice(2);
answerHelp(usage);
const named = given.some((argument) => argument === "--profile" || argument.startsWith("--profile="));
const passed = given.filter((argument) => argument !== "--browser");
const args = named || passed.includes("--demo") ? passed : [...passed, "--demo"];

try {
  await buildIfStale(say);
  const electron = given.includes("--browser") || !hasDisplay ? undefined : obtainElectron(say);
  if (electron) {
    say("opening the board in Electron");
    openWindow(electron, args);
  } else {
    const reason = given.includes("--browser")
      ? "as asked"
      : hasDisplay
        ? "Electron's binary could not be had"
        : "there is no display for a window";
    say(`${reason}: running headless, the board opens in the browser (stop with Ctrl+C)`);
    openHeadless(args);
  }
} catch (error) {
  console.error(`start: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
