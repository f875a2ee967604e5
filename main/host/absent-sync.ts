/**
 * The sync service of a host that has none: one command on the command line commits and ends, and its changes go out when the next
 * full host starts. What needs peers is refused with the way to get it.
 */
import { AppError } from "../../shared/errors.ts";
import type { SyncService } from "../sync/sync-service.ts";

const notRunning = (): AppError =>
  new AppError(
    "host_not_running",
    'This needs a running Switchyard. Start it (the app, or the command "hub") with the same profile, then try again.',
  );

export const absentSync = (): SyncService => {
  const ready = Promise.reject(notRunning());
  // Nobody has to ask for the port.
  ready.catch(() => undefined);
  return {
    ready,
    status: null,
    committed: () => undefined,
    workspaceChanged: () => undefined,
    membershipChanged: () => undefined,
    wake: () => undefined,
    request: () => Promise.reject(notRunning()),
    on: () => () => undefined,
    stop: () => Promise.resolve(),
  };
};
