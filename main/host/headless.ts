/**
 * The host without a window: composes, says that it is ready in one line, and runs until a signal ends it in order. A second signal
 * ends it at once; nothing acknowledged is lost by that.
 */
import process from "node:process";
import { compose } from "./compose.ts";
import type { EntryFiles } from "./entry-files.ts";
import { headlessSurroundings } from "./headless-surroundings.ts";
import { lockForHost } from "./host-lock.ts";
import { logToStandardError } from "./log.ts";
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
export const runHeadless = async ({ profile, files, port, mdns, demo, printLine }: HeadlessOptions): Promise<void> => {
  const log = logToStandardError();
  prepareProfileFolder(profile);
  const lock = await lockForHost(profile);
  const ended = endSignal();
  const host = await compose({
    profile,
    lock,
    sync: { worker: files.syncWorker, port, mdns },
    fresh: demo ? "demo" : "new",
    surroundings: headlessSurroundings,
    boardFolder: files.boardFolder,
    log,
  });
  try {
    const status = await host.dispatch("desk.status", {}, "command-line");
    if (!status.ok) throw new Error(`the desk does not tell its status: ${status.code}`);
    const { device, workspace } = status.output as { readonly device: string; readonly workspace: string | null };
    printLine(JSON.stringify({ ready: true, url: await host.boardUrl(), device, workspace, port: host.syncPort }));
    log.info({ profile: profile.name, port: host.syncPort }, "ready");
    await ended;
    log.info({}, "closing");
  } finally {
    await host.close();
  }
};

/** Resolves at the first SIGINT, SIGTERM or SIGHUP. */
const endSignal = (): Promise<void> =>
  new Promise((resolve) => {
    let asked = false;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve();
      });
  });
