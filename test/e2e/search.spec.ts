/** Finding by Ctrl+K and by the filter what only the desk's own search knows, and numbers as they are spoken. */
import { expect, test } from "./board.ts";
import { cardOf, makeOrder } from "./orders.ts";

test("Enter right after the typing opens what the desk's search finds, once it has answered", async ({ demo: desk }) => {
  const { page } = desk;
  const { id, number } = await makeOrder(desk, { title: "Made to be found" });
  await desk.ask("order.note", { order: id, text: "The valve is of porphyry." });
  const palette = page.getByRole("dialog", { name: "Search orders, customers, phones" });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("porphyry");
  await page.keyboard.press("Enter");
  await expect(palette).toHaveCount(0);
  await expect(page.locator(".panel-head")).toContainText(number);

  // Of a text that was changed after Enter nothing is run, nor where nothing is found.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("porphyr");
  await page.keyboard.press("Enter");
  await page.keyboard.type("y");
  await expect(palette.getByRole("option", { name: new RegExp(number) })).toBeVisible();
  await expect(page.locator(".panel-head")).toHaveCount(0);
  await page.getByRole("combobox").fill("qqxxqqxx");
  await page.keyboard.press("Enter");
  await expect(palette.getByText("Nothing matches “qqxxqqxx”.")).toBeVisible();
  await page.keyboard.press("Escape");

  // The filter keeps it too.
  await page.keyboard.press("Control+f");
  await page.getByRole("textbox", { name: "Filter" }).fill("porphyry");
  await expect(cardOf(page, number)).toBeVisible();
});

test("a number is found as it is spoken: by Ctrl+K, by the filter and by the command line", async ({ demo: desk }) => {
  const { page } = desk;
  const { number } = await makeOrder(desk);
  const [letters = "", digits = ""] = number.split("-");
  for (const typed of [`${letters}${digits}`.toLowerCase(), `${letters} ${digits}`]) {
    await page.keyboard.press("Control+k");
    await page.keyboard.type(typed);
    await expect(page.getByRole("option").first()).toContainText(digits);
    await page.keyboard.press("Enter");
    await expect(page.locator(".panel-head")).toContainText(number);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+f");
    await page.getByRole("textbox", { name: "Filter" }).fill(typed);
    await expect(cardOf(page, number)).toBeVisible();
    await expect(page.locator(".card")).toHaveCount(1);
    await page.keyboard.press("Escape");
    const [first] = await desk.cli<readonly { readonly number: string }[]>("order", "search", typed);
    expect(first?.number).toBe(number);
  }
});
