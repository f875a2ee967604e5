/** The hybrid logical clock: monotonic, safe integers, borrowing, wrong wall clocks. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hlcAt, holdLimit, msOfHlc, nextHlc, observeHlc, parseHlc, ZERO_HLC } from "../../shared/clock/hlc.ts";
import { type EpochMs, parseEpochMs } from "../../shared/ids.ts";

const epochMs = (ms: number): EpochMs => {
  const parsed = parseEpochMs(ms);
  if (parsed === undefined) throw new Error("no instant");
  return parsed;
};

const NOW = Date.UTC(2026, 10, 24, 12);
/** Past it 42 bits of milliseconds are used up: the year 2159. */
const LAST_MS = 1_577_836_800_000 + 2 ** 42 - 1;

describe("the clock", () => {
  it("stamps at wall time, and names that time again", () => {
    expect(msOfHlc(nextHlc(ZERO_HLC, epochMs(NOW)))).toBe(NOW);
    expect(nextHlc(ZERO_HLC, epochMs(NOW))).toBe((NOW - 1_577_836_800_000) * 2048);
  });

  it("counts on inside one millisecond and borrows the next when the counter is full", () => {
    let hlc = nextHlc(ZERO_HLC, epochMs(NOW));
    for (let i = 1; i < 2048; i++) hlc = nextHlc(hlc, epochMs(NOW));
    expect(msOfHlc(hlc)).toBe(NOW);
    expect(msOfHlc(nextHlc(hlc, epochMs(NOW)))).toBe(NOW + 1);
  });

  it("never runs backwards, whatever the wall clock does", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: LAST_MS }), { minLength: 2 }), (walls) => {
        let last = ZERO_HLC;
        for (const wall of walls) {
          const next = nextHlc(last, epochMs(wall));
          expect(next).toBeGreaterThan(last);
          expect(Number.isSafeInteger(next)).toBe(true);
          last = next;
        }
      }),
    );
  });

  it("lifts to what was merged and never below itself", () => {
    const early = hlcAt(epochMs(NOW));
    const late = hlcAt(epochMs(NOW + 5));
    expect(observeHlc(early, late)).toBe(late);
    expect(observeHlc(late, early)).toBe(late);
    expect(nextHlc(observeHlc(early, late), epochMs(NOW))).toBe(late + 1);
  });

  it("holds what is stamped more than five minutes past reference time, to the tick", () => {
    const limit = holdLimit(epochMs(NOW));
    expect(hlcAt(epochMs(NOW + 300_000)) <= limit).toBe(true);
    expect(hlcAt(epochMs(NOW + 300_000)) + 2047 <= limit).toBe(true);
    expect(hlcAt(epochMs(NOW + 300_001)) > limit).toBe(true);
  });

  it("takes no clock value that is no safe integer from 0 on", () => {
    expect([-1, 0.5, Number.NaN, 2 ** 53].map(parseHlc)).toEqual([undefined, undefined, undefined, undefined]);
    expect(parseHlc(0)).toBe(ZERO_HLC);
  });
});
