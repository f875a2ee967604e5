/**
 * The one composition of the main process, inside Electron and headless alike: profile, lock, key, store, sync worker, desk, and what
 * carries the contract to them. Opened in this order, closed in the reverse, also when a step fails. Here alone the wall clock is read.
 */
import { randomBytes } from "node:crypto";
import process from "node:process";
import { AppError } from "../../shared/errors.ts";
import type { EpochMs } from "../../shared/ids.ts";
import type { Notice } from "../../shared/ipc/answers.ts";
import { requests } from "../../shared/ipc/contract.ts";
import { BUILT_IN_TYPES } from "../../shared/schema/builtin.ts";
import { createDesk } from "../desk/desk.ts";
import { startBoardServer } from "../hub/board-server.ts";
import { createSessions } from "../hub/sessions.ts";
import { type KeyWrapper, openDeviceKey } from "../identity/device-key.ts";
import { hostDeviceName } from "../identity/machine.ts";
import { createDispatcher, type Dispatch } from "../ipc/dispatcher.ts";
import { newGate } from "../store/gate.ts";
import { CLOCK_CORRECTION_LIMIT_MS } from "../sync/port.ts";
import { type SyncService, startSyncService } from "../sync/sync-service.ts";
import { absentSync } from "./absent-sync.ts";
import { openProfileDatabase } from "./database.ts";
import { listenLocally } from "./local-socket.ts";
import type { ProfileLock } from "./lock.ts";
import type { Log } from "./log-faults.ts";
import type { Desk, Surroundings } from "./ports.ts";
import type { Profile } from "./profile.ts";
import { removeRunFile, writeRunFile } from "./run-file.ts";
import { VERSION } from "./version.ts";

const HEARTBEAT_MS = 5_000;
const PORT_NOTE = "sync.port";

export interface SyncOptions {
  readonly worker: URL;
  /** Undefined: the kept port, at the first start a free one. */
  readonly port: number | undefined;
  readonly mdns: boolean;
}

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

const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));

/** Rejects with AppErrors: of the key, the store, `port_in_use`. */
export const compose = async (options: ComposeOptions): Promise<RunningHost> => {
  const closers: (() => unknown)[] = [() => options.lock.release()];
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeAll(closers, options.log));
  try {
    return await openAll(options, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
};

/** Later parts rest on earlier ones, so the last opened is closed first; a part that fails to close doesn't keep the others open. */
const closeAll = async (closers: readonly (() => unknown)[], log: Log): Promise<void> => {
  for (const closer of closers.toReversed()) {
    try {
      await closer();
    } catch (err) {
      log.error({ err }, "a part of the host did not close cleanly");
    }
  }
};

const openAll = async (options: ComposeOptions, closers: (() => unknown)[], close: () => Promise<void>): Promise<RunningHost> => {
  const { profile, log, surroundings } = options;
  const identity = await openDeviceKey({ folder: profile.folder, ...(options.keyWrapper ? { wrapper: options.keyWrapper } : {}) });
  let referenceOffsetMs = 0;
  const wall = (): EpochMs =>
    (Date.now() + (Math.abs(referenceOffsetMs) > CLOCK_CORRECTION_LIMIT_MS ? Math.round(referenceOffsetMs) : 0)) as EpochMs;
  const gate = newGate();
  const { store, file, notices } = openProfileDatabase(profile, { types: BUILT_IN_TYPES, wall, random, gate });
  closers.push(() => store.close());

  const sync = options.sync === null ? absentSync() : startSync(options.sync);
  closers.push(() => sync.stop());
  sync.on("status", ({ referenceOffset }) => {
    referenceOffsetMs = referenceOffset;
  });
  const listening = options.sync === null ? null : await sync.ready;
  const portNotice = listening === null ? [] : keepPort(listening);
  sync.on("fatal", (err) => log.error({ err, code: err.code }, "sync has stopped"));

  const desk = createDesk({
    store,
    sync,
    device: identity.device,
    signer: identity,
    keyStorage: identity.storage === "wrapped" ? "Locked by the system's key store" : "In a file that only this user can read",
    version: VERSION,
    surroundings,
    wall,
    random,
    notices: [...notices, ...portNotice],
  });
  closers.push(() => desk.close());
  for (const notice of [...notices, ...portNotice]) log.warn({ code: notice.code }, notice.text);

  let board: Promise<Awaited<ReturnType<typeof startBoardServer>>> | undefined;
  const boardUrl = async (): Promise<string> => {
    board ??= startBoardServer({
      folder: options.boardFolder,
      sessions: createSessions(() => Date.now(), random),
      dispatch,
      onEvent: desk.onEvent,
      unexpected: (err) => log.error({ err }, "a request of the board failed by a fault of ours"),
    });
    return (await board).freshUrl();
  };
  const dispatch = createDispatcher(
    { ...desk.handlers, "host.url": async (_input, caller) => ({ url: await urlFor(caller, boardUrl) }) },
    (err, name) => log.error({ err, name }, "a request failed by a fault of ours"),
  );
  closers.push(async () => (await board)?.close());

  // A database that was set aside leaves a desk that had a workspace: the demo would stand in the way of joining it again.
  const fresh = options.fresh === "demo" && notices.length > 0 ? "leave" : options.fresh;
  if (store.workspace === undefined && fresh !== "leave")
    await desk.handlers["desk.found"](requests["desk.found"].input.parse({ way: fresh }), "command-line");
  if (options.sync !== null) await openLocalSocket();

  function startSync({ worker, port, mdns }: SyncOptions): SyncService {
    const kept = Number(store.notebook.get(PORT_NOTE) ?? 0);
    return startSyncService(worker, {
      identity: { keyPem: identity.keyPem, storage: identity.storage },
      name: hostDeviceName(),
      workspace: store.workspace,
      file,
      types: BUILT_IN_TYPES,
      gate,
      port: port ?? kept,
      portFixed: port !== undefined && port !== 0,
      host: null,
      mdns,
      appVersion: VERSION,
      heartbeatMs: HEARTBEAT_MS,
    });
  }

  /** From now on this port is tried first, so that peers find us where they did; that it had to move is said once. */
  function keepPort({ port, portMoved }: { readonly port: number; readonly portMoved: boolean }): readonly Notice[] {
    const kept = store.notebook.get(PORT_NOTE);
    if (kept !== String(port)) store.notebook.set(PORT_NOTE, String(port));
    if (!portMoved || kept === undefined) return [];
    const text = `Port ${kept}, where other desks used to find this one, is taken by another program. Switchyard now uses ${port}; a firewall rule may have to follow.`;
    return [{ code: "port_moved", text }];
  }

  async function openLocalSocket(): Promise<void> {
    const token = randomBytes(32).toString("hex");
    const socket = await listenLocally(profile, token, dispatch, desk.onEvent);
    closers.push(() => socket.close());
    writeRunFile(profile, { pid: process.pid, socket: socket.address, token });
    closers.push(() => removeRunFile(profile));
  }

  return { dispatch, onEvent: desk.onEvent, syncPort: listening?.port ?? null, boardUrl, wake: () => sync.wake(), close };
};

const urlFor = (caller: string, boardUrl: () => Promise<string>): Promise<string> =>
  caller === "command-line"
    ? boardUrl()
    : Promise.reject(new AppError("command_line_only", "A new address of the board is given by the command line alone (command: url)."));
