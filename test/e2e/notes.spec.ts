/**
 * Two boards of one desk, one note: two people type their alphabets at once, and every character is there once, on both. Undo in the text is
 * the text's own. Two desks do the same in `notes.electron.spec.ts`.
 */
import { expect, test } from "./board.ts";
import { makeOrder } from "./orders.ts";
import { characters, expectCharacters, LOWER, notesOf, OFFICE_DIGITS, openNote, typeBoth, UPPER } from "./typing.ts";

/** Longer than the pause that ends a step of undo (500 ms, Yjs' own). */
const UNDO_STEP_MS = 700;

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
  // What is typed within half a second of the last character is one step of undo with it.
  await page.waitForTimeout(UNDO_STEP_MS);
  await page.keyboard.insertText(OFFICE_DIGITS);
  await expectCharacters(other, LOWER + UPPER + OFFICE_DIGITS);
  await page.keyboard.press("Control+z");
  for (const each of [page, other]) await expectCharacters(each, LOWER + UPPER);
  await expect.poll(() => ask("order.get", { order: number })).toMatchObject({ priority: "urgent", notes: before });
});
