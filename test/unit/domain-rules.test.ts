/**
 * The rules of orders and visits as pure functions: which number is meant, what follows from a status, where a visit goes.
 */
import { describe, expect, test } from "vitest";
import { put } from "../../shared/domain/field-writes.ts";
import { firstFree } from "../../shared/domain/free-time.ts";
import { chooseOrder, compareNumbers, readNumber } from "../../shared/domain/numbers.ts";
import { orderConsequences } from "../../shared/domain/orders.ts";
import { orderIn, technicianIn, visitIn } from "../../shared/domain/read.ts";
import {
  moveVisit,
  orderStatusAfter,
  parseVisitStatus,
  setVisitStatus,
  statusesWith,
  unassignVisit,
  visitToAssign,
} from "../../shared/domain/visits.ts";
import { type EpochMs, parseCollectionId, parseEpochMs, parseRecordId } from "../../shared/ids.ts";

const MINUTE = 60_000;
const at = (ms: number): EpochMs => parseEpochMs(ms)!;
const NINE = at(Date.UTC(2026, 10, 24, 8));
const record = (collection: string, id: string, values: Record<string, unknown>) => ({
  id: parseRecordId(id)!,
  collection: parseCollectionId(collection)!,
  ...values,
});
const order = (values: Record<string, unknown> = {}) => orderIn(record("workOrder", "o1", { number: "A-1", ...values }));
const visit = (values: Record<string, unknown> = {}, id = "v1") => visitIn(record("visit", id, { workOrder: "o1", ...values }));

describe("a typed number", () => {
  test("is read whole or as digits", () => {
    expect(readNumber("a-042")).toEqual({ kind: "whole", number: "A-42" });
    expect(readNumber("A73-1043")).toEqual({ kind: "whole", number: "A73-1043" });
    expect(readNumber("#42")).toEqual({ kind: "digits", digits: "42" });
    expect(["A 42", "a42"].map(readNumber)).toEqual(["A-42", "A-42"].map((number) => ({ kind: "whole", number })));
    expect(readNumber("boiler")).toEqual({ kind: "none" });
  });

  test("means the only one, else one's own, else nobody guesses", () => {
    const all = [{ number: "A-42" }, { number: "AA-42" }, { number: "AB-42" }];
    expect(chooseOrder([], "A")).toEqual({ kind: "none" });
    expect(chooseOrder([{ number: "AB-42" }], "A")).toEqual({ kind: "one", order: { number: "AB-42" } });
    expect(chooseOrder(all, "AA")).toEqual({ kind: "one", order: { number: "AA-42" } });
    expect(chooseOrder(all, "AC")).toMatchObject({ kind: "several" });
    expect(chooseOrder([{ number: "A-42" }, { number: "A-42" }], "A")).toMatchObject({ kind: "several" });
  });

  test("sorts by letters, then by counter", () => {
    const numbers = ["AA-1", null, "A-10", "B-1", "A-9", "A73-2"];
    expect([...numbers].sort(compareNumbers)).toEqual(["A-9", "A-10", "B-1", "AA-1", "A73-2", null]);
  });
});

describe("an order's new status", () => {
  test("says an unusual step as a hint and nothing at a usual one", () => {
    expect(orderConsequences(order({ status: "new" }), [put("status", "done")], []).hints).toMatchObject([{ code: "unusual_step" }]);
    expect(orderConsequences(order({ status: "done" }), [put("status", "closed")], [])).toEqual({ order: [], cancelled: [], hints: [] });
  });

  test("frees only visits that nobody has worked at", () => {
    const visits = [visit({ status: "planned" }, "a"), visit({ status: "working" }, "b"), visit({ status: "done" }, "c")];
    expect(
      orderConsequences(order({ status: "in_progress" }), [put("status", "cancelled"), put("cancelReason", "weather")], visits),
    ).toEqual({
      order: [],
      cancelled: ["a"],
      hints: [],
    });
  });

  test("follows its visits, but leaves a hold, a cancelled and a closed order alone", () => {
    const after = (status: string, ...visits: Parameters<typeof orderStatusAfter>[1][number][]) =>
      orderStatusAfter(order({ status }), visits);
    expect(after("new", "planned")).toBe("scheduled");
    expect(after("scheduled", "cancelled")).toBe("new");
    expect(after("scheduled", "working", "planned")).toBe("in_progress");
    expect(after("in_progress", "done", "planned")).toBe("in_progress");
    expect(after("in_progress", "done")).toBe("done");
    expect(after("in_progress", "done", "no_access")).toBe("new");
    expect(after("on_hold", "planned")).toBe("on_hold");
    expect(after("cancelled", "cancelled")).toBe("cancelled");
    expect(after("closed", "done")).toBe("closed");
    expect(after("cancelled", "planned")).toBe("scheduled");
  });
});

describe("a visit", () => {
  test("that is open and comes first is the one to assign", () => {
    const visits = [
      visit({ status: "done", plannedFrom: 1 }, "a"),
      visit({ status: "planned", plannedFrom: 9 }, "b"),
      visit({ status: "confirmed", plannedFrom: 5 }, "c"),
    ];
    expect(visitToAssign(visits)?.id).toBe("c");
    expect(visitToAssign([visit({ status: "cancelled" })])).toBeUndefined();
  });

  test("keeps its lead while it is among the technicians, else takes the first", () => {
    const held = visit({ technicians: ["t1", "t2"], lead: "t1", status: "planned" });
    const [t2, t3] = [parseRecordId("t2")!, parseRecordId("t3")!];
    expect(moveVisit(held, { technicians: [t3, t2] }).writes).toEqual([
      { kind: "put", path: ["technicians", "t1"], value: false },
      { kind: "put", path: ["technicians", "t3"], value: true },
      put("lead", "t3"),
    ]);
  });

  test("that stays where it is writes nothing, even when dispatched", () => {
    const held = visit({ technicians: ["t1"], plannedFrom: NINE, plannedMinutes: 60, status: "dispatched" });
    expect(moveVisit(held, { plannedFrom: NINE, plannedMinutes: 60 })).toEqual({ writes: [], status: "dispatched", hints: [] });
    expect(moveVisit(held, { plannedMinutes: 90 }).writes).toEqual([
      put("plannedMinutes", 90),
      put("status", "planned"),
      put("changedSinceDispatch", true),
    ]);
  });

  test("reopened forgets its moments, corrected keeps its arrival", () => {
    const done = visit({ status: "done", travelFrom: 1, arrivedAt: 2, finishedAt: 3 });
    expect(setVisitStatus(done, "planned", NINE, "A-1").writes).toEqual([
      put("status", "planned"),
      put("travelFrom", null),
      put("arrivedAt", null),
      put("finishedAt", null),
    ]);
    expect(setVisitStatus(done, "working", NINE, "A-1")).toMatchObject({
      writes: [put("status", "working"), put("finishedAt", null)],
      hints: [],
    });
    expect(setVisitStatus(visit({ status: "planned" }), "done", NINE, "A-1").hints).toMatchObject([{ code: "unusual_step" }]);
  });

  test("that is done can't be unassigned; one under way says that its technician must be told", () => {
    expect(() => unassignVisit(visit({ status: "done" }))).toThrow(expect.objectContaining({ code: "visit_done" }));
    expect(unassignVisit(visit({ status: "travelling" })).hints).toHaveLength(1);
  });

  test("takes its status as people write it", () => {
    expect(parseVisitStatus(" No access ")).toBe("no_access");
    expect(() => parseVisitStatus("gone")).toThrow(expect.objectContaining({ code: "unusable_value" }));
  });

  test("counts by time when the order's status is asked for", () => {
    const visits = [visit({ status: "no_access", plannedFrom: 1 }, "a"), visit({ status: "done", plannedFrom: 2 }, "b")];
    expect(statusesWith(visits, parseRecordId("b")!, "working")).toEqual(["no_access", "working"]);
    expect(statusesWith(visits, parseRecordId("new")!, "planned")).toEqual(["no_access", "done", "planned"]);
  });
});

describe("the first free time", () => {
  const technician = technicianIn(record("technician", "t1", { name: "Dana", workingHours: { 2: [480, 1020] } }));
  const busy = (minute: number, minutes: number, id: string) =>
    visit({ technicians: ["t1"], plannedFrom: NINE + (minute - 540) * MINUTE, plannedMinutes: minutes, status: "planned" }, id);
  const ask = (now: number, minutes: number, visits: ReturnType<typeof busy>[] = [], absences: never[] = []) =>
    (firstFree({ technician, minutes, now: at(NINE + (now - 540) * MINUTE), zone: "Europe/Berlin", visits, absences }) - NINE) / MINUTE +
    540;

  test("is from now on a quarter hour, not before work begins", () => {
    expect(ask(547, 60)).toBe(555);
    expect(ask(300, 60)).toBe(480);
  });

  test("is the first gap that is long enough, else after the last visit", () => {
    const visits = [busy(555, 60, "a"), busy(645, 60, "b")];
    expect(ask(547, 30, visits)).toBe(615);
    expect(ask(547, 60, visits)).toBe(705);
    expect(ask(547, 60, [busy(540, 900, "c")])).toBe(1440);
  });
});
