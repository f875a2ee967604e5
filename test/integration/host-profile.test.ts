/**
 * Profiles, their lock and their run file, with real processes: one process holds a profile at a time, a killed one frees it,
 * and what a dead host left behind is not believed.
 */
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { afterEach, describe, expect, test } from "vitest";
import { lockProfile, tryLock } from "../../main/host/lock.ts";
import { type Profile, prepareProfileFolder, resolveProfile } from "../../main/host/profile.ts";
import { readRunFile, removeRunFile, writeRunFile } from "../../main/host/run-file.ts";
import { AppError } from "../../shared/errors.ts";

const made: string[] = [];
const temporaryProfile = (): Profile => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "sy-profile-"));
  made.push(folder);
  return resolveProfile(folder);
};
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
};

/** A process that takes the profile's lock, says so and stays. */
const holdInAnotherProcess = async (profile: Profile): Promise<{ kill(): Promise<void> }> => {
  const lockFile = path.resolve(import.meta.dirname, "../../main/host/lock.ts");
  const code = `const { lockProfile } = await import(${JSON.stringify(lockFile)});
    globalThis.held = lockProfile(${JSON.stringify(profile)}); console.log("held"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("exit", () => reject(new Error("the holder ended")));
  });
  return {
    kill: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGKILL");
      }),
  };
};

describe("a profile", () => {
  test("is a folder when its name has a path separator, else a name under the user's data folder", () => {
    expect(resolveProfile("/tmp/some/where")).toEqual({ name: "where", folder: "/tmp/some/where", isDefault: false });
    expect(resolveProfile("./here").folder).toBe(path.resolve("here"));
    expect(resolveProfile("yard").folder).toMatch(/Switchyard[\\/]profiles[\\/]yard$/);
    expect(resolveProfile(undefined)).toEqual(resolveProfile("default"));
    expect(resolveProfile(undefined).isDefault).toBe(true);
  });

  test.each(["", "..", ".", "a:b", "nul", "COM1.txt", " x", "x ", "a\nb", "x".repeat(65)])("cannot be called %j", (name) => {
    expect(codeOf(() => resolveProfile(name))).toBe("bad_profile_name");
  });

  test.skipIf(process.platform === "win32")("is a folder for the user alone, also when it was open to others", () => {
    const profile = temporaryProfile();
    chmodSync(profile.folder, 0o755);
    prepareProfileFolder(profile);
    expect(statSync(profile.folder).mode & 0o777).toBe(0o700);
  });

  test("where nothing can be written says so", () => {
    const profile = temporaryProfile();
    writeFileSync(path.join(profile.folder, "file"), "");
    expect(codeOf(() => prepareProfileFolder(resolveProfile(path.join(profile.folder, "file", "below"))))).toBe("profile_not_writable");
  });
});

describe("the lock", () => {
  test("keeps a second process out until the first dies, even by SIGKILL", async () => {
    const profile = temporaryProfile();
    const other = await holdInAnotherProcess(profile);
    expect(codeOf(() => lockProfile(profile))).toBe("profile_in_use");
    await other.kill();
    const lock = tryLock(profile);
    expect(lock).toBeDefined();
    lock?.release();
  });

  test("can be taken again once it was released", () => {
    const profile = temporaryProfile();
    lockProfile(profile).release();
    lockProfile(profile).release();
  });

  test("whose file is garbage is an error of its own, not a free profile", () => {
    const profile = temporaryProfile();
    writeFileSync(path.join(profile.folder, "lock.db"), "x".repeat(4096));
    expect(codeOf(() => tryLock(profile))).toBe("profile_lock_damaged");
  });
});

describe("the run file", () => {
  const run = { pid: 1, socket: "/tmp/s", token: "ab".repeat(32) };

  test("is readable by the user alone and gives back what was written", () => {
    const profile = temporaryProfile();
    writeRunFile(profile, run);
    expect(readRunFile(profile)).toEqual({ version: 1, ...run });
    if (process.platform !== "win32") expect(statSync(path.join(profile.folder, "run.json")).mode & 0o777).toBe(0o600);
    removeRunFile(profile);
    expect(readRunFile(profile)).toBeUndefined();
  });

  test.each(["", "{", "[]", '{"version":2}', '{"version":1,"pid":1,"socket":"/s","token":"short"}'])(
    "that says %j counts as none",
    (text) => {
      const profile = temporaryProfile();
      writeFileSync(path.join(profile.folder, "run.json"), text);
      expect(readRunFile(profile)).toBeUndefined();
    },
  );
});
