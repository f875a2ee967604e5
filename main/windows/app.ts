/**
 * The app's life: one instance a profile, the host composed beside the first window, and an orderly end. A second start focuses the
 * first's window; a profile that another host has open is said so and left alone.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { app, BrowserWindow, dialog, powerMonitor } from "electron";
import { AppError } from "../../shared/errors.ts";
import { compose, type RunningHost } from "../host/compose.ts";
import type { EntryFiles } from "../host/entry-files.ts";
import { lockForHost } from "../host/host-lock.ts";
import { logToFile } from "../host/log.ts";
import type { Log } from "../host/log-faults.ts";
import { type Profile, prepareProfileFolder, resolveProfile } from "../host/profile.ts";
import { type AppArguments, readAppArguments } from "./app-arguments.ts";
import { registerBoardScheme, serveBoard } from "./app-protocol.ts";
import { allowsDevTools, openBoardWindow } from "./board-window.ts";
import { carryContract } from "./ipc-carrier.ts";
import { systemKeyWrapper } from "./key-wrapper.ts";
import { buildMenu } from "./menu.ts";
import { guardEverything } from "./security.ts";
import { electronSurroundings } from "./surroundings.ts";

/** Starts the app. Called once, before Electron is ready. */
export const runApp = (argv: readonly string[], files: EntryFiles): void => {
  registerBoardScheme();
  try {
    const given = readAppArguments(argv);
    const profile = resolveProfile(given.profile);
    prepareProfileFolder(profile);
    const chromiumFolder = path.join(profile.folder, "chromium");
    mkdirSync(chromiumFolder, { recursive: true, mode: 0o700 });
    app.setPath("userData", chromiumFolder);
    if (!app.requestSingleInstanceLock()) return app.quit();
    const log = logToFile(profile);
    app.on("second-instance", focusWindow);
    app.whenReady().then(
      () => start(profile, given, files, log),
      (error: unknown) => void endWith(error, log),
    );
  } catch (error) {
    void app.whenReady().then(() => endWith(error));
  }
};

const start = (profile: Profile, given: AppArguments, files: EntryFiles, log: Log): void => {
  guardEverything();
  serveBoard(files.boardFolder);
  buildMenu(allowsDevTools());
  const host = composeForApp(profile, given, files, log);
  carryContract(host);
  endInOrder(host, log);
  host.then(
    ({ wake, syncPort }) => {
      log.info({ profile: profile.name, port: syncPort }, "ready");
      powerMonitor.on("resume", wake);
    },
    (error: unknown) => endWith(error, log),
  );
  const open = (): void => {
    openBoardWindow({ profile, preload: files.preload, failed: (err, what) => log.error({ err }, what) });
  };
  open();
  app.on("activate", () => {
    if (BrowserWindow.getAllWindows().length === 0) open();
  });
  app.on("window-all-closed", () => {
    if (process.platform !== "darwin") app.quit();
  });
};

const composeForApp = async (profile: Profile, given: AppArguments, files: EntryFiles, log: Log): Promise<RunningHost> => {
  const keyWrapper = await systemKeyWrapper();
  return compose({
    profile,
    lock: await lockForHost(profile),
    sync: { worker: files.syncWorker, port: given.port, mdns: given.mdns },
    fileWorker: files.fileWorker,
    fresh: given.demo || profile.isDefault ? "demo" : "leave",
    surroundings: electronSurroundings,
    ...(keyWrapper ? { keyWrapper } : {}),
    boardFolder: files.boardFolder,
    log,
    onAnew: () => {
      app.relaunch();
      app.quit();
    },
  });
};

/** Peers hear a goodbye and the database is closed before the process ends, whatever ends it. */
const endInOrder = (host: Promise<RunningHost>, log: Log): void => {
  let ending = false;
  app.on("will-quit", (event) => {
    if (ending) return;
    ending = true;
    event.preventDefault();
    host
      .then(({ close }) => close())
      .catch((err: unknown) => log.error({ err }, "the host did not close cleanly"))
      .finally(() => app.exit(0));
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => app.quit());
};

const focusWindow = (): void => {
  const [window] = BrowserWindow.getAllWindows();
  if (window === undefined) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
};

/** Says what is wrong, in a dialog and on standard error, and ends. */
const endWith = async (error: unknown, log?: Log): Promise<void> => {
  const advice = error instanceof AppError ? error.advice : `Something went wrong inside Switchyard: ${String(error)}`;
  const code = error instanceof AppError ? error.code : "internal";
  log?.error({ err: error, code }, "the app could not start");
  process.stderr.write(`switchyard: ${code}: ${advice}\n`);
  await dialog.showMessageBox({ type: "error", message: "Switchyard could not start", detail: advice, buttons: ["Close"] });
  app.exit(1);
};
