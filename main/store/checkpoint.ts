/**
 * Checkpoints and syncs, the worker's alone. A checkpoint goes in two steps: a passive one beside the writers copies nearly all,
 * a short second one inside the gate finishes, so that the log can be used again from its start. One passive step alone never
 * finishes under load and the log grows without end.
 */
import { closeSync, existsSync, fdatasyncSync, openSync } from "node:fs";
import type { Connection } from "./transaction.ts";

export const checkpoint = (connection: Connection): void => {
  connection.read(() => connection.db.pragma("wal_checkpoint(PASSIVE)"));
  connection.read(() => connection.alone(() => connection.db.pragma("wal_checkpoint(PASSIVE)")));
};

/** Puts the log on the disk: what `synchronous=NORMAL` has committed may then be acknowledged. */
export const syncLog = ({ file }: Connection): void => {
  const log = `${file}-wal`;
  if (!existsSync(log)) return;
  const handle = openSync(log, "r+");
  try {
    fdatasyncSync(handle);
  } finally {
    closeSync(handle);
  }
};
