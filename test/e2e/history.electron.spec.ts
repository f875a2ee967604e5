/**
 * Two desks write one field of one order while they are apart. The history of the desk whose value lost says so; one click takes it, and then
 * it is offered no more. In the app alone, as two hosts are needed.
 */
import type { Page } from "@playwright/test";
import { boardDrawn, expect, openOrder, test } from "./board.ts";

const history = (page: Page) => page.locator(".history");

test("a desk is told that its value lost, and takes it again with one click; visits and edited notes stand in the history too", async ({
  openDesk,
}) => {
  test.setTimeout(300_000);
  const [office, before] = await Promise.all([openDesk(), openDesk({ demo: false })]);
  const { code } = await office.cli<{ code: string }>("invite", "--long");
  await before.cli("join", code);
  await expect.poll(async () => (await before.ask("order.list", {})).length, { timeout: 60_000 }).toBe(200);
  await before.kill();
  await expect(office.page.getByTestId("sync-words")).toContainText("Offline");
  await office.ask("order.set", { order: "A-42", values: { title: "Ground floor" } });

  office.pause();
  const yard = await openDesk({ profile: before.profile });
  await boardDrawn(yard.page);
  await yard.ask("order.set", { order: "A-42", values: { title: "Second floor" } });
  office.resume();
  await expect.poll(async () => (await office.ask("order.get", { order: "A-42" }))["title"], { timeout: 60_000 }).toBe("Second floor");

  await boardDrawn(office.page);
  await openOrder(office.page, "A-42");
  const lost = history(office.page).getByText("Another value was written at the same time: Title Ground floor by You");
  await expect(lost).toBeVisible();
  const visit = (await office.ask("order.get", { order: "A-42" }))["visits"] as { readonly id: never }[];
  await office.ask("record.set", { record: visit[0]?.id as never, values: { plannedMinutes: 45 } });
  await office.ask("order.note", { order: "A-42", text: "Dog in the yard" });
  await expect(history(office.page).getByText("Visit's length")).toBeVisible();
  await expect(history(office.page).getByText("Notes edited")).toBeVisible();
  await lost.scrollIntoViewIfNeeded();
  await office.page.screenshot({ path: ".artifacts/looks/history-lost.png" });
  await lost.getByRole("button", { name: "take it" }).click();
  await expect.poll(async () => (await office.ask("order.get", { order: "A-42" }))["title"]).toBe("Ground floor");
  await expect(lost).toBeVisible();
  await expect(history(office.page).getByRole("button", { name: "take it" })).toHaveCount(0);
  await expect.poll(async () => (await yard.ask("order.get", { order: "A-42" }))["title"], { timeout: 60_000 }).toBe("Ground floor");
});
