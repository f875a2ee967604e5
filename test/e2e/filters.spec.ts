/** The filter by words, status, technician and day on board and schedule; kept under a name, picked, renamed and deleted with the keys alone. */
import type { Page } from "@playwright/test";
import { expect, test } from "./board.ts";

test("a filter is kept under a name, picked after a reload, renamed and deleted by keys", async ({ demo: { page } }) => {
  await page.keyboard.press("Control+f");
  await page.keyboard.type("status:hold");
  await expect(page.locator("[data-column=on_hold] [data-order]").first()).toBeVisible();
  await expect(page.locator("[data-column=scheduled] [data-order]")).toHaveCount(0);

  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("menuitem", { name: "Keep this filter…" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Name of the filter" })).toBeFocused();
  await page.keyboard.type("Waiting");
  await page.keyboard.press("Enter");
  const button = page.getByRole("button", { name: "Saved filters" });
  await expect(button).toHaveText("Waiting");

  await page.reload();
  await expect(page.locator("[data-column=scheduled] [data-order]").first()).toBeVisible();
  await page.keyboard.press("Control+Shift+F");
  await expect(page.getByRole("menuitem", { name: /Waiting/ })).toBeFocused();
  await page.screenshot({ path: ".artifacts/looks/saved-filters.png" });
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Filter" })).toHaveValue("status:hold");
  await expect(page.locator("[data-column=scheduled] [data-order]")).toHaveCount(0);
  await expect(page.locator("[data-column=scheduled]")).toContainText("Nothing here matches the filter.");

  await page.keyboard.press("Control+Shift+F");
  await page.getByRole("menuitem", { name: "Rename" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Name of the filter" })).toBeFocused();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("On hold");
  await page.screenshot({ path: ".artifacts/looks/saved-filter-name.png" });
  await page.keyboard.press("Enter");
  await expect(button).toHaveText("On hold");

  await page.keyboard.press("Control+Shift+F");
  await expect(page.getByRole("menuitem", { name: /On hold/ }).first()).toBeFocused();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Filter “On hold” is deleted.")).toBeVisible();
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await page.keyboard.press("Control+Shift+F");
  await expect(page.getByRole("menuitem", { name: /On hold/ })).toBeVisible();
});

const filterBy = async (page: Page, text: string): Promise<void> => {
  await page.keyboard.press("Control+f");
  await page.getByRole("textbox", { name: "Filter" }).fill(text);
};

test("the schedule dims what the filter does not match, says when that is all, and offers the way back", async ({ demo: { page } }) => {
  await filterBy(page, "zzzz");
  await page.getByRole("textbox", { name: "Filter" }).press("Tab");
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  const bars = page.locator("[data-visit]");
  await expect(bars.first()).toBeVisible();
  const count = await bars.count();
  await expect(page.locator("[data-visit][data-dimmed]")).toHaveCount(count);
  await expect(page.getByText("No visit of this day matches the filter")).toBeVisible();
  await page.screenshot({ path: ".artifacts/looks/schedule-filtered-none.png" });

  const number = /^\S+/.exec((await bars.last().getAttribute("aria-label")) ?? "")?.[0] ?? "";
  await page.getByRole("textbox", { name: "Filter" }).fill(number);
  await expect(bars.last()).not.toHaveAttribute("data-dimmed");
  await expect(page.getByText("No visit of this day matches the filter")).toHaveCount(0);
  await page.screenshot({ path: ".artifacts/looks/schedule-filtered.png" });

  await page.getByRole("textbox", { name: "Filter" }).fill("zzzz");
  await page.getByRole("button", { name: "Clear the filter" }).click();
  await expect(page.locator("[data-visit][data-dimmed]")).toHaveCount(0);
  await expect(bars).toHaveCount(count);
});

test("the board says that another day matches, and goes there", async ({ demo: { page } }) => {
  const cards = page.locator("[data-column=scheduled] .card");
  await filterBy(page, "on:tomorrow status:scheduled");
  await expect(cards).toHaveCount(0);
  const note = page.getByText(/\d+ orders? match(es)? on (other days|another day)\./);
  await expect(note).toHaveCount(1);
  await page.screenshot({ path: ".artifacts/looks/filter-elsewhere.png" });
  await page.getByRole("button", { name: /^Go to / }).click();
  await expect(cards.first()).toBeVisible();
  await expect(note).toHaveCount(0);
});

test("a term that is still typed hides nothing; a status that there is not is named", async ({ demo: { page } }) => {
  const cards = page.locator("[data-column=scheduled] .card");
  await expect(cards.first()).toBeVisible();
  for (const typed of ["status:", "@", "on:"]) {
    await filterBy(page, typed);
    await expect(cards.first()).toBeVisible();
  }
  await filterBy(page, "status:foo");
  await expect(cards).toHaveCount(0);
  await expect(page.getByText(/“foo” is no status: new, scheduled/)).toHaveCount(1);
  await page.screenshot({ path: ".artifacts/looks/filter-unknown.png" });
  await page.getByRole("button", { name: "Clear the filter" }).click();
  await expect(cards.first()).toBeVisible();
});
