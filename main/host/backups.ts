/**
 * Backups and checks of the profile's database, for the person and by itself once a day. The work is done in a thread of its own; a
 * restore is made ready there, and carried out when the host closes its database and begins anew.
 */
import { rmSync } from "node:fs";
import path from "node:path";
import { wordsOf } from "../../shared/crdt/words.ts";
import { AppError } from "../../shared/errors.ts";
import type { EpochMs, WorkspaceId } from "../../shared/ids.ts";
import type { Backup, Restored, Verified } from "../../shared/ipc/answers.ts";
import type { BackupFacts } from "../store/backup.ts";
import { isLarge } from "../store/open.ts";
import { asideOf, pendingOf } from "../store/restore.ts";
import { type BackupKind, fileOfBackup, listBackups, nextBackupFile, pruneBackups, timeInName } from "./backup-folder.ts";
import type { FileWorker } from "./file-work.ts";
import type { Log } from "./log-faults.ts";
import type { Caller, HostHandlers, Surroundings } from "./ports.ts";
import type { Profile } from "./profile.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** The board is loaded first. */
const FIRST_LOOK_MS = 10_000;
const LOOK_EVERY_MS = 15 * 60 * 1000;

export interface BackupsOptions {
  readonly profile: Profile;
  /** The database. */
  readonly file: string;
  readonly worker: FileWorker;
  readonly workspace: () => WorkspaceId | undefined;
  /** It holds records; one that holds none may become any workspace's. */
  readonly holdsWork: () => boolean;
  readonly surroundings: Surroundings;
  readonly wall: () => EpochMs;
  readonly log: Log;
  /** Whether a backup is made by itself each day; a single command makes none. */
  readonly daily: boolean;
  /** A restore waits: nothing more may be written; the present database is to become `aside` when it is closed. */
  readonly restoring: (aside: string) => void;
}

export interface Backups {
  readonly handlers: Pick<HostHandlers, "store.verify" | "backup.create" | "backup.list" | "backup.restore">;
  /** After the start: looks at every page of a file that was too large for that before it was opened. Also for tests. */
  check(): Promise<void>;
  /** Makes today's backup if the newest is older than a day; the timer's work, also for tests. */
  look(): Promise<void>;
  close(): Promise<void>;
}

export const createBackups = (options: BackupsOptions): Backups => {
  const { profile, file, worker, surroundings, wall, log } = options;
  let problem: string | null = null;
  let making: Promise<Backup> | undefined;

  const make = async (target: string, kind: Backup["kind"]): Promise<Backup> => {
    const facts = await worker.run({ kind: "backUp", file, target });
    return { name: path.basename(target), file: target, kind, ...numbersOf(facts) };
  };
  /** One at a time: a second asking gets the first's. */
  const makeOwn = (kind: BackupKind): Promise<Backup> =>
    (making ??= make(nextBackupFile(profile, kind, wall()), kind)
      .then((backup) => {
        problem = null;
        pruneBackups(profile, kind);
        return backup;
      })
      .finally(() => {
        making = undefined;
      }));

  const look = async (): Promise<void> => {
    if (options.workspace() === undefined) return;
    const newest = listBackups(profile).find(({ kind }) => kind === "daily");
    if (newest !== undefined && newest.at <= wall() && wall() - newest.at < DAY_MS) return;
    try {
      await makeOwn("daily");
    } catch (err) {
      problem = err instanceof AppError ? err.advice : String(err);
      log.error({ err }, "the daily backup failed");
    }
  };
  const check = async (): Promise<void> => {
    if (!isLarge(file)) return;
    try {
      await worker.run({ kind: "check", file });
    } catch (err) {
      problem = err instanceof AppError ? err.advice : String(err);
      log.error({ err }, "the check of the database failed");
    }
  };
  const begin = async (): Promise<void> => {
    await check();
    await look();
  };
  const timers = options.daily ? [setTimeout(() => void begin(), FIRST_LOOK_MS), setInterval(() => void look(), LOOK_EVERY_MS)] : [];
  for (const timer of timers) timer.unref();

  const restore = async (source: string, caller: Caller): Promise<Restored> => {
    const pending = pendingOf(file);
    const facts = await worker.run({ kind: "readyRestore", source, pending });
    const refuse = (error: unknown): never => {
      rmSync(pending, { force: true });
      throw error;
    };
    if (options.holdsWork() && facts.workspace !== options.workspace())
      refuse(
        new AppError(
          "backup_other_workspace",
          `${source} is of another workspace. Restore it into a fresh profile (--profile). Nothing was changed.`,
        ),
      );
    if (caller !== "command-line") {
      const agreed = await surroundings
        .confirm({
          title: "Restore this backup?",
          detail: `It is from ${new Date(facts.at).toLocaleString()} and holds ${facts.records} records. Switchyard starts again with it; the present database is kept beside it. What other desks have comes back by sync; what only this desk wrote since then stays in the kept file.`,
          yes: "Restore",
        })
        .catch(refuse);
      if (!agreed) refuse(new AppError("not_confirmed", "Nothing was restored."));
    }
    const aside = asideOf(file, timeInName(wall()));
    options.restoring(aside);
    return { at: facts.at, records: facts.records, aside };
  };

  return {
    handlers: {
      "store.verify": async (): Promise<Verified> => {
        const found = await worker.run({ kind: "verify", file });
        const { fingerprint, recomputed, records, differences } = found;
        return { ok: differences.length === 0, fingerprint, words: wordsOf(fingerprint), recomputed, records, differences };
      },
      "backup.create": ({ file: target }, caller) => {
        if (target === undefined) return makeOwn("manual");
        commandLineOnly(caller);
        return make(target, "file");
      },
      "backup.list": () => ({ backups: listBackups(profile), problem }),
      "backup.restore": ({ file: source, name }, caller) => {
        if (source !== undefined) {
          commandLineOnly(caller);
          return restore(source, caller);
        }
        const own = name === undefined ? undefined : fileOfBackup(profile, name);
        if (own === undefined) throw new AppError("backup_missing", "There is no such backup any more. Nothing was changed.");
        return restore(own, caller);
      },
    },
    check,
    look,
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      await worker.stop();
      // Whoever waits for it has heard of its end.
      await making?.catch(() => undefined);
    },
  };
};

const numbersOf = ({ at, records, bytes, differences }: BackupFacts): Pick<Backup, "at" | "records" | "bytes" | "verified"> => ({
  at,
  records,
  bytes,
  verified: differences === 0,
});

/** A page may not name files of this machine. */
const commandLineOnly = (caller: Caller): void => {
  if (caller !== "command-line")
    throw new AppError("command_line_only", "Only the command line may name a file of this machine. Choose one of the listed backups.");
};
