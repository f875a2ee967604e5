/**
 * The browser board's server as a browser and as an attacker see it: exact names only, a code that works once, nothing without a
 * session, and no harm from garbage, size or a browser that does not read.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { Desk } from "../../main/host/ports.ts";
import { type BoardServer, startBoardServer } from "../../main/hub/board-server.ts";
import { homePorts } from "../../main/hub/home-port.ts";
import { createSessions } from "../../main/hub/sessions.ts";
import { pack, unpack } from "../../main/ipc/packing.ts";

type Listener = Parameters<Desk["onEvent"]>[0];
let now = 1_000;
let folder: string;
let server: BoardServer;
const listeners = new Set<Listener>();
const asked: unknown[] = [];

beforeEach(async () => {
  now = 1_000;
  asked.length = 0;
  folder = mkdtempSync(path.join(os.tmpdir(), "sy-board-"));
  mkdirSync(path.join(folder, "board", "assets"), { recursive: true });
  writeFileSync(path.join(folder, "board", "index.html"), "<!doctype html><title>Board</title>");
  writeFileSync(path.join(folder, "board", "assets", "main-1.js"), "export {};");
  writeFileSync(path.join(folder, "secret.json"), "{}");
  server = await startBoardServer({
    folder: path.join(folder, "board"),
    sessions: createSessions(
      () => now,
      (bytes) => randomBytes(bytes),
    ),
    dispatch: async (name, input, caller) => {
      asked.push([name, caller]);
      return name === "desk.status" ? { ok: true, output: { input } } : { ok: false, code: "no_such_order", message: "There is none." };
    },
    onEvent: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    unexpected: (error) => {
      throw error;
    },
  });
  // Whose board it is was asked by the server itself.
  asked.length = 0;
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}
const own = (): Record<string, string> => ({ Host: `127.0.0.1:${server.port}`, Origin: `http://127.0.0.1:${server.port}` });
const ask = (method: string, urlPath: string, headers: Record<string, string> = own(), body?: string): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const request = http.request({ host: "127.0.0.1", port: server.port, method, path: urlPath, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
const codeOf = (url: string): string => /^http:\/\/127\.0\.0\.1:\d+\/\?open#code=([A-Za-z0-9_-]{22})$/.exec(url)?.[1] ?? "";
const trade = (code: string, headers = own()): Promise<Reply> => ask("POST", "/session", headers, JSON.stringify({ code }));
const newToken = async (): Promise<string> => (JSON.parse((await trade(codeOf(server.freshUrl()))).body) as { token: string }).token;

const openSocket = (headers: Record<string, string> = own()): WebSocket =>
  new WebSocket(`ws://127.0.0.1:${server.port}/socket`, { headers, perMessageDeflate: false });
const closeOf = (socket: WebSocket): Promise<number> => new Promise((resolve) => socket.once("close", (code) => resolve(code)));
const nextFrame = (socket: WebSocket): Promise<unknown> =>
  new Promise((resolve, reject) => {
    socket.once("message", (data) => resolve(unpack(data as Buffer)));
    socket.once("close", (code) => reject(new Error(`closed ${code}`)));
  });
const openSession = async (): Promise<WebSocket> => {
  const token = await newToken();
  const socket = openSocket();
  await new Promise((resolve) => socket.once("open", resolve));
  socket.send(pack({ t: "session", token }));
  expect(await nextFrame(socket)).toEqual({ t: "ready" });
  return socket;
};

describe("the port", () => {
  const device = randomBytes(32).toString("base64url");
  const serve = () =>
    startBoardServer({
      folder,
      sessions: createSessions(Date.now, randomBytes),
      dispatch: async () => ({ ok: true, output: { device } }),
      onEvent: () => () => undefined,
      unexpected: () => undefined,
    });

  test("is the desk's own at each start, the next of its own where that is taken, and its own again afterwards", async () => {
    const first = await serve();
    const second = await serve();
    expect(homePorts(device)).toEqual(expect.arrayContaining([first.port, second.port]));
    expect(second.port).not.toBe(first.port);
    await first.close();
    const again = await serve();
    expect(again.port).toBe(first.port);
    await Promise.all([second.close(), again.close()]);
  });

  test("differs from desk to desk and lies where no system hands ports out by itself", () => {
    const ports = Array.from({ length: 200 }, (_, index) => homePorts(`device ${index}`));
    expect(new Set(ports.map(([port]) => port)).size).toBeGreaterThan(180);
    for (const port of ports.flat()) expect(port).toSatisfy((one: number) => one >= 20_000 && one < 32_768);
  });
});

describe("files", () => {
  test("are served with a strict policy and never kept", async () => {
    const page = await ask("GET", "/");
    expect(page.status).toBe(200);
    expect(page.body).toContain("Board");
    expect(page.headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'; script-src 'self';");
    expect(page.headers["set-cookie"]).toBeUndefined();
    expect((await ask("GET", "/assets/main-1.js?v=1")).headers["content-type"]).toBe("text/javascript; charset=utf-8");
  });

  test.each([
    "/../secret.json",
    "/assets/../../secret.json",
    "/..%2fsecret.json",
    "//etc/passwd",
    "/.env",
    "/assets/",
    "/nothing.js",
    "/assets",
  ])("that are not the board's are not there: %s", async (urlPath) => {
    expect((await ask("GET", urlPath)).status).toBe(404);
  });

  test("that were never built are told apart from missing ones", async () => {
    rmSync(path.join(folder, "board", "index.html"));
    const reply = await ask("GET", "/");
    expect(reply.status).toBe(503);
    expect(reply.body).toContain("npm run build");
  });

  test("are answered by any of loopback's names with our port, and by no other name", async () => {
    for (const name of ["127.0.0.1", "localhost", "[::1]"])
      expect((await ask("GET", "/", { Host: `${name}:${server.port}` })).status).toBe(200);
    for (const host of [
      "evil.example",
      `evil.example:${server.port}`,
      "127.0.0.1",
      `127.0.0.1:${server.port + 1}`,
      `127.0.0.1.:${server.port}`,
    ])
      expect((await ask("GET", "/", { Host: host })).status).toBe(421);
  });

  test("cannot be written", async () => {
    for (const method of ["PUT", "DELETE", "POST"]) expect((await ask(method, "/")).status).toBe(405);
  });
});

describe("the opening code", () => {
  test("works once, and a second use says so", async () => {
    const code = codeOf(server.freshUrl());
    expect((await trade(code)).status).toBe(200);
    const second = await trade(code);
    expect(second.status).toBe(403);
    expect(JSON.parse(second.body)).toMatchObject({ code: "code_used" });
  });

  test("works for sixty seconds", async () => {
    const [inTime, late] = [codeOf(server.freshUrl()), codeOf(server.freshUrl())];
    now += 60_000;
    expect((await trade(inTime)).status).toBe(200);
    now += 1;
    expect(JSON.parse((await trade(late)).body)).toMatchObject({ code: "code_expired" });
  });

  test("that was never given is refused", async () => {
    expect(JSON.parse((await trade("A".repeat(22))).body)).toMatchObject({ code: "code_unknown" });
    expect((await ask("POST", "/session", own(), "not json")).status).toBe(400);
    expect((await ask("POST", "/session", own(), JSON.stringify({ code: "x".repeat(5_000) }))).status).toBe(400);
  });

  test("is taken from our own pages only", async () => {
    const code = codeOf(server.freshUrl());
    const Host = `127.0.0.1:${server.port}`;
    for (const headers of [
      { Host },
      { Host, Origin: "http://evil.example" },
      { Host, Origin: "null" },
      { Host, Origin: `https://${Host}` },
      { Host, Origin: `http://localhost:${server.port}` },
    ])
      expect((await trade(code, headers as Record<string, string>)).status).toBe(403);
    expect((await trade(code, { Host: "evil.example", Origin: "http://evil.example" })).status).toBe(421);
    expect((await trade(code)).status).toBe(200);
  });
});

describe("the WebSocket", () => {
  test("carries requests, errors and events once a session is named", async () => {
    const socket = await openSession();
    socket.send(pack({ t: "request", id: 1, name: "desk.status", input: { a: 1 } }));
    expect(await nextFrame(socket)).toEqual({ t: "ok", id: 1, output: { input: { a: 1 } } });
    socket.send(pack({ t: "request", id: 2, name: "order.get", input: { order: "A-1" } }));
    expect(await nextFrame(socket)).toEqual({ t: "error", id: 2, code: "no_such_order", message: "There is none." });
    expect(asked).toEqual([
      ["desk.status", "browser"],
      ["order.get", "browser"],
    ]);
    for (const listener of listeners) listener("notes.lapsed", { editor: "e" });
    expect(await nextFrame(socket)).toEqual({ t: "event", name: "notes.lapsed", data: { editor: "e" } });
    socket.close();
    await expect.poll(() => listeners.size).toBe(0);
  });

  test("serves a token again after a reload", async () => {
    const token = await newToken();
    for (let opening = 0; opening < 2; opening++) {
      const socket = openSocket();
      await new Promise((resolve) => socket.once("open", resolve));
      socket.send(pack({ t: "session", token }));
      expect(await nextFrame(socket)).toEqual({ t: "ready" });
      socket.close();
    }
  });

  test.each([
    ["a wrong token", pack({ t: "session", token: "A".repeat(43) }), 4401],
    ["a request before the session", pack({ t: "request", id: 1, name: "desk.status", input: {} }), 4401],
    ["a request that nobody knows", pack({ t: "request", id: 1, name: "no.such", input: {} }), 4400],
    ["garbage", Buffer.from([0xc1, 0xff, 0x00]), 4400],
    ["an announced giant array", Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff]), 4400],
    ["deep nesting", Buffer.alloc(200_000, 0x91), 4400],
  ])("is closed by %s and nothing is asked", async (_what, bytes, code) => {
    const socket = openSocket();
    await new Promise((resolve) => socket.once("open", resolve));
    socket.send(bytes);
    expect(await closeOf(socket)).toBe(code);
    expect(asked).toEqual([]);
    expect(listeners.size).toBe(0);
  });

  test("is not opened for another page's origin or another name", async () => {
    const Host = `127.0.0.1:${server.port}`;
    for (const headers of [{ Host, Origin: "http://evil.example" }, { Host }, { Host: "evil.example", Origin: "http://evil.example" }]) {
      const socket = openSocket(headers);
      const refused = await new Promise<number>((resolve, reject) => {
        socket.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
        socket.once("error", () => undefined);
        socket.once("open", () => reject(new Error("opened")));
      });
      expect([403, 421]).toContain(refused);
    }
  });

  test("of a browser that does not read is cut off, and the host goes on", async () => {
    const socket = await openSession();
    const raw = (socket as unknown as { _socket: net.Socket })._socket;
    raw.pause();
    const note = "x".repeat(1 << 20);
    const closed = closeOf(socket);
    for (let sent = 0; sent < 100; sent++) for (const listener of listeners) listener("notes.lapsed", { editor: note });
    await expect.poll(() => listeners.size).toBe(0);
    raw.resume();
    await closed;
    expect((await ask("GET", "/")).status).toBe(200);
  });
});

test("a client that sends half a request does not keep the server from closing", async () => {
  const socket = net.connect(server.port, "127.0.0.1");
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.on("error", () => undefined);
  socket.write("GET / HTTP/1.1\r\nHost: ");
  const gone = new Promise((resolve) => socket.once("close", resolve));
  await server.close();
  await gone;
});
