/**
 * The first minute of a desk and who may do what in it: founding, the demo, joining, roles, invitations, numbers of several desks,
 * and what the status bar is told.
 */
import { afterEach, describe, expect, test } from "vitest";
import type { SyncStatus as WorkerStatus } from "../../main/sync/port.ts";
import { AppError } from "../../shared/errors.ts";
import { parseDeviceId } from "../../shared/ids.ts";
import { at, carry, joinTestDesk, MORNING, makeOrder, makeTechnician, openTestDesk, type TestDesk } from "./desk-fixture.ts";

const desks: TestDesk[] = [];
afterEach(() => {
  for (const desk of desks.splice(0)) desk.close();
});
const kept = async (desk: Promise<TestDesk>): Promise<TestDesk> => {
  const opened = await desk;
  desks.push(opened);
  return opened;
};

describe("a fresh profile", () => {
  test("says that it is fresh and refuses work until it has a workspace", async () => {
    const desk = await kept(openTestDesk({ fresh: true }));
    expect(await desk.call("desk.info", {})).toMatchObject({ phase: "fresh", workspace: null, role: null, letters: null });
    expect((await desk.call("board.load", {})).records).toEqual([]);
    await expect(makeOrder(desk)).rejects.toMatchObject({ code: "no_workspace" });
  });

  test("founds a workspace once, in a zone that exists", async () => {
    const desk = await kept(openTestDesk({ fresh: true }));
    await expect(desk.call("desk.found", { way: "new", zone: "Mars/Olympus" })).rejects.toMatchObject({ code: "unusable_value" });
    const info = await desk.call("desk.found", { way: "new", workspaceName: "Larch", deviceName: "Front", zone: "America/New_York" });
    expect(info).toMatchObject({
      phase: "ready",
      role: "admin",
      letters: "A",
      deviceName: "Front",
      workspace: { name: "Larch", zone: "America/New_York" },
    });
    expect(desk.of("desk.changed").at(-1)).toEqual(info);
    await expect(desk.call("desk.found", { way: "demo" })).rejects.toMatchObject({ code: "workspace_exists" });
    desk.reopen();
    expect(await desk.call("desk.info", {})).toEqual(info);
    expect(desk.store.log.replicaLines().map(({ replica }) => replica)).toEqual([desk.store.replica]);
  });

  test("makes the demo by ordinary commits, which undo passes over", async () => {
    const desk = await kept(openTestDesk({ fresh: true }));
    await desk.call("desk.found", { way: "demo", zone: "Europe/Berlin" });
    expect(await desk.call("order.list", {})).toHaveLength(200);
    expect(await desk.call("order.get", { order: "42" })).toMatchObject({ number: "A-42", status: "scheduled" });
    expect((await desk.call("technician.list", {})).length).toBe(12);
    expect(await desk.call("undo", {})).toMatchObject({ undone: false });
    const [last] = desk.of("import.progress").slice(-1);
    expect(last?.done).toBe(last?.total);
  });

  test("joins only while it holds no work of its own, and then touches nothing", async () => {
    const desk = await kept(openTestDesk());
    await makeOrder(desk);
    await desk.call("order.delete", { order: "1" });
    await expect(desk.call("desk.join", { code: "AAAAA-AAAAA" })).rejects.toMatchObject({ code: "workspace_not_empty" });
    expect(desk.sync.asked).toEqual([]);
  });
});

describe("several desks", () => {
  test("number orders by their own letters, and a bare number means one's own", async () => {
    const desk = await kept(openTestDesk());
    const yard = await kept(joinTestDesk(desk, "Yard"));
    await makeOrder(desk, { title: "Ours" });
    await makeOrder(yard, { title: "Theirs" });
    carry(desk, yard);
    carry(yard, desk);
    expect((await desk.call("order.list", {})).map(({ number }) => number)).toEqual(["A-1", "AA-1"]);
    expect(await desk.call("order.get", { order: "1" })).toMatchObject({ title: "Ours" });
    expect(await yard.call("order.get", { order: "1" })).toMatchObject({ title: "Theirs" });
    expect(await yard.call("order.get", { order: "a-1" })).toMatchObject({ title: "Ours" });
    const depot = await kept(joinTestDesk(desk, "Depot"));
    await expect(depot.call("order.get", { order: "1" })).rejects.toMatchObject({
      code: "ambiguous_number",
      advice: expect.stringMatching(/A-1.*AA-1/),
    });
  });

  test("keep both edits of one order, and undo leaves what another wrote later", async () => {
    const desk = await kept(openTestDesk());
    await makeOrder(desk);
    const yard = await kept(joinTestDesk(desk, "Yard"));
    await desk.call("order.set", { order: "1", values: { priority: "high", territory: "North" } });
    carry(desk, yard);
    yard.time = at(MORNING + 60_000);
    await yard.call("order.set", { order: "1", values: { priority: "urgent" } });
    carry(yard, desk);
    const undone = await desk.call("undo", {});
    expect(undone).toMatchObject({ undone: true, kept: [{ number: "A-1", field: "priority" }] });
    expect(await desk.call("order.get", { order: "1" })).toMatchObject({ priority: "urgent", territory: null });
  });

  test("tell in the history who wrote what", async () => {
    const desk = await kept(openTestDesk());
    const order = await makeOrder(desk);
    const yard = await kept(joinTestDesk(desk, "Yard"));
    yard.time = at(MORNING + 60_000);
    await yard.call("order.set", { order: "1", values: { priority: "urgent" } });
    carry(yard, desk);
    const lines = await desk.call("record.history", { record: order.id, limit: 50 });
    expect(lines[0]).toMatchObject({ deviceName: "Yard", field: "priority", from: "normal", to: "urgent", won: true });
    expect(lines.at(-1)).toMatchObject({ deviceName: "Front desk" });
  });

  test("let a viewer read and write nothing", async () => {
    const desk = await kept(openTestDesk());
    const order = await makeOrder(desk);
    await makeTechnician(desk, "Dana");
    const wall = await kept(joinTestDesk(desk, "Wall", "viewer"));
    expect(await wall.call("order.get", { order: "1" })).toMatchObject({ title: "Boiler" });
    const before = wall.store.fingerprint();
    const { editor } = await wall.call("notes.open", { record: order.id, field: "notes" });
    for (const write of [
      makeOrder(wall),
      wall.call("order.set", { order: "1", values: { priority: "high" } }),
      wall.call("order.setMany", { orders: [order.id], values: { priority: "high" } }),
      wall.call("order.assign", { order: "1", technician: "Dana" }),
      wall.call("order.delete", { order: "1" }),
      wall.call("order.note", { order: "1", text: "hm" }),
      wall.call("undo", {}),
      wall.call("invite.create", { role: "viewer", long: false }, "command-line"),
    ])
      await expect(write).rejects.toMatchObject({ code: "read_only" });
    await wall.call("notes.close", { editor });
    expect(wall.store.fingerprint()).toBe(before);
  });
});

describe("an invitation", () => {
  test("is confirmed in advance by whoever gives the command", async () => {
    const desk = await kept(openTestDesk());
    desk.sync.answer = () => ({ code: "K7QF2-9XWMD", expires: at(MORNING) });
    expect(await desk.call("invite.create", { role: "dispatcher", long: false }, "command-line")).toMatchObject({ code: "K7QF2-9XWMD" });
    await desk.call("invite.create", { role: "admin", long: false }, "command-line");
    expect(desk.sync.asked).toMatchObject([
      { kind: "invite", role: "dispatcher", long: false, confirmed: true },
      { kind: "invite", role: "admin", long: true, confirmed: true },
    ]);
  });

  test("asks the person in the app, who sees who comes", async () => {
    const questions: string[] = [];
    const desk = await kept(
      openTestDesk({
        surroundings: {
          host: "electron",
          confirm: ({ title }) => {
            questions.push(title);
            return Promise.resolve(true);
          },
        },
      }),
    );
    desk.sync.answer = () => ({ code: "K7QF2-9XWMD", expires: at(MORNING) });
    await desk.call("invite.create", { role: "viewer", long: false }, "window");
    const joiner = parseDeviceId("x".repeat(43))!;
    desk.sync.fire("joinRequest", { kind: "joinRequest", joiner, name: "Wall", role: "viewer" });
    await expect.poll(() => desk.sync.asked.at(-1), { timeout: 10_000 }).toEqual({ kind: "confirmJoin", joiner, admit: true });
    expect(questions).toEqual(["Let “Wall” in as a viewer?"]);
    expect(desk.sync.asked[0]).toMatchObject({ confirmed: false });
  });

  test("is not made from a browser where nobody can be asked, and nobody comes in by silence", async () => {
    const refusal = new AppError("confirm_elsewhere", "Invite on the command line.");
    const desk = await kept(openTestDesk({ surroundings: { host: "headless", confirm: () => Promise.reject(refusal) } }));
    await expect(desk.call("invite.create", { role: "dispatcher", long: false }, "browser")).rejects.toBe(refusal);
    expect(desk.sync.asked).toEqual([]);
    const joiner = parseDeviceId("x".repeat(43))!;
    desk.sync.fire("joinRequest", { kind: "joinRequest", joiner, name: "Wall", role: "viewer" });
    await expect.poll(() => desk.sync.asked.at(-1), { timeout: 10_000 }).toEqual({ kind: "confirmJoin", joiner, admit: false });
  });
});

describe("the status", () => {
  test("counts records and what nobody else has seen, without a worker too", async () => {
    const desk = await kept(openTestDesk());
    await makeOrder(desk);
    await makeOrder(desk);
    expect(await desk.call("desk.status", {})).toMatchObject({ records: 2, unseen: 2, peers: [], fingerprint: desk.store.fingerprint() });
    expect((await desk.call("desk.status", {})).words.split(" ")).toHaveLength(4);
  });

  test("says who is here, since when one is alone, and whose clock is off", async () => {
    const desk = await kept(openTestDesk());
    const yard = await kept(joinTestDesk(desk, "Yard"));
    const worker = (connected: boolean): WorkerStatus => ({
      port: 4000,
      peers: [
        {
          device: yard.identity.device,
          name: "Yard",
          role: "dispatcher",
          connected,
          lastExchange: at(MORNING),
          address: "10.0.0.2:4000",
          clockOffset: 90_000,
          version: "0.0.0",
          identical: connected,
          problem: null,
        },
      ],
      unseen: 0,
      held: [],
      nearby: [],
      referenceOffset: 30_000,
      receiving: false,
      rejoining: null,
      problem: null,
    });
    const tell = (connected: boolean): void => {
      const status = worker(connected);
      Object.assign(desk.sync, { status });
      desk.sync.fire("status", status);
    };
    tell(true);
    expect(await desk.call("sync.status", {})).toMatchObject({
      peers: [{ name: "Yard", connected: true, clockOffsetMs: 60_000 }],
      aloneSince: null,
      lastExchange: MORNING,
      clockOffsetMs: -30_000,
      port: 4000,
    });
    desk.time = at(MORNING + 5000);
    tell(false);
    expect(desk.of("sync.status").at(-1)).toMatchObject({ aloneSince: MORNING + 5000, peers: [{ connected: false }] });
    desk.reopen();
    expect(await desk.call("sync.status", {})).toMatchObject({ aloneSince: MORNING + 5000 });
  });
});
