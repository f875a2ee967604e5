/** Backups on the board: one at a press, listed with what it holds; a restore is asked outside the page, and nothing happens without a yes. */
import { expect, test } from "./board.ts";

test("a backup is made from the sync panel, and is restored only when that is confirmed outside the page", async ({ desk }) => {
  const { page, ask, app } = desk;
  const before = await ask("desk.status", {});
  await page.keyboard.press("Control+Shift+S");
  const backups = page.getByRole("region", { name: "Backups of this desk" });
  await backups.getByRole("button", { name: "Back up now" }).click();
  await expect(backups).toContainText(/asked for · \d+ records · \d+ kB · opened and checked/);
  const made = (await ask("backup.list", {})).backups.find(({ kind }) => kind === "manual");
  expect(made).toMatchObject({ verified: true, records: before.records });
  await app?.evaluate(({ dialog }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false });
  });
  const row = backups.locator("[data-backup]", { hasText: "asked for" });
  await row.getByRole("button", { name: "Restore…" }).click();
  await expect(page.getByText(app === null ? /must be confirmed outside a browser/ : "Nothing was restored.")).toBeVisible();
  expect(await ask("desk.status", {})).toEqual(before);
});
