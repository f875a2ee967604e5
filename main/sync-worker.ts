/**
 * Entry of the sync worker's thread, beside the other entries of the main process. The first message is `start`; messages that come
 * while it opens wait. An error that nobody expected ends the thread and is told as `fatal`.
 */
import process from "node:process";
import { parentPort } from "node:worker_threads";
import { AppError } from "../shared/errors.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./sync/port.ts";
import { openWorker, type SyncWorker } from "./sync/worker.ts";

const port = parentPort;
if (port === null) throw new AppError("not_a_worker", "The sync worker is started by Switchyard itself.");

const post = (message: FromWorker): void => {
  port.postMessage(message);
  if (message.kind === "stopped" || message.kind === "fatal") process.exit(0);
};

const fatal = (error: unknown): void => {
  const known =
    error instanceof AppError
      ? error
      : new AppError(
          "sync_worker_failed",
          `Sync has stopped by an error of its own (${String(error)}). Restart Switchyard; no work is lost.`,
        );
  post({ kind: "fatal", code: known.code, advice: known.advice });
};

let worker: SyncWorker | null = null;
const waiting: Exclude<ToWorker, WorkerStart>[] = [];

const open = async (start: WorkerStart): Promise<void> => {
  try {
    worker = await openWorker(start, { post });
    for (const message of waiting.splice(0)) worker.dispatch(message);
  } catch (error) {
    fatal(error);
  }
};

port.on("message", (message: ToWorker) => {
  if (message.kind === "start") void open(message);
  else if (worker === null) waiting.push(message);
  else worker.dispatch(message);
});
