/**
 * Killed anywhere while it commits, trims, backs up and restores: the file is sound each time, every backup that has its name is sound, a
 * restore that was under way is finished or not begun, and no number is ever used twice.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, it } from "vitest";
import { verifyFile } from "../../main/store/backup.ts";
import { asideOf, carryOutRestore, pendingOf } from "../../main/store/restore.ts";
import { killed, killPlan, killsOfFolder } from "./kills.ts";
import { epochMs, ORDER_TYPE, openDesk } from "./store-rig.ts";

const WRITER = fileURLToPath(new URL("./store-restore-writer.ts", import.meta.url));
const work = { types: [ORDER_TYPE], wall: () => epochMs(Date.now()) };

const plan = killPlan(20);

it("a kill at any point of a backup or a restore leaves a sound file, sound backups and no number used twice", {
  timeout: plan.timeout,
}, async () => {
  await fc.assert(
    fc.asyncProperty(killsOfFolder(60, 40), async (kills) => {
      const folder = mkdtempSync(path.join(tmpdir(), "switchyard-restore-"));
      const file = path.join(folder, "a.db");
      const used = new Set<string>();
      try {
        const world = { now: Date.now() };
        openDesk(folder, "a", world).close();
        for (const [n, kill] of kills.entries()) {
          const [opening, ...acknowledged] = await killed(WRITER, [folder], kill);
          expect(opening).toBe("opening");
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
          if (last[0] === desk.store.replica) expect(desk.store.ownSeq()).toBeGreaterThanOrEqual(Number(last[1]));
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
    { numRuns: plan.folders, endOnFailure: true },
  );
});
