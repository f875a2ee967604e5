/**
 * The record cache of LAN discovery: which desks stand when, and what is asked when, with time as a plain number.
 * The rules are those of lan-notes.md; no socket is opened here.
 */
import { describe, expect, it } from "vitest";
import { type Ask, type CacheEvent, emptyCache, type PeerCache } from "../../main/sync/discovery/cache-state.ts";
import { wakeAt } from "../../main/sync/discovery/peer-asks.ts";
import { step } from "../../main/sync/discovery/peer-cache.ts";
import { peersOf } from "../../main/sync/discovery/peers-nearby.ts";
import { type HeardRecord, SERVICE } from "../../main/sync/discovery/records.ts";
import { type DeviceId, parseDeviceId } from "../../shared/ids.ts";

const deviceId = (letter: string): DeviceId => {
  const id = parseDeviceId(letter.repeat(43));
  if (id === undefined) throw new Error("not a device id");
  return id;
};
const OWN = deviceId("o");
const YARD = deviceId("y");

/** What a desk announces. */
const announcement = (
  device: DeviceId,
  at: { host: string; port?: number; ttlMs?: number; label?: string; tag?: string },
): HeardRecord[] => {
  const spelled = `${at.label ?? `Desk ${device.slice(0, 4)}`}.${SERVICE}`;
  const instance = spelled.toLowerCase();
  const target = `sy-${device.slice(0, 8).toLowerCase()}.local`;
  const ttlMs = at.ttlMs ?? 120_000;
  return [
    { type: "ptr", instance, spelled, ttlMs },
    { type: "srv", instance, spelled, target, port: at.port ?? 4000, ttlMs },
    { type: "txt", instance, device, workspaceTag: at.tag ?? "ws1", ttlMs },
    { type: "address", host: target, address: at.host, ttlMs },
  ];
};

/** The cache with a running log of what it asked, waking whenever it wants to. */
class Run {
  cache: PeerCache = emptyCache(OWN, 0);
  asked: { at: number; ask: Ask }[] = [];
  at = 0;

  send(event: CacheEvent): this {
    this.until(event.at);
    const [next, asks] = step(this.cache, event);
    this.cache = next;
    this.asked.push(...asks.map((ask) => ({ at: event.at, ask })));
    return this;
  }
  hear(at: number, records: readonly HeardRecord[]): this {
    return this.send({ kind: "heard", at, records });
  }
  /** Lets time pass, stopping wherever the cache asked to be woken. */
  until(at: number): this {
    for (;;) {
      const due = wakeAt(this.cache);
      if (due === undefined || due > at) break;
      if (due < this.at) throw new Error(`woken in the past: ${due} < ${this.at}`);
      this.at = due;
      const [next, asks] = step(this.cache, { kind: "tick", at: due });
      this.cache = next;
      this.asked.push(...asks.map((ask) => ({ at: due, ask })));
    }
    this.at = at;
    return this;
  }
  devices(): string[] {
    return peersOf(this.cache).map(({ device }) => device);
  }
  hosts(device: DeviceId = YARD): string[] {
    return (peersOf(this.cache).find((peer) => peer.device === device)?.addresses ?? []).map(({ host, port }) => `${host}:${port}`);
  }
  asksFor(type: string, since = 0): number[] {
    return this.asked.filter(({ at, ask }) => at >= since && ask.questions.some((question) => question.type === type)).map(({ at }) => at);
  }
}

const onLink = (): Run => new Run().send({ kind: "links", at: 0, links: ["4 eth0"], loopbackOnly: false });

describe("who is nearby", () => {
  it("is a peer once its service, its device id and an address are known", () => {
    const run = onLink().hear(10, announcement(YARD, { host: "10.77.0.2" }));
    expect(peersOf(run.cache)).toEqual([
      { device: YARD, workspaceTag: "ws1", name: "Desk yyyy", addresses: [{ host: "10.77.0.2", port: 4000, seenAt: 10 }] },
    ]);
  });

  it("is the same when the records of a frame come in another order", () => {
    const run = onLink().hear(10, announcement(YARD, { host: "10.77.0.2" }).reverse());
    expect(run.hosts()).toEqual(["10.77.0.2:4000"]);
  });

  it("never lists this device itself", () => {
    expect(
      onLink()
        .hear(10, announcement(OWN, { host: "10.77.0.1" }))
        .devices(),
    ).toEqual([]);
  });

  it("joins two services of one device into one peer, the newest address first", () => {
    const run = onLink()
      .hear(10, announcement(YARD, { host: "10.77.0.2", label: "Yard" }))
      .hear(20_000, announcement(YARD, { host: "10.78.0.2", label: "Yard (A7A1)", port: 4001 }));
    expect(run.devices()).toEqual([YARD]);
    // Both services have one host name, so each port is tried at each address.
    expect(run.hosts().slice(0, 2)).toEqual(["10.78.0.2:4000", "10.78.0.2:4001"]);
    expect(run.hosts()).toContain("10.77.0.2:4000");
  });

  it("puts IPv4 before IPv6 and link-local last among addresses of one age", () => {
    const [ptr, srv, txt] = announcement(YARD, { host: "10.77.0.2" });
    const host = "sy-yyyyyyyy.local";
    const addresses = ["fe80::2%eth0", "fd77::2", "10.77.0.2"].map(
      (address): HeardRecord => ({ type: "address", host, address, ttlMs: 120_000 }),
    );
    if (!ptr || !srv || !txt) throw new Error("announcement changed");
    expect(
      onLink()
        .hear(10, [ptr, srv, txt, ...addresses])
        .hosts(),
    ).toEqual(["10.77.0.2:4000", "fd77::2:4000", "fe80::2%eth0:4000"]);
  });

  it("follows a new port and a new workspace tag at once", () => {
    const run = onLink()
      .hear(10, announcement(YARD, { host: "10.77.0.2", tag: "" }))
      .hear(500, announcement(YARD, { host: "10.77.0.2", tag: "ws2", port: 5000 }));
    expect(run.hosts()).toEqual(["10.77.0.2:5000"]);
    expect(peersOf(run.cache)[0]?.workspaceTag).toBe("ws2");
  });

  it("takes loopback addresses only where there is nothing else", () => {
    const run = onLink().hear(10, announcement(YARD, { host: "127.0.0.1" }));
    expect(run.devices()).toEqual([]);
    run.send({ kind: "links", at: 20, links: ["4 lo"], loopbackOnly: true });
    expect(run.hosts()).toEqual(["127.0.0.1:4000"]);
  });
});

describe("one announcement heard over several links", () => {
  it("gives one order of addresses, whichever link was first", () => {
    const [ptr, srv, txt] = announcement(YARD, { host: "10.77.0.2" });
    if (!ptr || !srv || !txt) throw new Error("announcement changed");
    const on = (scope: string): HeardRecord => ({
      type: "address",
      host: "sy-yyyyyyyy.local",
      address: `fe80::2%${scope}`,
      ttlMs: 120_000,
    });
    const first = onLink()
      .hear(10, [ptr, srv, txt, on("eth0")])
      .hear(12, [on("eth1")]);
    const second = onLink()
      .hear(10, [ptr, srv, txt, on("eth1")])
      .hear(12, [on("eth0")]);
    expect(first.hosts()).toEqual(second.hosts());
  });
});

describe("who is gone", () => {
  it("is gone when its service record ends, though its pointer lives for an hour more", () => {
    const [ptr, ...rest] = announcement(YARD, { host: "10.77.0.2" });
    if (ptr?.type !== "ptr") throw new Error("announcement changed");
    const run = onLink().hear(0, [{ ...ptr, ttlMs: 4_500_000 }, ...rest]);
    expect(run.until(119_000).devices()).toEqual([YARD]);
    expect(run.until(120_001).devices()).toEqual([]);
  });

  it("goes one second after its goodbye, and stays if it is back by then", () => {
    const goodbye = announcement(YARD, { host: "10.77.0.2", ttlMs: 0 });
    const run = onLink()
      .hear(0, announcement(YARD, { host: "10.77.0.2" }))
      .hear(5_000, goodbye);
    expect(run.until(5_900).devices()).toEqual([YARD]);
    expect(run.until(6_100).devices()).toEqual([]);

    const moved = onLink()
      .hear(0, announcement(YARD, { host: "10.77.0.2" }))
      .hear(5_000, goodbye)
      .hear(5_500, announcement(YARD, { host: "10.77.0.2", port: 4444 }));
    expect(moved.until(30_000).hosts()).toEqual(["10.77.0.2:4444"]);
  });

  it("goes 3 s after a failed dial if nobody answers, and is asked for three times", () => {
    const run = onLink()
      .hear(0, announcement(YARD, { host: "10.77.0.2" }))
      .send({ kind: "dial-failed", at: 20_000, device: YARD });
    expect(run.asksFor("SRV")).toEqual([20_000]);
    expect(run.until(22_900).devices()).toEqual([YARD]);
    expect(run.asksFor("SRV")).toEqual([20_000, 21_000, 22_000]);
    expect(run.until(23_100).devices()).toEqual([]);
  });

  it("stays after a failed dial if it answers, and one that refuses us is not asked without end", () => {
    const run = onLink()
      .hear(0, announcement(YARD, { host: "10.77.0.2" }))
      .send({ kind: "dial-failed", at: 20_000, device: YARD })
      .hear(20_040, announcement(YARD, { host: "10.77.0.2" }));
    for (let at = 20_100; at < 24_900; at += 100) run.send({ kind: "dial-failed", at, device: YARD });
    expect(run.devices()).toEqual([YARD]);
    expect(run.asksFor("SRV")).toEqual([20_000]);
  });

  it("is told again after it was forgotten: a dropped desk is not named as known", () => {
    const run = onLink().hear(0, announcement(YARD, { host: "10.77.0.2" }));
    run.until(119_000);
    const before = run.asked.findLast(({ ask }) => ask.questions[0]?.type === "PTR");
    expect(before?.ask.known).toEqual([]);
    run.until(200_000);
    expect(run.asked.findLast(({ ask }) => ask.questions[0]?.type === "PTR")?.ask.known).toEqual([]);
    expect(run.hear(200_001, announcement(YARD, { host: "10.77.0.2" })).devices()).toEqual([YARD]);
  });
});

describe("what is asked", () => {
  it("asks a new link at 0.1, 1, 3 and 9 s, then each minute", () => {
    const run = onLink().until(140_000);
    expect(run.asksFor("PTR")).toEqual([100, 1_000, 3_000, 9_000, 69_000, 129_000]);
  });

  it("asks as if just started after sleep and on each new link, there alone", () => {
    const run = onLink().until(20_000).send({ kind: "resumed", at: 20_000 }).until(29_500);
    expect(run.asksFor("PTR", 20_000)).toEqual([20_100, 21_000, 23_000, 29_000]);
    run.send({ kind: "links", at: 40_000, links: ["4 eth0", "4 wlan0"], loopbackOnly: false }).until(49_500);
    expect(run.asked.filter(({ at }) => at > 40_000).map(({ at, ask }) => [at, ask.link])).toEqual([
      [40_100, "4 wlan0"],
      [41_000, "4 wlan0"],
      [43_000, "4 wlan0"],
      [49_000, "4 wlan0"],
    ]);
  });

  it("names whole desks with half of their life left as known answers", () => {
    const run = onLink()
      .hear(50, announcement(YARD, { host: "10.77.0.2" }))
      .until(100);
    expect(run.asked[0]?.ask.known).toEqual([{ instance: `Desk yyyy.${SERVICE}`, ttlSeconds: 119 }]);
  });

  it("asks at once for what a reply left out, then ever more seldom", () => {
    const [ptr] = announcement(YARD, { host: "10.77.0.2", ttlMs: 4_500_000 });
    if (!ptr) throw new Error("announcement changed");
    const run = onLink().hear(50, [ptr]).until(15_000);
    expect(run.asksFor("SRV")).toEqual([50, 1_050, 4_050, 13_050]);
    expect(run.asked[0]?.ask.questions).toEqual([
      { name: `Desk yyyy.${SERVICE}`, type: "SRV" },
      { name: `Desk yyyy.${SERVICE}`, type: "TXT" },
    ]);
  });

  it("asks for the address when only that is missing", () => {
    const records = announcement(YARD, { host: "10.77.0.2" }).filter(({ type }) => type !== "address");
    expect(onLink().hear(50, records).asksFor("AAAA")).toEqual([50]);
  });

  it("renews at 80, 90 and 95 % of a record's life, and not after an answer", () => {
    const run = onLink().hear(0, announcement(YARD, { host: "10.77.0.2" }));
    expect(run.until(119_000).asksFor("SRV")).toEqual([96_000, 108_000, 114_000]);
    const renewed = onLink()
      .hear(0, announcement(YARD, { host: "10.77.0.2" }))
      .hear(97_000, announcement(YARD, { host: "10.77.0.2" }))
      .until(190_000);
    expect(renewed.asksFor("SRV")).toEqual([96_000]);
    expect(renewed.devices()).toEqual([YARD]);
  });
});

describe("a flood", () => {
  it("of invented desks ends at 500, and what is known stays", () => {
    const run = onLink().hear(0, announcement(YARD, { host: "10.77.0.2" }));
    for (let i = 0; i < 700; i++) run.hear(10 + i, announcement(deviceId("x"), { host: "10.77.0.9", label: `Fake ${i}` }));
    expect(run.cache.services.size).toBe(500);
    expect(run.devices()).toContain(YARD);
  });

  it("of addresses keeps the newest 16, and none of hosts nobody named", () => {
    const run = onLink();
    for (let i = 0; i < 100; i++) run.hear(i, announcement(YARD, { host: `10.77.1.${i}` }));
    expect(run.hosts().length).toBe(16);
    expect(run.hosts()).toContain("10.77.1.99:4000");
    expect(run.hosts()).not.toContain("10.77.1.0:4000");
    run.hear(200, [{ type: "address", host: "stranger.local", address: "10.77.0.66", ttlMs: 120_000 }]);
    expect([...run.cache.hosts.keys()]).toEqual(["sy-yyyyyyyy.local"]);
  });
});
