/**
 * A disk that is full ends nothing: the desk goes on with what it can do, and whoever asked is told that the disk is full. (Found with a
 * small tmpfs, which a test may not mount; the errors are the ones that came then.)
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { failureOf } from "../../main/cli/failure.ts";
import { copyProfile } from "../../main/cli/full-disk.ts";
import { resolveProfile } from "../../main/host/profile.ts";
import type { SyncStatus } from "../../main/sync/port.ts";
import { AppError } from "../../shared/errors.ts";
import { answer } from "./command-in-process.ts";
import { newProfile } from "./command-line.ts";
import { openTestDesk } from "./desk-fixture.ts";

test("a desk whose last peer goes while the disk is full lives on, and knows since when it is alone", async () => {
  const { sync, store, call, close, time } = await openTestDesk();
  try {
    const statusWith = (connected: boolean): SyncStatus => ({
      port: 1,
      peers: [
        {
          device: store.log.replicaLines()[0]?.device ?? expect.fail("the desk has no line"),
          name: "Yard",
          role: "dispatcher",
          connected,
          lastExchange: null,
          address: null,
          clockOffset: null,
          version: null,
          identical: null,
          problem: null,
        },
      ],
      unseen: 0,
      held: [],
      nearby: [],
      referenceOffset: 0,
      receiving: false,
      rejoining: null,
      problem: null,
    });
    sync.fire("status", statusWith(true));
    vi.spyOn(store.notebook, "set").mockImplementation(() => {
      throw new AppError("disk_full", "The disk is full.");
    });
    sync.fire("status", statusWith(false));
    expect((await call("sync.status", {})).aloneSince).toBe(time);
    const problem = "The disk that holds the database is full.";
    Object.assign(sync, { status: { ...statusWith(false), problem } });
    expect(await call("sync.status", {})).toMatchObject({ problem });
    expect(await call("desk.status", {})).toMatchObject({ problem });
  } finally {
    close();
  }
});

test("what the small files beside the database met is told as what it is", () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  expect(failureOf(full)).toMatchObject({ code: "disk_full", status: 1 });
  expect(failureOf(new Error("other"))).toMatchObject({ code: "internal" });
});

test("a desk is read from a copy that counts as the same desk, where there is room for one, and that goes again", async () => {
  const profile = newProfile();
  const room = path.dirname(profile);
  expect(copyProfile(resolveProfile(profile))).toBeUndefined();
  await answer(profile, "order", "create", "title=Kept");
  const status = await answer(profile, "status");
  for (const folders of [undefined, [path.join(room, "none"), room]]) {
    const copied = copyProfile(resolveProfile(profile), folders) ?? expect.fail("it was not copied");
    expect(path.dirname(copied.profile.folder) === room).toBe(folders !== undefined);
    expect(await answer(copied.profile.folder, "status")).toEqual(status);
    expect(await answer(copied.profile.folder, "order", "get", "A-1")).toMatchObject({ title: "Kept" });
    copied.remove();
    expect(existsSync(copied.profile.folder)).toBe(false);
  }
  expect(await answer(profile, "status")).toEqual(status);
});
