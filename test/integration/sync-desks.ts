/** Starts and drives the desk processes of `sync-desk.ts`: each in a temporary folder, asked by promises, ended after the test. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Host } from "./lan.ts";
import type { Command, DeskState } from "./sync-desk.ts";

export const HEARTBEAT_MS = 400;
const SCRIPT = fileURLToPath(new URL("./sync-desk.ts", import.meta.url));
const PATIENCE_MS = 30_000;

/** Asks until the answer pleases. Fails with the last answer. */
export const until = async <T>(what: string, ask: () => Promise<T>, isGood: (answer: T) => boolean): Promise<T> => {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (isGood(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`in vain: ${what}; at last ${JSON.stringify(answer, null, 1)}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
};

export class TestDesk {
  readonly folder: string;
  readonly name: string;
  #child: ChildProcess;
  #nextId = 1;
  #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  device = "";
  port = 0;

  readonly #host: Host | null;
  readonly #heartbeatMs: number;

  private constructor(name: string, folder: string, host: Host | null, heartbeatMs: number) {
    this.name = name;
    this.folder = folder;
    this.#host = host;
    this.#heartbeatMs = heartbeatMs;
    this.#child = this.#fork();
  }

  /** On loopback, or on a host of a test network, where mDNS is on. */
  static async start(name: string, host: Host | null = null, heartbeatMs = HEARTBEAT_MS): Promise<TestDesk> {
    const desk = new TestDesk(name, mkdtempSync(join(tmpdir(), `switchyard-sync-${name}-`)), host, heartbeatMs);
    await desk.#ready();
    return desk;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  ask(command: Command): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, command });
    });
  }

  async state(): Promise<DeskState> {
    return (await this.ask({ do: "state" })) as DeskState;
  }

  async row(record: string): Promise<Readonly<Record<string, unknown>> | null> {
    return (await this.ask({ do: "row", record })) as Readonly<Record<string, unknown>> | null;
  }

  /** Invites and joins; the joiner goes on by itself. */
  async admit(joiner: TestDesk, role: "admin" | "dispatcher" | "viewer" = "dispatcher"): Promise<void> {
    const code = (await this.ask({ do: "invite", role })) as string;
    await joiner.ask({ do: "join", code, address: this.address });
  }

  async connectedTo(): Promise<readonly string[]> {
    return (await this.state()).status?.peers.filter(({ connected }) => connected).map(({ device }) => device) ?? [];
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** As a power cut: nothing is said, nothing flushed. */
  async kill(): Promise<void> {
    const gone = new Promise<void>((resolve) => this.#child.once("exit", () => resolve()));
    this.#child.kill("SIGKILL");
    await gone;
  }

  async restart(): Promise<void> {
    this.#child = this.#fork();
    await this.#ready();
  }

  async end(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill("SIGCONT");
      await this.kill();
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  #fork(): ChildProcess {
    const place = this.#host === null ? "loopback" : "lan";
    const words = [...(this.#host?.prefix ?? []), process.execPath, SCRIPT, this.folder, String(this.#heartbeatMs), this.name, place];
    const child = spawn("env", words, { stdio: ["ignore", "inherit", "inherit", "ipc"], serialization: "advanced" });
    child.on("message", (message: { readonly id: number; readonly value?: unknown; readonly error?: string }) => {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error === undefined) waiting?.resolve(message.value);
      else waiting?.reject(new Error(message.error));
    });
    child.on("exit", () => {
      for (const waiting of this.#waiting.values()) waiting.reject(new Error(`${this.name} has ended`));
      this.#waiting.clear();
    });
    return child;
  }

  async #ready(): Promise<void> {
    const ready = (await new Promise((resolve, reject) => this.#waiting.set(0, { resolve, reject }))) as { device: string; port: number };
    this.device = ready.device;
    this.port = ready.port;
  }
}

/** All hold the same, and nothing is under way. */
export const convergence = (desks: readonly TestDesk[], records: number): Promise<readonly DeskState[]> =>
  until(
    `${records} records and one fingerprint on ${desks.map(({ name }) => name).join(", ")}`,
    () => Promise.all(desks.map((desk) => desk.state())),
    (states) => states.every((state) => state.records === records && state.fingerprint === states[0]?.fingerprint),
  );
