/**
 * The board's built files by URL path: only regular files below the one folder, only by plain names, each with its type. Nothing
 * outside is reachable, and a missing build is told apart from a missing file.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";

export type StaticFile =
  | { readonly kind: "file"; readonly type: string; readonly bytes: Uint8Array }
  | { readonly kind: "missing" }
  /** The folder holds no board: it was never built. */
  | { readonly kind: "not_built" };

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
};
/** Plain names separated by slashes: no empty segment, none that starts with a dot, nothing encoded. */
const PLAIN_PATH = /^(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+$/;

/** The file at a URL's path; `/` is the board. */
export const readStaticFile = async (folder: string, urlPath: string): Promise<StaticFile> => {
  const asked = urlPath === "/" ? "/index.html" : urlPath;
  const type = TYPES[path.extname(asked)];
  if (!PLAIN_PATH.test(asked) || type === undefined) return { kind: "missing" };
  try {
    return { kind: "file", type, bytes: await readFile(path.join(folder, ...asked.split("/"))) };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "EISDIR" && code !== "ENOTDIR") throw cause;
    return { kind: existsSync(path.join(folder, "index.html")) ? "missing" : "not_built" };
  }
};
