/**
 * The story that Switchyard is for: a yard joins an office; both are offline; one moves order A-42 on its board, the other writes a note to
 * it on its own; they meet again, and both changes stand on both boards. Nobody was asked anything, and no server was there.
 */
import type { Page } from "@playwright/test";
import { boardDrawn, type Desk, expect, test } from "./board.ts";
import { cardOf, columnOf, showOnly } from "./orders.ts";

const NOTE = "Need replacement part";

/** In the app by its set-up page; a headless host, which has a workspace of its own from the start, by the command line. */
const join = async (yard: Desk, code: string): Promise<void> => {
  if (yard.app === null) {
    await yard.cli("join", code);
    await yard.page.reload();
    return;
  }
  await yard.page.getByRole("textbox", { name: "Code" }).fill(code);
  await yard.page.getByRole("button", { name: "Join", exact: true }).click();
};

const fingerprint = async ({ ask }: Desk): Promise<string> => (await ask("desk.status", {})).fingerprint;
const syncWords = (page: Page) => page.getByTestId("sync-words");

/** From now on every dialog is written down, also one that closes by itself. */
const watchForDialogs = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { dialogsSeen: seen });
    new MutationObserver(() => {
      for (const dialog of document.querySelectorAll("dialog, [role=dialog], [role=alertdialog]")) seen.push(dialog.textContent ?? "");
    }).observe(document.documentElement, { subtree: true, childList: true });
  });
const dialogsSeen = (page: Page): Promise<unknown> => page.evaluate(() => (globalThis as { dialogsSeen?: unknown }).dialogsSeen);

test("two desks edit one order on their boards while offline, and both changes stand on both when they meet again", async ({
  openDesk,
}) => {
  test.setTimeout(300_000);
  const [office, before] = await Promise.all([openDesk(), openDesk({ demo: false })]);
  const { code } = await office.cli<{ code: string }>("invite", "--long");
  await join(before, code);
  await boardDrawn(before.page);
  await expect.poll(async () => (await fingerprint(before)) === (await fingerprint(office)), { timeout: 60_000 }).toBe(true);

  // The yard's machine goes dark: the office is alone, and works on.
  await before.kill();
  await expect(syncWords(office.page)).toContainText("Offline");
  await (await showOnly(office.page, "A-42")).click();
  await office.page.keyboard.press("s");
  await office.page.keyboard.press("p");
  await expect(cardOf(columnOf(office.page, "in_progress"), "A-42")).toBeVisible();
  await expect(syncWords(office.page)).toContainText("1 change is safe here and goes out when a desk is seen");

  // The status was asked for by S; from here on nothing is to be asked.
  await watchForDialogs(office.page);

  // Now the office sleeps, and the yard is alone.
  office.pause();
  const yard = await openDesk({ profile: before.profile });
  await boardDrawn(yard.page);
  await watchForDialogs(yard.page);
  await expect(syncWords(yard.page)).toContainText("Offline");
  const card = await showOnly(yard.page, "A-42");
  await expect(cardOf(columnOf(yard.page, "scheduled"), "A-42")).toBeVisible();
  await card.click();
  await yard.page.keyboard.press("n");
  const note = (page: Page) => page.getByRole("textbox", { name: "Notes" });
  await expect(note(yard.page)).toBeFocused();
  await yard.page.keyboard.type(NOTE);
  await expect.poll(async () => (await yard.ask("order.get", { order: "A-42" }))["notes"]).toContain(NOTE);
  expect((await yard.ask("order.get", { order: "A-42" }))["status"]).toBe("scheduled");

  office.resume();
  for (const { page, ask } of [office, yard]) {
    await expect(cardOf(columnOf(page, "in_progress"), "A-42")).toBeVisible({ timeout: 60_000 });
    await expect.poll(() => ask("order.get", { order: "A-42" }), { timeout: 60_000 }).toMatchObject({ status: "in_progress", notes: NOTE });
  }
  await cardOf(office.page, "A-42").press("Enter");
  for (const { page } of [office, yard]) {
    await expect(note(page)).toHaveText(NOTE);
    expect(await dialogsSeen(page)).toEqual([]);
  }
  await expect.poll(async () => (await fingerprint(yard)) === (await fingerprint(office)), { timeout: 60_000 }).toBe(true);
});
