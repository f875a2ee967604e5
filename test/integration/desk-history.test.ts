/** What the history of an order tells: its visits' changes among its own, deletions, deleted orders, and other records. */
import { afterEach, expect, test } from "vitest";
import { at, MORNING, makeOrder, makeTechnician, openTestDesk, type TestDesk } from "./desk-fixture.ts";

const desks: TestDesk[] = [];
afterEach(() => {
  for (const desk of desks.splice(0)) desk.close();
});
const open = async (): Promise<TestDesk> => {
  const desk = await openTestDesk();
  desks.push(desk);
  return desk;
};

test("an order's history tells of its visits too, the latest first", async () => {
  const desk = await open();
  const order = await makeOrder(desk);
  await makeTechnician(desk, "Dana");
  desk.time = at(MORNING + 60_000);
  await desk.call("order.assign", { order: "1", technician: "Dana" });
  const [visit] = (await desk.call("order.get", { order: "1" }))["visits"] as { readonly id: string }[];
  desk.time = at(MORNING + 120_000);
  await desk.call("record.set", { record: visit?.id as never, values: { plannedMinutes: 45 } });
  desk.time = at(MORNING + 180_000);
  await desk.call("order.set", { order: "1", values: { priority: "urgent" } });
  const lines = await desk.call("record.history", { record: "A-1", limit: 50 });
  expect(lines.slice(0, 2)).toMatchObject([
    { visit: null, field: "priority", to: "urgent" },
    { visit: visit?.id, field: "plannedMinutes", to: 45 },
  ]);
  expect(lines).toContainEqual(expect.objectContaining({ visit: visit?.id, field: expect.stringMatching(/^technicians\//), to: true }));
  expect(lines.map((line) => line.at)).toEqual(lines.map((line) => line.at).toSorted((a, b) => b - a));
  expect(await desk.call("record.history", { record: order.id, limit: 2 })).toEqual(lines.slice(0, 2));
  expect(await desk.call("record.history", { record: visit?.id ?? "", limit: 50 })).toMatchObject([
    { visit: null, field: "plannedMinutes" },
    ...Array.from({ length: lines.filter((line) => line.visit !== null).length - 1 }, () => ({ visit: null })),
  ]);
});

test("who deleted an order and brought it back is told, also while it is deleted", async () => {
  const desk = await open();
  await makeOrder(desk);
  desk.time = at(MORNING + 60_000);
  await desk.call("order.delete", { order: "1" });
  expect((await desk.call("record.history", { record: "1", limit: 1 }))[0]).toMatchObject({ field: "deleted", deviceName: "Front desk" });
  desk.time = at(MORNING + 120_000);
  await desk.call("order.restore", { order: "1" });
  expect((await desk.call("record.history", { record: "1", limit: 1 }))[0]).toMatchObject({ field: "restored" });
  await expect(desk.call("record.history", { record: "77", limit: 1 })).rejects.toMatchObject({ code: "not_found" });
});
