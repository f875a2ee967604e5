/** Typing into an order's notes as several people do, and what must be there afterwards: every character once, in whatever order. */
import type { Page } from "@playwright/test";
import { expect, openOrder } from "./board.ts";

export const LOWER = "abcdefghijklmnopqrstuvwxyz";
export const UPPER = LOWER.toUpperCase();
export const [OFFICE_DIGITS, YARD_DIGITS] = ["01234", "56789"];

export const notesOf = (page: Page) => page.getByRole("textbox", { name: "Notes" });

export const openNote = async (page: Page, number: string): Promise<void> => {
  await openOrder(page, number);
  await notesOf(page).click();
};

/** The characters of a text in the order of their codes: who typed between whom is left open, that each is there once is not. */
export const characters = (text: unknown): string =>
  Array.from(typeof text === "string" ? text : "")
    .filter((character) => /[a-z\d]/i.test(character))
    .toSorted()
    .join("");

export const expectCharacters = async (page: Page, wanted: string): Promise<void> => {
  await expect.poll(async () => characters(await notesOf(page).textContent()), { timeout: 60_000 }).toBe(characters(wanted));
};

export const typeBoth = async (one: Page, other: Page): Promise<void> => {
  await Promise.all([one.keyboard.type(LOWER, { delay: 10 }), other.keyboard.type(UPPER, { delay: 10 })]);
};
