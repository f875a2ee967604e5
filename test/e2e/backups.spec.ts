/** Backups on the board: one at a press, listed with what it holds; a restore is asked outside the page, and nothing happens without a yes. */
import { expect, test } from "./board.ts";

test("a backup is made from the sync panel, and is restored only when that is confirmed outside the page", async ({ desk }) => {
  const { page, ask, app, profile } = desk;
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
  if (app === null) await expect(row.locator("code")).toHaveText(`npm run --silent cli -- --profile ${profile} restore ${made?.file}`);
  else await expect(page.getByText("Nothing was restored.")).toBeVisible();
  expect(await ask("desk.status", {})).toEqual(before);
});

test("what is pressed by key among the backups keeps the focus", async ({ desk }) => {
  const { page, app } = desk;
  await app?.evaluate(({ dialog }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false });
  });
  await page.keyboard.press("Control+Shift+S");
  const backups = page.getByRole("region", { name: "Backups of this desk" });
  const backUp = backups.getByRole("button", { name: "Back up now" });
  await backUp.focus();
  await page.keyboard.press("Enter");
  const row = backups.locator("[data-backup]", { hasText: "asked for" });
  await expect(row).toBeVisible();
  await expect(backUp).toBeFocused();
  const restore = row.getByRole("button", { name: "Restore…" });
  await restore.focus();
  await page.keyboard.press("Enter");
  await expect(app === null ? row.locator("code") : page.getByText("Nothing was restored.")).toBeVisible();
  await expect(restore).toBeFocused();
});
