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
import { connectToHost } from "../../main/cli/local-client.ts";
import { resolveProfile } from "../../main/host/profile.ts";
import { readRunFile } from "../../main/host/run-file.ts";
import { presentElectron } from "../../scripts/electron-path.ts";
import type { Host, Input, Output, RequestName } from "../../shared/ipc/contract.ts";

const root = path.resolve(import.meta.dirname, "../..");
const VIEWPORT = { width: 1366, height: 768 } as const;

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface OpenOptions {
  /** A fresh profile gets the demo workspace; else it shows Join, New, Demo (the app) or is an empty workspace (headless). True unless said. */
  readonly demo?: boolean;
  /** An existing profile's folder; else a new one. */
  readonly profile?: string;
  readonly size?: Size;
}

/** One desk: its process, its board, and the command line of its profile. */
export interface Desk {
  readonly profile: string;
  readonly page: Page;
  /** What pages of this desk complained of: failed requests, refused styles, errors. A journey that expects none asserts so. */
  readonly complaints: readonly string[];
  /** Runs a command on this desk's profile; its `--json` answer. Rejects when it fails. */
  cli<Shape = Record<string, unknown>>(...words: readonly string[]): Promise<Shape>;
  /** A request of the contract to the running desk, past its board: to prepare and to look. Quicker than a process of the command line. */
  readonly ask: Host["call"];
  /** Gives the board another size, pixels without the window's frame. */
  resize(size: Size): Promise<void>;
  /** Stops the process in its tracks, as a machine that falls asleep; its board hangs until `resume`. */
  pause(): void;
  resume(): void;
  /** Ends the whole desk without a word, as a power cut would. */
  kill(): Promise<void>;
  /** Ends the desk in order. */
  close(): Promise<void>;
  /** Null in Chromium. */
  readonly app: ElectronApplication | null;
}

export type OpenDesk = (options?: OpenOptions) => Promise<Desk>;

interface WorkerFixtures {
  /** Started when the first page asks for it, so that Electron's journeys need no Chromium. */
  readonly lazyBrowser: LazyBrowser;
  /** A desk with the demo workspace that the journeys of one worker share. */
  readonly sharedDesk: Desk;
}

interface Fixtures {
  /** The shared desk with its board drawn anew: for journeys that make the orders they need and leave the others alone. */
  readonly demo: Desk;
  /** Opens further desks, each a process of its own. */
  readonly openDesk: OpenDesk;
  /** A desk with the demo workspace, its board drawn. */
  readonly desk: Desk;
  /** A further board of the same desk: in a browser in both projects, since the app has one window. */
  readonly openSecondBoard: (desk: Desk) => Promise<Page>;
}

type LazyBrowser = () => Promise<Browser>;

type Opened = { readonly open: OpenDesk; end(): Promise<void> };

/** Opens desks in a project's way and ends them all, their folders with them. */
const desksOf = (project: string, browser: LazyBrowser): Opened => {
  const folders: string[] = [];
  const desks: Desk[] = [];
  return {
    open: async (options = {}) => {
      const folder = options.profile === undefined ? mkdtempSync(path.join(os.tmpdir(), "sy-e2e-")) : undefined;
      if (folder !== undefined) folders.push(folder);
      const profile = options.profile ?? path.join(folder ?? "", "profile");
      const open = project === "electron" ? openInElectron : openInBrowser(browser);
      const desk = await open(profile, { demo: true, size: VIEWPORT, ...options });
      desks.push(desk);
      return desk;
    },
    end: async () => {
      for (const desk of desks) await desk.kill();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
};

export const test = base.extend<Fixtures, WorkerFixtures>({
  lazyBrowser: [
    async ({ playwright }, use, info) => {
      let started: Promise<Browser> | undefined;
      await use(() => (started ??= playwright.chromium.launch(info.project.use.launchOptions)));
      await (await started)?.close();
    },
    { scope: "worker" },
  ],
  sharedDesk: [
    async ({ lazyBrowser }, use, info) => {
      const desks = desksOf(info.project.name, lazyBrowser);
      await use(await desks.open());
      await desks.end();
    },
    // It is a start of its own, beside whatever else the machine does.
    { scope: "worker", timeout: 180_000 },
  ],
  demo: async ({ sharedDesk }, use) => {
    await sharedDesk.resize(VIEWPORT);
    await sharedDesk.page.reload();
    await boardDrawn(sharedDesk.page);
    await use(sharedDesk);
  },
  openDesk: async ({ lazyBrowser }, use, info) => {
    const desks = desksOf(info.project.name, lazyBrowser);
    await use(desks.open);
    await desks.end();
  },
  desk: async ({ openDesk }, use) => {
    const desk = await openDesk();
    await boardDrawn(desk.page);
    await use(desk);
  },
  openSecondBoard: async ({ lazyBrowser }, use) => {
    const pages: Page[] = [];
    await use(async (desk) => {
      const page = await newPage(await lazyBrowser(), VIEWPORT);
      pages.push(page);
      await page.goto((await desk.ask("host.url", {})).url);
      await boardDrawn(page);
      return page;
    });
    for (const page of pages) await page.context().close();
  },
});

const newPage = async (browser: Browser, viewport: Size): Promise<Page> =>
  (await browser.newContext({ viewport, locale: "en-US", permissions: ["clipboard-write"] })).newPage();

export { expect };

/** Resolves when the board of a workspace is drawn: its five columns, or whatever view it opens in. */
export const boardDrawn = async (page: Page): Promise<void> => {
  await expect(page.getByRole("button", { name: /new order/i }).first()).toBeVisible();
};

/** Opens an order's panel by search, as a person on the phone does. */
export const openOrder = async (page: Page, number: string): Promise<void> => {
  await page.keyboard.press("Control+k");
  await page.keyboard.type(number);
  await page
    .getByRole("option", { name: new RegExp(number) })
    .first()
    .click();
};

type Opening = Required<Omit<OpenOptions, "profile">>;

const openInElectron = async (profile: string, { demo, size }: Opening): Promise<Desk> => {
  const electron = presentElectron();
  if (electron === undefined) throw new Error("no Electron was found; npm run test:e2e says how to get one");
  // By this, not by `executablePath`: then Playwright holds back "ready" until it is connected, and misses no window that opens meanwhile.
  process.env["ELECTRON_OVERRIDE_DIST_PATH"] = electron.dist;
  const app = await _electron.launch({
    args: [root, "--profile", profile, "--no-mdns", ...(demo ? ["--demo"] : [])],
    cwd: root,
    locale: "en-US",
  });
  // Playwright forgets the process once the app has closed.
  const child = app.process();
  const page = await app.firstWindow();
  const complaints = listenToComplaints(page);
  const resize = async (wanted: Size): Promise<void> => {
    await app.evaluate(({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height), wanted);
    await page.waitForFunction(({ width, height }) => innerWidth === width && innerHeight === height, wanted);
  };
  await resize(size);
  return {
    profile,
    page,
    app,
    complaints,
    cli: (...words) => runCli(profile, words),
    ask: (name, input) => askHost(profile, name, input),
    resize,
    pause: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
    kill: () => killed(child),
    close: () => app.close(),
  };
};

const openInBrowser =
  (browser: LazyBrowser) =>
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
    const page = await newPage(await browser(), size);
    const complaints = listenToComplaints(page);
    await page.goto(url);
    const end = async (signal: NodeJS.Signals): Promise<void> => {
      await page.context().close();
      await killed(child, signal);
    };
    return {
      profile,
      page,
      app: null,
      complaints,
      cli: (...words) => runCli(profile, words),
      ask: (name, input) => askHost(profile, name, input),
      resize: (wanted) => page.setViewportSize(wanted),
      pause: () => void child.kill("SIGSTOP"),
      resume: () => void child.kill("SIGCONT"),
      kill: () => end("SIGKILL"),
      close: () => end("SIGTERM"),
    };
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

const askHost = async <Name extends RequestName>(profile: string, name: Name, input: Input<Name>): Promise<Output<Name>> => {
  const run = readRunFile(resolveProfile(profile));
  if (run === undefined) throw new Error("the desk does not run");
  const connection = await connectToHost(run);
  try {
    return await connection.call(name, input);
  } finally {
    connection.close();
  }
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
