/**
 * One process per profile: an exclusive SQLite lock on `<profile>/lock.db`. The system frees it when the process dies, however it
 * dies. Never open `lock.db` by other means in a process that holds it: closing any handle on it would free a POSIX lock.
 */
import path from "node:path";
import Database from "better-sqlite3";
import { AppError } from "../../shared/errors.ts";
import { type Profile, profileNotWritable } from "./profile.ts";

export interface ProfileLock {
  /** Frees the profile for another process. */
  release(): void;
}

/** Takes the lock, or undefined while another process holds it. Throws `profile_not_writable`, `disk_full`, `profile_lock_damaged`. */
export const tryLock = (profile: Profile): ProfileLock | undefined => {
  const file = path.join(profile.folder, "lock.db");
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { timeout: 0 });
    // Nothing is ever written there, so a full disk does not stand in the way, as its journal would.
    database.pragma("journal_mode = MEMORY");
    database.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    database?.close();
    return refused(profile, cause);
  }
  const held = database;
  return { release: () => void held.close() };
};

/** Takes the lock. Throws `profile_in_use` while another process holds it. */
export const lockProfile = (profile: Profile): ProfileLock => tryLock(profile) ?? raise(profileInUse(profile));

const diskFull = (folder: string, cause: unknown): AppError =>
  new AppError("disk_full", `The disk that holds ${folder} is full. Free some space and start again; nothing was lost.`, { cause });

/** The error of a second start. */
export const profileInUse = ({ name }: Profile): AppError =>
  new AppError(
    "profile_in_use",
    `The profile "${name}" is open in another Switchyard. Use that one, close it first, or start with another --profile.`,
  );

const raise = (error: AppError): never => {
  throw error;
};

const refused = (profile: Profile, cause: unknown): undefined => {
  const code = cause instanceof Database.SqliteError ? cause.code : "";
  if (code.startsWith("SQLITE_BUSY")) return undefined;
  if (code.startsWith("SQLITE_FULL")) throw diskFull(profile.folder, cause);
  if (code.startsWith("SQLITE_CANTOPEN") || code.startsWith("SQLITE_READONLY")) throw profileNotWritable(profile.folder, cause);
  throw new AppError(
    "profile_lock_damaged",
    `The file lock.db in ${profile.folder} cannot be used. Close Switchyard, delete that file (it holds no work), and start again.`,
    { cause },
  );
};
