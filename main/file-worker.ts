/**
 * Entry of the thread that does long work on a whole database file, one piece and then it ends: check it, back it up, make a backup
 * ready to be restored. The board's thread never waits for any of it.
 */
import { parentPort, workerData } from "node:worker_threads";
import { AppError } from "../shared/errors.ts";
import { parseEpochMs } from "../shared/ids.ts";
import { BUILT_IN_TYPES } from "../shared/schema/builtin.ts";
import type { FileAnswer, FileJob } from "./host/file-work.ts";
import { backUp, checkFile, type FileWork, readyRestore, verifyFile } from "./store/backup.ts";

const port = parentPort;
if (port === null) throw new AppError("not_a_worker", "The file worker is started by Switchyard itself.");

const work: FileWork = {
  types: BUILT_IN_TYPES,
  wall: () => {
    const now = parseEpochMs(Date.now());
    if (now === undefined) throw new AppError("bad_clock", "This machine's clock stands before 1970. Set it right.");
    return now;
  },
};

const run = (job: FileJob): unknown => {
  switch (job.kind) {
    case "verify":
      return verifyFile(job.file, work);
    case "check":
      return checkFile(job.file);
    case "backUp":
      return backUp(job.file, job.target, work);
    case "readyRestore":
      return readyRestore(job.source, job.pending, work);
  }
};

const answerOf = (job: FileJob): FileAnswer => {
  try {
    return { ok: true, value: run(job) };
  } catch (error) {
    if (error instanceof AppError) return { ok: false, code: error.code, advice: error.advice };
    return { ok: false, code: "file_work_failed", advice: `The work on the file failed by an error of ours (${String(error)}).` };
  }
};

const job: FileJob = workerData;
port.postMessage(answerOf(job));
