/** The profile's daily backups: one a day, the newest fourteen kept, those that were asked for left alone; a failure is said in the list. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { KEPT } from "../../main/host/backup-folder.ts";
import { type Backups, createBackups } from "../../main/host/backups.ts";
import type { FileWorker } from "../../main/host/file-work.ts";
import type { Log } from "../../main/host/log-faults.ts";
import type { Surroundings } from "../../main/host/ports.ts";
import { resolveProfile } from "../../main/host/profile.ts";
import { backUp, checkFile } from "../../main/store/backup.ts";
import { AppError } from "../../shared/errors.ts";
import { actionId, type Desk, epochMs, ORDER, ORDER_TYPE, openDesk, recordId, WORKSPACE } from "../property/store-rig.ts";

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 10, 24, 9);

let folder = "";
let desk: Desk;
const world = { now: START };
let failure: AppError | undefined;
const said: unknown[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "switchyard-backups-"));
  world.now = START;
  failure = undefined;
  said.length = 0;
  desk = openDesk(folder, "workspace", world);
});
afterEach(() => {
  desk.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The real work on the file, in this thread. */
const worker: FileWorker = {
  run: async (job) => {
    if (failure !== undefined) throw failure;
    if (job.kind === "check") return checkFile(job.file) as never;
    if (job.kind !== "backUp") throw new Error(`not expected here: ${job.kind}`);
    return backUp(job.file, job.target, { types: [ORDER_TYPE], wall: () => epochMs(world.now) }) as never;
  },
  stop: () => Promise.resolve(),
};

const open = (): Backups =>
  createBackups({
    profile: resolveProfile(folder),
    file: desk.file,
    worker,
    workspace: () => WORKSPACE,
    holdsWork: () => true,
    surroundings: {} as Surroundings,
    wall: () => epochMs(world.now),
    log: { error: (...words: unknown[]) => said.push(words) } as unknown as Log,
    daily: false,
    restoring: () => expect.unreachable(),
  });

const commit = (title: string): void =>
  void desk.store.commit([{ kind: "put", collection: ORDER, record: recordId("order-1"), path: ["title"], value: title }], {
    action: actionId(title),
    label: title,
  });

const names = (): readonly string[] => readdirSync(path.join(folder, "backups")).toSorted();

it("is made once a day; the newest fourteen stay, checked, and what was asked for stays too", async () => {
  const backups = open();
  const asked = await backups.handlers["backup.create"]({}, "window");
  for (let day = 0; day < 20; day++) {
    commit(`day ${day}`);
    await backups.look();
    world.now += 60_000;
    await backups.look();
    world.now += DAY_MS;
  }
  const { backups: listed, problem } = await backups.handlers["backup.list"]({}, "window");
  const daily = listed.filter(({ kind }) => kind === "daily");
  expect([daily.length, problem]).toEqual([KEPT, null]);
  expect(KEPT).toBe(14);
  expect(daily.map(({ at }) => at)).toEqual(Array.from({ length: 14 }, (_, n) => START + (19 - n) * (DAY_MS + 60_000)));
  expect(daily.every(({ verified, records }) => verified && records === 1)).toBe(true);
  expect(listed.filter(({ kind }) => kind === "manual")).toMatchObject([{ name: asked.name, verified: true }]);
  await backups.close();
});

it("clears away what an interrupted one left, with SQLite's own files", async () => {
  const backups = open();
  commit("one");
  await backups.look();
  for (const left of ["x.db.part", "x.db.part-journal", "x.db.part-wal"]) writeFileSync(path.join(folder, "backups", left), "");
  world.now += 2 * DAY_MS;
  await backups.look();
  expect(names().filter((name) => name.includes(".part"))).toEqual([]);
  expect(names()).toHaveLength(2);
});

it("that fails is told in the list until one works again, and removes none of the old ones", async () => {
  const backups = open();
  commit("one");
  await backups.look();
  const before = names();
  world.now += DAY_MS;
  failure = new AppError("disk_full", "The disk is full.");
  await backups.look();
  const list = () => backups.handlers["backup.list"]({}, "window");
  expect((await list()).problem).toBe("The disk is full.");
  expect([names(), said.length]).toEqual([before, 1]);
  failure = undefined;
  await backups.look();
  expect((await list()).problem).toBeNull();
  expect(names()).toHaveLength(before.length + 1);
  expect(existsSync(path.join(folder, "backups", before[0] ?? ""))).toBe(true);
});

it("damage in a file too large to be checked before it is opened is found after the start, and the next start sets it aside", async () => {
  for (let n = 0; n < 40; n++)
    desk.store.notebook.set(
      `key-${n}`,
      String(n)
        .repeat(1 << 20)
        .slice(0, 1 << 20),
    );
  commit("one");
  desk.close();
  const bytes = readFileSync(desk.file);
  expect(bytes.length).toBeGreaterThan(32 << 20);
  // The head of a page of the long values: nobody reads there.
  bytes.fill(0x5a, 20 << 20, (20 << 20) + 5000);
  writeFileSync(desk.file, bytes);
  desk = openDesk(folder, "workspace", world);
  const backups = open();
  await backups.check();
  expect((await backups.handlers["backup.list"]({}, "window")).problem).toContain("damaged");
  expect(said).toHaveLength(1);
  desk.close();
  expect(() => openDesk(folder, "workspace", world)).toThrow(expect.objectContaining({ code: "database_damaged" }));
  desk = openDesk(folder, "fresh", world);
});
