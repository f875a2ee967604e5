/**
 * Opening the profile's database for the host: a restore that waits is carried out first, or a fresh copy that is whole takes its place. A damaged file has been set aside by the store;
 * it is rebuilt from the newest backup that is sound, else begun anew, and the person is told what came of it. A newer or foreign file
 * is refused by the store, and nothing is touched.
 */
import { existsSync, readdirSync, renameSync } from "node:fs";
import path from "node:path";
import { AppError } from "../../shared/errors.ts";
import type { EpochMs } from "../../shared/ids.ts";
import type { Notice } from "../../shared/ipc/answers.ts";
import type { OpenOptions, Store } from "../store/api.ts";
import { type BackupFacts, readyRestore } from "../store/backup.ts";
import { removeCopy } from "../store/copy.ts";
import { openStore } from "../store/open-store.ts";
import { asideOfRejoin, carryOutRejoin, takeRejoinedNote } from "../store/rejoin.ts";
import { asideOf, carryOutRestore, pendingOf, takeRestoredNote } from "../store/restore.ts";
import { listBackups, timeInName } from "./backup-folder.ts";
import type { Profile } from "./profile.ts";

const DATABASE_NAME = "workspace.db";

export interface OpenedDatabase {
  readonly store: Store;
  readonly file: string;
  readonly notices: readonly Notice[];
}

type Options = Omit<OpenOptions, "file">;

export const databaseFile = ({ folder }: Profile): string => path.join(folder, DATABASE_NAME);

/** Throws the store's AppErrors: `database_newer`, `database_locked` and the like. */
export const openProfileDatabase = (profile: Profile, options: Options): OpenedDatabase => {
  const file = databaseFile(profile);
  const notices: Notice[] = [...restoreThatWaits(file, options.wall()), ...copyThatWaits(file, options)];
  try {
    const store = openStore({ ...options, file });
    return { store, file, notices: [...notices, ...restoredNotice(store), ...rejoinedNotice(store)] };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "database_damaged") throw error;
  }
  const rebuilt = rebuild(profile, file, options);
  const store = openStore({ ...options, file });
  takeRestoredNote(store.notebook);
  return { store, file, notices: [...notices, damagedNotice(profile, rebuilt)] };
};

/** Carries it out; one that cannot be is put out of the way, and the present database stays. */
const restoreThatWaits = (file: string, now: EpochMs): Notice[] => {
  try {
    carryOutRestore(file, asideOf(file, timeInName(now)));
    return [];
  } catch (cause) {
    const failed = `${file}.restore-failed-${timeInName(now)}`;
    renameSync(pendingOf(file), failed);
    const reason = cause instanceof Error ? cause.message : String(cause);
    return [
      {
        code: "restore_failed",
        text: `The backup could not be restored (${reason}). It was put aside as ${failed}; nothing else was changed.`,
      },
    ];
  }
};

/**
 * A fresh copy that is whole takes the database's place; one that cannot is thrown away, and the next meeting makes another. Cut between
 * the two renames it is all there is: then nothing is begun in its place.
 */
const copyThatWaits = (file: string, options: Options): Notice[] => {
  try {
    carryOutRejoin(file, asideOfRejoin(file, timeInName(options.wall())), options);
    return [];
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (!existsSync(file))
      throw new AppError(
        "rejoin_failed",
        `The fresh copy of this desk's database could not be put in place (${reason}). Start Switchyard again. If it goes on, give the newest ${file}.before-copy-… its name ${DATABASE_NAME} back; nothing is lost.`,
        { cause },
      );
    removeCopy(file);
    return [
      {
        code: "rejoin_failed",
        text: `This desk has been away so long that it must take a fresh copy from another, and that could not be put in place (${reason}). Nothing was changed; it is tried again.`,
      },
    ];
  }
};

const rejoinedNotice = (store: Store): readonly Notice[] => {
  const rejoined = takeRejoinedNote(store.notebook);
  if (rejoined === undefined) return [];
  const { from, returned, aside } = rejoined;
  const back =
    returned === 0
      ? ""
      : ` ${recordsText(returned)} that had been deleted elsewhere and edited here came back as new ${returned === 1 ? "one" : "ones"}.`;
  return [
    {
      code: "rejoined",
      text: `This desk had been away so long that it took a fresh copy from ${from}; what was written here meanwhile is in it.${back} The database before it is kept as ${aside}.`,
    },
  ];
};

const whenText = (at: EpochMs): string => new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });

const recordsText = (records: number): string => `${records} record${records === 1 ? "" : "s"}`;

const restoredNotice = (store: Store): readonly Notice[] => {
  const restored = takeRestoredNote(store.notebook);
  if (restored === undefined) return [];
  const { at, records, aside } = restored;
  return [
    {
      code: "backup_restored",
      text: `The backup of ${whenText(at)} with ${recordsText(records)} was restored. What the other desks have written since comes back as they connect. The database before it is kept as ${aside}.`,
    },
  ];
};

/** Puts the newest sound backup where the damaged file was; undefined when there is none. */
const rebuild = (profile: Profile, file: string, { types, wall }: Options): BackupFacts | undefined => {
  for (const backup of listBackups(profile)) {
    try {
      const facts = readyRestore(backup.file, pendingOf(file), { types, wall });
      carryOutRestore(file, file);
      return facts;
    } catch (error) {
      // An older one may be sound.
      if (!(error instanceof AppError)) throw error;
    }
  }
  return undefined;
};

const damagedNotice = ({ folder }: Profile, rebuilt: BackupFacts | undefined): Notice => {
  // Names end in the time they were set aside at, so the last one is the latest.
  const aside = readdirSync(folder)
    .filter((name) => /^workspace\.db\.damaged-[\dT-]+$/.test(name))
    .toSorted()
    .at(-1);
  const kept = `This desk's database was damaged. It was kept, unchanged, as ${path.join(folder, aside ?? DATABASE_NAME)}`;
  const text =
    rebuilt === undefined
      ? `${kept}, and a new one was begun. Join your workspace again with an invitation: what the other desks have comes back.`
      : `${kept}, and rebuilt from the backup of ${whenText(rebuilt.at)} with ${recordsText(rebuilt.records)}. What the other desks have written since comes back as they connect.`;
  return { code: "database_damaged", text };
};
