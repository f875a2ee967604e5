/**
 * What the journeys share: opening the board on a profile, in a real Electron window or in Chromium against a headless host, whichever the
 * project is; the command line beside it; a second desk or a second window. Whatever a journey starts is ended with it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { _electron, type Browser, test as base, type ElectronApplication, expect, type Page } from "@playwright/test";
import { presentElectron } from "../../scripts/electron-path.ts";

const root = path.resolve(import.meta.dirname, "../..");
const VIEWPORT = { width: 1366, height: 768 } as const;

export interface OpenOptions {
  /** A fresh profile gets the demo workspace; else it shows Join, New, Demo (the app) or is an empty workspace (headless). True unless said. */
  readonly demo?: boolean;
  /** An existing profile's folder; else a new one. */
  readonly profile?: string;
  readonly size?: { readonly width: number; readonly height: number };
}

/** One desk: its process, its board, and the command line of its profile. */
export interface Desk {
  readonly profile: string;
  readonly page: Page;
  /** What pages of this desk complained of: failed requests, refused styles, errors. A journey that expects none asserts so. */
  readonly complaints: readonly string[];
  /** Runs a command on this desk's profile; its `--json` answer. Rejects when it fails. */
  cli<Shape = Record<string, unknown>>(...words: readonly string[]): Promise<Shape>;
  /** Ends the whole desk without a word, as a power cut would. */
  kill(): Promise<void>;
  /** Ends the desk in order. */
  close(): Promise<void>;
  /** Null in Chromium. */
  readonly app: ElectronApplication | null;
}

export type OpenDesk = (options?: OpenOptions) => Promise<Desk>;

interface Fixtures {
  /** Opens further desks, each a process of its own. */
  readonly openDesk: OpenDesk;
  /** A desk with the demo workspace, its board drawn. */
  readonly desk: Desk;
}

export const test = base.extend<Fixtures>({
  openDesk: async ({ browser }, use, info) => {
    const folders: string[] = [];
    const desks: Desk[] = [];
    const openDesk: OpenDesk = async (options = {}) => {
      const folder = options.profile === undefined ? mkdtempSync(path.join(os.tmpdir(), "sy-e2e-")) : undefined;
      if (folder !== undefined) folders.push(folder);
      const profile = options.profile ?? path.join(folder ?? "", "profile");
      const open = info.project.name === "electron" ? openInElectron : openInBrowser(browser);
      const desk = await open(profile, { demo: true, size: VIEWPORT, ...options });
      desks.push(desk);
      return desk;
    };
    await use(openDesk);
    for (const desk of desks) await desk.kill();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  },
  desk: async ({ openDesk }, use) => {
    const desk = await openDesk();
    await boardDrawn(desk.page);
    await use(desk);
  },
});

export { expect };

/** Resolves when the board of a workspace is drawn: its five columns, or whatever view it opens in. */
export const boardDrawn = async (page: Page): Promise<void> => {
  await expect(page.getByRole("button", { name: /new order/i }).first()).toBeVisible();
};

type Opening = Required<Omit<OpenOptions, "profile">>;

const openInElectron = async (profile: string, { demo, size }: Opening): Promise<Desk> => {
  const electron = presentElectron();
  if (electron === undefined) throw new Error("no Electron was found; npm run test:e2e says how to get one");
  const app = await _electron.launch({
    executablePath: electron.file,
    args: [root, "--profile", profile, "--no-mdns", ...(demo ? ["--demo"] : [])],
    cwd: root,
    locale: "en-US",
  });
  // Playwright forgets the process once the app has closed.
  const child = app.process();
  const page = await app.firstWindow();
  const complaints = listenToComplaints(page);
  await app.evaluate(({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height), size);
  return {
    profile,
    page,
    app,
    complaints,
    cli: (...words) => runCli(profile, words),
    kill: () => killed(child),
    close: () => app.close(),
  };
};

const openInBrowser =
  (browser: Browser) =>
  async (profile: string, { demo, size }: Opening): Promise<Desk> => {
    const child = spawn(
      process.execPath,
      [path.join(root, "main/cli.ts"), "--profile", profile, "hub", "--no-mdns", ...(demo ? ["--demo"] : [])],
      {
        cwd: root,
        stdio: ["ignore", "pipe", "inherit"],
        env: { ...process.env, SWITCHYARD_LOG: "warn" },
      },
    );
    const { url } = JSON.parse(await firstLine(child)) as { readonly url: string };
    const context = await browser.newContext({ viewport: size, locale: "en-US", permissions: ["clipboard-write"] });
    const page = await context.newPage();
    const complaints = listenToComplaints(page);
    await page.goto(url);
    const end = async (signal: NodeJS.Signals): Promise<void> => {
      await context.close();
      await killed(child, signal);
    };
    return {
      profile,
      page,
      app: null,
      complaints,
      cli: (...words) => runCli(profile, words),
      kill: () => end("SIGKILL"),
      close: () => end("SIGTERM"),
    };
  };

/** A second board of the same desk: another window of the app can't be had, so a browser's page beside it in both projects. */
export const openSecondBoard = async (desk: Desk, browser: Browser): Promise<Page> => {
  const { url } = await desk.cli<{ url: string }>("url");
  const page = await (await browser.newContext({ viewport: VIEWPORT, locale: "en-US" })).newPage();
  await page.goto(url);
  return page;
};

const listenToComplaints = (page: Page): readonly string[] => {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return complaints;
};

const firstLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = "";
    child.once("exit", (status) => reject(new Error(`the host ended with ${status}: ${text}`)));
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
  });

const killed = async (child: ChildProcess, signal: NodeJS.Signals = "SIGKILL"): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
};

const runCli = async <Shape>(profile: string, words: readonly string[]): Promise<Shape> => {
  const child = spawn(process.execPath, [path.join(root, "main/cli.ts"), "--profile", profile, ...words, "--json"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.setEncoding("utf8").on("data", (text: string) => out.push(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => err.push(text));
  const [status] = (await once(child, "close")) as [number | null];
  if (status !== 0) throw new Error(`cli ${words.join(" ")}: exit ${status}: ${err.join("")}`);
  return JSON.parse(out.join("")) as Shape;
};
