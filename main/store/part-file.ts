/** A database file that is written under another name until it is whole: what a crash left of it goes, and it is synced before it is renamed. */
import { closeSync, fsyncSync, openSync, rmSync } from "node:fs";

/** Removes it with SQLite's own files beside it: a journal that stayed would be played into the next file of the name. */
export const removePart = (part: string): void => {
  for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(`${part}${suffix}`, { force: true });
};

/** Onto the disk, before it gets the name under which it is relied on. */
export const syncFile = (file: string): void => {
  const handle = openSync(file, "r+");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};
