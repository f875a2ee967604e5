/**
 * Which clock is believed when they differ: the median, the hub's, the one a person vouched for, and never one that
 * stands before the build date.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Clocks, clockOffset, referenceTime } from "../../shared/clock/reference.ts";
import { type EpochMs, parseEpochMs } from "../../shared/ids.ts";

const at = (text: string): EpochMs => {
  const ms = parseEpochMs(Date.parse(text));
  if (ms === undefined) throw new Error(text);
  return ms;
};
const NOW = at("2026-11-24T10:00:00Z");
const MINUTE = 60_000;
const YEAR = 365 * 24 * 60 * MINUTE;

const clocks = (change: Partial<Clocks>): Clocks => ({
  wall: NOW,
  buildDate: at("2026-06-01T00:00:00Z"),
  peerOffsetsMs: [],
  hubOffsetMs: null,
  ownIsRight: false,
  ...change,
});
const ahead = (change: Partial<Clocks>): number => referenceTime(clocks(change)).aheadMs;

describe("reference time", () => {
  it("is our own clock while we are alone", () => {
    expect(referenceTime(clocks({}))).toEqual({ at: NOW, aheadMs: 0, stampAt: NOW });
  });

  it("is the earlier of two clocks, whichever is ours", () => {
    expect(ahead({ peerOffsetsMs: [5 * YEAR] })).toBe(0);
    expect(ahead({ peerOffsetsMs: [-41 * MINUTE] })).toBe(41 * MINUTE);
  });

  it("is the middle one of three and the earlier middle one of four", () => {
    expect(ahead({ peerOffsetsMs: [-10 * MINUTE, -9 * MINUTE] })).toBe(9 * MINUTE);
    expect(ahead({ peerOffsetsMs: [-2 * MINUTE, 3 * MINUTE, 4 * MINUTE] })).toBe(0);
    expect(ahead({ peerOffsetsMs: [2 * MINUTE, 3 * MINUTE, 4 * MINUTE] })).toBe(-2 * MINUTE);
  });

  it("leaves out clocks before the build date, our own as well", () => {
    expect(ahead({ peerOffsetsMs: [-6 * YEAR, 0, 0] })).toBe(0);
    expect(ahead({ peerOffsetsMs: [-6 * YEAR, -6 * YEAR, MINUTE] })).toBe(0);
    const in2020 = at("2020-01-01T00:00:00Z");
    expect(referenceTime(clocks({ wall: in2020, peerOffsetsMs: [NOW - in2020] })).at).toBe(NOW);
  });

  it("is the build date at the least, even when no clock can be right", () => {
    const result = referenceTime(clocks({ wall: at("2020-01-01T00:00:00Z") }));
    expect(result.at).toBe(at("2026-06-01T00:00:00Z"));
    expect(result.stampAt).toBe(result.at);
  });

  it("is the hub's clock against any majority, unless that cannot be right", () => {
    expect(ahead({ hubOffsetMs: -7 * MINUTE, peerOffsetsMs: [0, 0, 0] })).toBe(7 * MINUTE);
    expect(ahead({ hubOffsetMs: -6 * YEAR, peerOffsetsMs: [0, 0] })).toBe(0);
  });

  it("is our own clock when a person vouched for it", () => {
    expect(ahead({ ownIsRight: true, hubOffsetMs: -YEAR / 4, peerOffsetsMs: [-YEAR / 4] })).toBe(0);
  });

  it("corrects our stamps beyond one minute only", () => {
    expect(referenceTime(clocks({ peerOffsetsMs: [-MINUTE] })).stampAt).toBe(NOW);
    expect(referenceTime(clocks({ peerOffsetsMs: [-MINUTE - 1] })).stampAt).toBe(NOW - MINUTE - 1);
  });

  it("lies between the right clocks as long as they are the majority", () => {
    const right = fc.integer({ min: -2_000, max: 2_000 });
    const wrong = fc.integer({ min: -5 * YEAR, max: 5 * YEAR });
    fc.assert(
      fc.property(fc.array(right, { minLength: 1, maxLength: 6 }), fc.array(wrong, { maxLength: 6 }), (rights, wrongs) => {
        // Our own clock is right too, so there is one right clock more than listed.
        const peerOffsetsMs = [...rights, ...wrongs.slice(0, rights.length)];
        const result = ahead({ peerOffsetsMs });
        const spread = [0, ...rights];
        expect(-result).toBeGreaterThanOrEqual(Math.min(...spread));
        expect(-result).toBeLessThanOrEqual(Math.max(...spread));
      }),
    );
  });
});

describe("a peer's clock", () => {
  it("is compared with the middle of the round trip", () => {
    const asked = NOW;
    const answered = at("2026-11-24T10:00:00.400Z");
    expect(clockOffset(at("2026-11-24T10:00:00.200Z"), asked, answered)).toBe(0);
    expect(clockOffset(at("2026-11-24T10:41:00.200Z"), asked, answered)).toBe(41 * MINUTE);
  });
});
