/** No lost edit: a process that commits and merges is killed at random points; every acknowledged commit is there when the file opens again. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, it } from "vitest";
import { openDesk, recordId } from "./store-rig.ts";

const WRITER = fileURLToPath(new URL("./store-crash-writer.ts", import.meta.url));

type Acknowledged = readonly [record: string, title: string, seq: number];

/** Starts the writer and kills it once it acknowledged so many commits. What it acknowledged, in order. */
const killedAfter = (file: string, run: number, commits: number): Promise<readonly Acknowledged[]> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [WRITER, file, String(run)], { stdio: ["ignore", "pipe", "pipe"] });
    const acknowledged: Acknowledged[] = [];
    let complaint = "";
    child.stderr.on("data", (bytes: Buffer) => {
      complaint += bytes.toString();
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      acknowledged.push(JSON.parse(line));
      if (acknowledged.length === commits) child.kill("SIGKILL");
    });
    child.on("error", reject);
    child.on("close", (_code, signal) =>
      signal === "SIGKILL" ? resolve(acknowledged) : reject(new Error(`the writer ended by itself: ${complaint}`)),
    );
  });

it("every acknowledged commit survives kill -9, the file is whole, and no number is used twice", { timeout: 120_000 }, async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 3 }), async (kills) => {
      const folder = mkdtempSync(path.join(tmpdir(), "switchyard-crash-"));
      try {
        const world = { now: Date.now() };
        openDesk(folder, "a", world).close();
        const file = path.join(folder, "a.db");
        let lastSeq = 0;
        for (const commits of kills) {
          run += 1;
          const acknowledged = await killedAfter(file, run, commits);
          expect(acknowledged.length).toBeGreaterThanOrEqual(commits);
          expect(acknowledged[0]?.[2]).toBeGreaterThan(lastSeq);
          const desk = openDesk(folder, "a", world);
          const { fingerprint, recomputed, integrity } = desk.store.verify();
          expect([recomputed, integrity]).toEqual([fingerprint, []]);
          lastSeq = desk.store.ownSeq();
          expect(lastSeq).toBeGreaterThanOrEqual(acknowledged.at(-1)?.[2] ?? 0);
          // At most one commit may have been written and not yet acknowledged.
          expect(lastSeq - (acknowledged.at(-1)?.[2] ?? 0)).toBeLessThanOrEqual(1);
          const lastOf = new Map(acknowledged.map(([record, title]) => [record, title]));
          const unacknowledged = acknowledged.length + 1;
          for (const [record, title] of lastOf) {
            const isNext = record === `record-${unacknowledged % 50}`;
            const read = desk.store.row(recordId(record))?.["title"];
            expect(isNext && lastSeq > (acknowledged.at(-1)?.[2] ?? 0) ? [`run ${run} edit ${unacknowledged}`] : [title]).toContain(read);
          }
          desk.close();
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 4 },
  );
});
