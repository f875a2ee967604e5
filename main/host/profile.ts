/**
 * Which folder a profile is: `--profile X` with a path separator names a folder, else a name under the system's per-user data
 * folder, `Switchyard/profiles`. The same rule under Electron and Node, so it asks neither. Source: contracts.md, "Profiles".
 */
import { chmodSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { AppError } from "../../shared/errors.ts";
import { fromHere } from "./standing.ts";

export interface Profile {
  /** For people: the name given, or the folder's own. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** No `--profile` was given, or it was `default`: the one that `npm start` opens. */
  readonly isDefault: boolean;
}

const DEFAULT_NAME = "default";
const NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_. -]{0,62}[\p{L}\p{N}_]$|^[\p{L}\p{N}_]$/u;
/** Names that Windows keeps for devices, whatever their ending. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;

/** The system's folder for a user's data: XDG on Linux, Application Support on macOS, local AppData on Windows. */
const userDataFolder = (): string => {
  if (process.platform === "darwin") return path.join(os.homedir(), "Library", "Application Support");
  if (process.platform === "win32") return process.env["LOCALAPPDATA"] ?? path.join(os.homedir(), "AppData", "Local");
  const xdg = process.env["XDG_DATA_HOME"];
  return xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(os.homedir(), ".local", "share");
};

/** The profile that `--profile` names; undefined means the default one. Throws `bad_profile_name`. Touches no disk. */
export const resolveProfile = (argument: string | undefined): Profile => {
  const given = argument ?? DEFAULT_NAME;
  if (given.includes("/") || given.includes(path.sep)) {
    const folder = fromHere(given);
    return { name: path.basename(folder), folder, isDefault: false };
  }
  if (!NAME.test(given) || RESERVED.test(given))
    throw new AppError(
      "bad_profile_name",
      `"${given}" cannot be a profile's name. Use letters, digits, "-", "_" and "."; or give a folder with a path separator in it.`,
    );
  return { name: given, folder: path.join(userDataFolder(), "Switchyard", "profiles", given), isDefault: given === DEFAULT_NAME };
};

/** Makes the folder (for the user alone) if it lacks, and proves that files can be written there. Throws `profile_not_writable`. */
export const prepareProfileFolder = ({ folder }: Profile): void => {
  const probe = path.join(folder, `.probe-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (process.platform !== "win32" && (statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (cause) {
    throw profileNotWritable(folder, cause);
  }
};

/** The error for a profile folder where nothing can be written. */
export const profileNotWritable = (folder: string, cause: unknown): AppError =>
  new AppError(
    "profile_not_writable",
    `Switchyard cannot write in its profile folder ${folder}. Make the folder writable for your user, or choose another with --profile.`,
    { cause },
  );
