/**
 * The schedule's own decisions, without a window: places of minutes, what keys mean, where arrows lead, where a ghost lies.
 */
import { describe, expect, it } from "vitest";
import { ghostAt } from "../../renderer/schedule/ghost.ts";
import { barCommand } from "../../renderer/schedule/keys.ts";
import { createScheduleModel } from "../../renderer/schedule/model.ts";
import { clockText, minuteAtPoint, percentOf, scaleOfHours, snapMinute } from "../../renderer/schedule/scale.ts";
import { firstBar, neighbourRow, walk } from "../../renderer/schedule/walk.ts";
import { createBoard } from "../../renderer/state/board.ts";
import { createDayBoard } from "../../renderer/state/day-board.ts";
import { createZone } from "../../renderer/state/zone.ts";
import { parseCollectionId, parseRecordId, type RecordId } from "../../shared/ids.ts";
import type { RecordData } from "../../shared/ipc/answers.ts";

const id = (text: string): RecordId => parseRecordId(text) ?? expect.fail(text);
const record = (collection: string, name: string, fields: object): RecordData => ({
  id: id(name),
  collection: parseCollectionId(collection) ?? expect.fail(collection),
  ...fields,
});
const zone = createZone("Europe/Zurich", "en");
const DAY = "2026-11-24";
const at = (hour: number): number => zone.at(DAY, hour * 60);
const visit = (name: string, technician: string, hour: number, minutes: number, more: object = {}) =>
  record("visit", name, {
    workOrder: `order-${name}`,
    technicians: [technician],
    status: "planned",
    plannedFrom: at(hour),
    plannedMinutes: minutes,
    ...more,
  });

const open = () => {
  const board = createBoard();
  board.load([
    record("technician", "ada", { name: "Ada", team: "A", active: true }),
    record("technician", "bea", { name: "Bea", team: "A", active: true }),
    record("technician", "cem", { name: "Cem", team: "B", active: true }),
    record("workOrder", "order-one", { number: "A-1", title: "Leak", status: "scheduled", estimatedMinutes: 45 }),
    visit("one", "ada", 8, 60),
    visit("two", "ada", 10, 60),
    visit("three", "cem", 9.5, 60),
  ]);
  const days = createDayBoard(board, zone, at(9));
  return { board, days, model: createScheduleModel(days) };
};

describe("places of minutes", () => {
  it("map to fractions of the width and back, in steps of a quarter hour", () => {
    const scale = scaleOfHours([6, 18]);
    expect([percentOf(scale, 360), percentOf(scale, 720), percentOf(scale, 1080)]).toEqual(["0.0000%", "50.0000%", "100.0000%"]);
    expect(snapMinute(minuteAtPoint(scale, 250, 1000))).toBe(540);
    expect([clockText(870), clockText(1440)]).toEqual(["14:30", "24:00"]);
  });
});

describe("keys on a bar", () => {
  const key = (name: string, more: object = {}) =>
    barCommand({ key: name, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });
  it("walk, move, resize and hand over by arrows", () => {
    expect(key("ArrowLeft")).toEqual({ kind: "walk", to: "left" });
    expect(key("ArrowRight", { ctrlKey: true })).toEqual({ kind: "shift", steps: 1 });
    expect(key("ArrowLeft", { ctrlKey: true, shiftKey: true })).toEqual({ kind: "resize", steps: -1 });
    expect(key("ArrowDown", { ctrlKey: true })).toEqual({ kind: "hand", to: "down" });
  });
  it("leave other keys and everything with Alt to others", () => {
    expect([key("ArrowLeft", { altKey: true }), key("c"), key("d", { ctrlKey: true })]).toEqual([undefined, undefined, undefined]);
  });
});

describe("the model", () => {
  it("keeps the identity of rows that a change does not touch", () => {
    const { board, days, model } = open();
    const before = model();
    board.apply({ changed: [visit("three", "cem", 11, 60)], gone: [], by: { kind: "here" } });
    days.tick(days.now());
    const after = model();
    expect(after.groups[0]?.rows[0]).toBe(before.groups[0]?.rows[0]);
    expect(after.groups[1]?.rows[0]).not.toBe(before.groups[1]?.rows[0]);
    expect(after.groups[1]?.rows[0]?.bars[0]?.from).toBe(660);
  });
  it("dims what the filter does not keep, and leaves the load as it is", () => {
    const { days, model } = open();
    const load = model().groups.map((group) => group.load);
    const dimmed = (filter: string) => {
      days.configure({ day: DAY, grouping: "columns", chip: undefined, filter });
      return model().groups.flatMap((group) => group.rows.flatMap(({ bars }) => bars.filter((bar) => bar.dimmed).map((bar) => bar.visit)));
    };
    expect([dimmed("leak"), dimmed("zzzz"), dimmed("status:"), dimmed("")]).toEqual([["two", "three"], ["one", "two", "three"], [], []]);
    dimmed("zzzz");
    expect(model()).toMatchObject({ visits: 3, dimmed: 3 });
    expect(model().groups.map((group) => group.load)).toEqual(load);
  });
  it("leads the arrows along a row and to the bar nearest in time of the next row that has one", () => {
    const model = open().model();
    const start = firstBar(model) ?? expect.fail("no bar");
    expect(start).toEqual({ technician: "ada", visit: "one" });
    expect(walk(model, start, "right")).toEqual({ technician: "ada", visit: "two" });
    expect(walk(model, { technician: id("ada"), visit: id("two") }, "down")).toEqual({ technician: "cem", visit: "three" });
    expect(walk(model, start, "left")).toBeUndefined();
    expect([neighbourRow(model, id("ada"), "down"), neighbourRow(model, id("ada"), "up")]).toEqual(["bea", undefined]);
  });
});

describe("a ghost", () => {
  it("lies where the grabbed point of the visit would, on a quarter hour, and says what it overlaps", () => {
    const { board } = open();
    const dragged = { kind: "visit", visit: id("three"), from: id("cem"), grabMinutes: 30 } as const;
    const ghost = ghostAt({ board, zone, day: DAY, dragged, technician: id("ada"), minute: 10 * 60 + 47 });
    expect(ghost).toMatchObject({ technician: "ada", fromMinute: 615, minutes: 60 });
    expect(ghost?.misfits.map(({ code }) => code)).toEqual(["overlap"]);
  });
  it("takes an order's estimate, and stays within the day", () => {
    const { board } = open();
    const ghost = ghostAt({
      board,
      zone,
      day: DAY,
      dragged: { kind: "order", order: id("order-one") },
      technician: id("bea"),
      minute: 1439,
    });
    expect(ghost).toMatchObject({ minutes: 45, fromMinute: 1395, number: "A-1" });
  });
});
