/** A restore as a board in a browser sees it: its host goes and comes back, and its session is over. The app's window needs no link. */
import { expect, test } from "./board.ts";

test("a board in a browser finds the host again after a restore and says how to open it anew, in the same tab", async ({ desk }) => {
  const { page, cli } = desk;
  const { file } = await cli<{ readonly file: string }>("backup", `${desk.profile}-copy.db`);
  await page.keyboard.press("Control+Shift+S");
  await cli("restore", file);
  await expect(page.getByText(/npm run --silent cli -- url/)).toBeVisible({ timeout: 30_000 });
  const { url } = await cli<{ readonly url: string }>("url");
  expect(new URL(url).origin).toBe(new URL(page.url()).origin);
  await page.goto(url);
  await expect(page.locator(".card").first()).toBeVisible();
});
