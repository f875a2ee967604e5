/**
 * No lost edit: a process that commits, merges, trims its history, indexes and checkpoints at once is killed at random points, also while
 * it opens. Every acknowledged commit and every synced merge is there when the file opens again, and the file is whole.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseRecordId } from "../../shared/ids.ts";
import { killed, killPlan, killsOfFolder } from "./kills.ts";
import { type Acknowledged, type Merged, PEERS, recordOfPeer, shown } from "./store-crash-lines.ts";
import { type Desk, ORDER, openDesk, recordId } from "./store-rig.ts";

const WRITER = fileURLToPath(new URL("./store-crash-writer.ts", import.meta.url));
const plan = killPlan(20);

/** What the process printed, over all its lives. */
class Told {
  seq = 0;
  undo: string | null = null;
  readonly rows = new Map<string, string>();
  readonly merged = PEERS.map(() => 0);

  take(lines: readonly string[]): void {
    for (const line of lines) {
      if (line === "opening") continue;
      const told: Acknowledged | Merged = JSON.parse(line);
      if ("peer" in told) this.merged[told.peer] = told.seq;
      else {
        this.seq = told.seq;
        this.undo = told.undo;
        for (const [record, text] of told.rows) this.rows.set(record, text);
      }
    }
  }
}

const expectNothingLost = ({ store }: Desk, told: Told): void => {
  const { integrity, fingerprint, recomputed, differences } = store.verify();
  expect({ integrity, recomputed, differences }).toEqual({ integrity: [], recomputed: fingerprint, differences: [] });
  // At most one commit was written and not yet acknowledged.
  const more = store.ownSeq() - told.seq;
  expect(more === 0 || more === 1, `${told.seq} were acknowledged, ${store.ownSeq()} are there`).toBe(true);
  const differing = [...told.rows].filter(([record, text]) => shown(store, recordId(record)) !== text);
  expect(differing.length, JSON.stringify(differing)).toBeLessThanOrEqual(more);
  if (more === 0) expect(store.undoable().undo).toBe(told.undo);
};

const expectMergesThere = ({ store }: Desk, told: Told): void => {
  const vector = store.vector();
  for (const [index, id] of PEERS.entries()) {
    const has = vector.get(id)?.seq ?? 0;
    expect(has).toBeGreaterThanOrEqual(told.merged[index] ?? 0);
    // A vector claims only what is stored: the last that each record was written by.
    const last = new Map<string, number>();
    for (let seq = Math.max(1, has - 40); seq <= has; seq++) last.set(recordOfPeer(index, seq), seq);
    if (index === 2) expect(store.held().find(({ replica }) => replica === id)?.changes ?? 0).toBe(last.size > 0 ? Math.min(has, 20) : 0);
    else for (const [record, seq] of last) expect(store.row(recordId(record), { deleted: true })?.["minutes"]).toBeGreaterThanOrEqual(seq);
  }
};

/** The index is a hint that a crash may leave behind, never wrong. */
const expectFound = ({ store }: Desk): void => {
  for (const { id, title } of store.rows([ORDER])) {
    if (typeof title === "string") expect(store.search(title, [ORDER], 100).map((hit) => hit.id)).toContain(parseRecordId(id));
  }
};

it("every acknowledged commit and merge survives kill -9, the file is whole, and no number is used twice", {
  timeout: plan.timeout,
}, async () => {
  let run = 0;
  let kills = 0;
  await fc.assert(
    fc.asyncProperty(killsOfFolder(400, 40), async (folderKills) => {
      const folder = mkdtempSync(path.join(tmpdir(), "switchyard-crash-"));
      try {
        const world = { now: Date.now() };
        const first = openDesk(folder, "a", world);
        const { replica } = first.store;
        first.close();
        const told = new Told();
        for (const kill of folderKills) {
          run += 1;
          told.take(await killed(WRITER, [path.join(folder, "a.db"), String(run)], kill));
          kills += 1;
          const desk = openDesk(folder, "a", world);
          try {
            expect(desk.store.replica).toBe(replica);
            expectNothingLost(desk, told);
            expectMergesThere(desk, told);
            expectFound(desk);
            // What was not acknowledged and is there counts from now on.
            told.seq = desk.store.ownSeq();
            told.undo = desk.store.undoable().undo;
            for (const record of told.rows.keys()) told.rows.set(record, shown(desk.store, recordId(record)));
          } finally {
            desk.close();
          }
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: plan.folders, endOnFailure: true },
  );
  expect(kills).toBe(plan.folders * 10);
});
