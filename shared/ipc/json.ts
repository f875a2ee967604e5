/**
 * Plain data of any shape as it comes in requests. Looked at level by level, so that however deep it is nested no stack runs over, and
 * refused with a reason that a person understands.
 */
import { z } from "zod";

/** More than any field holds (16) and any import map needs. */
const MOST_LEVELS = 64;

export type Json = z.core.util.JSONType;

const isBranch = (value: unknown): value is object => {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return true;
  const kind: unknown = Object.getPrototypeOf(value);
  return kind === Object.prototype || kind === null;
};

/** Why the value is no plain data; undefined when it is. */
export const whyNoJson = (value: unknown): string | undefined => {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_LEVELS) return `it is nested more than ${MOST_LEVELS} levels deep`;
    const next: unknown[] = [];
    for (const each of level) {
      if (typeof each === "number" && !Number.isFinite(each)) return "it holds a number that is too large";
      if (isBranch(each)) for (const inner of Object.values(each)) next.push(inner);
      else if (each !== null && typeof each !== "string" && typeof each !== "number" && typeof each !== "boolean")
        return "it holds something other than texts, numbers, yes and no, lists and objects";
    }
    level = next;
  }
  return undefined;
};

/** The schema of it, in place of `z.json()`, which calls itself for each level. */
export const json = z.custom<Json>((value) => whyNoJson(value) === undefined, {
  error: ({ input }) => whyNoJson(input) ?? "it is no plain data",
});
