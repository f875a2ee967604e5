/**
 * Running the command line and the headless host as the processes they are, in profiles of their own that are removed at the end.
 * Every process started here is ended here, by its own id.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { afterEach } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What `--json` printed: standard output must be exactly one JSON value. */
  readonly json: unknown;
}

const folders: string[] = [];
const children = new Set<ChildProcess>();

afterEach(async () => {
  await Promise.all([...children].map((child) => killed(child)));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const killed = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });

/** A folder for a profile that does not exist yet; removed after the test. */
export const newProfile = (): string => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "sy-cli-"));
  folders.push(folder);
  return path.join(folder, "profile");
};

/** `clock`: what the process shall believe, in the words of Debian's `faketime`. */
const start = (words: readonly string[], clock?: string): ChildProcess => {
  const command = [process.execPath, path.join(root, "main/cli.ts"), ...words];
  const [program = process.execPath, ...rest] = clock === undefined ? command : ["faketime", clock, ...command];
  const child = spawn(program, rest, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
};

/** Runs one command to its end. */
export const cli = (profile: string, ...words: readonly string[]): Promise<Ran> => ended(start(["--profile", profile, ...words]));

/** The same in a process whose clock is wrong: `cliAt("2031-05-01 10:00:00", profile, "status")`. */
export const cliAt = (clock: string, profile: string, ...words: readonly string[]): Promise<Ran> =>
  ended(start(["--profile", profile, ...words], clock));

const ended = (child: ChildProcess): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const [out, err]: [string[], string[]] = [[], []];
    child.stdout?.setEncoding("utf8").on("data", (text: string) => out.push(text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => err.push(text));
    child.once("error", reject);
    child.once("close", (status) => {
      const stdout = out.join("");
      resolve({
        status,
        stdout,
        stderr: err.join(""),
        get json() {
          return JSON.parse(stdout) as unknown;
        },
      });
    });
  });

/** Runs a command that must succeed; its `--json` answer. */
export const answer = async <Shape = Record<string, unknown>>(profile: string, ...words: readonly string[]): Promise<Shape> => {
  const ran = await cli(profile, ...words, "--json");
  if (ran.status !== 0) throw new Error(`${words.join(" ")}: exit ${ran.status}: ${ran.stderr}`);
  return ran.json as Shape;
};

export interface Ready {
  readonly ready: true;
  readonly url: string;
  readonly device: string;
  readonly workspace: string;
  readonly port: number;
}

export interface Hub {
  readonly ready: Ready;
  readonly pid: number;
  /** Ends it without a word, as a power cut would. */
  kill(): Promise<void>;
  /** Asks it to end; its exit status. */
  stop(): Promise<number | null>;
  /** What it wrote to standard error so far. */
  log(): string;
}

/** Starts `hub` and waits for its first line. Rejects with what it wrote if it ends before. */
export const startHub = (profile: string, ...words: readonly string[]): Promise<Hub> =>
  new Promise((resolve, reject) => {
    const child = start(["--profile", profile, "hub", "--no-mdns", ...words]);
    let [out, err] = ["", ""];
    let isReady = false;
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      err += text;
    });
    child.once("error", reject);
    child.once("close", (status) => {
      if (!isReady) reject(new Error(`hub ended with ${status}: ${out}${err}`));
    });
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      const end = out.indexOf("\n");
      if (isReady || end < 0) return;
      isReady = true;
      resolve({
        ready: JSON.parse(out.slice(0, end)) as Ready,
        pid: child.pid ?? 0,
        kill: () => killed(child),
        stop: () =>
          new Promise((ended) => {
            child.once("exit", (status) => ended(status));
            child.kill("SIGTERM");
          }),
        log: () => err,
      });
    });
  });
