/**
 * How the board looks: screenshots of each view in both sizes go to `.artifacts/looks` for people to judge; what a machine can judge is
 * judged here. No sideways scrolling of the page, no accessibility violation, no words cut where they may not be: numbers, windows, marks
 * never, other words only where they end in … on purpose.
 */
import path from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { boardDrawn, type Desk, expect, openOrder, test } from "./board.ts";

const SIZES = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
] as const;
const FIXTURES = path.resolve(import.meta.dirname, "../fixtures/import");

/** Words that stick out of what cuts them off, sideways; those that end in … are meant to, but for numbers, windows and marks. */
const cutWords = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const neverCut = ".order-number, .card-window, .schedule-bar-number, .mark, .tabular";
    const found = new Set<string>();
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = words.nextNode(); node !== null; node = words.nextNode()) {
      const parent = node.parentElement;
      if (parent === null || (node.textContent ?? "").trim() === "") continue;
      if (!parent.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      if (box.width === 0) continue;
      for (let around: Element | null = parent; around !== null; around = around.parentElement) {
        const style = getComputedStyle(around);
        // What is there for screen readers alone is one pixel large.
        if (style.clipPath !== "none" || style.clip !== "auto") break;
        if (style.overflowX === "visible") continue;
        const edges = around.getBoundingClientRect();
        // Scrolled or left out whole is not cut.
        if (box.right <= edges.left + 1 || box.left >= edges.right - 1 || box.bottom <= edges.top || box.top >= edges.bottom) break;
        const isCut = box.left < edges.left - 1 || box.right > edges.right + 1;
        const mayBe = style.textOverflow === "ellipsis" && around.closest(neverCut) === null;
        if (isCut && !mayBe) found.add(`${around.className}: ${node.textContent}`);
        if (isCut) break;
      }
    }
    return [...found];
  });

interface Judged {
  readonly name: string;
  /** Axe's rules do not depend on the size: asked once for each view. */
  readonly axe: boolean;
}

const judge = async (desk: Desk, project: string, { name, axe }: Judged): Promise<void> => {
  const { page } = desk;
  const width = await page.evaluate(() => innerWidth);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `.artifacts/looks/${project}/${name}-${width}.png`, animations: "disabled" });
  expect.soft(await page.evaluate(() => document.documentElement.scrollWidth), `${name} at ${width} scrolls sideways`).toBe(width);
  expect.soft(await cutWords(page), `${name} at ${width} cuts words`).toEqual([]);
  if (!axe) return;
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(desk.app !== null).analyze();
  const faults = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ""}`).join("\n")}`,
  );
  expect.soft(faults, `${name} at ${width} and axe`).toEqual([]);
};

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

const IN_THE_DARK = new Set(["columns", "schedule", "order", "sync", "import"]);

for (const [name, open] of Object.entries(VIEWS)) {
  test(`${name} in both sizes, light and dark`, async ({ demo }, { project }) => {
    const { page, resize } = demo;
    for (const size of SIZES) {
      await resize(size);
      await page.emulateMedia({ colorScheme: "light" });
      await page.reload();
      await boardDrawn(page);
      await open(page);
      await judge(demo, project.name, { name, axe: size === SIZES[0] });
      if (!IN_THE_DARK.has(name)) continue;
      await page.emulateMedia({ colorScheme: "dark" });
      await judge(demo, project.name, { name: `${name}-dark`, axe: size === SIZES[0] });
    }
    await page.emulateMedia({ colorScheme: null });
  });
}

test("the first minute of a fresh desk, in both sizes", async ({ openDesk }, { project }) => {
  test.skip(project.name !== "electron", "a headless host has a workspace from the start");
  const fresh = await openDesk({ demo: false });
  for (const size of SIZES) {
    await fresh.resize(size);
    for (const way of ["Join a workspace", "New workspace"]) {
      await fresh.page.getByRole("radio", { name: way }).click();
      await judge(fresh, project.name, { name: way.toLowerCase().replaceAll(" ", "-"), axe: size === SIZES[0] });
    }
  }
});
