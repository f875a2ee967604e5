/**
 * The board's live set and its day: where orders stand, what is odd about them, and that a change touches no more than it must.
 */
import { describe, expect, test } from "vitest";
import { createBoard } from "../../renderer/state/board.ts";
import { createDayBoard } from "../../renderer/state/day-board.ts";
import { createZone } from "../../renderer/state/zone.ts";
import { COLUMNS } from "../../shared/domain/status.ts";
import type { RecordData } from "../../shared/ipc/answers.ts";
import { changed, DAY, gone, hour, order, record, recordId, technician, visit, ZONE } from "./board-fixtures.ts";

const open = (records: readonly RecordData[], now: number = hour(9)) => {
  const board = createBoard();
  board.load(records);
  const days = createDayBoard(board, createZone(ZONE, "en-US"), now);
  const numbers = () => Object.fromEntries(COLUMNS.map((name) => [name, days.column(name).ids.map((id) => days.card(id)?.number)]));
  const hints = (number: string) => days.card(recordId(number))?.hints.map((hint) => hint.kind);
  return { board, days, numbers, hints };
};

describe("columns", () => {
  test("orders stand by status; closed and cancelled ones under done", () => {
    const statuses = ["new", "scheduled", "in_progress", "on_hold", "done", "closed", "cancelled"];
    const { numbers } = open(statuses.map((status, index) => order(`A-${index}`, { status })));
    expect(numbers()).toEqual({
      new: ["A-0"],
      scheduled: ["A-1"],
      in_progress: ["A-2"],
      on_hold: ["A-3"],
      done: ["A-4", "A-5", "A-6"],
    });
  });

  test("the new column holds what is wanted on the day and what has no day", () => {
    const { numbers } = open([
      order("A-1"),
      order("A-2", { requestedFrom: hour(34), requestedTo: hour(36) }),
      order("A-3", { requestedFrom: null, requestedTo: null }),
    ]);
    expect(numbers()["new"]).toEqual(["A-1", "A-3"]);
  });

  test("a scheduled order stands on the day of its visit, not on the day it was wanted", () => {
    const records = [
      technician("t", "Dana Meier"),
      order("A-1", { status: "scheduled" }),
      visit("v", "A-1", "t", { plannedFrom: hour(34) }),
    ];
    const { days, numbers } = open(records);
    expect(numbers()["scheduled"]).toEqual([]);
    days.configure({ day: "2026-11-25", grouping: "columns", chip: undefined, filter: "" });
    expect(numbers()["scheduled"]).toEqual(["A-1"]);
  });

  test("cards are sorted by promise, then priority, then number; whole days come last", () => {
    const { numbers } = open([
      order("A-10"),
      order("A-9"),
      order("A-8", { priority: "urgent" }),
      order("A-7", { requestedFrom: hour(8), requestedTo: hour(9) }),
      order("A-1", { requestedFrom: hour(0), requestedTo: hour(24) }),
    ]);
    expect(numbers()["new"]).toEqual(["A-7", "A-8", "A-9", "A-10", "A-1"]);
  });

  test("the place of a drop is told before it", () => {
    const { days } = open([
      order("A-1", { status: "scheduled", requestedFrom: hour(8), requestedTo: hour(10) }),
      order("A-2", { status: "scheduled", requestedFrom: hour(14), requestedTo: hour(16) }),
      order("A-3", { requestedFrom: hour(11), requestedTo: hour(13) }),
    ]);
    expect(days.dropIndex(recordId("A-3"), "scheduled")).toBe(1);
  });
});

describe("what is odd", () => {
  const withVisit = (fields: Readonly<Record<string, unknown>>, status = "scheduled") => [
    technician("t", "Dana Meier"),
    order("A-1", { status }),
    visit("v", "A-1", "t", fields),
  ];

  test("a visit not on the way when its window began is late by that much, and says that nobody called", () => {
    const { days, hints } = open(withVisit({}), hour(10.7));
    expect(days.card(recordId("A-1"))?.hints).toEqual([{ kind: "late", minutes: 42 }, { kind: "notCalled" }]);
    expect(days.card(recordId("A-1"))?.mark).toBe("late");
    expect(hints("A-1")).toHaveLength(2);
    expect(days.summary().late).toBe(1);
  });

  test("a working visit past its planned end is over, and names what is at risk", () => {
    const records = [
      ...withVisit({ status: "working", plannedFrom: hour(8) }, "in_progress"),
      order("A-2", { status: "scheduled" }),
      visit("w", "A-2", "t", { plannedFrom: hour(9.75) }),
    ];
    const { days } = open(records, hour(9.5));
    expect(days.card(recordId("A-1"))?.hints[0]).toMatchObject({ kind: "over", minutes: 30, atRisk: { id: "w" } });
  });

  test("two visits that share a technician's time overlap; counted once, shown on both", () => {
    const records = [...withVisit({}), order("A-2", { status: "scheduled" }), visit("w", "A-2", "t", { plannedFrom: hour(10.5) })];
    const { days, hints } = open(records);
    expect([hints("A-1"), hints("A-2")]).toEqual([["overlap"], ["overlap"]]);
    expect(days.summary().overlap).toBe(1);
  });

  test("visits that touch do not overlap", () => {
    const { hints } = open([...withVisit({}), order("A-2", { status: "scheduled" }), visit("w", "A-2", "t", { plannedFrom: hour(11) })]);
    expect(hints("A-1")).toEqual([]);
  });

  test("an unassigned promise says when it is about to begin", () => {
    expect(open([order("A-1")], hour(9.7)).days.card(recordId("A-1"))?.hints).toEqual([{ kind: "startsSoon", minutes: 18 }]);
    expect(open([order("A-1")], hour(8.5)).hints("A-1")).toEqual([]);
  });

  test("an order kept alive by an edit says so", () => {
    expect(open([order("A-1", { editedWhileDeleted: true })], hour(8)).hints("A-1")).toEqual(["edited"]);
  });

  test("the minute's tick makes a card late without any change", () => {
    const { days, hints } = open(withVisit({ status: "confirmed" }), hour(9.9));
    expect(hints("A-1")).toEqual([]);
    days.tick(hour(10.1));
    expect(hints("A-1")).toEqual(["late"]);
  });
});

describe("changes", () => {
  test("an edit of one order keeps the identity of every other card and of every list", () => {
    const { board, days } = open(Array.from({ length: 200 }, (_, index) => order(`A-${index + 1}`)));
    const ids = days.column("new").ids;
    const before = new Map(ids.map((id) => [id, days.card(id)]));
    const told: string[] = [];
    for (const id of ids) days.onCard(id, () => told.push(id));
    board.apply(changed(order("A-42", { title: "New title" })));
    expect(told).toEqual(["A-42"]);
    expect(days.column("new").ids).toBe(ids);
    expect(ids.filter((id) => days.card(id) !== before.get(id))).toEqual(["A-42"]);
  });

  test("a customer's new name reaches the cards that show it and no other", () => {
    const { board, days } = open([record("customer", "c", { name: "Corrigan" }), order("A-1", { customer: "c" }), order("A-2")]);
    days.card(recordId("A-1"));
    const other = days.card(recordId("A-2"));
    board.apply(changed(record("customer", "c", { name: "Corrigan and sons" })));
    expect(days.card(recordId("A-1"))?.customer).toBe("Corrigan and sons");
    expect(days.card(recordId("A-2"))).toBe(other);
  });

  test("a deleted order leaves its column, a status moves it, in one step each", () => {
    const { board, numbers } = open([order("A-1"), order("A-2")]);
    board.apply(gone("A-1"));
    expect(numbers()["new"]).toEqual(["A-2"]);
    board.apply(changed(order("A-2", { status: "done" })));
    expect([numbers()["new"], numbers()["done"]]).toEqual([[], ["A-2"]]);
  });

  test("what a newer version wrote and this one does not know reads as the first status", () => {
    const { numbers } = open([order("A-1", { status: "quarantined", priority: 7, tags: "none" })]);
    expect(numbers()["new"]).toEqual(["A-1"]);
  });
});

describe("the tray", () => {
  test("holds every order without a live visit, whatever its day, call-backs first", () => {
    const { days } = open([
      technician("t", "Dana Meier"),
      order("A-1", { requestedFrom: hour(24 * 20), requestedTo: null }),
      order("A-2", { kind: "call_back" }),
      order("A-3", { status: "scheduled" }),
      visit("v", "A-3", "t"),
      order("A-4", { status: "scheduled" }),
      visit("w", "A-4", "t", { status: "cancelled" }),
      order("A-5", { status: "done" }),
    ]);
    expect(days.tray().open).toEqual([
      { group: "callBacks", ids: ["A-2"] },
      { group: "dueThisWeek", ids: ["A-4"] },
      { group: "later", ids: ["A-1"] },
    ]);
    expect(days.summary().open).toBe(3);
  });
});

test("the filter keeps what matches in every word, by customer, phone or place, without accents", () => {
  const { days, numbers } = open([
    record("customer", "c", { name: "Müller", phones: ["555-0117"] }),
    order("A-1", { customer: "c" }),
    order("A-2"),
  ]);
  const filter = (text: string) => {
    days.configure({ day: DAY, grouping: "columns", chip: undefined, filter: text });
    return numbers()["new"];
  };
  expect([filter("muller"), filter("0117"), filter("title A-2"), filter("muller A-2")]).toEqual([["A-1"], ["A-1"], ["A-2"], []]);
});
