/**
 * The one composition of the main process, inside Electron and headless alike: lock, key, store, sync worker, desk, and what carries the
 * contract to them. Opened in this order, closed in the reverse, also when a step fails. Here alone the wall clock is read.
 */
import { randomBytes } from "node:crypto";
import process from "node:process";
import { AppError } from "../../shared/errors.ts";
import type { EpochMs } from "../../shared/ids.ts";
import { requests } from "../../shared/ipc/contract.ts";
import { BUILT_IN_TYPES } from "../../shared/schema/builtin.ts";
import { createDesk } from "../desk/desk.ts";
import type { KeyWrapper } from "../identity/device-key.ts";
import { hostDeviceName } from "../identity/machine.ts";
import { createDispatcher, type Dispatch, refusal } from "../ipc/dispatcher.ts";
import { newGate } from "../store/gate.ts";
import { carryOutRestore } from "../store/restore.ts";
import { removeToken } from "../store/token.ts";
import { CLOCK_CORRECTION_LIMIT_MS } from "../sync/port.ts";
import type { SyncService } from "../sync/sync-service.ts";
import { absentSync } from "./absent-sync.ts";
import { createBackups } from "./backups.ts";
import { createBrowserBoard } from "./browser-board.ts";
import { databaseFile, openProfileDatabase } from "./database.ts";
import { openKey, signerOf } from "./device-signer.ts";
import { createFileWorker } from "./file-work.ts";
import { listenLocally } from "./local-socket.ts";
import type { ProfileLock } from "./lock.ts";
import type { Log } from "./log-faults.ts";
import type { Desk, Surroundings } from "./ports.ts";
import type { Profile } from "./profile.ts";
import { removeRunFile, writeRunFile } from "./run-file.ts";
import { keepPort, type SyncOptions, startSync } from "./sync-start.ts";
import { VERSION } from "./version.ts";

export interface ComposeOptions {
  readonly profile: Profile;
  /** Taken by the caller; released by `close`, also when composing fails. */
  readonly lock: ProfileLock;
  /** Null: a single command, which talks to no peer and is not reached by others. */
  readonly sync: SyncOptions | null;
  /** What becomes of a profile without a workspace; `leave` shows Join, New, Demo. */
  readonly fresh: "leave" | "new" | "demo";
  readonly surroundings: Surroundings;
  readonly keyWrapper?: KeyWrapper;
  /** Where the built board lies. */
  readonly boardFolder: string;
  readonly log: Log;
  readonly fileWorker: URL;
  /**
   * Close this host and compose it anew: a backup is to be restored, or a peer knows more of this file's work than we do, so it was rolled
   * back or copied and begins a new replica.
   */
  readonly onAnew?: () => void;
}

export interface RunningHost {
  readonly dispatch: Dispatch;
  readonly onEvent: Desk["onEvent"];
  /** The sync listener's port; null without sync. */
  readonly syncPort: number | null;
  /** A fresh address of the browser board, whose server starts at the first call. */
  boardUrl(): Promise<string>;
  /** The machine woke up or changed its network. */
  wake(): void;
  /** Ends everything in order; the second call waits for the first. */
  close(): Promise<void>;
}

type Closers = (() => unknown)[];

/** Rejects with AppErrors: of the key, the store, `port_in_use`. */
export const compose = async (options: ComposeOptions): Promise<RunningHost> => {
  const closers: Closers = [() => options.lock.release()];
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeAll(closers, options.log));
  try {
    return { ...(await openAll(options, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** Later parts rest on earlier ones, so the last opened is closed first; a part that fails to close doesn't keep the others open. */
const closeAll = async (closers: Closers, log: Log): Promise<void> => {
  for (const closer of closers.toReversed()) {
    try {
      await closer();
    } catch (err) {
      log.error({ err }, "a part of the host did not close cleanly");
    }
  }
};

const openAll = async (options: ComposeOptions, closers: Closers): Promise<Omit<RunningHost, "close">> => {
  const { profile, log } = options;
  const key = await openKey(profile, options.keyWrapper);
  if (key.kind === "wrapped" && options.sync !== null) throw key.refusal;

  let referenceOffsetMs = 0;
  const wall = (): EpochMs =>
    (Date.now() + (Math.abs(referenceOffsetMs) > CLOCK_CORRECTION_LIMIT_MS ? Math.round(referenceOffsetMs) : 0)) as EpochMs;
  const gate = newGate();
  let aside: string | undefined;
  // Closed after all that has the database open.
  closers.push(() => {
    if (aside !== undefined) carryOutRestore(databaseFile(profile), aside);
  });
  const { store, file, notices: databaseNotices } = openProfileDatabase(profile, { types: BUILT_IN_TYPES, wall, random, gate });
  closers.push(() => store.close());
  const signer = signerOf(key, store.notebook);

  const sync: SyncService =
    options.sync === null || key.kind === "wrapped"
      ? absentSync()
      : startSync(options.sync, key.identity, deviceNameOf(profile), { store, file, gate });
  closers.push(() => sync.stop());
  sync.on("status", ({ referenceOffset }) => {
    referenceOffsetMs = referenceOffset;
  });
  sync.on("log", ({ level, message, details }) => log[level](details, message));
  sync.on("fatal", (err) => log.error({ err, code: err.code }, "sync has stopped"));
  let isEnding = false;
  /** Nothing more may be written; once the answer under way is given, the host is closed. */
  const beginAnew = (): void => {
    isEnding = true;
    setImmediate(() => options.onAnew?.());
  };
  sync.on("forked", ({ seenBy }) => {
    log.warn({ seenBy }, "this file was rolled back or copied; starting again as a new replica");
    removeToken(file);
    beginAnew();
  });
  sync.on("copied", ({ from }) => {
    log.info({ from }, "a fresh copy is whole; starting again with it");
    beginAnew();
  });
  const listening = options.sync === null ? null : await sync.ready;

  const notices = [...databaseNotices, ...(listening === null ? [] : keepPort(listening, store))];
  for (const { code, text } of notices) log.warn({ code }, text);
  const desk = createDesk({
    store,
    sync,
    device: signer.device,
    defaultName: deviceNameOf(profile),
    signer,
    keyStorage:
      key.kind === "open" && key.identity.storage === "file"
        ? "In a file that only this user can read"
        : "Locked by the system's key store",
    version: VERSION,
    surroundings: options.surroundings,
    wall,
    random,
    notices,
  });
  closers.push(() => desk.close());

  const board = createBrowserBoard(() => ({
    folder: options.boardFolder,
    dispatch,
    onEvent: desk.onEvent,
    unexpected: (err) => log.error({ err }, "a request of the board failed by a fault of ours"),
  }));
  closers.push(() => board.close());
  const backups = createBackups({
    profile,
    file,
    worker: createFileWorker(options.fileWorker),
    workspace: () => store.workspace,
    holdsWork: () => store.count() > 0,
    surroundings: options.surroundings,
    wall,
    log,
    daily: options.sync !== null,
    restoring: (path) => {
      aside = path;
      beginAnew();
    },
  });
  closers.push(() => backups.close());
  const answer = createDispatcher({ ...desk.handlers, ...board.handlers, ...backups.handlers }, (err, name) =>
    log.error({ err, name }, "a request failed by a fault of ours"),
  );
  // Nothing more may be written under numbers that were used.
  const dispatch: Dispatch = (...request) => (isEnding ? Promise.resolve(refusal(startingAnew())) : answer(...request));

  // A database that was set aside leaves a desk that had a workspace: the demo would stand in the way of joining it again.
  const fresh = options.fresh === "demo" && databaseNotices.length > 0 ? "leave" : options.fresh;
  if (store.workspace === undefined && fresh !== "leave")
    await desk.handlers["desk.found"](requests["desk.found"].input.parse({ way: fresh }), "command-line");
  if (options.sync !== null) await beReached(profile, dispatch, desk, closers);
  return { dispatch, onEvent: desk.onEvent, syncPort: listening?.port ?? null, boardUrl: board.freshUrl, wake: () => sync.wake() };
};

/** Opens the local socket and tells the command line where it is. */
const beReached = async (profile: Profile, dispatch: Dispatch, desk: Desk, closers: Closers): Promise<void> => {
  const token = randomBytes(32).toString("hex");
  const socket = await listenLocally(profile, token, dispatch, desk.onEvent);
  closers.push(() => socket.close());
  writeRunFile(profile, { pid: process.pid, socket: socket.address, token });
  closers.push(() => removeRunFile(profile));
};

/** The machine's name; with the profile's, where several of one machine would be called the same. */
const deviceNameOf = ({ isDefault, name }: Profile): string => {
  const machine = hostDeviceName() || "Desk";
  return isDefault ? machine : `${machine} (${name})`;
};

/** Until it is composed anew, a host that was found to be a copy answers with this code alone. */
export const STARTING_ANEW = "starting_anew";
const startingAnew = (): AppError =>
  new AppError(
    STARTING_ANEW,
    "This desk's file was restored or copied, so Switchyard starts again as a new writer. Nothing is lost; repeat this in a moment.",
  );

const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
