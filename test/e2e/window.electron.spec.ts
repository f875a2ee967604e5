/** The app's own window: its menu, a second start, an end in order, and a profile that another host has open. Electron alone. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { presentElectron } from "../../scripts/electron-path.ts";
import type { Host } from "../../shared/ipc/contract.ts";
import { boardDrawn, type Desk, expect, test } from "./board.ts";

const root = path.resolve(import.meta.dirname, "../..");

const menuItem = async ({ app }: Desk, id: string): Promise<void> => {
  if (app === null) throw new Error("no app");
  await app.evaluate(({ Menu, BrowserWindow }, wanted) => {
    const item = Menu.getApplicationMenu()?.getMenuItemById(wanted);
    if (!item) throw new Error(`no menu item ${wanted}`);
    item.click(undefined, BrowserWindow.getAllWindows()[0]);
  }, id);
};

/** A start of the app beside the fixture's; its exit status and what it said on standard error. */
const startAgain = async (profile: string): Promise<{ readonly status: number | null; readonly said: string }> => {
  const child = spawn(presentElectron()?.file ?? "", [root, "--profile", profile, "--no-mdns"], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    // Its dialog has nobody to close it here.
    if (text.includes("profile_in_use")) child.kill("SIGKILL");
  });
  const [status] = (await once(child, "close")) as [number | null];
  return { status, said };
};

test("File > Import CSV… opens the import, other items their parts of the board", async ({ desk }) => {
  await menuItem(desk, "new-order");
  await expect(desk.page.getByRole("region", { name: "New order" })).toBeVisible();
  await desk.page.keyboard.press("Escape");
  await menuItem(desk, "import");
  await expect(desk.page.getByRole("heading", { name: /import/i }).first()).toBeVisible();
});

test("a second start of the profile brings the first's window to the front and ends", async ({ desk }) => {
  const minimized = await desk.app?.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0];
    window?.hide();
    return window?.isVisible();
  });
  expect(minimized).toBe(false);
  expect((await startAgain(desk.profile)).status).toBe(0);
  await expect
    .poll(() => desk.app?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible())))
    .toEqual([true]);
});

test("closing the window ends the app in order, and the next start finds it where it stood", async ({ openDesk }) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "sy-window-"));
  const profile = path.join(folder, "profile");
  try {
    const first = await openDesk({ profile });
    await boardDrawn(first.page);
    const bounds = { x: 40, y: 50, width: 1200, height: 800 };
    await first.app?.evaluate(({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted), bounds);
    await first.close();
    expect(existsSync(path.join(profile, "run.json"))).toBe(false);
    expect(JSON.parse(readFileSync(path.join(profile, "window.json"), "utf8"))).toMatchObject({ width: 1200, height: 800 });
    const orders = await first.cli<unknown[]>("order", "list");
    expect(orders).toHaveLength(200);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("an app that is killed loses nothing that it showed", async ({ openDesk }) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "sy-window-"));
  const profile = path.join(folder, "profile");
  try {
    const first = await openDesk({ profile });
    await boardDrawn(first.page);
    await first.page.evaluate(async () => {
      const { switchyard } = globalThis as unknown as { readonly switchyard: Host };
      await switchyard.call("order.set", { order: "A-42", values: { status: "in_progress" } });
    });
    await first.kill();
    const second = await openDesk({ profile });
    await boardDrawn(second.page);
    expect(await second.cli("order", "get", "A-42")).toMatchObject({ status: "in_progress" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a profile that a headless host has open is left alone, and it is said", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "sy-window-"));
  const profile = path.join(folder, "profile");
  const hub = spawn(process.execPath, [path.join(root, "main/cli.ts"), "--profile", profile, "hub", "--no-mdns"], {
    cwd: root,
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    await once(hub.stdout, "data");
    expect((await startAgain(profile)).said).toContain("profile_in_use");
  } finally {
    const gone = once(hub, "exit");
    hub.kill("SIGKILL");
    await gone;
    rmSync(folder, { recursive: true, force: true });
  }
});
