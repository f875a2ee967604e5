/** What is told of a desk that cannot take in what others send, and of a peer that does not let itself be connected. */
import { describe, expect, it } from "vitest";
import { Problems } from "../../main/sync/problems.ts";
import { AppError } from "../../shared/errors.ts";
import { parseDeviceId } from "../../shared/ids.ts";

const YARD = parseDeviceId("y".repeat(43)) ?? expect.fail("no device id");
const full = new AppError("disk_full", "The disk is full. Free some space.");

describe("the problems of a desk", () => {
  it("tell a full disk once, until something is taken in again", () => {
    const problems = new Problems(() => 0, 1000);
    expect(problems.own).toBeNull();
    expect(problems.failed(full)).toBe(true);
    expect(problems.failed(full)).toBe(false);
    expect(problems.own).toBe(full.advice);
    expect(problems.works()).toBe(true);
    expect(problems.works()).toBe(false);
    expect(problems.own).toBeNull();
  });

  it("leave errors that nobody can mend to the log, and keep what was told", () => {
    const problems = new Problems(() => 0, 1000);
    expect(problems.failed(new TypeError("x is not a function"))).toBe(false);
    expect(problems.own).toBeNull();
    problems.failed(full);
    expect(problems.failed(new TypeError("x is not a function"))).toBe(false);
    expect(problems.own).toBe(full.advice);
  });

  it("tell why a peer is away until it is connected", () => {
    const problems = new Problems(() => 0, 1000);
    problems.ended(YARD, { kind: "error", by: "us", code: "other-workspace" });
    expect(problems.of(YARD)).toBe("That desk belongs to another workspace.");
    problems.solved(YARD);
    expect(problems.of(YARD)).toBeNull();
  });
});
