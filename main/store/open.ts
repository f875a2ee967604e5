/**
 * Opens the database file, for both connections: pragmas, the check of what the file is, migrations after a backup.
 * A newer or foreign file is refused, a damaged one is set aside under a dated name and never overwritten, a locked one is neither.
 */
import { accessSync, constants, existsSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import Database from "better-sqlite3";
import { AppError } from "../../shared/errors.ts";
import type { EpochMs } from "../../shared/ids.ts";
import { failureOf, isDamage, suspicionOf } from "./failure.ts";
import { removePart, syncFile } from "./part-file.ts";
import { APPLICATION_ID, MIGRATIONS } from "./schema.ts";

/** How long SQLite itself waits for a lock; the gate makes waits short, other programs may hold the file longer. */
const BUSY_MS = 5000;
/** Files up to this size are checked page by page before they are opened (about 0.1 s); larger ones after it, in a thread of their own. */
const CHECK_BYTES = 32 * 1024 * 1024;

export interface Opened {
  readonly db: Database.Database;
  /** The file did not exist before. */
  readonly fresh: boolean;
}

interface OpenFile {
  readonly file: string;
  /** FULL: a commit is on the disk before it returns. NORMAL: it is consistent after a crash, and synced by a checkpoint or `sync`. */
  readonly synchronous: "FULL" | "NORMAL";
  readonly wall: () => EpochMs;
}

/** Opens or creates the file, migrated to this version. Throws `AppError`s: `database_newer`, `database_foreign`, `database_damaged`, `database_locked`, … */
export const openDatabase = ({ file, synchronous, wall }: OpenFile): Opened => {
  if (!existsSync(path.dirname(file))) {
    throw new AppError("database_unreadable", `The folder of ${file} does not exist. Create it, or name another.`);
  }
  const fresh = sizeOf(file) === 0;
  if (fresh && hasLostItsContent(file)) throw setAside(file, wall(), new AppError("database_empty", `${file} was in use and is empty.`));
  requireWritable(file);
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { timeout: BUSY_MS });
    const version = versionOf(db, file);
    if (!fresh && (!isLarge(file) || existsSync(suspicionOf(file)))) check(db);
    rmSync(suspicionOf(file), { force: true });
    db.pragma("journal_mode = WAL");
    db.pragma(`synchronous = ${synchronous}`);
    db.pragma("wal_autocheckpoint = 0");
    db.pragma("cache_size = -32000");
    db.pragma("temp_store = MEMORY");
    migrate(db, file, version, wall());
    return { db, fresh };
  } catch (error) {
    db?.close();
    if (isDamage(error)) throw setAside(file, wall(), error);
    throw failureOf(error, file);
  }
};

/**
 * Asked of the system before SQLite is: that would open such a file for reading only, and leave its log and index beside it with the same
 * rights, which refuse the next opening too, when the database itself may be written again. Those that lie there already are named.
 */
const requireWritable = (file: string): void => {
  const closed = [file, `${file}-wal`, `${file}-shm`].filter((each) => may(each, constants.R_OK) && !may(each, constants.W_OK));
  if (closed.length > 0)
    throw new AppError("database_readonly", `${closed.join(" and ")} cannot be written. Give this user the right to write there.`);
};

/** Whether the file is there and this user may. */
const may = (file: string, how: number): boolean => {
  try {
    accessSync(file, how);
    return true;
  } catch {
    return false; // whatever the reason, SQLite finds it too
  }
};

/** Too large to be checked before it is opened; `checkFile` is for afterwards. */
export const isLarge = (file: string): boolean => sizeOf(file) > CHECK_BYTES;

const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0);

/** An empty file that was in use, as its write-ahead log or its copy token shows. SQLite would take it for new and delete the log. */
const hasLostItsContent = (file: string): boolean => sizeOf(`${file}-wal`) > 0 || (existsSync(file) && existsSync(`${file}.token`));

const numberOf = (db: Database.Database, pragma: string): number => {
  const value = db.pragma(pragma, { simple: true });
  return typeof value === "number" ? value : 0;
};

/** The file's schema version; refuses files that are not ours to open. */
export const versionOf = (db: Database.Database, file: string): number => {
  const version = numberOf(db, "user_version");
  const tables = db.prepare<[], number>("SELECT count(*) FROM sqlite_schema").pluck().get() ?? 0;
  if (tables > 0 && numberOf(db, "application_id") !== APPLICATION_ID) {
    throw new AppError("database_foreign", `${file} belongs to another program. Choose another folder for this profile.`);
  }
  if (version > MIGRATIONS.length) {
    throw new AppError(
      "database_newer",
      `${file} was written by a newer version of Switchyard (format ${version}, this one reads up to ${MIGRATIONS.length}). Install the newer version to open it; nothing was changed.`,
    );
  }
  return version;
};

/** Every page, as SQLite's quick check does. Throws its error of a damaged file. */
export const check = (db: Database.Database): void => {
  const found = db.prepare<[], string>("PRAGMA quick_check(1)").pluck().get();
  if (found !== "ok") throw new Database.SqliteError(found ?? "quick_check said nothing", "SQLITE_CORRUPT");
};

const migrate = (db: Database.Database, file: string, version: number, now: EpochMs): void => {
  if (version === MIGRATIONS.length) return;
  if (version > 0) keepBefore(db, file, version, now);
  db.transaction(() => {
    if (numberOf(db, "user_version") !== version) return;
    for (const step of MIGRATIONS.slice(version)) {
      if (typeof step === "string") db.exec(step);
      else step(db);
    }
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${MIGRATIONS.length}`);
  }).immediate();
};

/** A checked copy of the file as it was; under its name it is whole. */
const keepBefore = (db: Database.Database, file: string, version: number, now: EpochMs): void => {
  const kept = `${file}.before-${version + 1}-${stampOfName(now)}`;
  // Without a time, so that what a crash or a full disk left is written over by the next attempt.
  const part = `${file}.before-${version + 1}.part`;
  removePart(part);
  try {
    db.prepare("VACUUM INTO ?").run(part);
    const copy = new Database(part, { readonly: true });
    try {
      check(copy);
    } finally {
      copy.close();
    }
    syncFile(part);
    renameSync(part, kept);
  } catch (error) {
    removePart(part);
    throw error;
  }
};

/** `2026-11-24T17-45-02-123`: a time that may stand in a file name. */
const stampOfName = (now: EpochMs): string => new Date(now).toISOString().slice(0, -1).replaceAll(/[:.]/g, "-");

/** Renames a damaged file and what lies beside it; the name is new, so nothing is overwritten. */
const setAside = (file: string, now: EpochMs, cause: unknown): AppError => {
  const aside = `${file}.damaged-${stampOfName(now)}`;
  let free = aside;
  for (let i = 2; existsSync(free); i++) free = `${aside}-${i}`;
  rmSync(suspicionOf(file), { force: true });
  for (const suffix of ["", "-wal", "-shm", ".token"]) {
    if (existsSync(`${file}${suffix}`)) renameSync(`${file}${suffix}`, `${free}${suffix}`);
  }
  return new AppError(
    "database_damaged",
    `The database was damaged and has been set aside as ${free}; nothing in it was changed. Start again to begin with a new one, which fills from the other desks.`,
    { cause },
  );
};
