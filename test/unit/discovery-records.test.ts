/**
 * What discovery believes of a frame from the network, and on which links it listens: strangers' bytes and the
 * system's interface list are both tables here.
 */
import { describe, expect, it } from "vitest";
import { linksOf } from "../../main/sync/discovery/links.ts";
import { heardRecords, type RawRecord, SERVICE } from "../../main/sync/discovery/records.ts";

const ID = "d".repeat(43);
const NAME = `Yard 2.${SERVICE}`;
const text = (entry: string): Uint8Array => new TextEncoder().encode(entry);
const record = (type: string, name: string, data: unknown, ttl = 120): RawRecord => ({ type, name, ttl, data });
const heard = (raw: RawRecord, sender = "10.77.0.2") => heardRecords([raw], sender);

describe("records of a frame", () => {
  it("reads the four kinds that concern the service", () => {
    expect(
      heardRecords(
        [
          record("PTR", SERVICE, NAME),
          record("SRV", NAME, { target: "SY-1.local", port: 4711 }),
          record("TXT", NAME, [text("v=1"), text(`id=${ID}`), text("ws=abc")]),
          record("A", "sy-1.local", "10.77.0.2"),
        ],
        "10.77.0.2",
      ),
    ).toEqual([
      { type: "ptr", instance: NAME.toLowerCase(), spelled: NAME, ttlMs: 120_000 },
      { type: "srv", instance: NAME.toLowerCase(), spelled: NAME, target: "sy-1.local", port: 4711, ttlMs: 120_000 },
      { type: "txt", instance: NAME.toLowerCase(), device: ID, workspaceTag: "abc", ttlMs: 120_000 },
      { type: "address", host: "sy-1.local", address: "10.77.0.2", ttlMs: 120_000 },
    ]);
  });

  it.each([
    ["another service", record("PTR", "_http._tcp.local", "x._http._tcp.local")],
    ["a pointer out of the service", record("PTR", SERVICE, "evil.example.com")],
    ["a label of 64 bytes", record("PTR", SERVICE, `${"x".repeat(64)}.${SERVICE}`)],
    ["an empty label", record("SRV", `..${SERVICE}`, { target: "a.local", port: 1 })],
    ["port 0", record("SRV", NAME, { target: "a.local", port: 0 })],
    ["a port that is text", record("SRV", NAME, { target: "a.local", port: "80" })],
    ["a host outside of .local", record("SRV", NAME, { target: "a.example.com", port: 80 })],
    ["no device id", record("TXT", NAME, [text("v=1")])],
    ["a device id of the wrong form", record("TXT", NAME, [text("id=short")])],
    ["a tag of the wrong form", record("TXT", NAME, [text(`id=${ID}`), text("ws=<script>")])],
    ["a multicast address", record("A", "a.local", "224.0.0.251")],
    ["the unspecified address", record("A", "a.local", "0.0.0.0")],
    ["broadcast", record("A", "a.local", "255.255.255.255")],
    ["IPv6 multicast", record("AAAA", "a.local", "ff02::1")],
    ["an address that is none", record("A", "a.local", "10.0.0.1; rm")],
    ["a link-local address without its link", record("AAAA", "a.local", "fe80::1")],
    ["no name", { type: "A", ttl: 1, data: "10.0.0.1" }],
    ["a negative life", record("A", "a.local", "10.0.0.1", -1)],
  ])("leaves out %s", (_, raw) => {
    expect(heard(raw)).toEqual([]);
  });

  it("dials a link-local address on the interface that the frame came from", () => {
    expect(heard(record("AAAA", "a.local", "fe80::1"), "fe80::9%eth1")).toEqual([
      { type: "address", host: "a.local", address: "fe80::1%eth1", ttlMs: 120_000 },
    ]);
  });

  it("takes the first of two device ids, and an absent tag as empty", () => {
    expect(heard(record("TXT", NAME, [text(`id=${ID}`), text(`ID=${"e".repeat(43)}`)]))).toMatchObject([{ device: ID, workspaceTag: "" }]);
  });

  it("believes no record for longer than 75 minutes, and looks at 500 of a frame", () => {
    expect(heard(record("A", "a.local", "10.0.0.1", 4_000_000_000))).toMatchObject([{ ttlMs: 4_500_000 }]);
    expect(
      heardRecords(
        Array.from({ length: 3000 }, () => record("A", "a.local", "10.0.0.1")),
        "10.0.0.1",
      ),
    ).toHaveLength(500);
  });
});

describe("links", () => {
  const lo = { address: "127.0.0.1", family: "IPv4", internal: true };
  const v4 = { address: "10.77.0.1", family: "IPv4", internal: false };
  const v6 = { address: "fe80::1", family: "IPv6", internal: false, scopeid: 7 };

  it("are one for each interface and family, without loopback", () => {
    expect(
      linksOf({ lo: [lo], eth0: [v4, { ...v4, address: "10.77.9.1" }, v6, { ...v6, address: "fd77::1", scopeid: 0 }] }, false),
    ).toEqual([
      { key: "4 eth0 10.77.0.1", family: 4, address: "10.77.0.1", isLoopback: false },
      { key: "6 eth0 fe80::1 7", family: 6, scope: "eth0", isLoopback: false },
    ]);
  });

  it("are loopback alone when nothing else is there, and none without any interface", () => {
    expect(linksOf({ lo: [lo, { address: "::1", family: "IPv6", internal: true, scopeid: 0 }] }, false)).toMatchObject([
      { family: 4, address: "127.0.0.1", isLoopback: true },
    ]);
    expect(linksOf({}, false)).toEqual([]);
  });

  it("name an IPv6 interface by its number on Windows", () => {
    expect(linksOf({ Ethernet: [v6] }, true)).toMatchObject([{ scope: "7" }]);
  });

  it("are new when the address changes", () => {
    const [before] = linksOf({ eth0: [v4] }, false);
    const [after] = linksOf({ eth0: [{ ...v4, address: "10.77.0.50" }] }, false);
    expect(after?.key).not.toBe(before?.key);
  });
});
