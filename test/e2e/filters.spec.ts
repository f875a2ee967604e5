/** The filter by words, status, technician and day; kept under a name, picked, renamed and deleted with the keys alone. */
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
