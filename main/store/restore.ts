/**
 * A restored file takes the place of the present database, while nobody has either open. What belongs to the device or is signed goes
 * over from the present one; the present one is set aside, never deleted. Each step can be done again, so a crash between two of them
 * is finished at the next start.
 */
import { existsSync, renameSync } from "node:fs";
import Database from "better-sqlite3";
import { type EpochMs, parseEpochMs } from "../../shared/ids.ts";
import type { Notebook } from "./api.ts";
import { parseFacts } from "./backup.ts";
import { Meta } from "./meta.ts";
import { removeToken } from "./token.ts";

/** In the notebook, until it was told: what was restored. */
const RESTORED_NOTE = "restored";

/** Where a restore that is to be carried out waits. */
export const pendingOf = (file: string): string => `${file}.restore`;

/** Where the present database goes; the name is new. */
export const asideOf = (file: string, stamp: string): string => {
  const aside = `${file}.before-restore-${stamp}`;
  let free = aside;
  for (let i = 2; existsSync(free); i++) free = `${aside}-${i}`;
  return free;
};

/** Carries out the restore that waits, if one does: the present database becomes `aside`. Throws SQLite's and the system's errors. */
export const carryOutRestore = (file: string, aside: string): void => {
  const pending = pendingOf(file);
  if (!existsSync(pending)) return;
  if (existsSync(file)) keepOfDevice(file, pending);
  noteRestored(pending, aside);
  const moved = SUFFIXES.filter((suffix) => existsSync(`${file}${suffix}`));
  for (const suffix of moved) renameSync(`${file}${suffix}`, `${aside}${suffix}`);
  try {
    removeToken(file);
    renameSync(pending, file);
  } catch (error) {
    // Nothing may be begun in the present one's place.
    for (const suffix of moved) renameSync(`${aside}${suffix}`, `${file}${suffix}`);
    throw error;
  }
};

/** A database and what lies beside it. */
const SUFFIXES = ["", "-wal", "-shm", ".token"] as const;

/** Both files are of one workspace. */
const SAME = "(SELECT value FROM main.meta WHERE key = 'workspace') = (SELECT value FROM present.meta WHERE key = 'workspace')";

/**
 * What was signed since the backup, burned invitations, the kept port and peers' addresses; and the clock, so that what is written next
 * comes after all that this device has seen.
 */
const keepOfDevice = (file: string, pending: string): void => {
  const db = new Database(pending);
  try {
    db.prepare("ATTACH ? AS present").run(file);
    db.transaction(() => {
      db.exec(`
        INSERT INTO operation (hash, bytes) SELECT hash, bytes FROM present.operation WHERE ${SAME} ORDER BY num ON CONFLICT DO NOTHING;
        INSERT INTO replica_line SELECT * FROM present.replica_line WHERE ${SAME} ON CONFLICT DO NOTHING;
        DELETE FROM notebook;
        INSERT INTO notebook SELECT * FROM present.notebook;
        UPDATE state SET hlc = max(hlc, coalesce((SELECT hlc FROM present.state), 0));
      `);
    }).immediate();
  } catch (error) {
    // A present database that cannot be read is a reason to restore: the signed log then comes back from the peers.
    if (!(error instanceof Database.SqliteError)) throw error;
  } finally {
    db.close();
  }
};

const noteRestored = (pending: string, aside: string): void => {
  const db = new Database(pending);
  try {
    const facts = parseFacts(new Meta(db).get("backup"), 0);
    // Noted before, by a start that did not get to the end.
    if (facts === undefined) return;
    db.transaction(() => {
      const note = JSON.stringify({ at: facts.at, records: facts.records, aside });
      db.prepare("INSERT INTO notebook (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value").run(
        RESTORED_NOTE,
        note,
      );
      db.exec("DELETE FROM meta WHERE key = 'backup'");
    }).immediate();
  } finally {
    db.close();
  }
};

/** What was restored since the last start; told once. */
export const takeRestoredNote = (
  notebook: Notebook,
): { readonly at: EpochMs; readonly records: number; readonly aside: string } | undefined => {
  const note = notebook.get(RESTORED_NOTE);
  if (note === undefined) return undefined;
  notebook.set(RESTORED_NOTE, undefined);
  const { at, records, aside }: Record<string, unknown> = JSON.parse(note);
  const time = typeof at === "number" ? parseEpochMs(at) : undefined;
  return time === undefined || typeof records !== "number" || typeof aside !== "string" ? undefined : { at: time, records, aside };
};
