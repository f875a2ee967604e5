/** What boards hold and hear: unfinished work and the last days from the start, all else when it is asked for, and nothing of the rest. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RecordId } from "../../shared/ids.ts";
import type { RecordData } from "../../shared/ipc/answers.ts";
import type { Output } from "../../shared/ipc/contract.ts";
import { at, carry, joinTestDesk, MORNING, makeOrder, makeTechnician, openTestDesk, type TestDesk } from "./desk-fixture.ts";

const DAY = 86_400_000;

describe("a board", () => {
  let desk: TestDesk;
  beforeEach(async () => {
    desk = await openTestDesk();
  });
  afterEach(() => desk.close());

  const load = async (): Promise<readonly RecordId[]> => (await desk.call("board.load", {})).records.map(({ id }) => id);
  const finish = (order: RecordData, status = "closed") => desk.call("order.set", { order: order.id, values: { status } });
  const idOf = ({ id }: RecordData): RecordId => id;
  /** What was told since the last time: ids changed, ids gone. */
  const told = () => {
    const events = desk.of("records.changed");
    desk.heard.length = 0;
    return { changed: events.flatMap(({ changed }) => changed.map(idOf)), gone: events.flatMap(({ gone }) => gone) };
  };
  /** An order of a customer, planned for a technician at a time and finished, with the records it needs. */
  const past = async (when: number, technician: RecordData, status = "closed") => {
    const customer = (await desk.call("record.create", { collection: "customer" as never, values: { name: `Customer ${when}` } })).record;
    const order = await makeOrder(desk, { title: `Job ${when}`, customer: customer.id });
    await desk.call("order.assign", { order: order.id, technician: technician.id, at: at(when) });
    const full = await finish(order, status);
    const [visit] = full.record["visits"] as readonly RecordData[];
    return { customer, order, visit: visit ?? expect.fail("no visit") };
  };

  it("starts with what is not finished whenever it is planned, and with what is finished of the last days", async () => {
    const meier = await makeTechnician(desk, "Meier");
    const open = await past(MORNING - 300 * DAY, meier, "on_hold");
    const recent = await past(MORNING - 3 * DAY, meier);
    const old = await past(MORNING - 30 * DAY, meier);
    const wanted = await makeOrder(desk, { title: "wanted", requestedFrom: MORNING + 400 * DAY });
    const dropped = await makeOrder(desk, { title: "dropped", dueBy: MORNING - 2 * DAY });
    await finish(dropped, "cancelled");
    const undated = await makeOrder(desk, { title: "undated" });
    await finish(undated, "done");
    const gone = await makeOrder(desk, { title: "closed without a day" });
    await finish(gone);
    desk.reopen();
    const held = new Set(await load());
    for (const { id } of [meier, open.order, open.visit, recent.order, recent.visit, wanted, dropped, undated]) expect(held).toContain(id);
    // Customers are few here: all of them are there.
    for (const { customer } of [open, recent, old]) expect(held).toContain(customer.id);
    for (const { id } of [old.order, old.visit, gone]) expect(held).not.toContain(id);
  });

  it("hears of what enters, changes within it and leaves, and of nothing else", async () => {
    const meier = await makeTechnician(desk, "Meier");
    const old = await past(MORNING - 30 * DAY, meier);
    desk.reopen();
    await load();
    told();
    await desk.call("order.set", { order: old.order.id, values: { title: "not looked at" } });
    await desk.call("record.set", { record: old.visit.id, values: { outcome: "not looked at" } });
    expect(told()).toEqual({ changed: [], gone: [] });
    // Opened again it enters, with its visit.
    await desk.call("order.set", { order: old.order.id, values: { status: "done" } });
    expect(told()).toEqual({ changed: [], gone: [] });
    await desk.call("order.set", { order: old.order.id, values: { status: "in_progress" } });
    expect(told().changed).toEqual([old.order.id, old.visit.id]);
    // Closed again it stays in sight and is followed.
    await finish(old.order);
    await desk.call("order.set", { order: old.order.id, values: { title: "looked at" } });
    expect(told()).toEqual({ changed: [old.order.id, old.order.id], gone: [] });
    await desk.call("order.delete", { order: old.order.id });
    expect(new Set(told().gone)).toEqual(new Set([old.order.id, old.visit.id]));
    await desk.call("order.restore", { order: old.order.id });
    expect(told()).toEqual({ changed: [], gone: [] });
  });

  it("gets a day long past whole when it asks for it, and what is planned there later", async () => {
    const meier = await makeTechnician(desk, "Meier");
    const when = MORNING - 40 * DAY;
    const old = await past(when, meier);
    const other = await past(when - 20 * DAY, meier);
    desk.reopen();
    await load();
    const records = await desk.call("board.days", { from: at(when - DAY / 2), to: at(when + DAY / 2) });
    expect(new Set(records.map(idOf))).toEqual(new Set([old.order.id, old.visit.id, old.customer.id]));
    told();
    await desk.call("visit.move", { visit: other.visit.id, plannedFrom: at(when) });
    expect(new Set(told().changed)).toEqual(new Set([other.order.id, other.visit.id]));
  });

  it("finds old orders and follows them, also by their customer; pages through all of them", async () => {
    const meier = await makeTechnician(desk, "Meier");
    const old = await past(MORNING - 30 * DAY, meier);
    desk.reopen();
    await load();
    const found = await desk.call("board.find", { text: old.customer["name"] as string });
    expect(found.orders).toEqual([old.order.id]);
    expect(new Set(found.records.map(idOf))).toEqual(new Set([old.order.id, old.visit.id, old.customer.id]));
    told();
    await desk.call("order.set", { order: old.order.id, values: { title: "followed" } });
    expect(told().changed).toEqual([old.order.id]);
    const made: RecordId[] = [];
    for (let n = 0; n < 5; n++) {
      desk.time = at(MORNING + n + 1);
      const order = await makeOrder(desk, { title: `number ${n}` });
      made.push(order.id);
      await finish(order);
    }
    desk.reopen();
    const pages: RecordId[][] = [];
    for (let before: RecordId | null = null, n = 0; n === 0 || before !== null; n++) {
      const page: Output<"board.orders"> = await desk.call("board.orders", { before, limit: 2 });
      pages.push(page.records.filter(({ collection }) => collection === "workOrder").map(idOf));
      before = page.before;
    }
    expect(pages.flat()).toEqual([...made.toReversed(), old.order.id]);
    expect(pages.length).toBe(4);
  });

  it("lets go, after a day, of what nobody looks at any more", async () => {
    const meier = await makeTechnician(desk, "Meier");
    const old = await past(MORNING - 30 * DAY, meier);
    const recent = await past(MORNING - 8 * DAY + 1000, meier);
    desk.reopen();
    await load();
    await desk.call("board.take", { records: [old.order.id] });
    told();
    desk.time = at(MORNING + DAY + 1);
    const order = await makeOrder(desk);
    const heard = told();
    expect(heard.changed).toEqual([order.id]);
    expect(new Set(heard.gone)).toEqual(new Set([old.order.id, old.visit.id, recent.order.id, recent.visit.id]));
  });

  it("hears the same of what another desk did, in whatever order it comes", async () => {
    const other = await joinTestDesk(desk, "Yard");
    try {
      await load();
      told();
      const technician = await makeTechnician(other, "Kowalski");
      const order = await makeOrder(other, { title: "elsewhere" });
      await other.call("order.assign", { order: order.id, technician: technician.id, at: at(MORNING) });
      const closed = await makeOrder(other, { title: "closed elsewhere" });
      await other.call("order.set", { order: closed.id, values: { status: "closed" } });
      carry(other, desk, 1);
      const { changed } = told();
      expect(changed).toContain(technician.id);
      expect(changed).toContain(order.id);
      expect(changed).not.toContain(closed.id);
      expect(desk.store.row(closed.id)).toBeDefined();
    } finally {
      other.close();
    }
  });
});

describe("finding orders", () => {
  let desk: TestDesk;
  beforeEach(async () => {
    desk = await openTestDesk();
  });
  afterEach(() => desk.close());
  const find = async (text: string, limit?: number) =>
    (await desk.call("order.search", { text, ...(limit === undefined ? {} : { limit }) })).map(({ title }) => title);

  it("goes by words, status, technician and day, alone and together", async () => {
    const meier = await makeTechnician(desk, "Anna Meier");
    const kowalski = await makeTechnician(desk, "Kowalski");
    const customer = (await desk.call("record.create", { collection: "customer" as never, values: { name: "Schneider Heating" } })).record;
    const boiler = await makeOrder(desk, { title: "Boiler", customer: customer.id });
    const pump = await makeOrder(desk, { title: "Pump" });
    const roof = await makeOrder(desk, { title: "Roof", dueBy: at(MORNING + DAY) });
    await desk.call("order.assign", { order: boiler.id, technician: meier.id, at: at(MORNING) });
    await desk.call("order.assign", { order: pump.id, technician: kowalski.id, at: at(MORNING + DAY) });
    await desk.call("order.set", { order: pump.id, values: { status: "on_hold", holdReason: "parts" } });
    expect(await find("@meier")).toEqual(["Boiler"]);
    expect(await find("@nobody")).toEqual([]);
    expect(await find("on:today")).toEqual(["Boiler"]);
    expect((await find("on:tomorrow")).toSorted()).toEqual(["Pump", "Roof"]);
    expect(await find("on:tomorrow @kow")).toEqual(["Pump"]);
    expect(await find("status:hold")).toEqual(["Pump"]);
    expect(await find("status:new,hold")).toEqual(["Roof", "Pump"]);
    expect(await find("status:new on:week")).toEqual(["Roof"]);
    expect(await find("boil @meier on:today")).toEqual(["Boiler"]);
    expect(await find("boil @kow")).toEqual([]);
    expect(await find("schneider boil")).toEqual(["Boiler"]);
    expect(await find("heat schneid")).toEqual(["Boiler"]);
    expect(await find("status:new,hold", 1)).toHaveLength(1);
    expect(roof.id).toBeDefined();
  });
});

describe("a saved filter", () => {
  it("is a record that every board has, also after a restart, and that is undone like all else", async () => {
    const desk = await openTestDesk();
    try {
      const filter = { text: "@meier status:hold", chip: null };
      const saved = await desk.call("record.create", {
        collection: "savedView" as never,
        values: { name: "Mine", kind: "orders", filter },
      });
      expect(desk.of("records.changed").flatMap(({ changed }) => changed)).toMatchObject([{ name: "Mine", filter }]);
      desk.reopen();
      const held = async () => (await desk.call("board.load", {})).records.map(({ id }) => id);
      expect(await held()).toContain(saved.record.id);
      await desk.call("record.delete", { record: saved.record.id });
      expect(await held()).not.toContain(saved.record.id);
      await desk.call("undo", {});
      expect(await held()).toContain(saved.record.id);
    } finally {
      desk.close();
    }
  });
});
