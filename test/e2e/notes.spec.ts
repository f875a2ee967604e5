/**
 * Two people, one note: they type two alphabets into the same order's notes at once, on two boards of one desk and on two desks, and every
 * character is there once, on every board.
 */
import type { Page } from "@playwright/test";
import { boardDrawn, expect, openOrder, test } from "./board.ts";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
/** In the order of the characters' numbers, as `toSorted` puts them. */
const BOTH = UPPER + LOWER;

const notesOf = (page: Page) => page.getByRole("textbox", { name: "Notes" });

const openNote = async (page: Page): Promise<void> => {
  await openOrder(page, "A-42");
  await notesOf(page).click();
};

const typed = (text: string | null): string =>
  Array.from(text ?? "")
    .filter((letter) => /[a-z]/i.test(letter))
    .toSorted()
    .join("");

const typeBoth = async (one: Page, other: Page): Promise<void> => {
  await Promise.all([one.keyboard.type(LOWER, { delay: 15 }), other.keyboard.type(UPPER, { delay: 15 })]);
};

test("on two boards of one desk", async ({ desk, openSecondBoard }) => {
  const other = await openSecondBoard(desk);
  for (const page of [desk.page, other]) await openNote(page);
  await typeBoth(desk.page, other);
  for (const page of [desk.page, other]) await expect.poll(async () => typed(await notesOf(page).textContent())).toBe(BOTH);
  expect(await notesOf(desk.page).textContent()).toBe(await notesOf(other).textContent());
  const { notes } = await desk.cli<{ notes: string }>("order", "get", "A-42");
  expect(typed(notes)).toBe(BOTH);
});

test("on two desks that are connected", async ({ openDesk }) => {
  test.slow();
  const [office, yard] = [await openDesk(), await openDesk({ demo: false })];
  const { code } = await office.cli<{ code: string }>("invite", "--long");
  await yard.cli("join", code);
  await expect.poll(async () => (await yard.cli<unknown[]>("order", "list")).length, { timeout: 60_000 }).toBe(200);
  await yard.page.reload();
  for (const { page } of [office, yard]) {
    await boardDrawn(page);
    await openNote(page);
  }
  await typeBoth(office.page, yard.page);
  for (const { page } of [office, yard])
    await expect.poll(async () => typed(await notesOf(page).textContent()), { timeout: 60_000 }).toBe(BOTH);
  await expect
    .poll(async () => (await notesOf(office.page).textContent()) === (await notesOf(yard.page).textContent()), { timeout: 60_000 })
    .toBe(true);
});
