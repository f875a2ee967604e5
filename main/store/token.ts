/**
 * The copy token beside the database: which machine, file and opening it belongs to. A database that was copied, restored or
 * rolled back comes with another token or none, and must then start a new replica before it writes (design.md, "Never write
 * with a used sequence number"). The nonce is rewritten at each open, here and in `meta`.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { hostname } from "node:os";

interface CopyToken {
  readonly machine: string;
  readonly volume: string;
  readonly file: string;
  readonly created: string;
  /** The nonces that `meta` may hold: during an open the last one and the one being written. */
  readonly nonces: readonly string[];
}

const tokenFile = (file: string): string => `${file}.token`;

/** Linux writes its machine's id in a file; elsewhere the name of the machine must do. */
export const machineName = (): string => {
  for (const path of ["/etc/machine-id", "/var/lib/dbus/machine-id"]) {
    if (existsSync(path)) return readFileSync(path, "utf8").trim();
  }
  return hostname();
};

const placeOf = (file: string, machine: string): Omit<CopyToken, "nonces"> => {
  const { dev, ino, birthtimeNs } = statSync(file, { bigint: true });
  // Linux and macOS number their volumes anew at each start; Windows keeps the volume's serial.
  const volume = process.platform === "win32" ? String(dev) : "";
  return { machine, volume, file: String(ino), created: String(birthtimeNs) };
};

const readToken = (file: string): CopyToken | undefined => {
  const path = tokenFile(file);
  if (!existsSync(path)) return undefined;
  try {
    const token: Partial<CopyToken> | null = JSON.parse(readFileSync(path, "utf8"));
    const { machine = "", volume = "", file: id = "", created = "", nonces } = token ?? {};
    return Array.isArray(nonces) ? { machine, volume, file: id, created, nonces } : undefined;
  } catch (error) {
    // A torn token proves nothing: the file then counts as copied, which costs a new replica and loses nothing.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** Whether the file is the one, in the place and state, that last wrote this nonce. */
export const isOwnFile = (file: string, machine: string, nonce: string | undefined): boolean => {
  const token = readToken(file);
  if (token === undefined || nonce === undefined || !token.nonces.includes(nonce)) return false;
  const place = placeOf(file, machine);
  return token.machine === place.machine && token.volume === place.volume && token.file === place.file && token.created === place.created;
};

/** Writes the token whole or not at all. */
export const writeToken = (file: string, machine: string, nonces: readonly string[]): void => {
  const path = tokenFile(file);
  const draft = `${path}.new`;
  const handle = openSync(draft, "w", 0o600);
  try {
    writeSync(handle, JSON.stringify({ ...placeOf(file, machine), nonces }));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, path);
};

/** Lets a copy count as the file it was made of: for one that is only read, and gone before that is opened again. */
export const copyToken = (from: string, to: string, machine: string): void => {
  const token = readToken(from);
  if (token !== undefined) writeToken(to, machine, token.nonces);
};

/** From now on the file counts as a copy: the next open begins a new replica. */
export const removeToken = (file: string): void => rmSync(tokenFile(file), { force: true });
