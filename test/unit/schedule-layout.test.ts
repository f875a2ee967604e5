/**
 * The schedule as data: days of a zone, lanes, loads and what does not fit. Pure functions, checked on small made-up days.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Absence, Technician, Visit, WorkOrder } from "../../shared/domain/records.ts";
import { dateAt, dayOf, instantAtMinute, minuteAt, shiftDate } from "../../shared/domain/schedule/day.ts";
import { misfits } from "../../shared/domain/schedule/fit.ts";
import { assignLanes, overlaps } from "../../shared/domain/schedule/lanes.ts";
import { layOutSchedule, shownHours } from "../../shared/domain/schedule/layout.ts";
import { parseCollectionId, parseRecordId, type RecordId } from "../../shared/ids.ts";

const ZONE = "America/New_York";
const day = dayOf("2026-11-24", ZONE);
const id = (text: string): RecordId => parseRecordId(text) ?? expect.fail(text);
const collection = (text: string) => parseCollectionId(text) ?? expect.fail(text);
const at = (minute: number) => instantAtMinute(day, minute, ZONE);

const technician = (name: string, more: Partial<Technician> = {}): Technician => ({
  id: id(name),
  collection: collection("technician"),
  name,
  phone: null,
  team: "Plumbing",
  territories: [],
  skills: [],
  workingHours: { "2": [420, 960] },
  base: null,
  vehicle: null,
  active: true,
  ...more,
});
const visit = (name: string, who: string, from: number, minutes: number, more: Partial<Visit> = {}): Visit => ({
  id: id(name),
  collection: collection("visit"),
  workOrder: null,
  technicians: [who],
  lead: null,
  status: "planned",
  windowFrom: null,
  windowTo: null,
  plannedFrom: at(from),
  plannedMinutes: minutes,
  pinned: null,
  dispatchedAt: null,
  changedSinceDispatch: null,
  travelFrom: null,
  arrivedAt: null,
  finishedAt: null,
  outcome: null,
  ...more,
});
const absence = (who: string, from: number, to: number): Absence => ({
  id: id(`absence-${who}`),
  collection: collection("absence"),
  technicians: [who],
  from: at(from),
  to: at(to),
  kind: "sick",
  note: null,
});

describe("days of a zone", () => {
  it("has 23 and 25 hours where clocks change", () => {
    const hours = (date: string) => {
      const { from, to } = dayOf(date, ZONE);
      return (to - from) / 3_600_000;
    };
    expect([hours("2026-03-08"), hours("2026-11-01"), hours("2026-11-24")]).toEqual([23, 25, 24]);
  });
  it("finds the minute of an instant and the instant of a minute, on a day with a change too", () => {
    const spring = dayOf("2026-03-08", ZONE);
    expect(minuteAt(spring, instantAtMinute(spring, 600, ZONE), ZONE)).toBe(600);
    expect(dateAt(spring.from, ZONE)).toBe("2026-03-08");
    expect(shiftDate("2026-12-31", 1)).toBe("2027-01-01");
  });
});

describe("lanes", () => {
  it("never draw two overlapping intervals on one lane, and use no more lanes than overlap at once", () => {
    const interval = fc
      .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }))
      .map(([from, length]) => ({ from, to: from + length }));
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 25 }), (intervals) => {
        const { lanes, count } = assignLanes(intervals);
        intervals.forEach((a, i) => intervals.forEach((b, j) => i < j && overlaps(a, b) && expect(lanes[i]).not.toBe(lanes[j])));
        const deepest = Math.max(
          1,
          ...intervals.map(({ from }) => intervals.filter((other) => other.from <= from && from < other.to).length),
        );
        expect(count).toBe(deepest);
      }),
    );
  });
});

describe("the day's rows", () => {
  it("group by team, draw an overlap on a second lane and say it once, at the later bar", () => {
    const groups = layOutSchedule({
      day,
      zone: ZONE,
      technicians: [technician("Dana"), technician("Nate", { team: "Install" })],
      visits: [
        visit("a", "Dana", 780, 75),
        visit("b", "Dana", 795, 75),
        visit("c", "Nate", 480, 60),
        visit("gone", "Dana", 780, 60, { status: "cancelled" }),
      ],
      absences: [],
    });
    expect(groups.map(({ team }) => team)).toEqual(["Install", "Plumbing"]);
    const dana = groups[1]?.rows[0];
    expect(dana?.lanes).toBe(2);
    expect(dana?.bars.map(({ visit: name, lane, overlapMinutes }) => [name, lane, overlapMinutes])).toEqual([
      ["a", 0, 0],
      ["b", 1, 60],
    ]);
  });
  it("take absences off the time that load is a share of", () => {
    const [group] = layOutSchedule({
      day,
      zone: ZONE,
      technicians: [technician("Dana")],
      visits: [visit("a", "Dana", 420, 120)],
      absences: [absence("Dana", 420, 720)],
    });
    expect(group?.rows[0]?.load).toBe(120 / 240);
  });
  it("show what there is with an hour to spare, at least twelve hours, and a usual day when there is nothing", () => {
    const hoursOf = (visits: readonly Visit[]) =>
      shownHours(layOutSchedule({ day, zone: ZONE, technicians: [technician("Dana")], visits, absences: [] }));
    expect([hoursOf([]), hoursOf([visit("a", "Dana", 290, 60)]), hoursOf([visit("a", "Dana", 1380, 60)])]).toEqual([
      [6, 18],
      [3, 17],
      [6, 24],
    ]);
    expect(shownHours([])).toEqual([6, 20]);
  });
});

describe("fit", () => {
  const ask = (from: number, minutes: number, more: object = {}) =>
    misfits({
      span: { from: at(from), to: at(from + minutes) },
      technician: technician("Dana"),
      order: undefined,
      visitId: undefined,
      visits: [],
      absences: [],
      zone: ZONE,
      ...more,
    });
  it("is silent when all is well", () => expect(ask(600, 60)).toEqual([]));
  it("names overlap, absence, hours, skills and the promise, and never the visit itself", () => {
    const order = { skills: ["Gas"], requestedFrom: at(420), requestedTo: at(480) } as unknown as WorkOrder;
    const visits = [visit("a", "Dana", 630, 60), visit("me", "Dana", 600, 60)];
    expect(ask(600, 60, { order, visits, visitId: "me", absences: [absence("Dana", 640, 700)] }).map(({ code }) => code)).toEqual([
      "overlap",
      "absent",
      "skill_missing",
      "window_missed",
    ]);
    expect(ask(930, 60).map(({ code }) => code)).toEqual(["outside_hours"]);
  });
});
