/**
 * Backups by the command line, between real processes: made while the host runs, restored with and without one, refused when unsound; after
 * a restore the peers bring back what came later, and no number is used twice. A damaged database comes back from the newest sound backup.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { answer, cli } from "./command-in-process.ts";
import { cli as cliProcess, newProfile, startHub } from "./command-line.ts";

interface Order {
  readonly number: string;
  readonly title: string;
}

const create = (profile: string, title: string): Promise<Order> => answer<Order>(profile, "order", "create", `title=${title}`);
const titles = async (profile: string): Promise<readonly string[]> =>
  (await answer<Order[]>(profile, "order", "list")).map(({ title }) => title).toSorted();
const databaseOf = (profile: string): string => path.join(profile, "workspace.db");

/** Overwrites the middle of a file. */
const damage = (file: string): void => {
  const bytes = readFileSync(file);
  bytes.fill(0x5a, 4096 * 3, bytes.length - 512);
  writeFileSync(file, bytes);
};

/** After a restore a running host is away for a moment. */
const eventually = (profile: string, expected: readonly string[]): Promise<void> =>
  expect.poll(async () => titles(profile).catch(() => []), { timeout: 60_000, interval: 300 }).toEqual(expected);

describe("verify", () => {
  test("says that the database is sound, or where it differs, and ends with 1 then", async () => {
    const profile = newProfile();
    await create(profile, "One");
    expect(await answer(profile, "verify")).toMatchObject({
      ok: true,
      records: 1,
      differences: [],
      fingerprint: (await answer(profile, "status"))["fingerprint"],
    });
    const db = new Database(databaseOf(profile));
    db.exec("UPDATE record SET doc = replace(doc, 'One', 'Two')");
    db.close();
    const ran = await cliProcess(profile, "verify", "--json");
    expect([ran.status, ran.json]).toEqual([1, expect.objectContaining({ ok: false })]);
    expect(ran.json).toMatchObject({ differences: [{ what: "fingerprint", record: null }] });
    expect(ran.stderr).toContain("differs");
  });
});

test("an order is shown as it was at an earlier time", async () => {
  const profile = newProfile();
  await create(profile, "Before");
  const then = String(Date.now());
  await answer(profile, "order", "set", "A-1", "title=After");
  await answer(profile, "order", "note", "A-1", "Later");
  expect(await answer(profile, "as-of", then, "order", "get", "A-1")).toMatchObject({
    title: "Before",
    notes: null,
    unknown: ["notes"],
    asOf: Number(then),
    visits: [],
  });
  expect(await answer(profile, "order", "get", "A-1")).toMatchObject({ title: "After", notes: "Later" });
  for (const [words, status, code] of [
    [["2020-01-01", "order", "get", "A-1"], 1, "not_yet"],
    [["2999-01-01", "order", "get", "A-1"], 2, "unusable_value"],
    [["soon", "order", "get", "A-1"], 2, "unusable_value"],
    [[then, "order", "set", "A-1"], 2, "bad_arguments"],
  ] as const) {
    const ran = await cli(profile, "as-of", ...words, "--json");
    expect([ran.status, ran.json]).toEqual([status, { error: { code, message: expect.any(String) } }]);
  }
});

describe("a backup", () => {
  test("is made beside a running host, checked, listed, and never written over another file", async () => {
    const profile = newProfile();
    await startHub(profile, "--demo");
    const file = path.join(path.dirname(profile), "copy.db");
    const made = await answer(profile, "backup", file);
    expect(made).toMatchObject({ file, kind: "file", verified: true, records: expect.any(Number) });
    expect(Number(made["records"])).toBeGreaterThan(200);
    const before = readFileSync(file);
    const again = await cli(profile, "backup", file, "--json");
    expect([again.status, again.json]).toEqual([1, { error: { code: "backup_exists", message: expect.any(String) } }]);
    expect(readFileSync(file).equals(before)).toBe(true);
    const nowhere = await cli(profile, "backup", path.join(profile, "none", "x.db"), "--json");
    expect([nowhere.status, nowhere.json]).toEqual([1, { error: { code: "backup_not_writable", message: expect.any(String) } }]);
  });

  test("is restored as a new replica with letters of its own; the database before it is kept, the next backup is dated anew", async () => {
    const profile = newProfile();
    await create(profile, "Before");
    const file = path.join(path.dirname(profile), "copy.db");
    await answer(profile, "backup", file);
    const old = await answer(profile, "status");
    await create(profile, "After");
    const ran = await cliProcess(profile, "restore", file, "--json");
    const restored = ran.json as Record<string, unknown>;
    expect(ran.status).toBe(0);
    expect(restored).toMatchObject({ records: 1, aside: expect.stringContaining("before-restore") });
    expect(await titles(profile)).toEqual(["Before"]);
    const now = await answer(profile, "status");
    expect(now["replica"]).not.toBe(old["replica"]);
    expect(now["workspace"]).toBe(old["workspace"]);
    expect((await create(profile, "Anew")).number).toMatch(/^A\d\d-\d+$/);
    expect(await answer(profile, "verify")).toMatchObject({ ok: true });
    const aside = new Database(String(restored["aside"]), { readonly: true });
    expect(aside.prepare("SELECT count(*) FROM workOrder").pluck().get()).toBe(2);
    aside.close();
    const second = path.join(path.dirname(profile), "second.db");
    expect(Number((await answer(profile, "backup", second))["at"])).toBeGreaterThan(Number(restored["at"]));
  });

  test("goes into a fresh profile, and not over another workspace's work", async () => {
    const [profile, fresh, other] = [newProfile(), newProfile(), newProfile()];
    await create(profile, "Mine");
    const file = path.join(path.dirname(profile), "copy.db");
    await answer(profile, "backup", file);
    await answer(fresh, "restore", file);
    expect(await titles(fresh)).toEqual(["Mine"]);
    await create(other, "Theirs");
    const refused = await cli(other, "restore", file, "--json");
    expect([refused.status, refused.json]).toEqual([1, { error: { code: "backup_other_workspace", message: expect.any(String) } }]);
    expect(await titles(other)).toEqual(["Theirs"]);
  });

  test("that is missing, damaged, another program's or newer changes nothing", async () => {
    const profile = newProfile();
    await create(profile, "Mine");
    const sound = path.join(path.dirname(profile), "sound.db");
    await answer(profile, "backup", sound);
    const before = await answer(profile, "status");
    const spoilt = (name: string, spoil: (file: string) => void): string => {
      const file = path.join(path.dirname(profile), name);
      writeFileSync(file, readFileSync(sound));
      spoil(file);
      return file;
    };
    const sql = (text: string) => (file: string) => {
      const db = new Database(file);
      db.exec(text);
      db.close();
    };
    for (const [file, code] of [
      [path.join(profile, "missing.db"), "backup_missing"],
      [spoilt("damaged.db", damage), "backup_damaged"],
      [spoilt("garbage.db", (file) => writeFileSync(file, "no database".repeat(2000))), "backup_damaged"],
      [spoilt("empty.db", (file) => writeFileSync(file, "")), "backup_damaged"],
      [spoilt("foreign.db", sql("PRAGMA application_id = 1")), "backup_foreign"],
      [spoilt("newer.db", sql("PRAGMA user_version = 99")), "backup_newer"],
    ] as const) {
      const ran = await cli(profile, "restore", file, "--json");
      expect([file, ran.status, ran.json]).toEqual([file, 1, { error: { code, message: expect.any(String) } }]);
    }
    expect(await answer(profile, "status")).toEqual(before);
    expect(readdirSync(profile).filter((name) => /restore|damaged|part/.test(name))).toEqual([]);
  });
});

test("a desk that is restored gets back from its peers all that came later, its own work too, and uses no number twice", {
  timeout: 240_000,
}, async () => {
  const [office, yard] = [newProfile(), newProfile()];
  const officeHub = await startHub(office);
  const { code } = await answer<{ code: string }>(office, "invite");
  await answer(yard, "join", code, "--address", `127.0.0.1:${officeHub.ready.port}`);
  await startHub(yard);
  await create(yard, "Before, of the yard");
  await eventually(office, ["Before, of the yard"]);
  const file = path.join(path.dirname(yard), "copy.db");
  await answer(yard, "backup", file);
  await create(yard, "Later, of the yard");
  await create(office, "Later, of the office");
  const all = ["Before, of the yard", "Later, of the office", "Later, of the yard"];
  await eventually(office, all);
  await eventually(yard, all);
  const old = (await answer(yard, "status"))["replica"];
  await answer(yard, "restore", file);
  await expect
    .poll(async () => (await cli(yard, "status", "--json")).stdout, { timeout: 60_000, interval: 300 })
    .not.toContain(String(old));
  await eventually(yard, all);
  await create(yard, "Anew");
  await eventually(office, ["Anew", ...all]);
  await eventually(yard, ["Anew", ...all]);
  const numbers = (await answer<Order[]>(office, "order", "list")).map(({ number }) => number);
  expect(new Set(numbers).size).toBe(4);
  const same = async (): Promise<boolean> =>
    (await answer(yard, "verify"))["fingerprint"] === (await answer(office, "verify"))["recomputed"];
  await expect.poll(same, { timeout: 60_000, interval: 500 }).toBe(true);
  expect(await answer(yard, "verify")).toMatchObject({ ok: true });
  // What two people read to each other on the phone.
  const words = await Promise.all([office, yard].map(async (profile) => (await answer(profile, "status"))["words"]));
  expect(words[0]).toBe(words[1]);
  expect(words[0]).toMatch(/^[a-z]+([ -][a-z]+){3}$/);
});

test("a damaged database is rebuilt from the newest backup that is sound, and the peers bring the rest", { timeout: 240_000 }, async () => {
  const [office, yard] = [newProfile(), newProfile()];
  const officeHub = await startHub(office);
  const { code } = await answer<{ code: string }>(office, "invite");
  await answer(yard, "join", code, "--address", `127.0.0.1:${officeHub.ready.port}`);
  const backups = path.join(yard, "backups");
  // A join that takes long makes the day's own backup meanwhile.
  rmSync(backups, { recursive: true, force: true });
  mkdirSync(backups);
  const made = [];
  for (const [title, name] of [
    ["First", "2026-11-20T10-00-00-000-daily.db"],
    ["Second", "2026-11-21T10-00-00-000-daily.db"],
    ["Third", "2026-11-22T10-00-00-000-manual.db"],
  ] as const) {
    await create(yard, title);
    made.push(await answer(yard, "backup", path.join(backups, name)));
  }
  expect((await answer<{ backups: object[] }>(yard, "backups")).backups).toHaveLength(3);
  damage(path.join(backups, "2026-11-22T10-00-00-000-manual.db"));
  await create(office, "Of the office");
  damage(databaseOf(yard));
  const after = await cliProcess(yard, "order", "list", "--json");
  expect((after.json as Order[]).map(({ title }) => title).toSorted()).toEqual(["First", "Second"]);
  expect(after.stderr).toMatch(/damaged.*kept, unchanged, as .*rebuilt from the backup of .* with 2 records/);
  const kept = readdirSync(yard).filter((name) => name.startsWith("workspace.db.damaged-"));
  expect(kept.length).toBeGreaterThan(0);
  expect((await create(yard, "Anew")).number).toMatch(/^AA\d\d-\d+$/);
  expect(await answer(yard, "verify")).toMatchObject({ ok: true });
  await startHub(yard);
  await eventually(yard, ["Anew", "First", "Of the office", "Second"]);
  expect(existsSync(path.join(backups, "2026-11-21T10-00-00-000-daily.db"))).toBe(true);
});
