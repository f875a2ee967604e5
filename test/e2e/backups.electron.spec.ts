/**
 * A restore in the app: it ends, starts itself again as a new process, and is then another replica with what the backup held. The app is
 * started without Playwright's hand in it, whose hooks would hold the process that the app starts itself.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { test as base, expect } from "@playwright/test";
import { connectToHost } from "../../main/cli/local-client.ts";
import { resolveProfile } from "../../main/host/profile.ts";
import { readRunFile } from "../../main/host/run-file.ts";
import { presentElectron } from "../../scripts/electron-path.ts";
import type { Input, Output, RequestName } from "../../shared/ipc/contract.ts";

const root = path.resolve(import.meta.dirname, "../..");

interface App {
  /** The process that holds the profile now. */
  pid(): number | undefined;
  ask<Name extends RequestName>(name: Name, input: Input<Name>): Promise<Output<Name>>;
}

const test = base.extend<{ readonly app: App }>({
  app: async ({}, use) => {
    const electron = presentElectron();
    if (electron === undefined) throw new Error("no Electron was found; npm run test:e2e says how to get one");
    const folder = mkdtempSync(path.join(os.tmpdir(), "sy-e2e-"));
    const profile = resolveProfile(path.join(folder, "profile"));
    const asRoot = process.platform === "linux" && process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const first = spawn(electron.file, [root, ...asRoot, "--profile", profile.folder, "--no-mdns", "--demo"], {
      cwd: root,
      stdio: "ignore",
    });
    const pids = new Set<number>();
    if (first.pid !== undefined) pids.add(first.pid);
    const pid = (): number | undefined => {
      const now = readRunFile(profile)?.pid;
      if (now !== undefined) pids.add(now);
      return now;
    };
    await use({
      pid,
      ask: async (name, input) => {
        const run = readRunFile(profile);
        if (run === undefined) throw new Error("the app does not run");
        const connection = await connectToHost(run);
        try {
          return await connection.call(name, input);
        } finally {
          connection.close();
        }
      },
    });
    pid();
    for (const each of pids) end(each);
    rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  },
});

const end = (pid: number): void => {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It ended by itself.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
};

test("a restore starts the app again as a new replica with what the backup held, and says so", async ({ app }) => {
  const eventually = expect.configure({ timeout: 60_000 });
  await eventually.poll(async () => app.ask("desk.status", {}).catch(() => null)).not.toBeNull();
  const before = await app.ask("desk.status", {});
  const { name, verified } = await app.ask("backup.create", {});
  expect(verified).toBe(true);
  await app.ask("order.create", { values: { title: "Written after the backup" } });
  expect((await app.ask("desk.status", {})).records).toBe(before.records + 1);
  const old = app.pid();
  await app.ask("backup.restore", { name });
  await eventually
    .poll(async () => (await app.ask("desk.status", {}).catch(() => null))?.replica ?? before.replica)
    .not.toBe(before.replica);
  const after = await app.ask("desk.status", {});
  expect([after.records, after.workspace, after.device]).toEqual([before.records, before.workspace, before.device]);
  expect(app.pid()).not.toBe(old);
  expect((await app.ask("store.verify", {})).ok).toBe(true);
  expect((await app.ask("desk.info", {})).notices).toContainEqual(expect.objectContaining({ code: "backup_restored" }));
  // It is a desk like any other: what is written gets a number that was never given.
  const { record } = await app.ask("order.create", { values: { title: "Written anew" } });
  expect(record["number"]).toMatch(/^A\d\d-\d+$/);
});
