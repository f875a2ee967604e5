/**
 * How the board looks: screenshots of each view go to `.artifacts/looks` for people to judge; what a machine can judge is judged in
 * `judge.ts`. The first minute of a fresh desk, which only the app has, is in `fresh.electron.spec.ts`.
 */
import path from "node:path";
import type { Page } from "@playwright/test";
import { expect, openOrder, test } from "./board.ts";
import { judge, SIZES } from "./judge.ts";

const FIXTURES = path.resolve(import.meta.dirname, "../fixtures/import");

/** How to come from the plain board to each view; a reload leads back. */
const VIEWS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  columns: async () => undefined,
  technicians: (page) => page.getByRole("radio", { name: "By technician" }).click(),
  schedule: async (page) => {
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await expect(page.locator(".schedule-bar").first()).toBeVisible();
  },
  tray: async (page) => {
    const unfold = page.getByRole("button", { name: "Unfold the tray" });
    if (await unfold.isVisible()) await unfold.click();
    await expect(page.locator(".tray-row").first()).toBeVisible();
  },
  order: async (page) => {
    await openOrder(page, "A-42");
    await expect(page.getByRole("textbox", { name: "Notes" })).toBeVisible();
  },
  "new-order": async (page) => {
    await page.keyboard.press("c");
    await page.keyboard.type("Da");
    await expect(page.getByRole("option").first()).toBeVisible();
  },
  palette: async (page) => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("42");
    await expect(page.getByRole("option").first()).toBeVisible();
  },
  sync: async (page) => {
    await page.keyboard.press("Control+Shift+S");
    await expect(page.getByText("Fingerprint of what this desk holds")).toBeVisible();
  },
  list: async (page) => {
    await page.keyboard.press("g");
    await page.keyboard.press("l");
    await expect(page.getByText("A-200").first()).toBeAttached();
  },
  import: async (page) => {
    await page.getByRole("button", { name: "Import" }).click();
    await page.getByTestId("import-file").setInputFiles(path.join(FIXTURES, "eight-faults.csv"));
    await expect(page.getByTestId("left-out")).toBeVisible();
  },
};

/** The views that are looked at all day: in both sizes, light and dark. The others in one. */
const ALL_DAY = new Set(["columns", "schedule"]);
const BOTH_SIZES = new Set([...ALL_DAY, "order", "sync", "import"]);

for (const [name, open] of Object.entries(VIEWS)) {
  test(`${name} looks as it should`, async ({ demo }, { project }) => {
    const { page, resize } = demo;
    const inTheDark = async (axe: boolean): Promise<void> => {
      await page.emulateMedia({ colorScheme: "dark" });
      await judge(demo, project.name, { name: `${name}-dark`, axe });
      await page.emulateMedia({ colorScheme: "light" });
    };
    await page.emulateMedia({ colorScheme: "light" });
    await open(page);
    await judge(demo, project.name, { name, axe: true });
    if (!BOTH_SIZES.has(name)) return;
    await inTheDark(true);
    await resize(SIZES.desk);
    await judge(demo, project.name, { name, axe: false });
    if (ALL_DAY.has(name)) await inTheDark(false);
  });
}
