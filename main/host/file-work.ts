/**
 * Long work on a whole database file, in a thread of its own: started for one job, ended with it. What it throws there is thrown here.
 */
import { Worker } from "node:worker_threads";
import { AppError } from "../../shared/errors.ts";
import type { Verification } from "../store/api.ts";
import type { BackupFacts } from "../store/backup.ts";

export type FileJob =
  | { readonly kind: "verify"; readonly file: string }
  | { readonly kind: "check"; readonly file: string }
  | { readonly kind: "backUp"; readonly file: string; readonly target: string }
  | { readonly kind: "readyRestore"; readonly source: string; readonly pending: string };

interface FileAnswers {
  readonly verify: Verification;
  readonly check: undefined;
  readonly backUp: BackupFacts;
  readonly readyRestore: BackupFacts;
}

export type FileAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: string; readonly advice: string };

export interface FileWorker {
  /** Rejects with AppErrors: see `main/store/backup.ts`. */
  run<Job extends FileJob>(job: Job): Promise<FileAnswers[Job["kind"]]>;
  /** Ends what runs; what it wrote without a name yet is removed by the next one. */
  stop(): Promise<void>;
}

/** `entry`: `file-worker.ts` or `.cjs`, beside the caller's own. */
export const createFileWorker = (entry: URL): FileWorker => {
  const running = new Set<Worker>();
  return {
    run: <Job extends FileJob>(job: Job) =>
      new Promise<FileAnswers[Job["kind"]]>((resolve, reject) => {
        const thread = new Worker(entry, { name: job.kind, workerData: job });
        running.add(thread);
        thread.once("message", (answer: FileAnswer) => {
          // The thread answers each kind of job with that job's value: the one place that relies on it.
          if (answer.ok) resolve(answer.value as FileAnswers[Job["kind"]]);
          else reject(new AppError(answer.code, answer.advice));
        });
        thread.once("error", (cause) =>
          reject(new AppError("file_work_failed", "The work on the file failed by an error of ours.", { cause })),
        );
        thread.once("exit", () => {
          running.delete(thread);
          reject(new AppError("file_work_ended", "Switchyard ended before this was done. Try again."));
        });
      }),
    stop: async () => {
      await Promise.all([...running].map((thread) => thread.terminate()));
    },
  };
};
