/**
 * The secure transport on real sockets: members get through, strangers get no byte, bad messages end a link and nothing more.
 */
import { generateKeyPairSync } from "node:crypto";
import { connect as connectPlain, createServer } from "node:net";
import { type ConnectionOptions, connect } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { selfSignedCertificate } from "../../main/identity/certificate.ts";
import { membershipCrypto } from "../../main/identity/crypto.ts";
import type { Identity } from "../../main/identity/identity.ts";
import { type Link, type Listener, type ListenOptions, MAX_MESSAGE_BYTES } from "../../main/sync/transport/api.ts";
import { dialLog, dialSecure } from "../../main/sync/transport/dial.ts";
import { listenSecure } from "../../main/sync/transport/listen.ts";
import { LOG_PROTOCOL, MEMBER_PROTOCOL } from "../../main/sync/transport/peer.ts";
import type { DeviceId } from "../../shared/ids.ts";
import { takeOperations } from "../../shared/membership/log.ts";
import { admit, newDevice, newWorkspace } from "../unit/membership-fixtures.ts";

const host = "127.0.0.1";
const [desk, yard, stranger] = [newDevice(), newDevice(), newDevice()];
const listeners: Listener[] = [];
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.close()));
});

interface Heard {
  readonly link: Link;
  readonly messages: Uint8Array[];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  pongs: number;
}
const hear = (link: Link): Heard => {
  const messages: Uint8Array[] = [];
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    link.listen({
      message: (bytes) => messages.push(bytes.slice()),
      closed: (code, reason) => resolve({ code, reason }),
      pong: () => heard.pongs++,
    });
  });
  const heard: Heard = { link, messages, closed, pongs: 0 };
  return heard;
};

/** A listener of the desk that knows the yard, and what reached it. */
const start = async (change: Partial<ListenOptions> = {}) => {
  const members = new Set<DeviceId>([desk.device, yard.device]);
  const heard: Heard[] = [];
  const listener = await listenSecure({
    identity: desk,
    port: 0,
    host,
    isMember: (device) => members.has(device),
    link: (link) => heard.push(hear(link)),
    ...change,
  });
  listeners.push(listener);
  return { listener, members, heard, port: listener.port };
};
const dial = (port: number, identity: Identity) =>
  dialSecure({ identity, host, port, expect: desk.device, isMember: (device) => device === desk.device });
/** How a dial ends; a link that it opens is cut again. */
const dialKind = async (port: number, identity: Identity): Promise<string> => {
  const outcome = await dial(port, identity);
  if (outcome.kind === "linked") outcome.link.terminate();
  return outcome.kind;
};
const dialled = async (port: number, identity = yard): Promise<Heard> => {
  const outcome = await dial(port, identity);
  if (outcome.kind !== "linked") throw new Error(`not linked: ${outcome.kind}`);
  return hear(outcome.link);
};
const until = (check: () => boolean) => expect.poll(check, { timeout: 10_000, interval: 10 }).toBe(true);

/** How many bytes a raw TLS client is sent, up to the first or the end, after saying what a member would say. */
const bytesFor = (port: number, options: ConnectionOptions): Promise<number> =>
  new Promise((resolve) => {
    let bytes = 0;
    const socket = connect({ host, port, rejectUnauthorized: false, ALPNProtocols: [MEMBER_PROTOCOL], ...options });
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      bytes += data.length;
      socket.destroy();
    });
    socket.on("close", () => resolve(bytes));
    socket.once("secureConnect", () =>
      socket.write(
        "GET / HTTP/1.1\r\nHost: peer\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
      ),
    );
  });
const certificate = (identity: Identity) => ({ key: identity.keyPem, cert: identity.certificatePem });

describe("links between members", () => {
  it("carry messages both ways, in order, up to 1 MiB, with pings and a goodbye that names its reason", async () => {
    const { port, heard } = await start();
    const there = await dialled(port);
    await until(() => heard.length === 1);
    const [here] = heard;
    if (!here) throw new Error("no link");
    expect([here.link.device, here.link.dialled, there.link.device, there.link.dialled]).toEqual([yard.device, false, desk.device, true]);
    expect(here.link.remoteAddress).toBe(host);
    const large = new Uint8Array(MAX_MESSAGE_BYTES).map((_, at) => at % 251);
    for (let i = 0; i < 20; i++) expect(there.link.send(Uint8Array.of(i))).toBe(true);
    expect(here.link.send(large)).toBe(true);
    there.link.ping();
    await until(() => here.messages.length === 20 && there.messages.length === 1 && there.pongs === 1);
    expect(here.messages.map(([first]) => first)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(Buffer.compare(there.messages[0] ?? new Uint8Array(), large)).toBe(0);
    there.link.close(4001, "enough");
    expect(await here.closed).toEqual({ code: 4001, reason: "enough" });
    await there.closed;
    expect([there.link.open, there.link.send(Uint8Array.of(1))]).toEqual([false, false]);
  });

  it("hand over what came before anybody listened", async () => {
    const { port } = await start({
      link: (link) => {
        hear(link);
        for (let i = 0; i < 5; i++) link.send(Uint8Array.of(i));
        link.close(4002, "done");
      },
    });
    const outcome = await dial(port, yard);
    if (outcome.kind !== "linked") throw new Error(outcome.kind);
    await new Promise((resolve) => setImmediate(resolve));
    const { messages, closed } = hear(outcome.link);
    expect(await closed).toEqual({ code: 4002, reason: "done" });
    expect(messages.map(([first]) => first)).toEqual([0, 1, 2, 3, 4]);
  });

  it("end at text, which no member's program sends", async () => {
    const { port, heard } = await start();
    const line = connect({ host, port, rejectUnauthorized: false, ALPNProtocols: [MEMBER_PROTOCOL], ...certificate(yard) });
    await new Promise((resolve) => line.once("secureConnect", resolve));
    const socket = new WebSocket("ws://peer/", { createConnection: () => line });
    socket.once("open", () => socket.send("hello"));
    const code = await new Promise((resolve) => socket.once("close", resolve));
    expect([code, heard[0]?.messages]).toEqual([1003, []]);
  });

  it("end at a message that is too large, and the listener goes on", async () => {
    const { port, heard } = await start();
    const there = await dialled(port);
    there.link.send(new Uint8Array(MAX_MESSAGE_BYTES + 1));
    expect((await there.closed).code).toBe(1009);
    await until(() => heard[0]?.link.open === false);
    expect(heard[0]?.messages).toEqual([]);
    const again = await dialled(port);
    again.link.send(Uint8Array.of(1));
    await until(() => heard[1]?.messages.length === 1);
  });

  it("are cut when their device is removed", async () => {
    const { port, listener, members, heard } = await start();
    const there = await dialled(port);
    await until(() => heard.length === 1);
    members.delete(yard.device);
    listener.drop(yard.device);
    expect((await there.closed).code).toBe(1006);
    expect(await dialKind(port, yard)).toBe("not_accepted");
  });

  it("close with the listener, whose port is free then", async () => {
    const { port, listener } = await start();
    const there = await dialled(port);
    await listener.close();
    expect((await there.closed).code).toBe(1001);
    expect(await dial(port, yard)).toEqual({ kind: "unreachable", reason: "ECONNREFUSED" });
    await start({ port });
  });
});

describe("strangers", () => {
  it("get no byte without a certificate, with their own, or with TLS 1.2, while a member connects before and after", async () => {
    const { port, heard } = await start();
    await dialled(port);
    expect(await bytesFor(port, {})).toBe(0);
    expect(await bytesFor(port, certificate(stranger))).toBe(0);
    expect(await bytesFor(port, { ...certificate(yard), maxVersion: "TLSv1.2" })).toBe(0);
    expect(await bytesFor(port, { ...certificate(stranger), ALPNProtocols: ["switchyard-join.v1"] })).toBe(0);
    expect(await bytesFor(port, { ...certificate(yard), ALPNProtocols: ["http/1.1"] })).toBe(0);
    await dialled(port);
    await until(() => heard.length === 2);
    expect(await bytesFor(port, certificate(yard))).toBeGreaterThan(0); // the probe does see bytes where there are some
  });

  it("with a key on another curve get no byte, even were it a member's", async () => {
    const { port } = await start({ isMember: () => true });
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "secp384r1" });
    const cert = selfSignedCertificate(privateKey, publicKey.export({ type: "spki", format: "der" }));
    expect(await bytesFor(port, { key: privateKey.export({ type: "pkcs8", format: "pem" }), cert })).toBe(0);
    expect(await bytesFor(port, certificate(stranger))).toBeGreaterThan(0);
  });

  it("with plain bytes get nothing and break nothing", async () => {
    const { port, heard } = await start();
    const answer = await new Promise<number>((resolve) => {
      let bytes = 0;
      const socket = connectPlain({ host, port }, () => socket.write(Buffer.alloc(4096, 0x47)));
      socket.on("data", (data) => {
        bytes += data.subarray(0, 5).equals(Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02])) ? 0 : data.length; // a TLS alert tells nothing
      });
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(bytes));
    });
    expect(answer).toBeLessThan(16);
    await dialled(port);
    await until(() => heard.length === 1);
  });

  it("are refused after a member's handshake that never asks for a WebSocket", async () => {
    const { port, heard } = await start();
    const socket = connect({ host, port, rejectUnauthorized: false, ALPNProtocols: [MEMBER_PROTOCOL], ...certificate(yard) });
    await new Promise((resolve) => socket.once("close", resolve));
    expect(heard).toEqual([]);
  });

  it("cannot open handshakes without limit, and a member gets through once they are gone", async () => {
    const { port } = await start();
    const idle = Array.from({ length: 40 }, () => connectPlain({ host, port }));
    let cut = 0;
    for (const socket of idle) {
      socket.on("error", () => undefined);
      socket.on("close", () => cut++);
    }
    await until(() => cut >= 24);
    expect(cut).toBeLessThan(40);
    for (const socket of idle) socket.destroy();
    await expect.poll(() => dialKind(port, yard), { timeout: 10_000 }).toBe("linked");
  });
});

describe("dialling", () => {
  it("sends not a byte to a device that is not the one meant", async () => {
    const seen: string[] = [];
    const { port } = await start({ identity: stranger, isMember: () => true, link: () => seen.push("link") });
    expect(await dial(port, yard)).toEqual({ kind: "wrong_device", device: stranger.device });
    expect(await dialSecure({ identity: yard, host, port, expect: undefined, isMember: () => false })).toEqual({
      kind: "wrong_device",
      device: stranger.device,
    });
    expect(seen).toEqual([]);
  });

  it("tells whom it reached at a typed address", async () => {
    const { port } = await start();
    const outcome = await dialSecure({
      identity: yard,
      host: "localhost",
      port,
      expect: undefined,
      isMember: (device) => device === desk.device,
    });
    expect(outcome.kind).toBe("linked");
    if (outcome.kind === "linked") outcome.link.terminate();
  });

  it("can be stopped, and gives up on a line that says nothing", async () => {
    const silent = createServer((socket) => socket.on("error", () => undefined));
    await new Promise<void>((resolve) => {
      silent.listen(0, host, resolve);
    });
    const address = silent.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const controller = new AbortController();
    const options = { identity: yard, host, port, expect: desk.device, isMember: () => true };
    const stopped = dialSecure({ ...options, signal: controller.signal });
    controller.abort();
    expect(await stopped).toEqual({ kind: "aborted" });
    expect(await dialSecure({ ...options, signal: controller.signal })).toEqual({ kind: "aborted" });
    expect(await dialSecure({ ...options, timeoutMs: 50 })).toEqual({ kind: "unreachable", reason: "timeout" });
    silent.close();
  });
});

describe("port", () => {
  it("that is taken gives port_in_use", async () => {
    const { port } = await start();
    await expect(start({ port })).rejects.toEqual(expect.objectContaining({ code: "port_in_use" }));
    await expect(listenSecure({ identity: desk, port, isMember: () => false, link: () => undefined })).rejects.toEqual(
      expect.objectContaining({ code: "port_in_use" }),
    );
  });

  it("is open on IPv4 and, where there is IPv6, on that too", async () => {
    const members = new Set([yard.device]);
    const listener = await listenSecure({
      identity: desk,
      port: 0,
      isMember: (device) => members.has(device),
      link: (link) => void hear(link),
    });
    listeners.push(listener);
    expect(await dialKind(listener.port, yard)).toBe("linked");
    const six = await dialSecure({ identity: yard, host: "::1", port: listener.port, expect: desk.device, isMember: () => true });
    expect(["linked", "unreachable"]).toContain(six.kind);
    if (six.kind === "linked") six.link.terminate();
  });
});

describe("a log handed over by a device that is not known yet", () => {
  const { log: founded, found } = newWorkspace(desk);
  const withYard = admit(founded, desk, yard, "dispatcher").log;
  const operations = withYard.membership.kept.map(({ bytes }) => bytes);
  const depot = admit(founded, desk, newDevice(), "dispatcher").log;

  const logDesk = async () => {
    let log = depot;
    const started = await start({
      isMember: (device) => log.membership.members.has(device),
      takeLog: (device, incoming) => {
        log = takeOperations(log, null, incoming, membershipCrypto).log;
        return log.membership.members.has(device);
      },
    });
    return { ...started, size: () => log.membership.members.size };
  };
  const hand = (port: number, identity: Identity, incoming: readonly Uint8Array[]) =>
    dialLog({ identity, host, port, expect: desk.device, isMember: () => true, operations: incoming });

  it("makes it a member that may dial again, if it proves so", async () => {
    const { port, size } = await logDesk();
    expect(await dialKind(port, yard)).toBe("not_accepted");
    expect(await hand(port, yard, operations)).toEqual({ kind: "accepted" });
    expect(size()).toBe(3);
    expect(await dialKind(port, yard)).toBe("linked");
  });

  it("tells a stranger nothing, whatever it hands over", async () => {
    const { port, size } = await logDesk();
    const forged = newWorkspace(stranger);
    for (const incoming of [[], operations.slice(0, 1), [forged.found.bytes], [new Uint8Array(5000)], [Uint8Array.of(1, 2, 3)]])
      expect(await hand(port, stranger, incoming)).toEqual({ kind: "not_accepted" });
    expect(size()).toBe(2);
    expect(await bytesFor(port, { ...certificate(stranger), ALPNProtocols: [LOG_PROTOCOL] })).toBe(0);
  });

  it("is cut at 4 MiB", async () => {
    const { port, size } = await logDesk();
    const flood = Array.from({ length: 1200 }, () => new Uint8Array(4096));
    expect(await hand(port, stranger, flood)).toEqual({ kind: "not_accepted" });
    expect(size()).toBe(2);
    expect(found.workspace).toBe(depot.membership.workspace);
  });
});
