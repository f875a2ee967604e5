/**
 * Opening the profile's database for the host: a damaged file has been set aside by the store, then a fresh one is begun and the
 * person is told where the old one lies. A newer or foreign file is refused by the store, and nothing is touched.
 */
import { readdirSync } from "node:fs";
import path from "node:path";
import { AppError } from "../../shared/errors.ts";
import type { Notice } from "../../shared/ipc/answers.ts";
import type { OpenOptions, Store } from "../store/api.ts";
import { openStore } from "../store/open-store.ts";
import type { Profile } from "./profile.ts";

const DATABASE_NAME = "workspace.db";

export interface OpenedDatabase {
  readonly store: Store;
  readonly file: string;
  readonly notices: readonly Notice[];
}

/** Throws the store's AppErrors: `database_newer`, `database_locked` and the like. */
export const openProfileDatabase = ({ folder }: Profile, options: Omit<OpenOptions, "file">): OpenedDatabase => {
  const file = path.join(folder, DATABASE_NAME);
  try {
    return { store: openStore({ ...options, file }), file, notices: [] };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "database_damaged") throw error;
    return { store: openStore({ ...options, file }), file, notices: [damagedNotice(folder)] };
  }
};

const damagedNotice = (folder: string): Notice => {
  // Names end in the time they were set aside at, so the last one is the latest.
  const aside = readdirSync(folder)
    .filter((name) => /^workspace\.db\.damaged-[\dT-]+$/.test(name))
    .toSorted()
    .at(-1);
  return {
    code: "database_damaged",
    text: `This desk's database was damaged. It was kept, unchanged, as ${path.join(folder, aside ?? DATABASE_NAME)}, and a new one was begun. Join your workspace again with an invitation: what the other desks have comes back.`,
  };
};
