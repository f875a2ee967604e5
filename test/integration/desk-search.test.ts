/** A search of orders gives as many as were asked for while there are so many, whatever else has the words. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { collection } from "../../main/desk/context.ts";
import type { RecordId } from "../../shared/ids.ts";
import { makeOrder, openTestDesk, type TestDesk } from "./desk-fixture.ts";

const CUSTOMER = collection("customer");

let desk: TestDesk;
beforeEach(async () => {
  desk = await openTestDesk();
});
afterEach(() => desk.close());

const makeCustomer = async (name: string): Promise<RecordId> =>
  (await desk.call("record.create", { collection: CUSTOMER, values: { name } })).record.id;
const find = async (text: string, limit: number): Promise<readonly RecordId[]> =>
  (await desk.call("order.search", { text, limit })).map(({ id }) => id);

test("newer customers without an order do not take the places of orders", async () => {
  const own = await makeOrder(desk, { title: "Boiler leaks" });
  const named = await makeOrder(desk, { title: "Radiator", customer: await makeCustomer("Boiler & Sons") });
  for (const name of ["Boiler Bros", "Boiler House", "Boiler Ltd"]) await makeCustomer(name);
  expect(await find("boiler", 1)).toEqual([own.id]);
  expect(await find("boiler", 2)).toEqual([own.id, named.id]);
  expect(await find("boiler", 9)).toEqual([own.id, named.id]);
  // Nearly the name: what is exact comes first.
  expect(await find("boilre", 2)).toHaveLength(2);
});

test("the orders of a customer are found behind more customers of the name than are looked at first", async () => {
  const named = await makeOrder(desk, { title: "Radiator", customer: await makeCustomer("Boiler & Sons") });
  for (let i = 0; i < 130; i++) await makeCustomer(`Boiler ${i}`);
  expect(await find("boiler", 1)).toEqual([named.id]);
  expect(await find("boiler", 5)).toEqual([named.id]);
});
