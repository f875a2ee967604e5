/**
 * What the desk says of kept filters and of the trash, in the words of the board: a filter is never called a saved view, and whatever lies in
 * the trash says what it is, what it is called and what it belongs to.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { trashLine, trashSentence } from "../../renderer/list/trash-words.ts";
import { openTestDesk } from "./desk-fixture.ts";

let desk: Awaited<ReturnType<typeof openTestDesk>>;
beforeEach(async () => {
  desk = await openTestDesk();
});
afterEach(() => desk.close());

const undone = async (): Promise<string> => (await desk.call("undo", {})).label;
const keep = (name: string) =>
  desk.call("record.create", {
    collection: "savedView" as never,
    values: { name, kind: "orders", filter: { text: "boiler", chip: null } },
  });

describe("what undo says of a kept filter", () => {
  it("keeps, renames, changes, deletes and restores a filter by its name", async () => {
    await keep("Mine");
    expect(await undone()).toBe("Keep filter Mine");
    const record = (await keep("Mine")).record.id;
    await desk.call("record.set", { record, values: { name: "Ours" } });
    expect(await undone()).toBe("Rename filter Mine");
    await desk.call("record.set", { record, values: { filter: { text: "roof", chip: null } } });
    expect(await undone()).toBe("Change filter Mine");
    await desk.call("record.delete", { record });
    expect(await undone()).toBe("Delete filter Mine");
    await desk.call("record.delete", { record });
    await desk.call("record.restore", { record });
    expect(await undone()).toBe("Restore filter Mine");
  });
});

describe("the trash", () => {
  const lines = async () => (await desk.call("trash.list", {})).map(trashLine);

  it("names what has no number by its kind, and says its name when it comes back", async () => {
    const filter = (await keep("Mine")).record.id;
    await desk.call("record.delete", { record: filter });
    expect(await lines()).toEqual([{ kind: "Filter", number: "", called: "Mine", belongsTo: "" }]);
    const [row] = await desk.call("trash.list", {});
    expect(row && trashSentence(row)).toBe("Filter “Mine” is back.");
  });

  it("says whose an order is, though the customer is deleted too", async () => {
    const customer = (await desk.call("record.create", { collection: "customer" as never, values: { name: "Schneider" } })).record.id;
    const order = (await desk.call("order.create", { values: { title: "Boiler", customer } })).record;
    await desk.call("order.delete", { order: order.id });
    await desk.call("record.delete", { record: customer });
    const number = String(order["number"]);
    const all = await lines();
    expect(all).toHaveLength(2);
    expect(all).toContainEqual({ kind: "Order", number, called: "Boiler", belongsTo: "Schneider" });
    expect(all).toContainEqual({ kind: "Customer", number: "", called: "Schneider", belongsTo: "" });
    const row = (await desk.call("trash.list", {})).find(({ id }) => id === order.id);
    expect(row && trashSentence(row)).toBe(`${number} “Boiler” is back.`);
  });

  it("calls a visit by its order and its technician", async () => {
    const technician = (await desk.call("record.create", { collection: "technician" as never, values: { name: "Dana Meier" } })).record.id;
    const order = (await desk.call("order.create", { values: { title: "Boiler" } })).record;
    await desk.call("order.assign", { order: order.id, technician });
    const visit = ((await desk.call("order.get", { order: order.id }))["visits"] as readonly { readonly id: never }[])[0];
    await desk.call("record.delete", { record: visit?.id as never });
    expect(await lines()).toEqual([{ kind: "Visit", number: "", called: order["number"], belongsTo: "Dana Meier" }]);
  });
});
