/**
 * The headless host as a process: ready in one line, one process a profile, nothing acknowledged lost by a kill, ports kept or refused,
 * and a database that is damaged, newer or foreign is never overwritten.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import path from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { answer, cli, newProfile, startHub } from "./command-line.ts";

interface Order {
  readonly number: string;
  readonly title: string;
  readonly status: string;
}

const takePort = async (port = 0): Promise<{ readonly port: number; free(): Promise<void> }> => {
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, resolve);
  });
  return { port: (server.address() as net.AddressInfo).port, free: () => new Promise((resolve) => server.close(() => resolve())) };
};

const get = (url: string): Promise<number> =>
  new Promise((resolve, reject) => {
    http.get(url, (response) => resolve(response.resume().statusCode ?? 0)).on("error", reject);
  });

describe("a headless host", () => {
  test("says in its first line that it is ready, where, and as whom; and ends in order when told to", async () => {
    const profile = newProfile();
    const hub = await startHub(profile);
    expect(hub.ready).toEqual({
      ready: true,
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\?open#code=[\w-]{22}$/),
      device: expect.stringMatching(/^[\w-]{43}$/),
      workspace: expect.stringMatching(/^[\w-]{43}$/),
      port: expect.any(Number),
    });
    expect([200, 503]).toContain(await get(hub.ready.url));
    expect(await answer(profile, "status")).toMatchObject({ device: hub.ready.device, workspace: hub.ready.workspace, records: 0 });
    expect(await hub.stop()).toBe(0);
    expect(existsSync(path.join(profile, "run.json"))).toBe(false);
    expect(await answer(profile, "status")).toMatchObject({ device: hub.ready.device, workspace: hub.ready.workspace });
  });

  test("makes the demo when asked: two hundred orders, of which A-42 is scheduled", async () => {
    const profile = newProfile();
    await startHub(profile, "--demo");
    const orders = await answer<Order[]>(profile, "order", "list");
    expect(orders).toHaveLength(200);
    expect(orders.find(({ number }) => number === "A-42")).toMatchObject({ status: "scheduled" });
    expect(await answer<unknown[]>(profile, "technician", "list")).toHaveLength(12);
    expect((await answer<Order>(profile, "order", "create", "title=Next")).number).toBe("A-201");
  });

  test("gives invitations and fresh addresses of the board to the command line alone", async () => {
    const profile = newProfile();
    await startHub(profile);
    const invitation = await answer<{ code: string; expires: number }>(profile, "invite");
    expect(invitation.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
    expect(invitation.expires).toBeGreaterThan(Date.now());
    const urls = [await answer<{ url: string }>(profile, "url"), await answer<{ url: string }>(profile, "url")].map(({ url }) => url);
    expect(new Set(urls).size).toBe(2);
  });
});

describe("one process a profile", () => {
  test("a second host ends with profile_in_use; commands go through the first", async () => {
    const profile = newProfile();
    const hub = await startHub(profile);
    const second = await cli(profile, "hub", "--json");
    expect([second.status, second.json]).toEqual([1, { error: { code: "profile_in_use", message: expect.any(String) } }]);
    expect((await answer<Order>(profile, "order", "create", "title=Through the host")).number).toBe("A-1");
    expect(await hub.stop()).toBe(0);
    expect(await answer<Order>(profile, "order", "get", "A-1")).toMatchObject({ title: "Through the host" });
  });

  test("what was acknowledged stands after the host was killed, and its leftovers stop nobody", async () => {
    const profile = newProfile();
    const hub = await startHub(profile);
    await answer(profile, "order", "create", "title=Leak");
    const set = answer<Order>(profile, "order", "set", "A-1", "status=in_progress");
    expect((await set).status).toBe("in_progress");
    await hub.kill();
    expect(existsSync(path.join(profile, "run.json"))).toBe(true);
    expect(await answer<Order>(profile, "order", "get", "A-1")).toMatchObject({ status: "in_progress" });
    await startHub(profile);
    expect(await answer<Order>(profile, "order", "get", "A-1")).toMatchObject({ status: "in_progress" });
  });

  test("a host that ends in the middle of requests loses none that was answered", async () => {
    const profile = newProfile();
    const hub = await startHub(profile);
    const asked = Array.from({ length: 4 }, (_, at) => cli(profile, "order", "create", `title=Order ${at}`, "--json"));
    const first = await Promise.race(asked);
    await hub.kill();
    const acknowledged = (await Promise.all(asked)).filter(({ status }) => status === 0).map(({ json }) => (json as Order).title);
    expect(first.status).toBe(0);
    const titles = (await answer<Order[]>(profile, "order", "list")).map(({ title }) => title);
    expect(titles).toEqual(expect.arrayContaining(acknowledged));
  });
});

describe("the board's port", () => {
  const portOf = (url: string): number => Number(new URL(url).port);

  test("is the same from start to start, so that an open page finds its host again; taken by another it moves and comes back", async () => {
    const profile = newProfile();
    const first = await startHub(profile);
    const port = portOf(first.ready.url);
    expect(await first.stop()).toBe(0);
    const second = await startHub(profile);
    expect(portOf(second.ready.url)).toBe(port);
    expect(await second.stop()).toBe(0);
    const taken = await takePort(port);
    const third = await startHub(profile);
    expect(portOf(third.ready.url)).not.toBe(port);
    expect(await third.stop()).toBe(0);
    await taken.free();
    expect(portOf((await startHub(profile)).ready.url)).toBe(port);
  });
});

describe("the sync port", () => {
  test("that is asked for and taken ends with port_in_use, and the profile is free again", async () => {
    const profile = newProfile();
    const taken = await takePort();
    const ran = await cli(profile, "hub", "--no-mdns", "--port", String(taken.port), "--json");
    expect([ran.status, ran.json]).toEqual([1, { error: { code: "port_in_use", message: expect.stringContaining(String(taken.port)) } }]);
    await taken.free();
    expect((await startHub(profile, "--port", String(taken.port))).ready.port).toBe(taken.port);
  });

  test("is kept from start to start; taken by another it moves and says so once", async () => {
    const profile = newProfile();
    const first = await startHub(profile);
    await first.stop();
    const second = await startHub(profile);
    expect(second.ready.port).toBe(first.ready.port);
    await second.stop();
    const taken = await takePort(first.ready.port);
    const third = await startHub(profile);
    expect(third.ready.port).not.toBe(first.ready.port);
    expect(third.log()).toContain("port_moved");
    await third.stop();
    await taken.free();
    const fourth = await startHub(profile);
    expect(fourth.ready.port).toBe(third.ready.port);
    expect(fourth.log()).not.toContain("port_moved");
  });
});

describe("the database", () => {
  const databaseOf = (profile: string): string => path.join(profile, "workspace.db");

  test("that is damaged is set aside whole, a new one is begun, and the desk says so", async () => {
    const profile = newProfile();
    await answer(profile, "order", "create", "title=Before");
    const garbage = Buffer.alloc(20_000, "damaged ");
    writeFileSync(databaseOf(profile), garbage);
    const hub = await startHub(profile);
    expect(hub.log()).toContain("database_damaged");
    expect(await answer<unknown[]>(profile, "order", "list")).toEqual([]);
    const aside = readdirSync(profile).filter((name) => /^workspace\.db\.damaged-[\dT-]+$/.test(name));
    expect(aside).toHaveLength(1);
    expect(readFileSync(path.join(profile, aside[0] ?? "")).equals(garbage)).toBe(true);
  });

  test("that is damaged when a single command opens it is told on standard error", async () => {
    const profile = newProfile();
    await answer(profile, "order", "create", "title=Before");
    writeFileSync(databaseOf(profile), "");
    const ran = await cli(profile, "order", "list", "--json");
    expect([ran.status, ran.json, ran.stderr]).toEqual([0, [], expect.stringMatching(/was damaged.*workspace\.db\.damaged-/)]);
  });

  test("of a newer version is refused with what to do, and is left as it is", async () => {
    const profile = newProfile();
    await answer(profile, "order", "create", "title=Before");
    const database = new Database(databaseOf(profile));
    database.pragma("wal_checkpoint(TRUNCATE)");
    database.pragma("user_version = 9999");
    database.close();
    const before = readFileSync(databaseOf(profile));
    for (const words of [["hub"], ["order", "list"]]) {
      const ran = await cli(profile, ...words, "--json");
      expect([ran.status, ran.json]).toEqual([1, { error: { code: "database_newer", message: expect.stringMatching(/newer version/) } }]);
    }
    expect(readFileSync(databaseOf(profile)).equals(before)).toBe(true);
  });

  test("of another program is refused and left as it is", async () => {
    const profile = newProfile();
    mkdirSync(profile, { recursive: true });
    const database = new Database(databaseOf(profile));
    database.exec("CREATE TABLE recipes (name TEXT)");
    database.close();
    const ran = await cli(profile, "status", "--json");
    expect([ran.status, ran.json]).toEqual([1, { error: { code: "database_foreign", message: expect.any(String) } }]);
    const again = new Database(databaseOf(profile), { readonly: true });
    expect(again.prepare("SELECT name FROM sqlite_schema").pluck().all()).toEqual(["recipes"]);
    again.close();
  });
});
