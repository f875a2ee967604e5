/** The book of peers: who is dialled when, and that nobody is dialled twice. */
import { describe, expect, test } from "vitest";
import { parseDeviceId } from "../../shared/ids.ts";
import * as book from "../../shared/protocol/reconnect.ts";

const device = (letter: string) => {
  const id = parseDeviceId(letter.repeat(43));
  if (id === undefined) throw new Error("no device id");
  return id;
};
const self = device("m");
const small = device("z");
const address = (host: string, source: book.AddressSource = "nearby"): book.Address => ({ host, port: 7000, source });

describe("the book of peers", () => {
  test("the device with the smaller id dials at once, the other leaves it a moment", () => {
    expect(book.due(book.found(new Map(), self, small, [address("a")], 0), 0)).toEqual([small]);
    const later = book.found(new Map(), small, self, [address("a")], 0);
    expect(book.due(later, 0)).toEqual([]);
    expect(book.due(later, book.nextDue(later))).toEqual([self]);
  });

  test("waits double up to half a minute, with jitter between half and all of it", () => {
    expect(book.backoffMs(0, 0)).toBe(250);
    expect(book.backoffMs(0, 0.999)).toBeCloseTo(500, -1);
    expect(book.backoffMs(3, 0)).toBe(2_000);
    expect(book.backoffMs(60, 1)).toBe(30_000);
  });

  test("nobody is due who is being dialled or is connected", () => {
    let peers = book.found(new Map(), self, small, [address("a")], 0);
    peers = book.dialling(peers, small);
    expect(book.due(peers, 1e9)).toEqual([]);
    peers = book.connected(peers, small, address("a"));
    expect(book.due(peers, 1e9)).toEqual([]);
    expect(book.nextDue(peers)).toBe(Number.POSITIVE_INFINITY);
    // A dial that was under way beside it ends without harm.
    expect(book.due(book.failed(peers, small, 5, 0), 1e9)).toEqual([]);
  });

  test("a failed peer waits; a wake-up or a new sighting ends the wait", () => {
    let peers = book.found(new Map(), self, small, [address("a")], 0);
    for (let i = 0; i < 8; i++) peers = book.failed(book.dialling(peers, small), small, 0, 0.5);
    expect(book.due(peers, 10_000)).toEqual([]);
    expect(book.due(book.woken(peers, 100), 100)).toEqual([small]);
    expect(book.due(book.found(peers, self, small, [address("b")], 100), 100)).toEqual([small]);
    expect(book.found(peers, self, small, [address("a")], 100)).toBe(peers);
  });

  test("a peer that refuses us again and again is asked ever less often, until a connection ends well", () => {
    let peers = book.found(new Map(), self, small, [address("a")], 0);
    const waits: number[] = [];
    for (let i = 0; i < 4; i++) {
      peers = book.refused(book.connected(book.dialling(peers, small), small, address("a")), small, 0, 1);
      waits.push(book.nextDue(peers));
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000]);
    peers = book.lost(book.connected(peers, small, address("a")), self, small, 0, 1);
    expect(book.nextDue(peers)).toBe(500);
  });

  test("a good address comes before those only seen, and outlives them", () => {
    let peers = book.found(new Map(), self, small, [address("seen"), address("old")], 0);
    peers = book.connected(peers, small, address("old"));
    expect(peers.get(small)?.addresses.map(({ host }) => host)).toEqual(["old", "seen"]);
    peers = book.vanished(peers, small);
    expect(peers.get(small)?.addresses.map(({ host }) => host)).toEqual(["old"]);
  });
});
