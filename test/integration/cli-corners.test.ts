/**
 * The command line where it is easily misunderstood: files named from where one stands, a restore of what is no backup, no command at
 * all, and words that would be passed over in silence.
 */
import { execFile, spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { afterEach, describe, expect, test, vi } from "vitest";
import { fromHere } from "../../main/host/standing.ts";
import { answer, cli } from "./command-in-process.ts";
import { cli as cliProcess, newProfile, startHub } from "./command-line.ts";

const root = path.resolve(import.meta.dirname, "../..");
const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;
/** Root may read and write whatever a file's mode says: what it forbids is tried as somebody else, who must be able to read the program. */
const ordinary = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
const canBeOrdinary =
  process.platform !== "win32" &&
  spawnSync(process.execPath, [path.join(root, "main/cli.ts"), "--help"], { ...ordinary, cwd: "/", stdio: "ignore" }).status === 0;

afterEach(() => void vi.unstubAllEnvs());

/** Through npm, called in this folder. */
const npmCli = (cwd: string, ...words: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const npm = ["--prefix", root, "run", "--silent", "cli", "--", ...words];
    execFile("npm", npm, { cwd, shell: process.platform === "win32" }, (error, _, stderr) =>
      error === null ? resolve() : reject(new Error(stderr, { cause: error })),
    );
  });

describe("a relative path", () => {
  test("means the folder in which npm was called", async () => {
    const profile = newProfile();
    const folder = path.dirname(profile);
    await npmCli(folder, "--profile", "./profile", "order", "create", "title=Here");
    await npmCli(folder, "--profile", "./profile", "backup", "copy.db");
    expect(readdirSync(folder).toSorted()).toEqual(["copy.db", "profile"]);
    expect(existsSync(path.join(root, "copy.db"))).toBe(false);
  });

  test("means the process's own folder where npm did not move it", () => {
    const elsewhere = path.resolve(root, "..");
    vi.stubEnv("INIT_CWD", elsewhere);
    vi.stubEnv("npm_package_name", "switchyard");
    vi.stubEnv("npm_package_json", path.join(process.cwd(), "package.json"));
    expect(fromHere("a.db")).toBe(path.join(elsewhere, "a.db"));
    // Moved on since npm began it, another package's script, or no npm at all.
    vi.stubEnv("npm_package_json", path.join(elsewhere, "package.json"));
    expect(fromHere("a.db")).toBe(path.resolve("a.db"));
    vi.stubEnv("npm_package_json", path.join(process.cwd(), "package.json"));
    vi.stubEnv("npm_package_name", "other");
    expect(fromHere("a.db")).toBe(path.resolve("a.db"));
    vi.stubEnv("npm_package_name", "switchyard");
    vi.stubEnv("INIT_CWD", undefined);
    expect(fromHere("a.db")).toBe(path.resolve("a.db"));
  });
});

describe("a restore names the file that was given, and what is wrong with it", () => {
  const refusal = async (profile: string, file: string): Promise<{ readonly code: string; readonly message: string }> => {
    const ran = await cli(profile, "restore", file);
    expect(ran.status).toBe(1);
    const { error } = ran.json as { readonly error: { readonly code: string; readonly message: string } };
    expect(error.message).toContain(file);
    return error;
  };

  test("a folder, and the profile's own lock, which stays held", async () => {
    const profile = newProfile();
    await answer(profile, "order", "create", "title=Mine");
    const folder = path.join(path.dirname(profile), "folder");
    mkdirSync(folder);
    expect(await refusal(profile, folder)).toMatchObject({ code: "backup_unreadable", message: expect.stringContaining("a folder") });
    await startHub(profile);
    const lock = path.join(profile, "lock.db");
    expect(await refusal(profile, lock)).toMatchObject({ code: "backup_damaged", message: expect.stringContaining("no backup") });
    const second = await cliProcess(profile, "hub", "--json");
    expect([second.status, second.stdout]).toEqual([1, expect.stringContaining("profile_in_use")]);
  });
});

describe.skipIf(!canBeOrdinary)("as a user whom the files' modes bind", () => {
  /** A profile of that user's, and the command line as that user. */
  const asOrdinary = () => {
    const profile = newProfile();
    if (isRoot) chownSync(path.dirname(profile), NOBODY, NOBODY);
    const run = (
      ...words: readonly string[]
    ): { readonly status: number | null; readonly code: string | undefined; readonly message: string } => {
      const typed = [path.join(root, "main/cli.ts"), "--profile", profile, ...words, "--json"];
      const ran = spawnSync(process.execPath, typed, { ...ordinary, cwd: "/", encoding: "utf8" });
      const { error } = JSON.parse(ran.stdout) as { readonly error?: { readonly code: string; readonly message: string } };
      return { status: ran.status, code: error?.code, message: error?.message ?? "" };
    };
    expect(run("order", "create", "title=Mine").status).toBe(0);
    return { profile, run };
  };

  test("a backup that may not be read is named, and why", () => {
    const { profile, run } = asOrdinary();
    const file = path.join(path.dirname(profile), "copy.db");
    expect(run("backup", file).status).toBe(0);
    chmodSync(file, 0);
    const refused = run("restore", file);
    expect(refused).toMatchObject({ status: 1, code: "backup_unreadable", message: expect.stringContaining("may not be read") });
    expect(refused.message).toContain(file);
  });

  test("a database that could not be written opens again once it can", () => {
    const { profile, run } = asOrdinary();
    const file = path.join(profile, "workspace.db");
    chmodSync(file, 0o400);
    expect(run("status")).toMatchObject({ status: 1, code: "database_readonly", message: expect.stringContaining(file) });
    chmodSync(file, 0o600);
    expect(run("order", "get", "A-1").status).toBe(0);
  });
});

test("without a command --json answers with the error that it is", async () => {
  const { status, json, stderr } = await cliProcess(newProfile(), "--json");
  expect([status, json]).toEqual([2, { error: { code: "bad_arguments", message: expect.any(String) } }]);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});

test("what cannot be used is refused in words, and nothing is passed over", async () => {
  const profile = newProfile();
  await answer(profile, "order", "create", "title=One");
  const before = await answer(profile, "order", "get", "A-1");
  for (const [code, ...words] of [
    ["unknown_field", "order", "set", "A-1", "__proto__=1"],
    ["unusable_value", "order", "set", "A-1", 'checklist=[{"id":"i1","label":"one"},{"id":"i1","label":"two"}]'],
    ["unusable_value", "order", "set", "A-1", "checklist=-zz"],
    ["unusable_value", "order", "set", "A-1", "tags=+a,-a"],
    ["unusable_value", "record", "create", "customer", "name=   "],
    ["bad_arguments", "as-of", "", "order", "get", "A-1"],
    ["bad_arguments", "as-of", "soon ".repeat(20), "order", "get", "A-1"],
    ["bad_arguments", "order", "get", ""],
    ["bad_arguments", "order", "assign", "A-1", ""],
    ["bad_arguments", "order", "search", "x".repeat(201)],
    ["bad_arguments", "record", "create", "savedView", "name=a", 'filter={"n":1e400}'],
    ["bad_arguments", "record", "create", "savedView", "name=a", `filter=${"[".repeat(5000)}${"]".repeat(5000)}`],
    ["bad_arguments", "backup", ""],
  ] as const) {
    const ran = await cli(profile, ...words);
    expect([words, ran.status, ran.json]).toEqual([words, 2, { error: { code, message: expect.any(String) } }]);
    // No names of requests or of the reader's own words.
    expect(ran.stderr).not.toMatch(/(order|record)\.\w|expected|Invalid input|Too (big|small)/);
  }
  expect(await answer(profile, "order", "get", "A-1")).toEqual(before);
});

test("a counter stands as it was set, from the first 0 on", async () => {
  const profile = newProfile();
  const made = await answer<{ readonly id: string; readonly quantity: number }>(profile, "record", "create", "partUse", "quantity=0");
  expect(made.quantity).toBe(0);
  const set = async (text: string): Promise<unknown> => (await answer(profile, "record", "set", made.id, `quantity=${text}`))["quantity"];
  expect([await set("-3"), await set("0.1"), await set("+0.2"), await set("+0.1"), await set("7")]).toEqual([-3, 0.1, 0.3, 0.4, 7]);
  await answer(profile, "undo");
  expect((await answer(profile, "record", "get", made.id))["quantity"]).toBe(0.4);
  expect((await cli(profile, "record", "set", made.id, `quantity=${"9".repeat(20)}`)).status).toBe(2);
});
