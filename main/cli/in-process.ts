/**
 * The composition inside a command's own process, as the contract's `Host`: requests take the same dispatcher as everywhere.
 */
import { AppError } from "../../shared/errors.ts";
import type { EventName, Events, Host, Input, Output, RequestName } from "../../shared/ipc/contract.ts";
import { compose } from "../host/compose.ts";
import type { EntryFiles } from "../host/entry-files.ts";
import { headlessSurroundings } from "../host/headless-surroundings.ts";
import type { ProfileLock } from "../host/lock.ts";
import { logFaultsOnly } from "../host/log-faults.ts";
import type { Profile } from "../host/profile.ts";
import type { Need, Reached } from "./reach.ts";

/**
 * `peers` starts the sync worker and leaves a fresh profile without a workspace, so that it can join one; `copy` too founds none, as it
 * would go with the copy.
 */
export const openInProcess = async (profile: Profile, need: Need | "copy", files: EntryFiles, lock: ProfileLock): Promise<Reached> => {
  const running = await compose({
    profile,
    lock,
    sync: need === "peers" ? { worker: files.syncWorker, port: undefined, mdns: true } : null,
    fresh: need === "peers" || need === "copy" ? "leave" : "new",
    surroundings: headlessSurroundings,
    boardFolder: files.boardFolder,
    fileWorker: files.fileWorker,
    log: logFaultsOnly,
  });
  const host: Host = {
    call: async <Name extends RequestName>(name: Name, input: Input<Name>) => {
      const answer = await running.dispatch(name, input, "command-line");
      if (!answer.ok) throw new AppError(answer.code, answer.message);
      // The handler of this name answers with its own kind of output: the one place that relies on it.
      return answer.output as Output<Name>;
    },
    on: <Name extends EventName>(name: Name, listener: (data: Events[Name]) => void) =>
      running.onEvent((happened: EventName, data: Events[EventName]) => {
        if (happened === name) listener(data as Events[Name]);
      }),
  };
  return { host, inProcess: true, close: () => running.close() };
};
