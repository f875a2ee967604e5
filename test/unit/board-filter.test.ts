/** The board's filter: terms that are still typed, values that there are not, numbers as they are spoken, and where it would match. */
import { describe, expect, test } from "vitest";
import { createBoard } from "../../renderer/state/board.ts";
import { createDayBoard } from "../../renderer/state/day-board.ts";
import { findOrders, rememberFound } from "../../renderer/state/search.ts";
import { createZone } from "../../renderer/state/zone.ts";
import { COLUMNS } from "../../shared/domain/status.ts";
import type { RecordData } from "../../shared/ipc/answers.ts";
import { changed, DAY, hour, order, recordId, technician, visit, ZONE } from "./board-fixtures.ts";

const TOMORROW = "2026-11-25";
const zone = createZone(ZONE, "en-US");

const open = (records: readonly RecordData[]) => {
  const board = createBoard();
  board.load(records);
  const days = createDayBoard(board, zone, hour(9));
  const filter = (text: string, day = DAY) => {
    days.configure({ day, grouping: "columns", chip: undefined, filter: text });
    return COLUMNS.flatMap((name) => days.column(name).ids);
  };
  return { board, days, filter };
};

test("a term that has no value yet hides nothing and says nothing", () => {
  const { days, filter } = open([order("A-1"), order("A-2", { status: "on_hold" })]);
  for (const typed of ["status:", "@", "on:", "status:,"]) {
    expect(filter(typed), typed).toEqual(["A-1", "A-2"]);
    expect(days.filtered(), typed).toMatchObject({ isOn: false, hidden: 0 });
  }
  expect(filter("status: hold title")).toEqual([]);
  expect(filter("@ A-2")).toEqual(["A-2"]);
});

test("a status, a day and a name that there is not are named, with what they hide", () => {
  const { days, filter } = open([technician("t", "Dana Meier"), order("A-1"), order("A-2", { status: "on_hold" })]);
  expect(filter("status:foo")).toEqual([]);
  expect(days.filtered()).toEqual({
    isOn: true,
    shown: 0,
    hidden: 2,
    notKnown: [{ kind: "status", typed: "foo" }],
    firstEmpty: "new",
  });
  filter("on:noday @xyz");
  expect(days.filtered().notKnown).toEqual([
    { kind: "day", typed: "noday" },
    { kind: "technician", typed: "xyz" },
  ]);
  expect(filter("status:hold,foo")).toEqual(["A-2"]);
  expect(days.filtered().notKnown).toEqual([{ kind: "status", typed: "foo" }]);
});

describe("matches on other days", () => {
  const records = [
    technician("t", "Dana Meier"),
    technician("u", "Kim"),
    order("A-1", { status: "scheduled" }),
    visit("v1", "A-1", "t"),
    order("A-2", { status: "scheduled" }),
    visit("v2", "A-2", "t", { plannedFrom: hour(34) }),
    order("A-3", { status: "scheduled" }),
    visit("v3", "A-3", "u", { plannedFrom: hour(-14) }),
    order("A-4", { requestedFrom: hour(58), requestedTo: hour(60) }),
    order("A-5", { status: "scheduled" }),
    visit("v5", "A-5", "t", { plannedFrom: hour(58), status: "cancelled" }),
  ];
  test.each([
    ["on:tomorrow", { count: 1, day: TOMORROW }],
    ["title", { count: 3, day: TOMORROW }],
    ["@kim", { count: 1, day: "2026-11-23" }],
    ["A-4", { count: 1, day: "2026-11-26" }],
    ["on:2026-12-31", undefined],
    ["zzzz", undefined],
    ["", undefined],
  ])("of “%s” are counted, with the nearest day to come", (typed, expected) => {
    const { days, filter } = open(records);
    filter(typed);
    expect(days.elsewhere()).toEqual(expected);
  });

  test("stand on the day that was offered", () => {
    const { days, filter } = open(records);
    expect(filter("on:tomorrow")).toEqual([]);
    expect(filter("on:tomorrow", days.elsewhere()?.day)).toEqual(["A-2"]);
    expect(days.elsewhere()).toBeUndefined();
  });
});

describe("a number as it is spoken", () => {
  const records = [
    order("A-9", { title: "Call 555 89, a flat" }),
    order("A-89"),
    order("B-89", { title: "A house, no. 89" }),
    order("A73-1043"),
    order("C-1", { title: "Building A 89" }),
  ];
  test.each([
    ["a89", ["A-89"]],
    ["A 89", ["A-89", "C-1"]],
    ["A-89", ["A-89"]],
    ["#89", ["A-9", "A-89", "B-89", "C-1"]],
    ["a731043", ["A73-1043"]],
    ["a73 1043", ["A73-1043"]],
  ])("%s keeps its order in the filter", (typed, kept) => {
    const { filter } = open(records);
    expect(filter(typed).toSorted()).toEqual([...kept].map(recordId).toSorted());
  });
  test.each(["a89", "A 89", "a-89", "#a89"])("%s is found first in the palette", (typed) => {
    const { board } = open(records);
    expect(findOrders(board, zone, DAY, typed, 5)[0]?.number).toBe("A-89");
  });
});

test("what the desk's search found for these very words is kept too, as far as the other terms keep it", () => {
  const { board, filter } = open([order("A-1"), order("A-2", { status: "on_hold" }), order("A-3")]);
  expect(filter("gutter")).toEqual([]);
  rememberFound(board, "gutter", [recordId("A-1"), recordId("A-2")]);
  board.apply(changed(order("A-3", { title: "Told anew" })));
  expect(filter("gutter ")).toEqual(["A-1", "A-2"]);
  expect(filter("gutters")).toEqual([]);
  rememberFound(board, "gutter status:hold", [recordId("A-1"), recordId("A-2")]);
  expect(filter("gutter status:hold")).toEqual(["A-2"]);
});
