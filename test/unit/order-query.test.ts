/** What is typed into a filter: words beside statuses, technicians and days; what is not understood is a word. */
import { describe, expect, test } from "vitest";
import { isEmptyQuery, isMeant, newestFirst, numbersMeant, orderFits, parseOrderQuery } from "../../shared/domain/order-query.ts";
import type { Visit } from "../../shared/domain/records.ts";

const TODAY = "2026-11-24";

test.each([
  ["boiler leaks", { text: "boiler leaks", statuses: [], technicians: [], days: undefined }],
  ["status:hold boiler", { text: "boiler", statuses: ["on_hold"] }],
  ["status:in,new", { text: "", statuses: ["in_progress", "new"] }],
  ["STATUS:On-Hold", { statuses: ["on_hold"] }],
  ["status:lost", { text: "status:lost", statuses: [], unknown: [{ kind: "status", typed: "lost" }] }],
  ["status:hold,lost", { text: "", statuses: ["on_hold"], unknown: [{ kind: "status", typed: "lost" }] }],
  ["@Müller on:today", { text: "", technicians: ["muller"], days: { from: TODAY, to: "2026-11-25" } }],
  ["on:tomorrow", { days: { from: "2026-11-25", to: "2026-11-26" } }],
  ["on:week", { days: { from: TODAY, to: "2026-12-01" } }],
  ["on:2026-12-31", { days: { from: "2026-12-31", to: "2027-01-01" } }],
  ["on:tom", { days: { from: "2026-11-25", to: "2026-11-26" }, unknown: [] }],
  ["on:t", { text: "on:t", days: undefined, unknown: [{ kind: "day", typed: "t" }] }],
  ["on:2026-02-30", { text: "on:2026-02-30", days: undefined, unknown: [{ kind: "day", typed: "2026-02-30" }] }],
  ["boiler status: @ ON: status:,", { text: "boiler", statuses: [], technicians: [], days: undefined, unknown: [] }],
])("%s", (typed, query) => expect(parseOrderQuery(typed, TODAY)).toMatchObject(query));

test("a term without its value asks for nothing yet", () => {
  expect(["status:", "@", "on:", "", "@m"].map((typed) => isEmptyQuery(parseOrderQuery(typed, TODAY)))).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
});

test.each([
  ["a89", ["A-89"]],
  ["A 89", ["A-89"]],
  [" #aa-089 ", ["AA-89"]],
  ["A73-1043", ["A73-1043"]],
  ["a731043", ["A-731043", "A73-1043"]],
  ["89", []],
  ["main street 12", []],
  ["a89 boiler", []],
])("%s may be an order's number", (typed, numbers) => expect(numbersMeant(typed)).toEqual(numbers));

test("a technician is meant by the beginning of a name", () => {
  expect([
    isMeant("Jean-Luc Müller", ["mul"]),
    isMeant("Jean-Luc Müller", ["luc"]),
    isMeant("Jean-Luc Müller", ["ull"]),
    isMeant(null, ["x"]),
  ]).toEqual([true, true, false, false]);
});

describe("an order", () => {
  const order = { status: "scheduled", requestedFrom: 50, dueBy: null } as never;
  const visit = (plannedFrom: number, technician: string, status = "planned") =>
    ({ plannedFrom, technicians: [technician], status }) as unknown as Visit;
  const terms = { statuses: [], technicians: undefined, days: undefined };
  test.each([
    ["fits no terms", terms, [], true],
    ["by status", { ...terms, statuses: ["scheduled", "new"] as const }, [], true],
    ["of another status", { ...terms, statuses: ["done"] as const }, [], false],
    ["on the day of a visit", { ...terms, days: { from: 100, to: 200 } }, [visit(150, "a")], true],
    ["not on the day it was wanted once it has visits", { ...terms, days: { from: 0, to: 100 } }, [visit(150, "a")], false],
    ["on the day it is wanted while it has none", { ...terms, days: { from: 0, to: 100 } }, [visit(150, "a", "cancelled")], true],
    ["of a technician's visit", { ...terms, technicians: new Set(["a"]) }, [visit(150, "a")], true],
    [
      "of a technician's visit on another day",
      { ...terms, technicians: new Set(["a"]), days: { from: 0, to: 100 } },
      [visit(150, "a"), visit(50, "b")],
      false,
    ],
    ["of nobody that is known", { ...terms, technicians: new Set<string>() }, [visit(150, "a")], false],
  ])("%s", (_what, asked, visits, fits) => expect(orderFits(order, visits, asked)).toBe(fits));
});

test("orders stand by when they were made, the last first, those of one millisecond as they came", () => {
  const ids = ["01a20c96-33e0-7f00", "01a20c96-33e1-7000", "01a20c96-33e0-7000"].map((id) => ({ id }));
  expect(ids.sort(newestFirst).map(({ id }) => id)).toEqual(["01a20c96-33e1-7000", "01a20c96-33e0-7f00", "01a20c96-33e0-7000"]);
});
