/** What is typed on the command line, read into options, words and values, without any process. */
import { describe, expect, test } from "vitest";
import { readWords } from "../../main/cli/arguments.ts";
import { readAssignments } from "../../main/cli/assignments.ts";
import { readAppArguments } from "../../main/windows/app-arguments.ts";
import { BUILT_IN_TYPES } from "../../shared/schema/builtin.ts";

const fields = BUILT_IN_TYPES.find(({ collection }) => collection === "workOrder")?.fields ?? [];
const values = (...words: readonly string[]) => readAssignments(words, fields);
const bad = expect.objectContaining({ code: "bad_arguments" });

describe("words", () => {
  test("are options when they begin with two dashes, wherever they stand; all else is taken as it is", () => {
    const { positionals, options } = readWords(["--profile", "x", "order", "note", "A-1", "- dash", "-5 °C", "--json"]);
    expect(positionals).toEqual(["order", "note", "A-1", "- dash", "-5 °C"]);
    expect([...options]).toEqual([
      ["profile", "x"],
      ["json", ""],
    ]);
    expect(readWords(["order", "note", "A-1", "--", "--json"]).positionals).toEqual(["order", "note", "A-1", "--json"]);
    expect(readWords(["--profile=a=b"]).options.get("profile")).toBe("a=b");
  });

  test.each([[["--frob"]], [["--profile"]], [["--profile="]], [["--json=1"]], [["--at", "1", "--at", "2"]]])("%j is refused", (words) => {
    expect(() => readWords(words)).toThrowError(bad);
  });
});

describe("field=value", () => {
  test("is read as its field's kind says, and goes on as text where it can't be", () => {
    expect(values("title=a=b", "estimatedMinutes=90", "requestedFrom=1795555800000", "dueBy=2026-11-24 09:30", "priority=high")).toEqual({
      title: "a=b",
      estimatedMinutes: 90,
      requestedFrom: 1795555800000,
      dueBy: "2026-11-24 09:30",
      priority: "high",
    });
    expect(values("estimatedMinutes=soon", "nobody=knows")).toEqual({ estimatedMinutes: "soon", nobody: "knows" });
  });

  test("clears when nothing follows", () => {
    expect(values("title=", "tags=", "estimatedMinutes=")).toEqual({ title: null, tags: null, estimatedMinutes: null });
  });

  test("changes a set by signs and replaces it without", () => {
    expect(values("tags=+a,-b,+c d")).toEqual({ tags: { add: ["a", "c d"], remove: ["b"] } });
    expect(values("tags=a, b")).toEqual({ tags: ["a", "b"] });
  });

  test.each([["title"], ["=x"], ["tags=+a,b"], ["tags=a,,b"], ["tags=+"]])("%s is refused", (word) => {
    expect(() => values(word)).toThrowError(bad);
  });

  test("is refused when a field is named twice", () => {
    expect(() => values("title=a", "title=b")).toThrowError(bad);
  });
});

test("the app passes over what Chromium and debuggers put among its words", () => {
  expect(readAppArguments([".", "--no-sandbox", "--inspect=0", "--profile", "yard", "--remote-debugging-port=0", "--no-mdns"])).toEqual({
    profile: "yard",
    port: undefined,
    mdns: false,
    demo: false,
  });
  expect(readAppArguments(["--profile=/tmp/x", "--port", "0", "--demo"])).toMatchObject({ profile: "/tmp/x", port: 0, demo: true });
  for (const words of [["--profile"], ["--port", "x"], ["--port", "70000"]]) expect(() => readAppArguments(words)).toThrowError(bad);
});
