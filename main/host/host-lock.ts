/**
 * Taking a profile for a host: at once, or after a moment if only a single command holds it; `profile_in_use` if another host does.
 * A host is told from a command by its run file, which whoever takes the lock removes first.
 */
import { setTimeout as pause } from "node:timers/promises";
import { type ProfileLock, profileInUse, tryLock } from "./lock.ts";
import type { Profile } from "./profile.ts";
import { readRunFile, removeRunFile } from "./run-file.ts";

/** A host that starts has its run file long before; a command is done long before. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 40;

/** Resolves to the lock, with no run file of a dead host left. Rejects with `profile_in_use` and what `tryLock` throws. */
export const lockForHost = async (profile: Profile): Promise<ProfileLock> => {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    const lock = tryLock(profile);
    if (lock) {
      removeRunFile(profile);
      return lock;
    }
    if (readRunFile(profile) !== undefined || waitedMs >= PATIENCE_MS) throw profileInUse(profile);
    await pause(PAUSE_MS);
  }
};
