/**
 * Two desks, one note: they type at once, then each while it is alone, and every character is there once, on both, when they meet again. In
 * the app alone: two hosts need no second round in a browser, where `notes.spec.ts` types over its connection.
 */
import { boardDrawn, expect, test } from "./board.ts";
import { characters, expectCharacters, LOWER, notesOf, OFFICE_DIGITS, openNote, typeBoth, UPPER, YARD_DIGITS } from "./typing.ts";

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
