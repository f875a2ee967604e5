/**
 * What the host writes down for whoever looks after it: JSON lines by pino, to standard error or to `<profile>/switchyard.log`.
 * Never a secret, never the content of a record: codes, counts, ids and causes.
 */
import { renameSync, statSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { pino } from "pino";
import type { Log } from "./log-faults.ts";
import type { Profile } from "./profile.ts";

/** A log file larger than this is kept once as `.old` and begun anew at the next start. */
const MAX_FILE_BYTES = 5 << 20;

/** Level by SWITCHYARD_LOG (`debug`, `info`, `warn`, `error`, `silent`); `info` unless it says otherwise. */
const options = (): { readonly level: string } => ({ level: process.env["SWITCHYARD_LOG"] ?? "info" });

/** For a host without a window: standard error, so that standard output stays free for answers. */
export const logToStandardError = (): Log => pino(options(), pino.destination({ fd: 2, sync: true }));

/** For the app: a file in the profile, made for this user alone. */
export const logToFile = ({ folder }: Profile): Log => {
  const file = path.join(folder, "switchyard.log");
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_FILE_BYTES) renameSync(file, `${file}.old`);
  return pino(options(), pino.destination({ dest: file, sync: true, mode: 0o600 }));
};
