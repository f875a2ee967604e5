/**
 * Real faults under the store: a full disk, a read-only one, a file that another program holds. Each is told by its own code, nothing that
 * was acknowledged is lost, and work goes on when it is over.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { hlcAt, holdLimit } from "../../shared/clock/hlc.ts";
import { parseReplicaId } from "../../shared/ids.ts";
import { actionId, type Desk, epochMs, inFolder, ORDER, openDesk, recordId } from "../property/store-rig.ts";

const DESK = fileURLToPath(new URL("./store-faults-desk.ts", import.meta.url));
const NOT_PERMITTED = 77;
const NOW = Date.UTC(2026, 10, 24);

test("a full disk and a read-only one are told, lose nothing, and work goes on after them", ({ skip }) => {
  const folder = mkdtempSync(path.join(tmpdir(), "switchyard-disk-"));
  try {
    const ran = spawnSync("unshare", ["-r", "-m", process.execPath, DESK, folder], { encoding: "utf8" });
    if (ran.error !== undefined || ran.status === NOT_PERMITTED || /unshare failed|not permitted/i.test(ran.stderr))
      skip("a small disk cannot be mounted here (needs unshare and mount): full and read-only disks were not tried");
    expect(ran.stderr).toBe("");
    const { atFull, last, openAtFull, afterFull, readOnly, afterReadOnly, atFullMigration, afterMigration } = JSON.parse(ran.stdout);
    expect(atFull).toEqual({
      full: "disk_full",
      commits: expect.any(Number),
      count: atFull.commits,
      backup: expect.stringMatching(/^(disk_full|backup_not_writable)$/),
      merge: "disk_full",
      peers: 0,
    });
    expect(atFull.commits).toBeGreaterThan(20);
    expect([last, openAtFull]).toEqual([expect.stringContaining("ENOSPC"), "disk_full"]);
    expect(afterFull).toEqual({ kept: atFull.commits, differences: [], again: "done", merge: "merged" });
    expect(readOnly).toEqual({ open: expect.stringMatching(/^database_(readonly|unreadable)$/), backup: "backup_not_writable" });
    expect(afterReadOnly).toEqual({ kept: atFull.commits + 2, differences: [], again: "done" });
    // A migration needs room for a copy first: without it the file stays as it was, and nothing half is left.
    expect(atFullMigration).toEqual({ open: "disk_full", left: [] });
    expect(afterMigration).toEqual({ title: "fixture", differences: [] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A peer's first change. */
const merge = ({ worker }: Desk): string => {
  const replica = parseReplicaId("ab".repeat(16));
  if (replica === undefined) throw new Error("no replica id");
  const stamp = { term: 0, hlc: hlcAt(epochMs(NOW)), replica, seq: 1 };
  const cells = [{ path: ["title"], value: "theirs" }];
  const records = [{ record: recordId("theirs"), collection: ORDER, creates: true, cells }];
  return worker.mergeLive({ stamp, action: actionId("theirs"), records }, holdLimit(epochMs(NOW))).kind;
};

test("a file that another program holds is told as that; nothing of the commit is kept, and the next one works", () =>
  inFolder((folder) => {
    const desk = openDesk(folder, "a", { now: NOW });
    const commit = (title: string): void => {
      desk.store.commit([{ kind: "put", collection: ORDER, record: recordId("one"), path: ["title"], value: title }], {
        action: actionId(title),
        label: title,
      });
    };
    commit("first");
    const other = new Database(desk.file);
    try {
      other.exec("BEGIN IMMEDIATE");
      expect(() => commit("second")).toThrow(expect.objectContaining({ code: "database_locked" }));
      expect(() => merge(desk)).toThrow(expect.objectContaining({ code: "database_locked" }));
      expect(desk.store.vector().size).toBe(1);
      other.exec("ROLLBACK");
      expect(desk.store.row(recordId("one"))?.["title"]).toBe("first");
      commit("third");
      expect([desk.store.row(recordId("one"))?.["title"], desk.store.ownSeq()]).toEqual(["third", 2]);
      expect(merge(desk)).toBe("merged");
      expect(desk.store.verify().differences).toEqual([]);
    } finally {
      other.close();
      desk.close();
    }
  }));
