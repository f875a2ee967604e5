/**
 * `<profile>/run.json`: what the command line needs to find the running host. Readable by the user alone, and believed only
 * while another process holds the profile's lock (a killed host leaves it behind). Source: contracts.md, "Profiles".
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { z } from "zod";
import type { Profile } from "./profile.ts";

const runFile = z.object({
  version: z.literal(1),
  pid: z.number().int(),
  /** A socket's path or a named pipe. */
  socket: z.string().min(1).max(300),
  /** 32 random bytes in hex: what both sides prove to know. Never sent. */
  token: z.string().regex(/^[0-9a-f]{64}$/),
});
export type RunFile = z.output<typeof runFile>;

const fileOf = ({ folder }: Profile): string => path.join(folder, "run.json");

/** Replaces the file in one step. Only the holder of the lock writes it. */
export const writeRunFile = (profile: Profile, run: Omit<RunFile, "version">): void => {
  const file = fileOf(profile);
  const next = `${file}.${process.pid}`;
  writeFileSync(next, JSON.stringify({ version: 1, ...run }), { mode: 0o600 });
  renameSync(next, file);
};

/** What it says; undefined when it is missing or makes no sense, which both mean: no host to be reached yet. */
export const readRunFile = (profile: Profile): RunFile | undefined => {
  const text = readIfThere(fileOf(profile));
  if (text === undefined) return undefined;
  try {
    return runFile.safeParse(JSON.parse(text)).data;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
};

/** Taken away as soon as the lock is taken (it is a dead host's) and when the host closes. */
export const removeRunFile = (profile: Profile): void => rmSync(fileOf(profile), { force: true });

const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  }
};
