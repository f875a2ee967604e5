/**
 * The board by keys alone: each key acts on what is seen and on nothing else, what is typed goes where it was meant, and the focus never
 * ends up nowhere.
 */
import type { Locator, Page } from "@playwright/test";
import { boardDrawn, type Desk, expect, test } from "./board.ts";
import { cardOf, columnOf, type MadeOrder, makeOrder } from "./orders.ts";
import { notesOf } from "./typing.ts";

/** Longer than what is written within one gesture. */
const GESTURE_MS = 400;

/** Orders of this journey alone, in the order in which they stand in New, with the board filtered down to them. */
const makeRow = async (desk: Desk, word: string, count: number): Promise<readonly MadeOrder[]> => {
  const made: MadeOrder[] = [];
  for (let at = 0; at < count; at++) made.push(await makeOrder(desk, { title: `${word} ${at}` }));
  await desk.page.keyboard.press("Control+f");
  await desk.page.getByRole("textbox", { name: "Filter" }).fill(`${word} status:new`);
  await expect(desk.page.locator(".card")).toHaveCount(count);
  return made;
};

const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};

const expectLeads = async (card: Locator): Promise<void> => {
  await expect(card).toHaveAttribute("aria-selected", "true");
  await expect(card).toBeFocused();
};

const paneOf = (page: Page): Promise<string> =>
  page.evaluate(
    () => [".sidebar", ".tray", ".work-view", ".panel", ".toasts"].find((pane) => document.activeElement?.closest(pane) != null) ?? "none",
  );

test("N, and words at once: all of them are in the note, none is a key of the board; N again begins another paragraph", async ({
  demo,
}) => {
  const { page, ask } = demo;
  const [order] = await makeRow(demo, "Qdogs", 1);
  const { number = "" } = order ?? {};
  const notes = async (): Promise<unknown> => (await ask("order.get", { order: number }))["notes"];
  await cardOf(page, number).click();
  await page.keyboard.press("n");
  await page.keyboard.type("has dog");
  await expect.poll(notes).toBe("has dog");
  await page.keyboard.press("Escape");
  await expectLeads(cardOf(page, number));

  await page.keyboard.press("n");
  await page.keyboard.type("has two dogs");
  await expect.poll(notes).toBe("has dog\nhas two dogs");
  await expect(notesOf(page)).toHaveCount(1);
  expect(await ask("order.get", { order: number })).toMatchObject({ status: "new" });
  await expect(page.getByRole("menu")).toHaveCount(0);
});

test("N is as quick while its editor and its text are slow to come", async ({ demo }) => {
  const { page, ask } = demo;
  await page.route(/NoteEditor[^/]*\.js/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await route.continue();
  });
  await page.reload();
  await boardDrawn(page);
  const [order] = await makeRow(demo, "Qslow", 1);
  const { number = "" } = order ?? {};
  await cardOf(page, number).click();
  await page.keyboard.press("n");
  await page.keyboard.type("shed");
  await expect.poll(async () => (await ask("order.get", { order: number }))["notes"]).toBe("shed");
  // The caret stands behind it: what follows is the same word.
  await page.keyboard.type("s");
  await expect.poll(async () => (await ask("order.get", { order: number }))["notes"]).toBe("sheds");
  await page.unroute(/NoteEditor[^/]*\.js/);
});

test("F2, L and Ctrl+H on an order that is open go to title, tags and history, again and again; Esc leads back", async ({ demo }) => {
  const { page } = demo;
  const [order] = await makeRow(demo, "Qagain", 1);
  const card = cardOf(page, order?.number ?? "");
  await card.click();
  await page.keyboard.press("Control+h");
  const history = page.locator(".history");
  await expect(history).toBeFocused();
  await expect(history.locator("li").first()).toBeInViewport();
  for (const [key, field] of [
    ["F2", "Title"],
    ["l", "Tags"],
    ["F2", "Title"],
    ["F2", "Title"],
    ["l", "Tags"],
    ["l", "Tags"],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.getByRole("textbox", { name: field, exact: true })).toBeFocused();
    await page.keyboard.press("Escape");
    await expectLeads(card);
  }
  await page.keyboard.press("Control+h");
  await expect(history).toBeFocused();
  await page.keyboard.press("F2");
  await page.keyboard.press("Enter");
  await expectLeads(card);
});

test("a cancelled or deleted order hands over to its neighbour; the next key acts on that one, then on nothing", async ({ demo }) => {
  const { page, ask } = demo;
  const [first, second, third] = await makeRow(demo, "Qleaving", 3);
  if (first === undefined || second === undefined || third === undefined) throw new Error("no orders");
  const status = async ({ number }: MadeOrder): Promise<unknown> => (await ask("order.get", { order: number }))["status"];
  await cardOf(page, second.number).click();
  await press(page, "Delete", "d");
  await expect(cardOf(page, second.number)).toHaveCount(0);
  await expectLeads(cardOf(page, third.number));
  expect([await status(first), await status(second), await status(third)]).toEqual(["new", "cancelled", "new"]);

  // The last of its column: the one before it.
  await press(page, "Delete", "Delete");
  await expect(cardOf(page, third.number)).toHaveCount(0);
  await expectLeads(cardOf(page, first.number));
  await press(page, "Delete", "Delete");
  await expect(page.locator(".card")).toHaveCount(0);
  await press(page, "Delete");
  await expect(page.getByRole("menu")).toHaveCount(0);
});

test("what a filter hides no key acts on, though it stays selected", async ({ demo }) => {
  const { page } = demo;
  const [order] = await makeRow(demo, "Qhidden", 1);
  const card = cardOf(page, order?.number ?? "");
  await card.click();
  await page.keyboard.press("Control+f");
  const filter = page.getByRole("textbox", { name: "Filter" });
  await filter.fill("nothing is called so");
  await expect(card).toHaveCount(0);
  await filter.evaluate((field) => field.blur());
  await press(page, "Delete", "s", "Enter");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(page.getByRole("complementary", { name: "Order" })).toHaveCount(0);
  await page.keyboard.press("Control+f");
  await filter.fill("Qhidden status:new");
  await expect(card).toHaveAttribute("aria-selected", "true");
});

test("Esc in the filter and in New order gives the focus back to the leading card", async ({ demo }) => {
  const { page } = demo;
  const [order] = await makeRow(demo, "Qreturn", 1);
  const card = cardOf(page, order?.number ?? "");
  await card.click();
  await page.keyboard.press("c");
  await expect(page.getByRole("combobox", { name: "Customer" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expectLeads(card);
  await page.keyboard.press("c");
  await page.getByRole("region", { name: "New order" }).getByRole("button", { name: "Close" }).click();
  await expectLeads(card);

  await page.getByRole("textbox", { name: "Filter" }).press("Escape");
  // Without the filter it stands far down: its column has the focus for it, and an arrow leads on from there.
  await expect(page.locator(".card")).not.toHaveCount(1);
  await expect(columnOf(page, "new").locator(":focus")).toHaveCount(1);
  await page.keyboard.press("ArrowUp");
  await expect(columnOf(page, "new").locator(".card:focus")).toHaveAttribute("aria-selected", "true");
});

test("F6 walks all panes and comes round while a toast stands; its button is the last", async ({ demo }) => {
  const { page, ask } = demo;
  const [order] = await makeRow(demo, "Qpanes", 2);
  const { number = "" } = order ?? {};
  await cardOf(page, number).click();
  await press(page, "Delete", "d");
  await expect(page.locator(".toast")).toBeVisible();
  const round: string[] = [];
  for (let step = 0; step < 8; step++) {
    await page.keyboard.press("F6");
    round.push(await paneOf(page));
  }
  expect(round).toEqual([".toasts", ".sidebar", ".tray", ".work-view", ".toasts", ".sidebar", ".tray", ".work-view"]);
  await page.keyboard.press("Shift+F6");
  expect(await paneOf(page)).toBe(".tray");
  await press(page, "F6", "F6");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await ask("order.get", { order: number }))["status"]).toBe("new");
  await expect.poll(() => paneOf(page)).toBe(".work-view");
});

test("with nothing selected, keys act on the card that has the focus", async ({ demo }) => {
  const { page } = demo;
  await makeRow(demo, "Qfocused", 2);
  const card = columnOf(page, "new").locator(".card").nth(1);
  await page.keyboard.press("Escape");
  await card.click();
  // The filter goes first, then the selection.
  await press(page, "Escape", "Escape", "Escape");
  await expect(page.locator(".card[aria-selected=true]")).toHaveCount(0);
  const focused = page.locator(".card:focus");
  await expect(focused).toHaveCount(1);
  const number = (await focused.getAttribute("data-number")) ?? "";
  await page.keyboard.press("s");
  await expect(page.getByRole("menu", { name: "Status" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(focused).toHaveAttribute("data-number", number);
  await page.keyboard.press("Enter");
  await expect(page.locator(".panel")).toContainText(number);
});

test("Redo is not offered any more once something newer was done", async ({ demo }) => {
  const { page } = demo;
  const [order, other] = await makeRow(demo, "Qnewer", 2);
  await cardOf(page, order?.number ?? "").click();
  await press(page, "p", "u");
  await expect(cardOf(page, order?.number ?? "").getByRole("img", { name: "Urgent" })).toBeVisible();
  await page.keyboard.press("Control+z");
  const again = page.getByRole("button", { name: "Redo" });
  await expect(again).toBeVisible();
  await page.waitForTimeout(GESTURE_MS);
  await cardOf(page, other?.number ?? "").click();
  await press(page, "p", "h");
  await expect(again).toHaveCount(0);
});
