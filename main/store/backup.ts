/**
 * Whole files: a backup of the live database, and a backup made ready to take its place. Both write a new file beside their target and
 * give it its name only when it was opened and checked, so what bears the name is sound. Long work: never on the main thread.
 */
import { accessSync, closeSync, constants, existsSync, openSync, renameSync, rmSync, type Stats, statSync } from "node:fs";
import Database from "better-sqlite3";
import { AppError } from "../../shared/errors.ts";
import { type EpochMs, parseEpochMs, parseWorkspaceId, type WorkspaceId } from "../../shared/ids.ts";
import type { TypeDef } from "../../shared/schema/types.ts";
import type { Verification } from "./api.ts";
import { failureOf, isDamage, noteDamage } from "./failure.ts";
import { localGate, newGate } from "./gate.ts";
import { Meta } from "./meta.ts";
import { check, openDatabase, versionOf } from "./open.ts";
import { removePart, syncFile } from "./part-file.ts";
import { Connection } from "./transaction.ts";
import { verify } from "./verify.ts";

/** What a backup says of itself. */
export interface BackupFacts {
  readonly at: EpochMs;
  /** Live records of all non-system collections. */
  readonly records: number;
  readonly bytes: number;
  readonly fingerprint: string;
  readonly workspace: WorkspaceId | null;
  /** How much the check found that peers or a later version must put right; SQLite itself found nothing. */
  readonly differences: number;
}

export interface FileWork {
  readonly types: readonly TypeDef[];
  readonly wall: () => EpochMs;
}

/** Checks a database file on a connection of its own. Throws what opening throws. */
export const verifyFile = (file: string, { types }: FileWork): Verification => {
  const db = openForReading(file);
  try {
    return verify(connectionOf(db, file, types));
  } catch (error) {
    throw failureOf(error, file);
  } finally {
    db.close();
  }
};

/** Looks at every page of the live file. Damage is noted beside it, so that the next start sets it aside. Throws `database_damaged`. */
export const checkFile = (file: string): void => {
  const db = openForReading(file);
  try {
    check(db);
  } catch (error) {
    noteDamage(error, file);
    throw isDamage(error) ? damaged(file, error) : failureOf(error, file);
  } finally {
    db.close();
  }
};

/** Copies the live `source` to `target`, which must not exist. Throws `backup_exists`, `backup_not_writable`, `disk_full`, `database_damaged`. */
export const backUp = (source: string, target: string, work: FileWork): BackupFacts => {
  if (existsSync(target)) throw new AppError("backup_exists", `${target} exists already. Name another file; nothing was written.`);
  const part = newPart(target);
  try {
    copyInto(source, part);
    const facts = checkedCopy(part, target, work);
    renameSync(part, target);
    return facts;
  } catch (error) {
    removePart(part);
    noteDamage(error, source);
    throw isDamage(error) ? damaged(source, error) : failureOf(error, target);
  }
};

/**
 * Makes the backup `source` ready as `pending`, migrated and checked. Throws `backup_missing`, `backup_unreadable`, `backup_damaged`,
 * `backup_foreign`, `backup_newer`; `pending` is then not there, and `source` is never changed.
 */
export const readyRestore = (source: string, pending: string, work: FileWork): BackupFacts => {
  requireFile(source);
  const part = newPart(pending);
  try {
    checkSource(source);
    copyInto(source, part);
    const { db } = openDatabase({ file: part, synchronous: "FULL", wall: work.wall });
    try {
      const { size, mtimeMs } = statSync(source);
      const meta = new Meta(db);
      // A plain copy of a database says nothing of itself.
      const at = parseFacts(meta.get("backup"), size)?.at ?? parseEpochMs(Math.round(mtimeMs)) ?? work.wall();
      const facts = factsOf(connectionOf(db, part, work.types), at, size);
      if (facts === undefined) throw damagedBackup(source);
      meta.set("backup", JSON.stringify(facts));
      db.pragma("journal_mode = DELETE");
      rmSync(pending, { force: true });
      db.close();
      syncFile(part);
      renameSync(part, pending);
      return facts;
    } finally {
      db.close();
    }
  } catch (error) {
    removePart(part);
    throw isDamage(error) || codeOf(error) === "database_damaged" ? damagedBackup(source, error) : failureOf(error, pending);
  }
};

/** What a backup says of itself, without checking it again; undefined where the file is none. */
export const readFacts = (file: string): BackupFacts | undefined => {
  try {
    const db = openForReading(file);
    try {
      return parseFacts(new Meta(db).get("backup"), statSync(file).size);
    } finally {
      db.close();
    }
  } catch (error) {
    // A list must show the other backups; this one is shown as not verified.
    if (error instanceof Database.SqliteError || error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** From the file's own `meta`; undefined when it says nothing that can be read. */
export const parseFacts = (text: string | undefined, bytes: number): BackupFacts | undefined => {
  if (text === undefined) return undefined;
  const { at, records, fingerprint, workspace, differences }: Record<string, unknown> = JSON.parse(text);
  const time = typeof at === "number" ? parseEpochMs(at) : undefined;
  if (time === undefined || typeof records !== "number" || typeof fingerprint !== "string" || typeof differences !== "number")
    return undefined;
  return { at: time, records, bytes, fingerprint, workspace: workspaceOf(workspace), differences };
};

const workspaceOf = (value: unknown): WorkspaceId | null => (typeof value === "string" ? (parseWorkspaceId(value) ?? null) : null);

const openForReading = (file: string): Database.Database => new Database(file, { readonly: true, fileMustExist: true, timeout: 5000 });

const connectionOf = (db: Database.Database, file: string, types: readonly TypeDef[]): Connection =>
  new Connection({ db, file, gate: localGate(newGate()), types, keepHistory: false });

/** An empty file for the user alone, in whose place the copy is written. */
const newPart = (target: string): string => {
  const part = `${target}.part`;
  try {
    removePart(part);
    closeSync(openSync(part, "wx", 0o600));
    return part;
  } catch (cause) {
    throw new AppError("backup_not_writable", `${target} cannot be written. Name a folder that exists and that this user may write to.`, {
      cause,
    });
  }
};

/** One state of the source, whatever is written meanwhile. */
const copyInto = (source: string, part: string): void => {
  const db = openForReading(source);
  try {
    db.prepare("VACUUM INTO ?").run(part);
  } finally {
    db.close();
  }
};

/** Opens and checks a copy and writes into it what it is. */
const checkedCopy = (part: string, target: string, work: FileWork): BackupFacts => {
  const db = new Database(part);
  try {
    const facts = factsOf(connectionOf(db, part, work.types), work.wall(), 0);
    if (facts === undefined)
      throw new AppError("backup_failed", `The backup ${target} did not pass its check and was not kept. Check the disk, then try again.`);
    new Meta(db).set("backup", JSON.stringify(facts));
    db.close();
    syncFile(part);
    return { ...facts, bytes: statSync(part).size };
  } finally {
    db.close();
  }
};

/** Undefined when SQLite's own check finds anything. */
const factsOf = (connection: Connection, at: EpochMs, bytes: number): BackupFacts | undefined => {
  if (!connection.hasState()) return undefined;
  const { integrity, fingerprint, records, differences } = verify(connection);
  if (integrity.length > 0) return undefined;
  const workspace = workspaceOf(new Meta(connection.db).get("workspace"));
  return { at, records, bytes, fingerprint, workspace, differences: differences.length };
};

/**
 * What the system says of the file that was named, before anything is made for it. It is not opened: were it the lock of our own profile,
 * closing it again would free that (`host/lock.ts`).
 */
const requireFile = (source: string): void => {
  const stats = statsOf(source);
  if (stats === undefined) throw new AppError("backup_missing", `There is no file ${source}. Nothing was changed.`);
  if (!stats.isFile())
    throw new AppError(
      "backup_unreadable",
      `${source} is ${stats.isDirectory() ? "a folder" : "no ordinary file"}. Name the backup itself; nothing was changed.`,
    );
  try {
    accessSync(source, constants.R_OK);
  } catch (cause) {
    throw mayNotRead(source, cause);
  }
  // SQLite takes it for a new database; so is the lock of a profile.
  if (stats.size === 0) throw damagedBackup(source);
};

/** Undefined: there is no such file. Throws `backup_unreadable` where even that may not be asked. */
const statsOf = (source: string): Stats | undefined => {
  try {
    return statSync(source);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw code === "EACCES" || code === "EPERM" ? mayNotRead(source, cause) : cause;
  }
};

const mayNotRead = (source: string, cause: unknown): AppError =>
  new AppError("backup_unreadable", `${source} may not be read by this user. Give this user the right to read it; nothing was changed.`, {
    cause,
  });

const checkSource = (source: string): void => {
  let db: Database.Database | undefined;
  try {
    db = openForReading(source);
    versionOf(db, source);
    const found = db.prepare<[], string>("PRAGMA integrity_check(1)").pluck().get();
    if (found !== "ok") throw damagedBackup(source);
    if (db.prepare<[], number>("SELECT count(*) FROM sqlite_schema").pluck().get() === 0) throw damagedBackup(source);
  } catch (error) {
    const code = codeOf(error);
    if (code === "database_foreign")
      throw new AppError("backup_foreign", `${source} is no backup of Switchyard. Nothing was changed.`, { cause: error });
    if (code === "database_newer")
      throw new AppError(
        "backup_newer",
        `${source} was made by a newer version of Switchyard. Install that version, then restore it. Nothing was changed.`,
        { cause: error },
      );
    // Of the file that was named, not of the one that is being made.
    throw isDamage(error) ? error : failureOf(error, source);
  } finally {
    db?.close();
  }
};

const codeOf = (error: unknown): string | undefined => (error instanceof AppError ? error.code : undefined);

const damagedBackup = (source: string, cause?: unknown): AppError =>
  new AppError("backup_damaged", `${source} is damaged or no backup of Switchyard. Nothing was changed; choose another one.`, { cause });

const damaged = (source: string, cause: unknown): AppError =>
  new AppError(
    "database_damaged",
    `${source} is damaged, so no backup is made of it. Start Switchyard again: it is then set aside and rebuilt.`,
    {
      cause,
    },
  );
