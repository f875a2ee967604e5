/**
 * What lies beside an entry of the main process, in the sources and in the build alike: entries are siblings in `main/` (`.ts`) and
 * in `out/main/` (`.cjs`). Only an entry may ask, with its own `import.meta.url`: a chunk of the build lies elsewhere.
 */
import { fileURLToPath } from "node:url";

export interface EntryFiles {
  readonly syncWorker: URL;
  readonly fileWorker: URL;
  /** The built board. */
  readonly boardFolder: string;
  readonly preload: string;
}

export const entryFiles = (here: string): EntryFiles => {
  const out = here.endsWith(".ts") ? "../out/" : "../";
  const ending = here.slice(here.lastIndexOf("."));
  return {
    syncWorker: new URL(`./sync-worker${ending}`, here),
    fileWorker: new URL(`./file-worker${ending}`, here),
    boardFolder: fileURLToPath(new URL(`${out}renderer`, here)),
    preload: fileURLToPath(new URL(`${out}preload/preload.cjs`, here)),
  };
};
