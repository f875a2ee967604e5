/**
 * A profile on a disk without any room: opening its database takes some (the index of its log, the copy token), so not even reading would
 * work. A command that only reads is answered from a copy on another disk, which counts as the same desk and is gone with the command.
 * Only for the holder of the profile's lock: nobody writes the files meanwhile.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { databaseFile } from "../host/database.ts";
import type { Profile } from "../host/profile.ts";
import { copyToken, machineName } from "../store/token.ts";

/** All that a command in its own process reads of a profile, but for the token, which names its file. */
const FILES = ["device.key", "device.key.json", "workspace.db", "workspace.db-wal"];
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface CopiedProfile {
  readonly profile: Profile;
  remove(): void;
}

/** Of this machine alone, as the device's key goes along: never a stick that a backup is for. Memory before a disk. */
const places = (): readonly (string | undefined)[] => [process.env["XDG_RUNTIME_DIR"], "/dev/shm", os.tmpdir()];

/** Copies the profile to the first of these places that takes it. Undefined: none does, or nothing is there yet. */
export const copyProfile = (profile: Profile, parents = places()): CopiedProfile | undefined => {
  if (!existsSync(databaseFile(profile))) return undefined;
  for (const parent of parents) {
    const copied = parent === undefined ? undefined : copyTo(profile, parent);
    if (copied !== undefined) return copied;
  }
  return undefined;
};

const copyTo = (profile: Profile, parent: string): CopiedProfile | undefined => {
  let folder: string | undefined;
  // The device's key is in it: it must go however the command ends.
  const end = (): never => process.exit(130);
  const remove = (): void => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    process.off("exit", remove);
    for (const signal of SIGNALS) process.off(signal, end);
  };
  process.on("exit", remove);
  for (const signal of SIGNALS) process.on(signal, end);
  try {
    folder = mkdtempSync(path.join(parent, ".switchyard-"));
    const copied: Profile = { ...profile, folder };
    for (const name of FILES)
      if (existsSync(path.join(profile.folder, name))) copyFileSync(path.join(profile.folder, name), path.join(folder, name));
    copyToken(databaseFile(profile), databaseFile(copied), machineName());
    return { profile: copied, remove };
  } catch {
    // No room here either, or nothing may be written: the next folder may do, and the full disk is what is told else.
    remove();
    return undefined;
  }
};
