/** What people type on the board, read as times, windows, lengths, technicians; and where an arrow leads. */
import { describe, expect, test } from "vitest";
import { readAssignment } from "../../renderer/board/assign-options.ts";
import { nextCard, successorOf } from "../../renderer/board/navigate.ts";
import { rowsOf } from "../../renderer/board/rows.ts";
import { dateOrder, withColumn, withDateOrder } from "../../renderer/import/import-map.ts";
import { isWholeCode, readCode } from "../../renderer/setup/CodeField.tsx";
import { initials } from "../../renderer/state/cards.ts";
import { minutesText, parseMinutes, parseMoment, parseWindow } from "../../renderer/state/typed-time.ts";
import { createZone } from "../../renderer/state/zone.ts";
import { technicianIn } from "../../shared/domain/read.ts";
import { DAY, hour, recordId, technician, ZONE } from "./board-fixtures.ts";

const zone = createZone(ZONE, "en-US");
const window = (typed: string) => {
  const read = parseWindow(typed, DAY, DAY, zone);
  return read === undefined ? undefined : [read.from, read.to];
};

describe("windows", () => {
  test.each([
    ["14-16", 14, 16],
    ["14:30 – 16", 14.5, 16],
    ["2pm to 4pm", 14, 16],
    ["9", 9, 11],
    ["0930-1130", 9.5, 11.5],
    ["22-24", 22, 24],
    ["today 14-16", 14, 16],
    ["tomorrow 9-11", 33, 35],
    ["Thu 8-10", 56, 58],
    ["Nov 26 10-12", 58, 60],
    ["Tue, Nov 24 14:00 – 16:00", 14, 16],
    ["2026-11-25, 8-9", 32, 33],
    ["tomorrow", 24, 48],
    ["Nov 26", 48, 72],
    ["any time", 0, 24],
  ])("%s", (typed, from, to) => {
    expect(window(typed)).toEqual([hour(from), hour(to)]);
  });

  test.each(["", "16-14", "25-26", "9:75", "Feb 30", "2026-02-30", "soon", "14-"])("“%s” is not read as one", (typed) => {
    expect(window(typed)).toBeUndefined();
  });

  test("a day that loses an hour has the right bounds", () => {
    const read = parseWindow("2026-03-08", DAY, DAY, zone);
    expect((read?.to ?? 0) - (read?.from ?? 0)).toBe(23 * 3_600_000);
  });

  test("a moment alone", () => {
    expect([parseMoment("14:30", DAY, DAY, zone), parseMoment("tomorrow 9", DAY, DAY, zone), parseMoment("later", DAY, DAY, zone)]).toEqual(
      [hour(14.5), hour(33), undefined],
    );
  });
});

test.each([
  ["90", 90],
  ["1 h 30", 90],
  ["1:30", 90],
  ["1.5 h", 90],
  ["2h", 120],
  ["45 min", 45],
  ["1 h 75", undefined],
  ["long", undefined],
])("a length of “%s”", (typed, minutes) => {
  expect(parseMinutes(typed)).toBe(minutes);
});

test("lengths are written as they are read", () => {
  for (const minutes of [5, 45, 60, 90, 125, 600]) expect(parseMinutes(minutesText(minutes))).toBe(minutes);
});

describe("assigning", () => {
  const technicians = [technician("m", "Dana Meier"), technician("o", "Luis Ortega"), technician("r", "Rolf Meier")].map(technicianIn);
  const read = (typed: string) => {
    const { technicians: found, at, add } = readAssignment(typed, technicians, DAY, DAY, zone);
    return [found.map(({ id }) => id), at, add];
  };
  test("part of a name, initials, a time behind it, a plus before it", () => {
    expect(read("mei")).toEqual([["m", "r"], undefined, false]);
    expect(read("dm")).toEqual([["m"], undefined, false]);
    expect(read("dana mei 14:30")).toEqual([["m"], hour(14.5), false]);
    expect(read("ortega tomorrow 9")).toEqual([["o"], hour(33), false]);
    expect(read("+ortega")).toEqual([["o"], undefined, true]);
    expect(read("nobody")).toEqual([[], undefined, false]);
  });
});

describe("arrows", () => {
  const columns = [["a", "b"], [], ["c"], ["d", "e", "f"], []].map((ids) => ids.map(recordId));
  test.each([
    ["a", "down", "b"],
    ["b", "down", "b"],
    ["a", "up", "a"],
    ["b", "right", "c"],
    ["c", "left", "a"],
    ["f", "left", "c"],
    ["f", "right", "f"],
    ["d", "last", "f"],
  ] as const)("from %s %s", (from, direction, to) => {
    expect(nextCard(columns, recordId(from), direction)).toBe(to);
  });
  test("without a leading card the first one leads; an empty board has none", () => {
    expect(nextCard(columns, undefined, "down")).toBe("a");
    expect(nextCard([[], []], undefined, "down")).toBeUndefined();
  });
});

test.each([
  ["a", [], "b"],
  ["b", ["c"], "d"],
  ["d", [], "c"],
  ["d", ["b", "c"], "a"],
  ["c", ["a", "b", "d"], undefined],
  ["x", [], undefined],
] as const)("after %s, left together with %j, %s leads", (gone, others, next) => {
  const ids = ["a", "b", "c", "d"].map(recordId);
  const left = new Set([gone, ...others].map(recordId));
  expect(successorOf(ids, recordId(gone), (id) => !left.has(id))).toBe(next);
});

test("a column cut by technician has a head before each group", () => {
  const ids = ["a", "b", "c"].map(recordId);
  expect(rowsOf(ids, (id) => (id === "c" ? "Ortega" : "Meier"))).toEqual([
    { kind: "head", group: "Meier", count: 2 },
    { kind: "card", id: "a" },
    { kind: "card", id: "b" },
    { kind: "head", group: "Ortega", count: 1 },
    { kind: "card", id: "c" },
  ]);
});

test("codes are read as they are spoken; a longer text is left alone", () => {
  expect(readCode("k7qf2-9xwmd")).toBe("K7QF29XWMD");
  expect(readCode("oil")).toBe("011");
  expect([isWholeCode("K7QF29XWM"), isWholeCode("K7QF29XWMD")]).toEqual([false, true]);
  expect(readCode(" switchyard:join/long-form ")).toBe("switchyard:join/long-form");
});

test("initials of people", () => {
  expect(["Dana Meier", "Cher", "Anna Maria de Souza"].map(initials)).toEqual(["DM", "CH", "AS"]);
});

describe("import maps", () => {
  const map = { type: "workOrder", fields: { title: { column: "What" }, dueBy: { column: "Due", format: "MM/dd/yyyy hh:mm a" } } };
  test("a field has one column, a column one field; the rest stays as it was", () => {
    expect(withColumn(map, "Text", "title")).toEqual({ ...map, fields: { dueBy: map.fields.dueBy, title: { column: "Text" } } });
    expect(withColumn(map, "Due", null)).toEqual({ ...map, fields: { title: map.fields.title } });
  });
  test("month and day change places, separators and times stay", () => {
    expect(dateOrder(map)).toBe("month");
    const swapped = withDateOrder(map, "day");
    expect(swapped["fields"]).toMatchObject({ dueBy: { column: "Due", format: "dd/MM/yyyy hh:mm a" } });
    expect(dateOrder(swapped)).toBe("day");
  });
});
