/**
 * LAN discovery on real sockets: two hosts on a switch of their own, faults of cable and process included, and two
 * profiles on one machine without any network. Skipped with the reason where network namespaces are not permitted.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import type { NearbyPeer } from "../../main/sync/discovery/discovery.ts";
import { type Host, islandUp, lanUp } from "./lan.ts";

const SCRIPT = fileURLToPath(new URL("discovery-desk.ts", import.meta.url));
const ONE = "1".repeat(43);
const TWO = "2".repeat(43);
const lan = lanUp(2);
const island = await islandUp();

interface Desk {
  readonly process: ChildProcess;
  readonly logged: string[];
  readonly seen: () => readonly NearbyPeer[];
  /** It has told its first list. */
  readonly started: Promise<void>;
  readonly ended: Promise<number | null>;
  say(line: string): void;
}

const desks: Desk[] = [];

const startDesk = (host: Host, device: string, tag: string, port: number): Desk => {
  const child = spawn("env", [...host.prefix, process.execPath, SCRIPT, device, tag, String(port)], { stdio: ["pipe", "pipe", "inherit"] });
  let peers: readonly NearbyPeer[] = [];
  const logged: string[] = [];
  const output = createInterface({ input: child.stdout });
  const started = new Promise<void>((resolve) => void output.once("line", () => resolve()));
  output.on("line", (line) => {
    const said: { peers?: readonly NearbyPeer[]; log?: string; crashed?: string } = JSON.parse(line);
    if (said.peers !== undefined) peers = said.peers;
    else logged.push(line);
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const desk = { process: child, logged, seen: () => peers, started, ended, say: (line: string) => void child.stdin.write(`${line}\n`) };
  desks.push(desk);
  return desk;
};

const sees = (desk: Desk, check: (peers: readonly NearbyPeer[]) => void): Promise<void> =>
  vi.waitFor(() => check(desk.seen()), { timeout: 90_000, interval: 50 });
const devicesOf = (peers: readonly NearbyPeer[]): string[] => peers.map(({ device }) => device);
const hostsOf = (peers: readonly NearbyPeer[]): string[] => peers.flatMap(({ addresses }) => addresses.map(({ host }) => host));
/** The first peer: where it is dialled first, and each of its ports once. */
const whereabouts = ([peer]: readonly NearbyPeer[]) =>
  peer && { ...peer, first: peer.addresses[0]?.host, ports: [...new Set(peer.addresses.map(({ port }) => port))] };

afterEach(async () => {
  for (const desk of desks.splice(0)) {
    desk.process.kill("SIGKILL");
    await desk.ended;
  }
});
afterAll(() => {
  if (lan.kind === "up") lan.it.down();
  if (island.kind === "up") island.it.down();
});

describe.skipIf(lan.kind === "skip")(
  `two hosts on a switch${lan.kind === "skip" ? ` (skipped: ${lan.reason})` : ""}`,
  { timeout: 200_000 },
  () => {
    const on = (index: number): Host => {
      if (lan.kind === "skip") throw new Error(lan.reason);
      const host = lan.it.hosts[index - 1];
      if (host === undefined) throw new Error("no such host");
      return host;
    };
    const fault = (host: number, word: string): void => {
      if (lan.kind === "up") lan.it.fault(host, word);
    };
    const both = async (): Promise<readonly [Desk, Desk]> => {
      const one = startDesk(on(1), ONE, "tag1", 4001);
      const two = startDesk(on(2), TWO, "", 4002);
      await sees(one, (peers) => expect(devicesOf(peers)).toEqual([TWO]));
      await sees(two, (peers) => expect(devicesOf(peers)).toEqual([ONE]));
      return [one, two];
    };

    it("find each other by IPv4 and IPv6, with port, tag and link-local scope, and no loopback", async () => {
      const [one, two] = await both();
      await sees(one, (peers) => expect(hostsOf(peers)).toContain("10.77.0.2"));
      await sees(one, (peers) => expect(hostsOf(peers)).toContain("fd77:77::2"));
      expect(one.seen()[0]).toMatchObject({ device: TWO, workspaceTag: "", name: "Switchyard 22222222" });
      expect(two.seen()[0]).toMatchObject({ device: ONE, workspaceTag: "tag1" });
      expect(whereabouts(one.seen())?.ports).toEqual([4002]);
      for (const host of [...hostsOf(one.seen()), ...hostsOf(two.seen())]) {
        expect(host).not.toMatch(/^127\.|^::1$/);
        if (host.startsWith("fe80")) expect(host).toMatch(/%eth0$/);
      }
      expect([...one.logged, ...two.logged]).toEqual([]);
    });

    it("see a new port and tag after joining, and a goodbye within seconds", async () => {
      const [one, two] = await both();
      two.say("update tag1 5002");
      await sees(one, (peers) => expect(whereabouts(peers)).toMatchObject({ device: TWO, workspaceTag: "tag1", ports: [5002] }));
      two.say("stop");
      expect(await two.ended).toBe(0);
      await sees(one, (peers) => expect(peers).toEqual([]));
    });

    it("drop a desk that was killed once a dial to it fails, and keep one that lives", async () => {
      const [one, two] = await both();
      one.say(`dial-failed ${TWO}`);
      // Asked for again and answered: the next failed dial is what removes it.
      two.process.kill("SIGKILL");
      await two.ended;
      expect(devicesOf(one.seen())).toEqual([TWO]);
      const redial = setInterval(() => one.say(`dial-failed ${TWO}`), 500);
      await sees(one, (peers) => expect(peers).toEqual([])).finally(() => clearInterval(redial));

      const three = startDesk(on(2), TWO, "", 4003);
      await sees(one, (peers) => expect(whereabouts(peers)).toMatchObject({ device: TWO, ports: [4003] }));
      expect(devicesOf(three.seen()).length).toBeLessThanOrEqual(1);
    });

    it("lose each other behind a partition and find each other after it", async () => {
      const [one, two] = await both();
      fault(2, "partition");
      const redial = setInterval(() => {
        one.say(`dial-failed ${TWO}`);
        two.say(`dial-failed ${ONE}`);
      }, 500);
      await sees(one, (peers) => expect(peers).toEqual([])).finally(() => clearInterval(redial));
      await sees(two, (peers) => expect(peers).toEqual([]));
      fault(2, "clear");
      await sees(one, (peers) => expect(devicesOf(peers)).toEqual([TWO]));
      await sees(two, (peers) => expect(devicesOf(peers)).toEqual([ONE]));
    });

    it("survive an unplugged cable and find each other when it is back", async () => {
      const [one, two] = await both();
      fault(2, "unplug");
      const redial = setInterval(() => {
        one.say(`dial-failed ${TWO}`);
        two.say(`dial-failed ${ONE}`);
      }, 500);
      await sees(one, (peers) => expect(peers).toEqual([]));
      await sees(two, (peers) => expect(peers).toEqual([])).finally(() => clearInterval(redial));
      fault(2, "plug");
      await sees(one, (peers) => expect(devicesOf(peers)).toEqual([TWO]));
      await sees(two, (peers) => expect(hostsOf(peers)).toContain("10.77.0.1"));
      expect([...one.logged, ...two.logged].filter((line) => line.includes("crashed"))).toEqual([]);
    });

    it("are told apart as two profiles on one machine, by its LAN address", async () => {
      const one = startDesk(on(1), ONE, "tag1", 4001);
      const two = startDesk(on(1), TWO, "tag1", 4002);
      await sees(one, (peers) => expect(hostsOf(peers)).toContain("10.77.0.1"));
      await sees(two, (peers) => expect(devicesOf(peers)).toEqual([ONE]));
      expect(one.seen()[0]?.addresses[0]?.port).toBe(4002);
    });
  },
);

describe.skipIf(island.kind === "skip")(
  `one machine without a network${island.kind === "skip" ? ` (skipped: ${island.reason})` : ""}`,
  { timeout: 200_000 },
  () => {
    it("stays silent with no interface at all; with loopback two profiles find each other", async () => {
      if (island.kind === "skip") throw new Error(island.reason);
      const one = startDesk(island.it, ONE, "tag1", 4001);
      const two = startDesk(island.it, TWO, "tag1", 4002);
      // Both are up when each has told its first, empty list.
      island.it.loopbackUp();
      await sees(one, (peers) => expect(whereabouts(peers)).toMatchObject({ device: TWO, first: "127.0.0.1", ports: [4002] }));
      await sees(two, (peers) => expect(whereabouts(peers)).toMatchObject({ device: ONE, first: "127.0.0.1", ports: [4001] }));
    });
  },
);
