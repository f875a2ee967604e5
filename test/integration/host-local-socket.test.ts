/**
 * The local socket over a real Unix socket or pipe: who knows the token is served, who does not learns nothing, and neither garbage
 * nor size nor silence harms the host.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { afterEach, expect, test } from "vitest";
import { connectToHost } from "../../main/cli/local-client.ts";
import { type LocalSocket, listenLocally } from "../../main/host/local-socket.ts";
import { resolveProfile } from "../../main/host/profile.ts";
import type { Dispatch } from "../../main/ipc/dispatcher.ts";

const token = "5a".repeat(32);
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const echo: Dispatch = async (name, input) =>
  name === "desk.status" ? { ok: true, output: { name, input } } : { ok: false, code: "no_such_order", message: "There is none." };

type Emit = Parameters<Parameters<typeof listenLocally>[3]>[0];
const listen = async (folderName = "p"): Promise<{ socket: LocalSocket; emit: Emit; listeners: () => number }> => {
  const base = mkdtempSync(path.join(os.tmpdir(), "sy-socket-"));
  cleanUps.push(() => rmSync(base, { recursive: true, force: true }));
  const listeners = new Set<Emit>();
  const socket = await listenLocally(resolveProfile(path.join(base, folderName)), token, echo, (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  });
  cleanUps.push(() => socket.close());
  return {
    socket,
    listeners: () => listeners.size,
    emit: (name, data) => {
      for (const listener of listeners) listener(name, data);
    },
  };
};
const connect = async (address: string, withToken = token) => {
  const connection = await connectToHost({ version: 1, pid: process.pid, socket: address, token: withToken });
  cleanUps.push(() => connection.close());
  return connection;
};
/** Everything the host sends to a client that speaks raw bytes, until it hangs up. */
const rawClient = (address: string, bytes: Uint8Array): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    const socket = net.connect(address, () => socket.write(bytes));
    socket.on("data", (chunk) => received.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => resolve(Buffer.concat(received)));
  });
const framed = (bytes: Uint8Array): Buffer => {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(bytes.byteLength);
  return Buffer.concat([header, bytes]);
};

test("requests, errors and events travel once both sides have proved themselves", async () => {
  const { socket, emit, listeners } = await listen();
  const host = await connect(socket.address);
  expect(await host.call("desk.status", {})).toEqual({ name: "desk.status", input: {} });
  await expect(host.call("order.get", { order: "A-1" })).rejects.toMatchObject({ code: "no_such_order", advice: "There is none." });
  const event = new Promise((resolve) => host.on("invite.joined", resolve));
  emit("invite.joined", { device: "d", name: "Yard" });
  expect(await event).toEqual({ device: "d", name: "Yard" });
  host.close();
  await expect.poll(listeners).toBe(0);
});

test("a large answer arrives whole, beside small ones", async () => {
  const { socket } = await listen();
  const host = await connect(socket.address);
  const large = "ä".repeat(4_000_000);
  const [one, two] = await Promise.all([host.call("desk.status", { large } as never), host.call("desk.status", {})]);
  // The dispatcher here echoes its input unparsed: what went out came back.
  expect((one as unknown as { input: { large: string } }).input.large).toBe(large);
  expect(two).toEqual({ name: "desk.status", input: {} });
});

test("a client with another token is turned away, and knows that it was", async () => {
  const { socket } = await listen();
  await expect(connect(socket.address, "00".repeat(32))).rejects.toMatchObject({ code: "not_proved" });
});

test("a wrong proof gets the host's own proof and nothing after it", async () => {
  const { socket, listeners } = await listen();
  const answer = await rawClient(socket.address, Buffer.concat([framed(randomBytes(32)), framed(randomBytes(32))]));
  expect(answer.byteLength).toBe(4 + 64);
  expect(listeners()).toBe(0);
});

test("a frame that is too long before the proof ends the connection at once", async () => {
  const { socket } = await listen();
  expect(await rawClient(socket.address, Buffer.from([0x7f, 0xff, 0xff, 0xff]))).toHaveLength(0);
});

test("a host that dies in the middle of a request rejects it", async () => {
  const { socket } = await listen();
  const host = await connect(socket.address);
  const closing = socket.close();
  await closing;
  await expect.poll(() => host.call("desk.status", {}).catch((error: { code: string }) => error.code)).toBe("host_gone");
});

test("nobody listening is host_unreachable", async () => {
  await expect(connect(path.join(os.tmpdir(), "sy-nobody-here"))).rejects.toMatchObject({ code: "host_unreachable" });
});

test.skipIf(process.platform === "win32")(
  "lies in a folder for the user alone, also when the profile's path is too long for a socket",
  async () => {
    for (const name of ["p", "long".repeat(40)]) {
      const { socket } = await listen(name);
      expect(Buffer.byteLength(socket.address)).toBeLessThanOrEqual(104);
      expect(statSync(path.dirname(socket.address)).mode & 0o777).toBe(0o700);
      expect(await (await connect(socket.address)).call("desk.status", {})).toBeDefined();
    }
  },
);
