/**
 * Killed anywhere while it migrates a file of an earlier version: the file is as it was or migrated, all that was in it is there when it is
 * opened again, and a copy from before that has its name is sound.
 */
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import fc from "fast-check";
import { expect, it } from "vitest";
import { killed, killPlan, killsOfFolder } from "./kills.ts";
import { ORDER, openDesk, recordId } from "./store-rig.ts";

const WRITER = fileURLToPath(new URL("./store-migrate-writer.ts", import.meta.url));
const FIXTURES = fileURLToPath(new URL("../fixtures/store/", import.meta.url));
const ORDER_1 = recordId("0198a000-0000-7000-8000-000000000001");
/** All but the newest version, which needs no migration. */
const earlier = readdirSync(FIXTURES)
  .filter((name) => /^v\d+\.db$/.test(name))
  .toSorted((a, b) => Number(a.slice(1, -3)) - Number(b.slice(1, -3)))
  .slice(0, -1);
const plan = killPlan(10);

/** The file with so much in it that a kill can fall between two pages. */
const weighted = (name: string, folder: string): string => {
  const file = path.join(folder, name);
  copyFileSync(path.join(FIXTURES, name), file);
  const db = new Database(file);
  const insert = db.prepare("INSERT INTO notebook (key, value) VALUES (?, ?)");
  db.transaction(() => {
    for (let i = 0; i < 2000; i++) insert.run(`ballast-${i}`, `${i} `.repeat(300));
  })();
  db.close();
  return file;
};

const versionOf = (file: string): number => {
  const db = new Database(file);
  try {
    expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
    return Number(db.pragma("user_version", { simple: true }));
  } finally {
    db.close();
  }
};

it("a kill at any point of a migration leaves the file as it was or migrated, and sound copies of what was before", {
  timeout: plan.timeout,
}, async () => {
  expect(earlier.length).toBeGreaterThan(0);
  const found = { asBefore: 0, migrated: 0 };
  await fc.assert(
    fc.asyncProperty(killsOfFolder(8, 60), async (kills) => {
      const folder = mkdtempSync(path.join(tmpdir(), "switchyard-migrate-"));
      try {
        for (const [n, kill] of kills.entries()) {
          const name = earlier[n % earlier.length] ?? "";
          const version = Number(name.slice(1, -3));
          const fixture = weighted(name, folder);
          const lines = await killed(WRITER, [folder, fixture, String(n * 1000)], kill);
          const last = lines.findLast((line) => line !== "done");
          const copies = readdirSync(folder);
          for (const copy of copies.filter((one) => /\.before-\d+-[\dT-]+$/.test(one))) {
            expect([copy, versionOf(path.join(folder, copy))]).toEqual([copy, version]);
          }
          if (lines.at(-1) !== "done") {
            const now = versionOf(path.join(folder, `copy-${last}.db`));
            expect(now).toBeGreaterThanOrEqual(version);
            found[now === version ? "asBefore" : "migrated"] += 1;
            if (now > version) expect(copies.some((one) => one.startsWith(`copy-${last}.db.before-${version + 1}-`))).toBe(true);
          }
          const desk = openDesk(folder, `copy-${last}`, { now: Date.now() });
          try {
            expect(desk.store.row(ORDER_1)).toMatchObject({ number: "A-1", title: "fixture", tags: ["a/b", "c"], used: 5 });
            expect(desk.store.trash().map(({ title }) => title)).toEqual(["deleted"]);
            expect(desk.store.notebook.get("ballast-1999")).toBe("1999 ".repeat(300));
            expect(desk.store.search("fixtu", [ORDER], 10).map(({ id }) => id)).toEqual([ORDER_1]);
            expect(desk.store.verify()).toMatchObject({ differences: [], fingerprint: "9f252b271e70c30e180cc6aa111ccf05" });
          } finally {
            desk.close();
          }
          expect(readdirSync(folder).filter((one) => one.startsWith(`copy-${last}.`) && one.includes(".part"))).toEqual([]);
          for (const one of readdirSync(folder)) rmSync(path.join(folder, one), { force: true });
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: plan.folders, endOnFailure: true },
  );
  // The kills fell into migrations.
  expect(found.asBefore + found.migrated).toBeGreaterThan(0);
});
