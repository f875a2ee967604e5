/**
 * Values as people, scripts and the board give them, read against a type: what each kind takes, and what a refusal says.
 */
import { describe, expect, test } from "vitest";
import { unusable, type ValueContext } from "../../shared/domain/field-writes.ts";
import { creationWrites, valueWrites } from "../../shared/domain/values.ts";
import { parseCollectionId, parseEpochMs, parseRecordId } from "../../shared/ids.ts";
import type { FieldDef, TypeDef } from "../../shared/schema/types.ts";

const CUSTOMER = parseCollectionId("customer")!;
const NOW = parseEpochMs(Date.UTC(2026, 10, 24, 8, 5))!;
const fields: readonly FieldDef[] = [
  { id: "title", name: "Title", kind: "string", required: true, maxLength: 20 },
  { id: "level", name: "Level", kind: "number", min: 0, max: 10, integer: true },
  { id: "price", name: "Price", kind: "money", currency: "EUR" },
  { id: "active", name: "Active", kind: "boolean", default: true },
  { id: "day", name: "Day", kind: "date" },
  { id: "at", name: "At", kind: "instant" },
  { id: "minutes", name: "Minutes", kind: "minutes" },
  { id: "status", name: "Status", kind: "choice", options: ["new", "in_progress", "on_hold"], default: "new" },
  { id: "customer", name: "Customer", kind: "reference", to: CUSTOMER },
  { id: "hours", name: "Hours", kind: "json" },
  { id: "tags", name: "Tags", kind: "set" },
  { id: "used", name: "Used", kind: "counter" },
  { id: "steps", name: "Steps", kind: "list", item: [{ id: "label", name: "Label", kind: "string" }] },
  { id: "notes", name: "Notes", kind: "text" },
];
const type: TypeDef = { collection: parseCollectionId("thing")!, name: "Thing", fields };

const contextOf = (current: ValueContext["current"]): ValueContext => {
  let items = 0;
  return {
    zone: "Europe/Berlin",
    now: NOW,
    find: (_, text, field) => {
      if (text.toLowerCase() !== "meier") throw unusable(field, `there is no customer "${text}".`);
      return parseRecordId("id-of-meier")!;
    },
    newItem: () => `item${items++}`,
    current,
  };
};
const put = (field: string, value: unknown) => [{ kind: "put", path: [field], value }];
const read = (field: string, given: unknown, current: ValueContext["current"] = {}) =>
  valueWrites(type, { [field]: given }, contextOf(current));

describe("a scalar", () => {
  test.each([
    ["title", "Boiler", "Boiler"],
    ["title", 42, "42"],
    ["level", "7", 7],
    ["level", 0, 0],
    ["price", "12.50", 1250],
    ["price", 1250, 1250],
    ["active", "no", false],
    ["active", true, true],
    ["day", "2026-02-28", "2026-02-28"],
    ["at", "2026-11-24 14:30", Date.UTC(2026, 10, 24, 13, 30)],
    ["at", "2026-07-01T14:30", Date.UTC(2026, 6, 1, 12, 30)],
    ["at", "2026-11-24T14:30Z", Date.UTC(2026, 10, 24, 14, 30)],
    ["at", "2026-11-24T14:30-05:00", Date.UTC(2026, 10, 24, 19, 30)],
    ["at", "2026-11-25", Date.UTC(2026, 10, 24, 23)],
    ["at", "14:30", Date.UTC(2026, 10, 24, 13, 30)],
    ["at", "2:30 pm", Date.UTC(2026, 10, 24, 13, 30)],
    ["at", "tomorrow 9", Date.UTC(2026, 10, 25, 8)],
    // An hour that the clocks skip moves on; of one that comes twice the earlier is meant.
    ["at", "2026-03-29 02:30", Date.UTC(2026, 2, 29, 1, 30)],
    ["at", "2026-10-25 02:30", Date.UTC(2026, 9, 25, 0, 30)],
    ["at", 1_795_500_000_000, 1_795_500_000_000],
    ["at", "1795500000000", 1_795_500_000_000],
    ["minutes", "90", 90],
    ["minutes", "1 h 30", 90],
    ["minutes", "1:30", 90],
    ["minutes", "1.5 h", 90],
    ["minutes", "45 min", 45],
    ["minutes", 15, 15],
    ["status", "In progress", "in_progress"],
    ["customer", "Meier", "id-of-meier"],
    ["hours", '{"1":[480,1020]}', { "1": [480, 1020] }],
    ["hours", { "2": [0, 10] }, { "2": [0, 10] }],
  ])("%s takes %j", (field, given, value) => {
    expect(read(field, given)).toEqual(put(field, value));
  });

  test.each([
    ["title", ""],
    ["title", null],
    ["title", "   "],
    ["title", "x".repeat(21)],
    ["title", ["a"]],
    ["level", "7.5"],
    ["level", "seven"],
    ["level", 11],
    ["price", "a lot"],
    ["active", "maybe"],
    ["day", "2026-02-30"],
    ["day", "24.11.2026"],
    ["at", "half past nine"],
    ["at", "25:00"],
    ["at", "2026-13-01 10:00"],
    ["at", true],
    ["minutes", "soon"],
    ["minutes", -5],
    ["status", "done"],
    ["customer", "Nobody"],
    ["tags", 7],
    ["used", "many"],
    ["steps", "check"],
    ["notes", 7],
  ])("%s refuses %j and names itself", (field, given) => {
    const name = fields.find(({ id }) => id === field)?.name ?? "";
    expect(() => read(field, given)).toThrow(
      expect.objectContaining({ code: "unusable_value", advice: expect.stringContaining(`${name} (${field})`) }),
    );
  });

  test("is cleared by nothing, and writes nothing when it stands already", () => {
    expect(read("day", "", { day: "2026-11-24" })).toEqual(put("day", null));
    expect(read("day", null, { day: null })).toEqual([]);
    expect(read("hours", { a: 1 }, { hours: { a: 1 } })).toEqual([]);
    expect(read("title", "Boiler", { title: "Boiler" })).toEqual([]);
  });

  test("that the type does not have is refused with what it has", () => {
    expect(() => read("colour", "red")).toThrow(
      expect.objectContaining({ code: "unknown_field", advice: expect.stringContaining("title, level") }),
    );
    expect(() => read("__proto__", "red")).not.toThrow(TypeError);
  });
});

describe("a set", () => {
  const set = (element: string, value: boolean) => ({ kind: "put", path: ["tags", element], value });
  test("is given whole or as a change, and writes only what differs", () => {
    expect(read("tags", ["a", "c"], { tags: ["a", "b"] })).toEqual([set("b", false), set("c", true)]);
    expect(read("tags", "+c,-a", { tags: ["a", "b"] })).toEqual([set("a", false), set("c", true)]);
    expect(read("tags", { add: ["a"], remove: ["x"] }, { tags: ["a"] })).toEqual([]);
    expect(read("tags", "", { tags: ["a"] })).toEqual([set("a", false)]);
    expect(read("tags", "a, b", {})).toEqual([set("a", true), set("b", true)]);
  });

  test("refuses a change that contradicts itself", () => {
    expect(() => read("tags", "+a,-a", { tags: [] })).toThrow(expect.objectContaining({ code: "unusable_value" }));
    expect(() => read("tags", { add: ["a"], remove: [" a "] }, { tags: ["a"] })).toThrow(
      expect.objectContaining({ code: "unusable_value" }),
    );
  });

  test("refuses an element of more than 256 bytes", () => {
    expect(() => read("tags", ["ü".repeat(129)])).toThrow(expect.objectContaining({ code: "unusable_value" }));
    expect(read("tags", ["ü".repeat(128)])).toHaveLength(1);
  });
});

describe("a counter, a text, a list", () => {
  test("a counter is set by its difference and counted on by a sign", () => {
    expect(read("used", 5, { used: 2 })).toEqual([{ kind: "count", field: "used", by: 3 }]);
    expect(read("used", "+2", { used: 2 })).toEqual([{ kind: "count", field: "used", by: 2 }]);
    expect(read("used", "-1", { used: 2 })).toEqual([{ kind: "count", field: "used", by: -1 }]);
    expect(read("used", 2, { used: 2 })).toEqual([]);
  });

  test("a counter comes to what was asked, to the digit", () => {
    const after = (held: number, given: unknown): number =>
      read("used", given, { used: held }).reduce((sum, write) => (write.kind === "count" ? sum + write.by : sum), held);
    expect([after(-3, 0.1), after(-3, "0.1"), after(0.2, "+0.1"), after(1e20, 5), after(0.1, 2 ** 53)]).toEqual([
      0.1,
      0.1,
      0.3,
      5,
      2 ** 53,
    ]);
    expect(valueWrites(type, { used: 0 }, contextOf(undefined))).toEqual([{ kind: "count", field: "used", by: 0 }]);
    expect(read("used", "", {})).toEqual([]);
  });

  test.each([
    [1e20, "+1"],
    [0, 2 ** 53 + 2],
    [0, `-${"9".repeat(20)}`],
    [2 ** 53, "+1"],
    [5, "+0.00000000000000000001"],
    [1e308, `+1${"0".repeat(308)}`],
    [0, "9".repeat(400)],
  ])("a counter at %d refuses %s, which it cannot hold", (held, given) => {
    expect(() => read("used", given, { used: held })).toThrow(expect.objectContaining({ code: "unusable_value" }));
  });

  test("a text is given whole", () => {
    expect(read("notes", "Two\nlines")).toEqual([{ kind: "text", field: "notes", text: "Two\nlines" }]);
  });

  const steps = [
    { id: "k1", pos: "a0", label: "Shut" },
    { id: "k2", pos: "a1", label: "Test" },
  ];
  test("a list keeps its items' ids and places, so that two people can change different ones", () => {
    expect(
      read(
        "steps",
        [
          { id: "k1", label: "Shut" },
          { id: "k2", label: "Test twice" },
        ],
        { steps },
      ),
    ).toEqual([{ kind: "put", path: ["steps", "k2", "label"], value: "Test twice" }]);
    expect(read("steps", "+Clean", { steps })).toEqual([
      { kind: "put", path: ["steps", "item0", "pos"], value: "a2" },
      { kind: "put", path: ["steps", "item0", "label"], value: "Clean" },
    ]);
    expect(read("steps", "-Shut", { steps })).toEqual([{ kind: "put", path: ["steps", "k1", "pos"], value: null }]);
  });

  test.each([
    [
      [
        { id: "k1", label: "One" },
        { id: "k1", label: "Two" },
      ],
    ],
    ["-Nothing"],
    ["-Shut,-Shut"],
  ])("a list refuses %j", (given) => {
    expect(() => read("steps", given, { steps })).toThrow(expect.objectContaining({ code: "unusable_value" }));
  });

  test("a list puts a new item between two and follows a new order", () => {
    const between = read("steps", [steps[0], { label: "Drain" }, steps[1]], { steps });
    expect(between).toEqual([
      { kind: "put", path: ["steps", "item0", "pos"], value: "a0V" },
      { kind: "put", path: ["steps", "item0", "label"], value: "Drain" },
    ]);
    const swapped = read("steps", [steps[1], steps[0]], { steps }).map((write) => write.kind === "put" && [write.path[1], write.value]);
    expect(swapped).toHaveLength(1);
    const places = new Map([["k1", "a0"], ["k2", "a1"], ...(swapped as [string, string][])]);
    expect((places.get("k2") ?? "") < (places.get("k1") ?? "")).toBe(true);
  });
});

describe("a new record", () => {
  test("has the type's defaults where nothing is given, and needs what is required", () => {
    expect(creationWrites(type, { title: "Boiler", status: "on_hold" }, contextOf(undefined))).toEqual([
      ...put("active", true),
      ...put("title", "Boiler"),
      ...put("status", "on_hold"),
    ]);
    expect(() => creationWrites(type, { level: 1 }, contextOf(undefined))).toThrow(expect.objectContaining({ code: "unusable_value" }));
  });
});
