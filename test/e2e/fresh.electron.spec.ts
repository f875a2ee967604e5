/** The first minute of a fresh desk as people see it: Join, New, Demo. A headless host has a workspace from the start. */
import { expect, test } from "./board.ts";
import { judge, SIZES } from "./judge.ts";

test("the first minute looks as it should", async ({ openDesk }, { project }) => {
  const fresh = await openDesk({ demo: false });
  const { page, resize } = fresh;
  await judge(fresh, project.name, { name: "join", axe: true });
  await page.emulateMedia({ colorScheme: "dark" });
  await judge(fresh, project.name, { name: "join-dark", axe: true });
  await page.emulateMedia({ colorScheme: "light" });
  await page.getByRole("radio", { name: "New workspace" }).click();
  await expect(page.getByRole("button", { name: "Found the workspace" })).toBeVisible();
  await judge(fresh, project.name, { name: "new-workspace", axe: true });
  await page.getByRole("radio", { name: "Join a workspace" }).click();
  await resize(SIZES.desk);
  await judge(fresh, project.name, { name: "join", axe: false });
});
