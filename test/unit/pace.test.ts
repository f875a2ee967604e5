/** A merge makes way while somebody edits, and takes large steps while nobody does. */
import { describe, expect, it } from "vitest";
import { MergePace } from "../../main/store/pace.ts";

describe("the pace of a merge", () => {
  it("takes large transactions while nobody edits", () => {
    const pace = new MergePace();
    const first = pace.cells;
    pace.ended(false, 0);
    expect(pace.cells).toBe(first);
    expect(first).toBeGreaterThan(10_000);
  });

  it("makes them small at once for a commit that waits, and keeps them so while more may come", () => {
    const pace = new MergePace();
    pace.ended(true, 1000);
    const small = pace.cells;
    expect(small).toBeLessThanOrEqual(100);
    pace.ended(false, 1010);
    pace.ended(true, 1020);
    pace.ended(false, 1045);
    expect(pace.cells).toBe(small);
  });

  it("lets them grow again once nobody has waited for a while", () => {
    const pace = new MergePace();
    pace.ended(true, 1000);
    const small = pace.cells;
    for (let now = 1100; pace.cells < 64_000; now += 1) pace.ended(false, now);
    expect(pace.cells).toBeGreaterThan(small);
  });
});
