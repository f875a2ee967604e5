/** Two connections in two threads: local commits go first while a long catch-up merges, and nothing of either is lost. */

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setImmediate as breath } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { localGate, mergeGate, newGate } from "../../main/store/gate.ts";
import { openStore } from "../../main/store/open-store.ts";
import { actionId, epochMs, ORDER, ORDER_TYPE, recordId } from "./store-rig.ts";

const BATCHES = 5;
const RECORDS = 3000;

describe("the gate", () => {
  it("tells a merge that a local commit waits, and lets it in again afterwards", () => {
    const shared = newGate();
    const local = localGate(shared);
    const merge = mergeGate(shared);
    merge.enter();
    expect(merge.wanted()).toBe(false);
    merge.leave();
    local.enter();
    expect(merge.wanted()).toBe(true);
    local.leave();
    merge.enter();
    expect(merge.wanted()).toBe(false);
    merge.leave();
  });

  it("lets many local commits through each batch of a catch-up, and loses nothing", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "switchyard-gate-"));
    const file = path.join(folder, "a.db");
    const gate = newGate();
    const store = openStore({
      file,
      types: [ORDER_TYPE],
      wall: () => epochMs(Date.now()),
      random: (bytes) => new Uint8Array(randomBytes(bytes)),
      gate,
      machine: "test",
    });
    try {
      const worker = new Worker(new URL("./store-gate-worker.ts", import.meta.url), {
        workerData: { file, gate, batches: BATCHES, records: RECORDS },
      });
      let isDone = false;
      const done = new Promise<void>((resolve, reject) => {
        worker.on("message", () => {
          isDone = true;
          resolve();
        });
        worker.on("error", reject);
      });
      let commits = 0;
      let duringMerges = 0;
      while (!isDone) {
        const theirs = store.count() - commits;
        commits += 1;
        store.commit([{ kind: "put", collection: ORDER, record: recordId(`ours-${commits}`), path: ["title"], value: `ours ${commits}` }], {
          action: actionId(`a${commits}`),
          label: "edit",
        });
        if (theirs % RECORDS > 0) duringMerges += 1;
        await breath();
      }
      await done;
      // Without the gate a commit waits for the whole batch, so at most a few could come in.
      expect(duringMerges).toBeGreaterThan(BATCHES * 2);
      expect(store.count()).toBe(BATCHES * RECORDS + commits);
      for (let n = 1; n <= commits; n++) expect(store.row(recordId(`ours-${n}`))?.["title"]).toBe(`ours ${n}`);
      const { fingerprint, recomputed, integrity } = store.verify();
      expect([recomputed, integrity]).toEqual([fingerprint, []]);
    } finally {
      store.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
