/**
 * Several people, one note: they type their alphabets into one order's notes at once and apart, on two boards of one desk and on two desks,
 * and every character is there once, on every board. Undo in the text is the text's own.
 */
import type { Page } from "@playwright/test";
import { boardDrawn, expect, openOrder, test } from "./board.ts";
import { makeOrder } from "./orders.ts";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const [OFFICE_DIGITS, YARD_DIGITS] = ["01234", "56789"];

const notesOf = (page: Page) => page.getByRole("textbox", { name: "Notes" });

const openNote = async (page: Page, number: string): Promise<void> => {
  await openOrder(page, number);
  await notesOf(page).click();
};

/** The characters of a text in the order of their codes: who typed between whom is left open, that each is there once is not. */
const characters = (text: unknown): string =>
  Array.from(typeof text === "string" ? text : "")
    .filter((character) => /[a-z\d]/i.test(character))
    .toSorted()
    .join("");

const expectCharacters = async (page: Page, wanted: string): Promise<void> => {
  await expect.poll(async () => characters(await notesOf(page).textContent()), { timeout: 60_000 }).toBe(characters(wanted));
};

const typeBoth = async (one: Page, other: Page): Promise<void> => {
  await Promise.all([one.keyboard.type(LOWER, { delay: 10 }), other.keyboard.type(UPPER, { delay: 10 })]);
};

test("two boards of one desk type at once; Ctrl+Z in the text takes back one's own words and nothing else", async ({
  demo,
  openSecondBoard,
}) => {
  const { page, ask } = demo;
  const { number } = await makeOrder(demo);
  const other = await openSecondBoard(demo);
  for (const each of [page, other]) await openNote(each, number);
  await typeBoth(page, other);
  for (const each of [page, other]) await expectCharacters(each, LOWER + UPPER);
  expect(await notesOf(page).textContent()).toBe(await notesOf(other).textContent());
  await expect.poll(async () => characters((await ask("order.get", { order: number }))["notes"])).toBe(characters(LOWER + UPPER));

  // Another action of this desk, which is not the text's to take back.
  await ask("order.set", { order: number, values: { priority: "urgent" } });
  const { notes: before } = await ask("order.get", { order: number });
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText(OFFICE_DIGITS);
  await expectCharacters(other, LOWER + UPPER + OFFICE_DIGITS);
  await page.keyboard.press("Control+z");
  for (const each of [page, other]) await expectCharacters(each, LOWER + UPPER);
  await expect.poll(() => ask("order.get", { order: number })).toMatchObject({ priority: "urgent", notes: before });
});

test("two desks type at once, then each alone, and hold every character once when they meet again", async ({ openDesk }) => {
  test.setTimeout(300_000);
  const [office, before] = await Promise.all([openDesk(), openDesk({ demo: false })]);
  const { code } = await office.cli<{ code: string }>("invite", "--long");
  await before.cli("join", code);
  await expect.poll(async () => (await before.ask("order.list", {})).length, { timeout: 60_000 }).toBe(200);
  await before.page.reload();
  for (const { page } of [office, before]) {
    await boardDrawn(page);
    await openNote(page, "A-42");
  }
  await typeBoth(office.page, before.page);
  for (const { page } of [office, before]) await expectCharacters(page, LOWER + UPPER);

  // The yard goes dark while the office types, then the office sleeps while the yard does.
  await before.kill();
  await expect(office.page.getByTestId("sync-words")).toContainText("Offline");
  await office.page.keyboard.type(OFFICE_DIGITS);
  await expect.poll(async () => characters((await office.ask("order.get", { order: "A-42" }))["notes"])).toContain(OFFICE_DIGITS);
  office.pause();
  const yard = await openDesk({ profile: before.profile });
  await boardDrawn(yard.page);
  await openNote(yard.page, "A-42");
  await expectCharacters(yard.page, LOWER + UPPER);
  await yard.page.keyboard.type(YARD_DIGITS);
  await expectCharacters(yard.page, LOWER + UPPER + YARD_DIGITS);
  office.resume();

  for (const { page } of [office, yard]) await expectCharacters(page, LOWER + UPPER + OFFICE_DIGITS + YARD_DIGITS);
  await expect
    .poll(async () => (await notesOf(office.page).textContent()) === (await notesOf(yard.page).textContent()), { timeout: 60_000 })
    .toBe(true);
});
