/**
 * A fresh copy beside the database: a file of its own, begun empty with a replica of its own, filled from one peer alone, and marked once
 * it is whole. Until then it is worth nothing and may go at any time; the database beside it is not touched.
 */
import { existsSync, rmSync } from "node:fs";
import Database from "better-sqlite3";
import { AppError } from "../../shared/errors.ts";
import type { WorkspaceId } from "../../shared/ids.ts";
import type { OpenOptions, ReplicaStore } from "./api.ts";
import { Meta } from "./meta.ts";
import { openReplicaStore } from "./open-replica-store.ts";
import { openStore } from "./open-store.ts";

/** Where a copy of this database is made. */
export const copyOf = (file: string): string => `${file}.copy`;

export const removeCopy = (file: string): void => {
  for (const suffix of ["-wal", "-shm", ".token", ""]) rmSync(`${copyOf(file)}${suffix}`, { force: true });
};

/** What is noted in a copy: whose it is, and how far it has come to take the database's place. */
export interface CopyMark {
  /** The name of the desk it was taken from. */
  readonly from: string;
  /** Null: the old file has not been merged into it yet. */
  readonly merged: { readonly returned: number; readonly aside: string } | null;
}

/** Undefined: there is no copy, or it is not whole. */
export const markOf = (file: string): CopyMark | undefined => {
  if (!existsSync(copyOf(file))) return undefined;
  const db = new Database(copyOf(file));
  try {
    const text = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get() === undefined ? undefined : new Meta(db).get("copied");
    if (text === undefined) return undefined;
    const mark: CopyMark = JSON.parse(text);
    return mark;
  } finally {
    db.close();
  }
};

/** Synced to disk before it returns. */
export const setMark = (file: string, mark: CopyMark): void => {
  const db = new Database(copyOf(file));
  try {
    db.pragma("synchronous = FULL");
    new Meta(db).set("copied", JSON.stringify(mark));
  } finally {
    db.close();
  }
};

/** Begins one, in place of one that was not finished: the same workspace, letters and membership, and nothing else. Close what it gives. */
export const beginCopy = (options: Omit<OpenOptions, "gate">, workspace: WorkspaceId, gate: SharedArrayBuffer): ReplicaStore => {
  const { file } = options;
  removeCopy(file);
  const copy = { ...options, file: copyOf(file), gate };
  const store = openStore(copy);
  try {
    store.adopt(workspace, lettersOf(file));
  } finally {
    store.close();
  }
  const db = new Database(copyOf(file));
  try {
    db.prepare("ATTACH ? AS present").run(file);
    db.exec(SIGNED);
  } finally {
    db.close();
  }
  return openReplicaStore(copy);
};

/** What was signed is the same in both. */
export const SIGNED = `
  INSERT INTO operation (hash, bytes) SELECT hash, bytes FROM present.operation WHERE true ORDER BY num ON CONFLICT DO NOTHING;
  INSERT INTO replica_line SELECT * FROM present.replica_line WHERE true ON CONFLICT DO NOTHING;
`;

const lettersOf = (file: string): string => {
  const db = new Database(file, { readonly: true });
  try {
    const letters = new Meta(db).get("letters");
    if (letters === undefined) throw new AppError("no_workspace", "This desk belongs to no workspace, so there is nothing to copy.");
    return letters;
  } finally {
    db.close();
  }
};
