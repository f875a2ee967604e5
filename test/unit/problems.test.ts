/** What is told of a desk that cannot take in what others send, and of a peer that does not let itself be connected. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problems } from "../../main/sync/problems.ts";
import { AppError } from "../../shared/errors.ts";
import { parseDeviceId } from "../../shared/ids.ts";
import { Refusal } from "../../shared/protocol/refusal.ts";

const YARD = parseDeviceId("y".repeat(43)) ?? expect.fail("no device id");
const full = new AppError("disk_full", "The disk is full. Free some space.");
const bug = new TypeError("x is not a function");

describe("the problems of a desk", () => {
  const changed = vi.fn();
  const log = vi.fn();
  let problems: Problems;
  beforeEach(() => {
    changed.mockClear();
    log.mockClear();
    problems = new Problems({ now: () => 0, heartbeatMs: 1000, log, changed });
  });

  it("tell a full disk once, until that work is done again", () => {
    expect(problems.own).toBeNull();
    problems.failed("merging", full);
    problems.failed("merging", full);
    expect(changed).toHaveBeenCalledTimes(1);
    problems.works("housekeeping");
    expect(problems.own).toBe(full.advice);
    problems.works("merging");
    problems.works("merging");
    expect(changed).toHaveBeenCalledTimes(2);
    expect(problems.own).toBeNull();
  });

  it("are over when a peer's state is found to be the same", () => {
    problems.failed("merging", full);
    problems.differs(YARD, false);
    expect(problems.own).toBeNull();
  });

  it("leave what is not the disk's or the file's to the log, and keep what was told", () => {
    problems.failed("merging", bug);
    problems.failed("merging", new Refusal("too_large", "a record"));
    expect(problems.own).toBeNull();
    problems.failed("merging", full);
    problems.failed("merging", bug);
    expect(problems.own).toBe(full.advice);
    expect(log).toHaveBeenCalledTimes(4);
  });

  it("tell why a peer is away until it is connected", () => {
    problems.ended(YARD, { kind: "error", by: "us", code: "other-workspace" });
    expect(problems.of(YARD)).toBe("That desk belongs to another workspace.");
    problems.solved(YARD);
    expect(problems.of(YARD)).toBeNull();
  });
});
