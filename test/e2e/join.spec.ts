/**
 * The first minute of a fresh desk: Join, New, Demo; joining by a code that the first desk makes; who is connected stands in the status bar,
 * and who is stopped in its tracks is shown away. Then real work comes in from a file: previewed, the bad lines named, taken back at once.
 */
import path from "node:path";
import { boardDrawn, type Desk, expect, test } from "./board.ts";

const FIXTURES = path.resolve(import.meta.dirname, "../fixtures/import");
const YARD = "Yard gate";

const syncWords = ({ page }: Desk) => page.getByTestId("sync-words");

/** The code is read off the dialog; that the joiner may come in is asked of the person by a dialog of the main process. */
const joinInApp = async (office: Desk, yard: Desk): Promise<void> => {
  await office.app?.evaluate(({ dialog }) => {
    dialog.showMessageBox = async (...given: readonly unknown[]) => {
      Object.assign(globalThis, { asked: JSON.stringify(given.at(-1)) });
      return { response: 1, checkboxChecked: false };
    };
  });
  await office.page.getByRole("button", { name: "Workspace Larkmoor Mechanical" }).click();
  await office.page.getByRole("menuitem", { name: "Invite a desk" }).click();
  await office.page.getByRole("button", { name: "Make a code" }).click();
  const code = (await office.page.getByTestId("invite-code").textContent()) ?? "";
  expect(code).toMatch(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/);
  const { port } = await office.ask("sync.status", {});

  const { page } = yard;
  for (const way of ["Join a workspace", "New workspace", "Look at the demo"])
    await expect(page.getByRole("radio", { name: way })).toBeVisible();
  await expect(page.getByRole("radio", { name: "Join a workspace" })).toBeChecked();
  await page.getByRole("textbox", { name: "Code" }).fill(code.toLowerCase());
  await page.getByRole("button", { name: "type an address" }).click();
  await page.getByRole("textbox", { name: "Address of a desk" }).fill(`127.0.0.1:${port}`);
  await page.getByRole("textbox", { name: "Name this desk" }).fill(YARD);
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await boardDrawn(page);
  expect(await office.app?.evaluate(() => (globalThis as { asked?: string }).asked)).toContain(YARD);
  await expect(office.page.getByText(`${YARD} has joined.`)).toBeVisible();
  await office.page.getByRole("button", { name: "Done" }).click();
};

/** A browser is no place to confirm a joiner, so a headless office invites by the command line, and a headless yard joins by it. */
const joinByCommandLine = async (office: Desk, yard: Desk): Promise<void> => {
  const { code } = await office.cli<{ code: string }>("invite");
  expect(code).toMatch(/^[0-9A-Z]{5}-?[0-9A-Z]{5}$/);
  const { port } = await office.ask("sync.status", {});
  await yard.cli("join", code, "--address", `127.0.0.1:${port}`);
  await yard.page.reload();
  await boardDrawn(yard.page);
};

test("a fresh desk joins by a spoken code; each names the other while it is connected, and says when it is away", async ({ openDesk }) => {
  test.setTimeout(240_000);
  const [office, yard] = await Promise.all([openDesk(), openDesk({ demo: false })]);
  await boardDrawn(office.page);
  await (office.app === null ? joinByCommandLine : joinInApp)(office, yard);
  await expect.poll(async () => (await yard.ask("order.list", {})).length, { timeout: 60_000 }).toBe(200);
  const [officeName, yardName] = await Promise.all([office, yard].map(async ({ ask }) => (await ask("desk.info", {})).deviceName));
  await expect(syncWords(office)).toContainText(`${yardName} connected · last exchange`);
  await expect(syncWords(yard)).toContainText(`${officeName} connected · last exchange`);
  await expect(syncWords(office)).toContainText("all changes seen elsewhere", { timeout: 60_000 });

  yard.pause();
  await expect(syncWords(office)).toContainText("Offline since", { timeout: 60_000 });
  await office.page.keyboard.press("Control+Shift+S");
  const row = office.page.locator("[data-peer]").filter({ hasText: yardName ?? "" });
  await expect(row).toContainText("away");
  yard.resume();
  await expect(row).toContainText("connected", { timeout: 60_000 });
  await expect(syncWords(office)).toContainText(`${yardName} connected`);
});

/** In the app by the system's dialog, answered for the person; in a browser by its own. */
const chooseFile = async ({ app, page }: Desk, name: string): Promise<void> => {
  const file = path.join(FIXTURES, name);
  const button = page.getByRole("button", { name: "Choose a file…" });
  if (app === null) {
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), button.click()]);
    await chooser.setFiles(file);
    return;
  }
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
  }, file);
  await button.click();
};

test("a file is previewed, its bad lines are named, the rest comes in as one action and goes again by one undo", async ({ demo }) => {
  const { page, ask } = demo;
  const count = async (): Promise<number> => (await ask("order.list", {})).length;
  const before = await count();
  await page.getByRole("button", { name: "Import" }).click();
  await chooseFile(demo, "eight-faults.csv");
  await expect(page.getByText("5 ready")).toBeVisible();
  await expect(page.getByRole("row", { name: /Water heater leaking/ }).last()).toContainText("make");
  const leftOut = page.getByTestId("left-out");
  await expect(leftOut.getByRole("row")).toHaveText([
    /Line/,
    /^5.*a quote is opened and not closed/,
    /^7.*6 of 8 fields/,
    /^9.*9 fields instead of 8/,
    /^10Due.*27\.11\.2026/,
    /^11.*the header stands here again/,
  ]);
  expect(await count()).toBe(before);
  await page.getByRole("button", { name: "Import 5 orders" }).click();
  await expect(page.getByRole("heading", { name: "5 orders imported" })).toBeVisible();
  expect(await count()).toBe(before + 5);
  await page.getByRole("button", { name: "Undo the import" }).click();
  await expect.poll(count).toBe(before);
});

test("26 real requests of a city come in, stand in the list, and go by Ctrl+Z", async ({ demo }) => {
  const { page, ask } = demo;
  const count = async (): Promise<number> => (await ask("order.list", {})).length;
  const before = await count();
  await page.getByRole("button", { name: "Import" }).click();
  await chooseFile(demo, "boston-excerpt.csv");
  await page.getByRole("button", { name: "Import 26 orders" }).click();
  await expect(page.getByRole("heading", { name: "26 orders imported" })).toBeVisible();
  await page.getByRole("button", { name: "Show the list" }).click();
  await expect(page.getByText("Animal Generic Request").first()).toBeVisible();
  expect(await count()).toBe(before + 26);
  await page.keyboard.press("Control+z");
  await expect.poll(count).toBe(before);
  await expect(page.getByText("Animal Generic Request")).toHaveCount(0);
});
