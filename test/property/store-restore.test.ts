/**
 * Killed anywhere while it commits, trims, backs up and restores: the file is sound each time, every backup that has its name is sound, a
 * restore that was under way is finished or not begun, and no number is ever used twice.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, it } from "vitest";
import { verifyFile } from "../../main/store/backup.ts";
import { asideOf, carryOutRestore, pendingOf } from "../../main/store/restore.ts";
import { epochMs, ORDER_TYPE, openDesk } from "./store-rig.ts";

const WRITER = fileURLToPath(new URL("./store-restore-writer.ts", import.meta.url));
const work = { types: [ORDER_TYPE], wall: () => epochMs(Date.now()) };

/** Lets the writer acknowledge so many commits and a while more, then kills it. What it acknowledged: `replica number`. */
const killedAfter = (folder: string, commits: number, moreMs: number): Promise<readonly string[]> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [WRITER, folder], { stdio: ["ignore", "pipe", "pipe"] });
    let [out, complaint, isKilling] = ["", "", false];
    child.stderr.on("data", (bytes: Buffer) => {
      complaint += bytes.toString();
    });
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      if (isKilling || out.split("\n").length <= commits) return;
      isKilling = true;
      setTimeout(() => child.kill("SIGKILL"), moreMs);
    });
    child.on("error", reject);
    // A line that the kill cut short acknowledged nothing.
    child.on("close", (_code, signal) =>
      signal === "SIGKILL" ? resolve(out.split("\n").slice(0, -1)) : reject(new Error(`the writer ended by itself: ${complaint}`)),
    );
  });

it("a kill at any point of a backup or a restore leaves a sound file, sound backups and no number used twice", {
  timeout: 240_000,
}, async () => {
  const kill = fc.record({ commits: fc.integer({ min: 1, max: 60 }), moreMs: fc.integer({ min: 0, max: 40 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(kill, { minLength: 10, maxLength: 10 }), async (kills) => {
      const folder = mkdtempSync(path.join(tmpdir(), "switchyard-restore-"));
      const file = path.join(folder, "a.db");
      const used = new Set<string>();
      try {
        const world = { now: Date.now() };
        openDesk(folder, "a", world).close();
        for (const [n, { commits, moreMs }] of kills.entries()) {
          const acknowledged = await killedAfter(folder, commits, moreMs);
          expect(acknowledged.length).toBeGreaterThanOrEqual(commits);
          for (const number of acknowledged) {
            expect(used.has(number), number).toBe(false);
            used.add(number);
          }
          // What each start does first.
          carryOutRestore(file, asideOf(file, `after-${n}`));
          expect(existsSync(pendingOf(file))).toBe(false);
          const desk = openDesk(folder, "a", world);
          expect(desk.store.verify().differences).toEqual([]);
          const last = acknowledged.at(-1)?.split(" ") ?? [];
          // Restored meanwhile, it is another replica; else what was acknowledged is there.
          if (desk.store.replica === last[0]) expect(desk.store.ownSeq()).toBeGreaterThanOrEqual(Number(last[1]));
          desk.close();
          for (const name of readdirSync(folder).filter((one) => one.startsWith("backup-") && one.endsWith(".db"))) {
            expect(verifyFile(path.join(folder, name), work).differences).toEqual([]);
            rmSync(path.join(folder, name));
          }
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 2 },
  );
});
