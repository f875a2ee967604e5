/**
 * Where the person stands, from where relative paths are meant. npm runs a script in the package's root, wherever it was called from, and
 * keeps the folder of the call in INIT_CWD; a process that was started without npm, or has moved on since, stands where it is.
 */
import { realpathSync } from "node:fs";
import path from "node:path";
import process from "node:process";

/** Of package.json: another package's script that runs us elsewhere means its own folder. */
const PACKAGE = "switchyard";

/** Whether npm moved this very process to the root of our package. */
const isMovedByNpm = (manifest: string): boolean => {
  try {
    return realpathSync(path.dirname(manifest)) === realpathSync(process.cwd());
  } catch {
    return false; // a folder that is gone is not the one we run in
  }
};

const standing = (): string => {
  const { INIT_CWD: called, npm_package_json: manifest, npm_package_name: name } = process.env;
  if (called === undefined || !path.isAbsolute(called) || manifest === undefined || name !== PACKAGE) return process.cwd();
  return isMovedByNpm(manifest) ? called : process.cwd();
};

/** A path as typed, made absolute. */
export const fromHere = (typed: string): string => path.resolve(standing(), typed);
