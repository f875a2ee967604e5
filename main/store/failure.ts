/**
 * SQLite's errors as the errors of this program: a code for scripts and a sentence that says what to do. A locked file is not a
 * damaged one, and a full disk is neither. The system's own errors count likewise; any other passes through untouched.
 */
import { writeFileSync } from "node:fs";
import Database from "better-sqlite3";
import { AppError } from "../../shared/errors.ts";

const fullAdvice = (file: string): string => `The disk that holds ${file} is full. Free some space and try again; nothing was lost.`;

const ADVICE: readonly (readonly [prefix: string, code: string, advice: (file: string) => string])[] = [
  ["SQLITE_FULL", "disk_full", fullAdvice],
  // The first that meets a full disk is the index of the write-ahead log, which is made when the file is opened.
  ["SQLITE_IOERR_SHMSIZE", "disk_full", fullAdvice],
  ["SQLITE_BUSY", "database_locked", (file) => `Another program holds ${file}. Close it and try again.`],
  ["SQLITE_LOCKED", "database_locked", (file) => `Another program holds ${file}. Close it and try again.`],
  ["SQLITE_READONLY", "database_readonly", (file) => `${file} or its folder cannot be written. Give this user the right to write there.`],
  [
    "SQLITE_CANTOPEN",
    "database_unreadable",
    (file) => `${file} cannot be opened. Check that its folder exists and that this user may read and write there.`,
  ],
  ["SQLITE_PERM", "database_unreadable", (file) => `${file} cannot be opened. Check that this user may read and write there.`],
  [
    "SQLITE_IOERR",
    "disk_error",
    (file) => `The disk reported an error while reading or writing ${file}. Check the disk; nothing acknowledged was lost.`,
  ],
  ["SQLITE_CORRUPT", "database_damaged", (file) => `${file} is damaged. Restart: it will be set aside and a new one begun.`],
  ["SQLITE_NOTADB", "database_damaged", (file) => `${file} is no database. Restart: it will be set aside and a new one begun.`],
];

/** Whether SQLite says that the file's content is broken. */
export const isDamage = (error: unknown): boolean =>
  error instanceof Database.SqliteError && (error.code.startsWith("SQLITE_CORRUPT") || error.code.startsWith("SQLITE_NOTADB"));

/** Lies beside a database in which damage came up while it was in use: it is then checked whole at the next start, however large. */
export const suspicionOf = (file: string): string => `${file}.suspect`;

/** To be called with whatever a statement threw. */
export const noteDamage = (error: unknown, file: string): void => {
  if (!isDamage(error)) return;
  try {
    writeFileSync(suspicionOf(file), "");
  } catch {
    // A disk that takes no note either: the error itself is told all the same.
  }
};

/** What the system says of the files beside the database (the copy token), as SQLite would say it of the database. */
const SYSTEM: Readonly<Record<string, string>> = {
  ENOSPC: "SQLITE_FULL",
  EDQUOT: "SQLITE_FULL",
  EROFS: "SQLITE_READONLY",
  EACCES: "SQLITE_READONLY",
  EPERM: "SQLITE_READONLY",
  EIO: "SQLITE_IOERR",
};

const sqliteCodeOf = (error: unknown): string | undefined =>
  error instanceof Error && "syscall" in error && "code" in error ? SYSTEM[String(error.code)] : undefined;

const FAILURES: ReadonlySet<string> = new Set(ADVICE.map(([, code]) => code));

/** Whether `failureOf` made it: something about the file or its disk, which a person can mend. */
export const isFailure = (error: unknown): error is AppError => error instanceof AppError && FAILURES.has(error.code);

/** The error to throw in place of `error`. */
export const failureOf = (error: unknown, file: string): unknown => {
  const code = error instanceof Database.SqliteError ? error.code : sqliteCodeOf(error);
  const known = code === undefined ? undefined : ADVICE.find(([prefix]) => code.startsWith(prefix));
  return known === undefined ? error : new AppError(known[1], known[2](file), { cause: error });
};
