/**
 * Where the local socket lies: in a folder that only the user can enter, below the profile where the path is short enough for a
 * socket's address (108 bytes on Linux, 104 on macOS), else below the system's folder for such things; on Windows a named pipe
 * with a random name for each run. The path goes into the run file, so nobody has to guess it.
 */
import { createHash, randomBytes } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { AppError } from "../../shared/errors.ts";
import type { Profile } from "./profile.ts";

const MAX_ADDRESS_BYTES = 100;

/** Candidates, best first; the folder of each is made when it is used (`preparePlace`). */
export const socketPlaces = ({ folder }: Profile): readonly string[] => {
  if (process.platform === "win32") return [`\\\\.\\pipe\\switchyard-${randomBytes(16).toString("hex")}`];
  const key = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  const user = process.getuid?.() ?? 0;
  const short = [process.env["XDG_RUNTIME_DIR"], os.tmpdir(), "/tmp"]
    .filter((base): base is string => base !== undefined && path.isAbsolute(base))
    .map((base) => path.join(base, `switchyard-${user}`, key));
  return [path.join(folder, "run", "host"), ...short].filter((place) => Buffer.byteLength(place) <= MAX_ADDRESS_BYTES);
};

/** Makes the folder of a place, for the user alone; throws `socket_folder_unsafe` if another owns it or a link stands there. */
export const preparePlace = (place: string): void => {
  if (process.platform === "win32") return;
  const folder = path.dirname(place);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== process.getuid?.())
    throw new AppError("socket_folder_unsafe", `The folder ${folder} belongs to somebody else. Remove it, or set XDG_RUNTIME_DIR.`);
  chmodSync(folder, 0o700);
};
