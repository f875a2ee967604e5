/**
 * Hosts of a private network for tests: network namespaces on one switch (`../shared/net`, beside the repository),
 * or one namespace that has nothing but loopback. What is not permitted here gives a reason, with which a test skips.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const NET = fileURLToPath(new URL("../../../shared/net/", import.meta.url));

export interface Host {
  /** Put before a command, it runs there. */
  readonly prefix: readonly string[];
}

export interface Lan {
  readonly hosts: readonly Host[];
  /** `netem.sh` of one host, counted from 1: `fault(2, "partition")`, `fault(2, "clear")`. */
  fault(host: number, ...words: string[]): void;
  down(): void;
}

export type Permitted<Thing> = { readonly kind: "up"; readonly it: Thing } | { readonly kind: "skip"; readonly reason: string };

/** A LAN of `count` hosts, named after this process, so that suites do not meet. */
export const lanUp = (count: number): Permitted<Lan> => {
  if (!existsSync(`${NET}lan-up.sh`)) return { kind: "skip", reason: "the folder ../shared/net with the test network is not here" };
  const name = `s${(process.pid % 46_656).toString(36)}l`;
  const env = { ...process.env, LAN: name };
  const up = spawnSync(`${NET}lan-up.sh`, [String(count)], { env, encoding: "utf8" });
  if (up.status === 77 || up.status === 2) return { kind: "skip", reason: up.stderr.trim() || "network namespaces are not permitted here" };
  if (up.status !== 0) throw new Error(`lan-up.sh ended with ${up.status ?? up.error?.message}: ${up.stderr}`);
  return {
    kind: "up",
    it: {
      hosts: Array.from({ length: count }, (_, i) => ({ prefix: ["ip", "netns", "exec", `${name}${i + 1}`] })),
      fault: (host, ...words) => void execFileSync(`${NET}netem.sh`, [String(host), ...words], { env, stdio: "pipe" }),
      down: () => void execFileSync(`${NET}lan-down.sh`, { env, stdio: "pipe" }),
    },
  };
};

export interface Island extends Host {
  /** Nothing is up before this, not even loopback. */
  loopbackUp(): void;
  down(): void;
}

/** A machine without any network; needs no root where user namespaces are allowed. */
export const islandUp = async (): Promise<Permitted<Island>> => {
  const keeper: ChildProcess = spawn("unshare", ["-Urn", "sh", "-c", "echo up; exec cat"], { stdio: ["pipe", "pipe", "ignore"] });
  const isUp = await new Promise<boolean>((resolve) => {
    keeper.once("error", () => resolve(false));
    keeper.once("exit", () => resolve(false));
    keeper.stdout?.once("data", () => resolve(true));
  });
  if (!isUp) return { kind: "skip", reason: "user namespaces (unshare -Urn) are not permitted here" };
  const prefix = ["nsenter", "--preserve-credentials", "-U", "-n", "-t", String(keeper.pid)];
  return {
    kind: "up",
    it: {
      prefix,
      loopbackUp: () => void execFileSync("env", [...prefix, "ip", "link", "set", "lo", "up"], { stdio: "pipe" }),
      down: () => void keeper.kill("SIGKILL"),
    },
  };
};
