/**
 * A command's way to the work: the running host of its profile over the local socket or, when nobody holds the profile, the same
 * composition in this process without a window. Nothing differs but who writes.
 */
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "../../shared/errors.ts";
import type { Host } from "../../shared/ipc/contract.ts";
import type { EntryFiles } from "../host/entry-files.ts";
import { lockProfile, type ProfileLock, profileInUse, tryLock } from "../host/lock.ts";
import { type Profile, prepareProfileFolder } from "../host/profile.ts";
import { readRunFile, removeRunFile } from "../host/run-file.ts";
import { isFullDisk } from "./failure.ts";
import { connectToHost, type HostConnection } from "./local-client.ts";

/**
 * What a command needs of a process: `store` works with or without a running host, `reading` too and changes nothing; `running` must
 * find one; `peers` starts sync in this process when none runs, and finds no workspace yet.
 */
export type Need = "store" | "reading" | "running" | "peers";

export interface Reached {
  readonly host: Host;
  /** This process is the host: what goes on after the answer ends with it. */
  readonly inProcess: boolean;
  close(): Promise<void>;
}

/** How long a host that starts or ends, or another command, may hold the profile without being reached. */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 40;

/** Rejects with `host_not_running`, `profile_in_use`, `host_unreachable` and what opening a profile throws. */
export const reach = async (profile: Profile, need: Need, files: EntryFiles): Promise<Reached> => {
  prepareProfileFolder(profile);
  let unreachable: AppError | undefined;
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += PAUSE_MS) {
    const lock = tryLock(profile);
    if (lock) return openHere(profile, need, files, lock);
    const run = readRunFile(profile);
    try {
      if (run) return overSocket(await connectToHost(run));
    } catch (error) {
      // It may just have begun or ended: the next round sees which.
      if (!(error instanceof AppError)) throw error;
      unreachable = error;
    }
    await pause(PAUSE_MS);
  }
  throw unreachable ?? profileInUse(profile);
};

const overSocket = (connection: HostConnection): Reached => ({
  host: connection,
  inProcess: false,
  close: async () => connection.close(),
});

const openHere = async (profile: Profile, need: Need, files: EntryFiles, lock: ProfileLock): Promise<Reached> => {
  if (need === "running") {
    lock.release();
    throw new AppError(
      "host_not_running",
      `This needs a running Switchyard. Start the app, or "npm run cli -- hub", with the profile "${profile.name}", then try again.`,
    );
  }
  removeRunFile(profile);
  // Only now: a command that reaches a running host need not load the store and all that rests on it.
  const { openInProcess } = await import("./in-process.ts");
  try {
    return await openInProcess(profile, need, files, lock);
  } catch (error) {
    const reached = need === "reading" && isFullDisk(error) ? await openCopy(profile, files) : undefined;
    if (reached === undefined) throw error;
    return reached;
  }
};

const COPIED =
  "The disk of this profile is full: this is answered from a copy elsewhere. Free some space, so that work can be saved again.";

/** Answers from a copy, under the lock of the profile that it was made of. Undefined where none can be made. */
const openCopy = async (profile: Profile, files: EntryFiles): Promise<Reached | undefined> => {
  const lock = tryLock(profile);
  if (lock === undefined) return undefined;
  const { copyProfile } = await import("./full-disk.ts");
  const copied = copyProfile(profile);
  const end = (): void => {
    copied?.remove();
    lock.release();
  };
  try {
    const { openInProcess } = await import("./in-process.ts");
    const reached = copied === undefined ? undefined : await openInProcess(copied.profile, "copy", files, lockProfile(copied.profile));
    if (reached === undefined) {
      end();
      return undefined;
    }
    process.stderr.write(`${COPIED}\n`);
    return { ...reached, close: () => reached.close().finally(end) };
  } catch (error) {
    end();
    throw error;
  }
};
