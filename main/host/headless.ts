/**
 * The host without a window: composes, says that it is ready in one line, and runs until a signal ends it in order. A second signal
 * ends it at once; nothing acknowledged is lost by that.
 */
import process from "node:process";
import { AppError } from "../../shared/errors.ts";
import { compose, STARTING_ANEW } from "./compose.ts";
import type { EntryFiles } from "./entry-files.ts";
import { headlessSurroundings } from "./headless-surroundings.ts";
import { lockForHost } from "./host-lock.ts";
import { logToStandardError } from "./log.ts";
import type { Log } from "./log-faults.ts";
import { type Profile, prepareProfileFolder } from "./profile.ts";

export interface HeadlessOptions {
  readonly profile: Profile;
  readonly files: EntryFiles;
  readonly port: number | undefined;
  readonly mdns: boolean;
  readonly demo: boolean;
  readonly printLine: (line: string) => void;
}

/** Resolves when it has ended in order. Rejects with `profile_in_use`, `port_in_use` and what opening a profile throws. */
export const runHeadless = async (options: HeadlessOptions): Promise<void> => {
  const log = logToStandardError();
  prepareProfileFolder(options.profile);
  const ended = endSignal();
  let isSaid = false;
  const sayReady = (line: string): void => {
    if (!isSaid) options.printLine(line);
    isSaid = true;
  };
  while ((await runOnce({ ...options, printLine: sayReady }, log, ended)) !== "ended") log.info({}, "starting anew");
};

/** One life of the host, up to the signal that ends it or the news that it must begin anew as another replica. */
const runOnce = async (
  { profile, files, port, mdns, demo, printLine }: HeadlessOptions,
  log: Log,
  ended: Promise<"ended">,
): Promise<"ended" | "anew"> => {
  let onAnew = (): void => undefined;
  const anew = new Promise<"anew">((resolve) => {
    onAnew = () => resolve("anew");
  });
  const host = await compose({
    profile,
    lock: await lockForHost(profile),
    sync: { worker: files.syncWorker, port, mdns },
    fresh: demo ? "demo" : "new",
    surroundings: headlessSurroundings,
    boardFolder: files.boardFolder,
    log,
    fileWorker: files.fileWorker,
    onAnew,
  });
  try {
    const url = await host.boardUrl();
    const status = await host.dispatch("desk.status", {}, "command-line");
    if (!status.ok) {
      if (status.code === STARTING_ANEW) return "anew";
      throw new AppError(status.code, status.message);
    }
    const { device, workspace } = status.output as { readonly device: string; readonly workspace: string | null };
    printLine(JSON.stringify({ ready: true, url, device, workspace, port: host.syncPort }));
    log.info({ profile: profile.name, port: host.syncPort }, "ready");
    return await Promise.race([ended, anew]);
  } finally {
    await host.close();
  }
};

/** Resolves at the first SIGINT, SIGTERM or SIGHUP. */
const endSignal = (): Promise<"ended"> =>
  new Promise((resolve) => {
    let asked = false;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve("ended");
      });
  });
