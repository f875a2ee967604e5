/**
 * The profile's own backups: `backups/<time>-<kind>.db`, the newest fourteen of each kind kept. The names sort by time, so the folder
 * itself is the list; what each holds stands in the file.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { msOfHlc, ZERO_HLC } from "../../shared/clock/hlc.ts";
import { type EpochMs, parseEpochMs } from "../../shared/ids.ts";
import type { Backup } from "../../shared/ipc/answers.ts";
import { readFacts } from "../store/backup.ts";
import { type Profile, profileNotWritable } from "./profile.ts";

/** `daily`: made by itself. `manual`: asked for. */
export type BackupKind = Exclude<Backup["kind"], "file">;

/** So many of each kind are kept. */
export const KEPT = 14;

/** For a file of no date that can be. */
const START = msOfHlc(ZERO_HLC);

const NAME = /^\d{4}-\d\d-\d\dT[\d-]+-(daily|manual)\.db$/;

const folderOf = ({ folder }: Profile): string => path.join(folder, "backups");

/** `2026-11-24T17-45-02-123`: a time that may stand in a file name. */
export const timeInName = (time: EpochMs): string => new Date(time).toISOString().slice(0, -1).replaceAll(/[:.]/g, "-");

/** Where the next backup goes; the folder is there. Throws `profile_not_writable`. */
export const nextBackupFile = (profile: Profile, kind: BackupKind, now: EpochMs): string => {
  const folder = folderOf(profile);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw profileNotWritable(folder, cause);
  }
  return path.join(folder, `${timeInName(now)}-${kind}.db`);
};

const names = (profile: Profile): readonly string[] => {
  const folder = folderOf(profile);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .toSorted((a, b) => (a < b ? 1 : -1));
};

/** The newest first. */
export const listBackups = (profile: Profile): readonly Backup[] =>
  names(profile).map((name) => {
    const file = path.join(folderOf(profile), name);
    return backupOf(file, name.endsWith("-daily.db") ? "daily" : "manual");
  });

const backupOf = (file: string, kind: Backup["kind"]): Backup => {
  const facts = readFacts(file);
  const { size, mtimeMs } = statSync(file);
  return {
    name: path.basename(file),
    file,
    kind,
    at: facts?.at ?? parseEpochMs(Math.round(mtimeMs)) ?? START,
    records: facts?.records ?? null,
    bytes: size,
    verified: facts?.differences === 0,
  };
};

/** The file of a name that stands in the list; undefined for any other text. */
export const fileOfBackup = (profile: Profile, name: string): string | undefined =>
  names(profile).includes(name) ? path.join(folderOf(profile), name) : undefined;

/** Removes the oldest of a kind beyond those kept, and what an interrupted backup left. Nothing of it may be under way. */
export const pruneBackups = (profile: Profile, kind: BackupKind): void => {
  const folder = folderOf(profile);
  for (const name of names(profile)
    .filter((one) => one.endsWith(`-${kind}.db`))
    .slice(KEPT))
    rmSync(path.join(folder, name), { force: true });
  for (const name of readdirSync(folder)) if (/\.part(-journal|-wal|-shm)?$/.test(name)) rmSync(path.join(folder, name), { force: true });
};
