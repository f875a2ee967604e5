/**
 * The schedule of one day: work goes from the tray to a technician and an hour, from row to row, longer and shorter, and back; by pointer and
 * by key. A ghost says how it fits before the drop, and what does not fit is said, never refused.
 * Each journey has a day of its own, and two technicians in the first rows who have nothing else to do.
 */
import type { Locator, Page } from "@playwright/test";
import type { RecordId } from "../../shared/ids.ts";
import { parseCollectionId } from "../../shared/ids.ts";
import { type Desk, expect, test } from "./board.ts";
import { type MadeOrder, makeOrder } from "./orders.ts";

interface Crew {
  readonly ada: RecordId;
  readonly bea: RecordId;
  /** Their shift begins at this minute of the day, with hours to go. */
  readonly start: number;
}

const crews = new WeakMap<Desk, Promise<Crew>>();
/** Days after today that journeys have taken. */
let daysTaken = 0;

const hireCrew = async ({ ask }: Desk): Promise<Crew> => {
  const [known] = await ask("technician.list", {});
  const hours = Object.values(known?.["workingHours"] as Record<string, [number, number]>)[0] ?? [480, 1020];
  // The demo's shift lies around now, at night perhaps from midnight; theirs leaves something before it.
  const start = Math.max(60, hours[0]);
  const workingHours = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((weekday) => [weekday, [start, hours[1]]]));
  const collection = parseCollectionId("technician");
  if (collection === undefined) throw new Error("technician is a collection");
  const hire = async (name: string): Promise<RecordId> =>
    (await ask("record.create", { collection, values: { name, team: "A team", active: true, workingHours } })).record.id;
  return { ada: await hire("Ada First"), bea: await hire("Bea Second"), start };
};

/** The schedule on the next day that no journey has used, with its crew. */
const openDay = async (desk: Desk): Promise<Crew> => {
  const crew = crews.get(desk) ?? hireCrew(desk);
  crews.set(desk, crew);
  const { ada } = await crew;
  await desk.page.keyboard.press("g");
  await desk.page.keyboard.press("s");
  daysTaken++;
  for (let day = 0; day < daysTaken; day++) await desk.page.keyboard.press("PageDown");
  await expect(rowOf(desk.page, ada).locator("[data-visit]")).toHaveCount(0);
  return crew;
};

const rowOf = (page: Page, technician: RecordId): Locator => page.locator(`[data-technician="${technician}"]`);
const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
/** The bar of an order on a technician's row, from minute to minute. */
const barAt = (page: Page, technician: RecordId, { number }: MadeOrder, from: number, to: number): Locator =>
  rowOf(page, technician).getByRole("button", { name: new RegExp(`^${number} .*, ${clock(from)} to ${clock(to)}, `) });

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where a minute lies on a technician's row. */
const pointOf = async (page: Page, technician: RecordId, minute: number): Promise<Point> => {
  const hours = await page.locator(".schedule-hour").allTextContents();
  const box = await rowOf(page, technician).locator(".schedule-track").boundingBox();
  if (box === null) throw new Error("the row has no track");
  const first = Number(hours[0]) * 60;
  return { x: box.x + (box.width * (minute - first)) / (hours.length * 60), y: box.y + 20 };
};

/** A bar is taken this far from its left edge. */
const GRAB = 12;

/** Takes it up and carries it over a point; the drop is a `mouse.up` of the journey's. */
const carry = async (page: Page, source: Locator, to: Point): Promise<void> => {
  await source.hover({ position: { x: GRAB, y: 12 } });
  await page.mouse.down();
  await page.mouse.move(to.x + GRAB, to.y - 4, { steps: 5 });
  await page.mouse.move(to.x + GRAB, to.y, { steps: 2 });
};

const trayRow = (page: Page, { number }: MadeOrder): Locator => page.locator(`.tray-row[data-number="${number}"]`);

const findInTray = async (page: Page, order: MadeOrder): Promise<Locator> => {
  const unfold = page.getByRole("button", { name: "Unfold the tray" });
  if (await unfold.isVisible()) await unfold.click();
  await page.getByRole("textbox", { name: "Search the tray" }).fill(order.number);
  await expect(trayRow(page, order)).toBeVisible();
  return trayRow(page, order);
};

const fit = (page: Page): Locator => page.locator(".schedule-ghost-fit");

/** From the tray to a technician at a minute; an order in the hand lies with its left edge under the pointer. */
const plan = async (page: Page, order: MadeOrder, technician: RecordId, minute: number, says: string): Promise<void> => {
  const row = await findInTray(page, order);
  const { x, y } = await pointOf(page, technician, minute);
  await carry(page, row, { x: x - GRAB, y });
  await expect(fit(page)).toHaveText(`${clock(minute)} ${says}`.replace(" ,", ","));
  await page.mouse.up();
  await expect(fit(page)).toHaveCount(0);
};

test("an order is dragged from the tray to a technician's hour, then to another's; the ghost says how it fits", async ({ demo }) => {
  const { page, ask } = demo;
  const order = await makeOrder(demo, { estimatedMinutes: 60 });
  const { ada, bea, start } = await openDay(demo);
  await plan(page, order, ada, start + 60, "fits");
  const bar = barAt(page, ada, order, start + 60, start + 120);
  await expect(bar).toBeVisible();
  await expect(trayRow(page, order)).toHaveCount(0);
  expect(await ask("order.get", { order: order.number })).toMatchObject({
    status: "scheduled",
    visits: [{ technicians: [ada], plannedMinutes: 60 }],
  });

  await carry(page, bar, await pointOf(page, bea, start + 180));
  await expect(fit(page)).toHaveText(`${clock(start + 180)} fits`);
  await page.mouse.up();
  await expect(barAt(page, bea, order, start + 180, start + 240)).toBeVisible();
  await expect(rowOf(page, ada).locator("[data-visit]")).toHaveCount(0);
  expect(await ask("order.get", { order: order.number })).toMatchObject({ visits: [{ technicians: [bea] }] });
});

test("the same by keys: Ctrl and arrows move a bar, T takes a typed time, U puts it back into the tray", async ({ demo }) => {
  const { page, ask } = demo;
  const order = await makeOrder(demo, { estimatedMinutes: 60 });
  const { ada, bea, start } = await openDay(demo);
  await plan(page, order, ada, start + 60, "fits");
  await barAt(page, ada, order, start + 60, start + 120).focus();
  await page.keyboard.press("Control+ArrowDown");
  await expect(barAt(page, bea, order, start + 60, start + 120)).toBeFocused();
  // Pressed faster than the desk answers, each step counts.
  await page.keyboard.down("Control");
  for (const key of ["ArrowRight", "ArrowRight", "ArrowLeft"]) await page.keyboard.press(key);
  await page.keyboard.up("Control");
  await expect(barAt(page, bea, order, start + 75, start + 135)).toBeFocused();
  await page.keyboard.press("Control+ArrowUp");
  await expect(barAt(page, ada, order, start + 75, start + 135)).toBeFocused();
  await page.keyboard.press("Control+ArrowLeft");
  await expect(barAt(page, ada, order, start + 60, start + 120)).toBeFocused();

  await page.keyboard.press("t");
  await page.keyboard.type(clock(start + 150));
  await page.keyboard.press("Enter");
  await expect(barAt(page, ada, order, start + 150, start + 210)).toBeFocused();
  await page.keyboard.press("u");
  await expect(rowOf(page, ada).locator("[data-visit]")).toHaveCount(0);
  await expect(trayRow(page, order)).toBeVisible();
  expect((await ask("order.get", { order: order.number }))["status"]).toBe("new");
  await page.keyboard.press("Control+z");
  await expect(barAt(page, ada, order, start + 150, start + 210)).toBeVisible();
});

test("a bar is made longer and shorter by its handle and by Ctrl+Shift and arrows", async ({ demo }) => {
  const { page, ask } = demo;
  const order = await makeOrder(demo, { estimatedMinutes: 60 });
  const { ada, start } = await openDay(demo);
  await plan(page, order, ada, start + 60, "fits");
  await barAt(page, ada, order, start + 60, start + 120)
    .locator("[data-resize]")
    .hover();
  await page.mouse.down();
  const { x, y } = await pointOf(page, ada, start + 180);
  await page.mouse.move(x, y, { steps: 4 });
  await page.mouse.up();
  const longer = barAt(page, ada, order, start + 60, start + 180);
  await expect(longer).toBeVisible();
  await longer.focus();
  await page.keyboard.press("Control+Shift+ArrowRight");
  await expect(barAt(page, ada, order, start + 60, start + 195)).toBeFocused();
  await page.keyboard.press("Control+Shift+ArrowLeft");
  await page.keyboard.press("Control+Shift+ArrowLeft");
  await expect(barAt(page, ada, order, start + 60, start + 165)).toBeFocused();
  expect(await ask("order.get", { order: order.number })).toMatchObject({ visits: [{ plannedMinutes: 105 }] });
});

test("two orders at one time both stand, on lanes of their own; the ghost says it before and the row after the drop", async ({ demo }) => {
  const { page } = demo;
  const [first, second] = [await makeOrder(demo, { estimatedMinutes: 60 }), await makeOrder(demo, { estimatedMinutes: 60 })];
  const { ada, start } = await openDay(demo);
  await plan(page, first, ada, start + 60, "fits");
  await plan(page, second, ada, start + 90, ", overlaps 30 min");
  const [one, other] = [barAt(page, ada, first, start + 60, start + 120), barAt(page, ada, second, start + 90, start + 150)];
  await expect(one).toBeVisible();
  await expect(other).toBeVisible();
  await expect(rowOf(page, ada).getByText("Overlap 30 min")).toBeVisible();
  const [above, below] = [await one.boundingBox(), await other.boundingBox()];
  expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThanOrEqual(below?.y ?? 0);
});

test("outside a technician's hours work stands all the same, and the ghost says so", async ({ demo }) => {
  const { page } = demo;
  const order = await makeOrder(demo, { estimatedMinutes: 60 });
  const { ada, start } = await openDay(demo);
  await plan(page, order, ada, start - 30, ", outside hours");
  await expect(barAt(page, ada, order, start - 30, start + 30)).toBeVisible();
});
