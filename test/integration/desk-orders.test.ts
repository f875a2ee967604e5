/**
 * Orders and visits through the desk, over a real file: what the board and the command line ask, what they are answered, and
 * what is still there after a restart.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { collection } from "../../main/desk/context.ts";
import type { RecordId } from "../../shared/ids.ts";
import { at, MORNING, makeOrder, makeTechnician, openTestDesk, type TestDesk } from "./desk-fixture.ts";

const HOUR = 3_600_000;
const CUSTOMER = collection("customer");

let desk: TestDesk;
beforeEach(async () => {
  desk = await openTestDesk();
});
afterEach(() => desk.close());

const visitsOf = async (order: RecordId): Promise<readonly Record<string, unknown>[]> => {
  const record = await desk.call("order.get", { order });
  return record["visits"] as readonly Record<string, unknown>[];
};

describe("an order", () => {
  test("is made with the next number and the usual defaults, and is there after a restart", async () => {
    const order = await makeOrder(desk, { tags: ["gas"], requestedFrom: "2026-11-24 14:30", estimatedMinutes: "1 h 30" });
    expect(order).toMatchObject({
      number: "A-1",
      status: "new",
      priority: "normal",
      tags: ["gas"],
      requestedFrom: Date.UTC(2026, 10, 24, 13, 30),
      estimatedMinutes: 90,
      visits: [],
      notes: "",
    });
    await makeOrder(desk);
    desk.reopen();
    const list = await desk.call("order.list", {});
    expect(list.map(({ number }) => number)).toEqual(["A-1", "A-2"]);
  });

  test("is shown as it was with a visit that was deleted since", async () => {
    const order = await makeOrder(desk);
    await makeTechnician(desk, "Dana Meier");
    await desk.call("order.assign", { order: order.id, technician: "dana", at: at(MORNING + HOUR) });
    const [visit] = await visitsOf(order.id);
    const then = desk.time;
    desk.time = at(then + HOUR);
    await desk.call("record.delete", { record: visit?.["id"] as RecordId });
    expect(await visitsOf(order.id)).toEqual([]);
    desk.time = at(then + 2 * HOUR);
    expect(await desk.call("order.asOf", { order: order.id, at: then })).toMatchObject({ visits: [{ id: visit?.["id"] }] });
    expect(await desk.call("order.asOf", { order: order.id, at: desk.time })).toMatchObject({ visits: [] });
  });

  test("is found by id, whole number and digits; a number that is not there says so", async () => {
    const order = await makeOrder(desk);
    for (const ref of [order.id, "A-1", "a-1", "1", "#1", "A-01"]) expect((await desk.call("order.get", { order: ref })).id).toBe(order.id);
    await expect(desk.call("order.get", { order: "A-7" })).rejects.toMatchObject({ code: "not_found" });
  });

  test("is found by its words, its notes' and its customer's, slips forgiven, also after a restart", async () => {
    const customer = await desk.call("record.create", { collection: CUSTOMER, values: { name: "Schneider & Söhne" } });
    const one = await makeOrder(desk, { title: "Boiler leaks", customer: customer.record.id });
    const two = await makeOrder(desk, { title: "Boiler inspection" });
    await desk.call("order.note", { order: two.id, text: "The key hangs behind the gutter." });
    const find = async (text: string) => (await desk.call("order.search", { text })).map(({ id }) => id);
    for (const isReopened of [false, true]) {
      if (isReopened) desk.reopen();
      expect(await find("boil")).toEqual([two.id, one.id]);
      expect(await find("GUTTER")).toEqual([two.id]);
      expect(await find("schnieder")).toEqual([one.id]);
      expect(await find("a-2")).toEqual([two.id]);
      expect(await find("roof")).toEqual([]);
    }
    expect(await desk.call("order.search", { text: "boiler", limit: 1 })).toHaveLength(1);
  });

  test("is found by its state, the last made of all asked states first, also where the answer is cut", async () => {
    const made: string[] = [];
    for (const status of ["new", "on_hold", "new", "on_hold"]) {
      const order = await makeOrder(desk);
      if (status !== "new") await desk.call("order.set", { order: order.id, values: { status } });
      made.unshift(order.id);
      desk.time = at(desk.time + 1);
    }
    const find = async (text: string, limit: number) => (await desk.call("order.search", { text, limit })).map(({ id }) => id);
    expect(await find("status:new,hold", 10)).toEqual(made);
    expect(await find("status:new,hold", 2)).toEqual(made.slice(0, 2));
    expect(await find("status:hold", 1)).toEqual(made.slice(0, 1));
  });

  test("refuses unknown fields, unusable values and a number of one's own", async () => {
    const order = await makeOrder(desk);
    await expect(desk.call("order.set", { order: order.id, values: { colour: "red" } })).rejects.toMatchObject({ code: "unknown_field" });
    await expect(desk.call("order.set", { order: order.id, values: { priority: "hot" } })).rejects.toMatchObject({
      code: "unusable_value",
      advice: expect.stringContaining("low, normal, high, urgent"),
    });
    await expect(desk.call("order.set", { order: order.id, values: { title: "" } })).rejects.toMatchObject({ code: "unusable_value" });
    await expect(desk.call("order.set", { order: order.id, values: { number: "A-9" } })).rejects.toMatchObject({ code: "unusable_value" });
    await expect(desk.call("order.create", { values: {} })).rejects.toMatchObject({ code: "unusable_value" });
  });

  test("takes sets as changes and as a whole, clears by an empty value, and keeps quiet when nothing changes", async () => {
    const order = await makeOrder(desk, { tags: ["a", "b"], territory: "North" });
    const set = async (values: Record<string, string | string[] | null>) =>
      (await desk.call("order.set", { order: order.id, values })).record;
    expect(await set({ tags: "+c,-a" })).toMatchObject({ tags: ["b", "c"] });
    expect(await set({ tags: ["VBZ/ÖV"] })).toMatchObject({ tags: ["VBZ/ÖV"] });
    expect(await set({ tags: "", territory: "" })).toMatchObject({ tags: [], territory: null });
    const before = desk.store.ownSeq();
    await set({ priority: "normal", territory: null });
    expect(desk.store.ownSeq()).toBe(before);
  });

  test("remembers where a hold came from and forgets it on leaving", async () => {
    const order = await makeOrder(desk, { status: "in_progress" });
    const held = await desk.call("order.set", { order: order.id, values: { status: "on_hold", holdReason: "parts" } });
    expect(held.record).toMatchObject({ status: "on_hold", heldFrom: "in_progress", holdReason: "parts" });
    const back = await desk.call("order.set", { order: order.id, values: { status: "in_progress" } });
    expect(back.record).toMatchObject({ status: "in_progress", heldFrom: null, holdReason: null });
  });

  test("takes an unusual step with a hint, never a refusal", async () => {
    const order = await makeOrder(desk);
    const written = await desk.call("order.set", { order: order.id, values: { status: "closed" } });
    expect(written.record["status"]).toBe("closed");
    expect(written.hints.map(({ code }) => code)).toEqual(["unusual_step"]);
  });

  test("is deleted with its visits and comes back with them", async () => {
    const order = await makeOrder(desk);
    await makeTechnician(desk, "Dana Meier");
    await desk.call("order.assign", { order: order.id, technician: "dana" });
    await desk.call("order.delete", { order: "1" });
    await expect(desk.call("order.get", { order: "1" })).rejects.toMatchObject({ code: "not_found" });
    expect((await desk.call("trash.list", {})).map(({ id }) => id)).toEqual([order.id]);
    expect(desk.of("records.changed").at(-1)?.gone).toHaveLength(2);
    const back = await desk.call("order.restore", { order: "1" });
    expect(back.record).toMatchObject({ id: order.id, status: "scheduled" });
    expect(await visitsOf(order.id)).toHaveLength(1);
    expect(await desk.call("trash.list", {})).toEqual([]);
  });

  test("changes with others as one action that one undo takes back", async () => {
    const orders = await Promise.all(Array.from({ length: 30 }, () => makeOrder(desk)));
    const done = await desk.call("order.setMany", { orders: orders.map(({ id }) => id), values: { priority: "urgent", tags: "+rush" } });
    expect(done.orders).toBe(30);
    expect((await desk.call("order.list", {})).every(({ priority }) => priority === "urgent")).toBe(true);
    expect(await desk.call("undo", { action: done.action })).toMatchObject({ undone: true });
    expect(
      (await desk.call("order.list", {})).every(({ priority, tags }) => priority === "normal" && (tags as string[]).length === 0),
    ).toBe(true);
  });

  test("keeps a checklist whose items two people tick apart", async () => {
    const order = await makeOrder(desk, { checklist: [{ label: "Shut the valve" }, { label: "Test" }] });
    const [first, second] = order["checklist"] as { id: string; label: string; kind: string }[];
    expect([first?.label, second?.label, first?.kind]).toEqual(["Shut the valve", "Test", "tick"]);
    const ticked = await desk.call("order.set", {
      order: order.id,
      values: { checklist: [{ ...first, value: true }, { ...second }] as never },
    });
    expect(ticked.record["checklist"]).toMatchObject([
      { id: first?.id, value: true },
      { id: second?.id, value: null },
    ]);
    const more = await desk.call("order.set", { order: order.id, values: { checklist: "+Clean up,-Test" } });
    expect((more.record["checklist"] as { label: string }[]).map(({ label }) => label)).toEqual(["Shut the valve", "Clean up"]);
  });
});

describe("a visit", () => {
  test("is made by assigning, and the order follows in the same change", async () => {
    const order = await makeOrder(desk, { estimatedMinutes: 90 });
    const dana = await makeTechnician(desk, "Dana Meier");
    const before = desk.store.ownSeq();
    const written = await desk.call("order.assign", { order: "1", technician: "meier", at: "10:00" });
    expect(desk.store.ownSeq()).toBe(before + 1);
    expect(written.record).toMatchObject({ status: "scheduled" });
    expect(await visitsOf(order.id)).toMatchObject([
      {
        technicians: [dana.id],
        technicianNames: ["Dana Meier"],
        lead: dana.id,
        status: "planned",
        plannedFrom: Date.UTC(2026, 10, 24, 9),
        plannedMinutes: 90,
      },
    ]);
  });

  test("takes the first free time of today when none is named", async () => {
    await makeTechnician(desk, "Dana Meier", { workingHours: { 2: [480, 1020] } });
    for (const [n, hour] of [
      [1, 9.25],
      [2, 10.25],
      [3, 11.25],
    ] as const) {
      const order = await makeOrder(desk);
      const { hints } = await desk.call("order.assign", { order: String(n), technician: "Dana Meier" });
      expect(hints).toEqual([]);
      expect(await visitsOf(order.id)).toMatchObject([{ plannedFrom: Date.UTC(2026, 10, 24, 0) + (hour - 1) * HOUR }]);
    }
  });

  test("is handed over instead of doubled when the order has one already", async () => {
    const order = await makeOrder(desk);
    await makeTechnician(desk, "Dana Meier");
    const omar = await makeTechnician(desk, "Omar Haddad");
    await desk.call("order.assign", { order: "1", technician: "dana", at: "10:00" });
    await desk.call("order.assign", { order: "1", technician: "omar" });
    expect(await visitsOf(order.id)).toMatchObject([{ technicians: [omar.id], plannedFrom: Date.UTC(2026, 10, 24, 9) }]);
    await desk.call("order.assign", { order: "1", technician: "+dana" });
    expect((await visitsOf(order.id))[0]?.["technicianNames"]).toHaveLength(2);
    await desk.call("order.assign", { order: "1", technician: "dana", visit: "new" });
    expect(await visitsOf(order.id)).toHaveLength(2);
  });

  test("says overlap, absence and hours as hints and stands all the same", async () => {
    const dana = await makeTechnician(desk, "Dana Meier", { workingHours: { 2: [480, 1020] } });
    await makeOrder(desk);
    await makeOrder(desk);
    await desk.call("record.create", {
      collection: "absence" as never,
      values: { technicians: [dana.id], from: "2026-11-24 17:30", to: "2026-11-24 19:00", kind: "training" },
    });
    await desk.call("order.assign", { order: "1", technician: "dana", at: "10:00" });
    const overlap = await desk.call("order.assign", { order: "2", technician: "dana", at: "10:30" });
    expect(overlap.hints).toMatchObject([{ code: "overlap", text: expect.stringContaining("A-1") }]);
    const [visit] = await visitsOf(overlap.record.id);
    const late = await desk.call("visit.move", { visit: visit?.["id"] as RecordId, plannedFrom: at(MORNING + 9 * HOUR) });
    expect(late.hints.map(({ code }) => code).sort()).toEqual(["absent", "outside_hours"]);
    expect(late.record["plannedFrom"]).toBe(MORNING + 9 * HOUR);
  });

  test("goes back to planned when it is moved after dispatch", async () => {
    const order = await makeOrder(desk);
    await makeTechnician(desk, "Dana Meier");
    await desk.call("order.assign", { order: "1", technician: "dana", at: "10:00" });
    const visit = (await visitsOf(order.id))[0]?.["id"] as RecordId;
    const sent = await desk.call("visit.setStatus", { visit, status: "dispatched" });
    expect(sent.record).toMatchObject({ status: "dispatched", dispatchedAt: MORNING });
    const moved = await desk.call("visit.move", { visit, plannedFrom: at(MORNING + 3 * HOUR) });
    expect(moved.record).toMatchObject({ status: "planned", changedSinceDispatch: true });
    expect(moved.hints.map(({ code }) => code)).toContain("changed_since_dispatch");
    expect((await desk.call("visit.setStatus", { visit, status: "dispatched" })).record).toMatchObject({ changedSinceDispatch: false });
  });

  test("stamps its moments and carries the order along", async () => {
    const order = await makeOrder(desk);
    await makeTechnician(desk, "Dana Meier");
    await desk.call("order.assign", { order: "1", technician: "dana", at: "10:00" });
    const visit = (await visitsOf(order.id))[0]?.["id"] as RecordId;
    const step = async (status: string, minutes: number) => {
      desk.time = at(MORNING + minutes * 60_000);
      await desk.call("visit.setStatus", { visit, status });
      return (await desk.call("order.get", { order: "1" }))["status"];
    };
    await step("dispatched", 0);
    expect(await step("travelling", 5)).toBe("in_progress");
    expect(await step("working", 25)).toBe("in_progress");
    expect(await step("done", 85)).toBe("done");
    expect(await visitsOf(order.id)).toMatchObject([
      { travelFrom: MORNING + 5 * 60_000, arrivedAt: MORNING + 25 * 60_000, finishedAt: MORNING + 85 * 60_000 },
    ]);
    await expect(desk.call("visit.unassign", { visit })).rejects.toMatchObject({ code: "visit_done" });
  });

  test("goes back to the tray when unassigned, its order to new", async () => {
    const order = await makeOrder(desk);
    await makeTechnician(desk, "Dana Meier");
    await desk.call("order.assign", { order: "1", technician: "dana", at: "10:00" });
    const visit = (await visitsOf(order.id))[0]?.["id"] as RecordId;
    await desk.call("visit.unassign", { visit });
    expect(await desk.call("order.get", { order: "1" })).toMatchObject({ status: "new" });
    expect(await desk.call("undo", {})).toMatchObject({ undone: true, label: "Unassign A-1" });
    expect(await visitsOf(order.id)).toMatchObject([{ status: "planned" }]);
    expect(await desk.call("order.get", { order: "1" })).toMatchObject({ status: "scheduled" });
  });

  test("is freed when its order is cancelled, and undo brings both back", async () => {
    const order = await makeOrder(desk);
    await makeTechnician(desk, "Dana Meier");
    await desk.call("order.assign", { order: "1", technician: "dana", at: "10:00" });
    await desk.call("order.set", { order: "1", values: { status: "cancelled", cancelReason: "customer" } });
    expect(await visitsOf(order.id)).toMatchObject([{ status: "cancelled" }]);
    await desk.call("undo", {});
    expect(await visitsOf(order.id)).toMatchObject([{ status: "planned" }]);
    expect(await desk.call("order.get", { order: "1" })).toMatchObject({ status: "scheduled", cancelReason: null });
  });
});

describe("undo", () => {
  test("works over a restart, says what it took back, and can be done again", async () => {
    await makeOrder(desk);
    await desk.call("order.set", { order: "1", values: { priority: "high" } });
    desk.reopen();
    expect(await desk.call("undo", {})).toMatchObject({ undone: true, label: "Change priority of A-1" });
    expect(await desk.call("order.get", { order: "1" })).toMatchObject({ priority: "normal" });
    expect(await desk.call("redo", {})).toMatchObject({ undone: true });
    expect(await desk.call("order.get", { order: "1" })).toMatchObject({ priority: "high" });
  });

  test("step by step takes a whole order back", async () => {
    await makeOrder(desk);
    await makeTechnician(desk, "Dana Meier");
    await desk.call("order.set", { order: "1", values: { priority: "high" } });
    await desk.call("order.assign", { order: "1", technician: "dana" });
    for (let n = 0; n < 4; n++) expect(await desk.call("undo", {})).toMatchObject({ undone: true, kept: [] });
    expect(await desk.call("order.list", {})).toEqual([]);
    expect(await desk.call("undo", {})).toMatchObject({ undone: false });
  });
});

describe("the board", () => {
  test("hears of a change right after the commit", async () => {
    const order = await makeOrder(desk);
    expect(desk.of("records.changed")).toMatchObject([{ changed: [{ id: order.id, number: "A-1" }], gone: [], by: { kind: "here" } }]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(desk.of("undo.changed").at(-1)).toEqual({ undo: "Create “Boiler”", redo: null });
    expect(desk.of("sync.status").at(-1)).toMatchObject({ unseen: 1 });
  });

  test("loads every live record of its collections", async () => {
    await makeOrder(desk);
    await makeTechnician(desk, "Dana Meier");
    const board = await desk.call("board.load", {});
    expect(board.zone).toBe("Europe/Berlin");
    expect(board.records.map(({ collection }) => collection).sort()).toEqual(["technician", "workOrder"]);
  });
});
