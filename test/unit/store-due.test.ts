/** When a merge must look through the held work: not while the earliest is beyond its limit; always after a cell was held within it. */
import { expect, test } from "vitest";
import { NextDue } from "../../main/store/due.ts";
import { holdLimit } from "../../shared/clock/hlc.ts";
import { epochMs } from "../property/store-rig.ts";

const at = (minutes: number) => holdLimit(epochMs(Date.UTC(2026, 10, 24) + minutes * 60_000));

test("nothing is known before the first look, then the earliest held cell decides", () => {
  const due = new NextDue();
  expect(due.isAfter(at(0))).toBe(false);
  due.merged(null);
  expect(due.isAfter(at(1e6))).toBe(true);
  due.held(at(60));
  due.held(at(30));
  due.held(at(90));
  expect([due.isAfter(at(29)), due.isAfter(at(30)), due.isAfter(at(31))]).toEqual([true, false, false]);
  due.merged(at(60));
  expect([due.isAfter(at(59)), due.isAfter(at(60))]).toEqual([true, false]);
});

test("what is told of held work moves with each cell that is held or merged", () => {
  const due = new NextDue();
  const versions = [due.version];
  due.held(at(1));
  versions.push(due.version);
  due.merged(null);
  versions.push(due.version);
  expect(new Set(versions).size).toBe(3);
});
