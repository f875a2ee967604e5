/**
 * What a machine can judge of a view's looks, with a screenshot for people: no sideways scrolling of the page, no accessibility violation, no
 * words cut where they may not be. Numbers, windows and marks are never cut; other words only where they end in … on purpose.
 */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { type Desk, expect } from "./board.ts";

export const SIZES = {
  laptop: { width: 1366, height: 768 },
  desk: { width: 1920, height: 1080 },
} as const;

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

/** Takes the screenshot and notes every fault, without ending the test. */
export const judge = async (desk: Desk, project: string, { name, axe }: Judged): Promise<void> => {
  const { page } = desk;
  const width = await page.evaluate(() => innerWidth);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `.artifacts/looks/${project}/${name}-${width}.png`, animations: "disabled" });
  expect.soft(await page.evaluate(() => document.documentElement.scrollWidth), `${name} at ${width} scrolls sideways`).toBe(width);
  expect.soft(await cutWords(page), `${name} at ${width} cuts words`).toEqual([]);
  if (!axe) return;
  // Electron can open no page of axe's own, which the other mode needs; and what passes is not listed, which takes most of the time.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ resultTypes: ["violations"] })
    .analyze();
  const faults = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ""}`).join("\n")}`,
  );
  expect.soft(faults, `${name} at ${width} and axe`).toEqual([]);
};
