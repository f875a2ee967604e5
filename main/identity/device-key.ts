/**
 * The device's key on disk: `<profile>/device.key`, a PEM text that only the user can read, or bytes wrapped by the system's key store.
 * `device.key.json` beside it says which, and on what machine it was made. Nothing here ever overwrites a key. Source: trust.md, "Keys".
 */
import { generateKeyPairSync } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "../../shared/errors.ts";
import { type Identity, identityFromKey, type KeyStorage } from "./identity.ts";
import { machineHash } from "./machine.ts";

/** The system's key store where it is real (Electron's `safeStorage`). */
export interface KeyWrapper {
  wrap(text: string): Promise<Uint8Array>;
  unwrap(bytes: Uint8Array): Promise<string>;
}

export interface DeviceKeyOptions {
  /** The profile's folder; made if it is not there. */
  readonly folder: string;
  /** Absent: the key lies in a file that only the user can read. */
  readonly wrapper?: KeyWrapper;
  /** `machineHash()` unless a test says otherwise. */
  readonly machine?: string | null;
}

interface Note {
  readonly storage: KeyStorage;
  readonly machine: string | null;
}

const KEY_FILE = "device.key";
const NOTE_FILE = "device.key.json";
const damaged = (cause?: unknown): AppError =>
  new AppError("key_damaged", "This device's key cannot be read. Put back an intact copy of device.key, or make this a new device.", {
    cause,
  });

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";

const readOptional = (file: string): Buffer | undefined => {
  try {
    return readFileSync(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new AppError("key_unreadable", `The file ${file} cannot be opened. Check who may read it.`, { cause: error });
  }
};

/** All of it under its name or nothing, also after a power cut. The caller has found the name free. */
const writeNew = (file: string, content: string | Uint8Array): void => {
  const temporary = `${file}.new`;
  rmSync(temporary, { force: true });
  const descriptor = openSync(temporary, "wx", 0o600);
  try {
    writeSync(descriptor, typeof content === "string" ? Buffer.from(content) : content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
  if (process.platform === "win32") return; // no folder can be synced there
  const parent = openSync(dirname(file), "r");
  try {
    fsyncSync(parent); // a key that a power cut takes is a lost membership
  } finally {
    closeSync(parent);
  }
};

const parseNote = (bytes: Uint8Array): Note => {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch (cause) {
    throw damaged(cause);
  }
  if (typeof value !== "object" || value === null || !("storage" in value) || !("machine" in value)) throw damaged();
  const { storage, machine } = value;
  if ((storage !== "file" && storage !== "wrapped") || (machine !== null && typeof machine !== "string")) throw damaged();
  return { storage, machine };
};

const openKey = async (key: Buffer, note: Note, wrapper: KeyWrapper | undefined): Promise<Identity> => {
  if (note.storage === "file") return identityFromKey({ keyPem: key.toString("utf8"), storage: "file" });
  if (wrapper === undefined)
    throw new AppError(
      "key_needs_app",
      "This device's key is locked by the system's key store, which only the app can open. Start Switchyard and try again.",
    );
  let keyPem: string;
  try {
    keyPem = await wrapper.unwrap(key);
  } catch (cause) {
    throw new AppError(
      "key_locked",
      "The system's key store did not open this device's key. Unlock it (log in again) and start Switchyard.",
      { cause },
    );
  }
  return identityFromKey({ keyPem, storage: "wrapped" });
};

const createKey = async (folder: string, machine: string | null, wrapper: KeyWrapper | undefined): Promise<Identity> => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const keyPem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const storage: KeyStorage = wrapper ? "wrapped" : "file";
  const note: Note = { storage, machine };
  const content = wrapper ? await wrapper.wrap(keyPem) : keyPem;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  rmSync(join(folder, NOTE_FILE), { force: true }); // left by a start that died before it had a key
  writeNew(join(folder, NOTE_FILE), `${JSON.stringify(note)}\n`);
  writeNew(join(folder, KEY_FILE), content);
  return identityFromKey({ keyPem, storage });
};

/**
 * The device's identity, made at first use. Call it while holding the profile's lock. Throws `key_from_other_machine`,
 * `key_damaged`, `key_unreadable`, `key_needs_app` or `key_locked`; in each case the files are left as they are.
 */
export const openDeviceKey = async (options: DeviceKeyOptions): Promise<Identity> => {
  const machine = options.machine === undefined ? machineHash() : options.machine;
  const key = readOptional(join(options.folder, KEY_FILE));
  if (key === undefined) return createKey(options.folder, machine, options.wrapper);
  const noteBytes = readOptional(join(options.folder, NOTE_FILE));
  if (noteBytes === undefined) throw damaged();
  const note = parseNote(noteBytes);
  if (note.machine !== null && machine !== null && note.machine !== machine)
    throw new AppError(
      "key_from_other_machine",
      "This profile was copied from another machine, and a device key is used on one machine only. Make this a new device and join again with an invitation.",
    );
  return openKey(key, note, options.wrapper);
};

/** "Make this a new device": the key is moved aside (kept, unused), and the next `openDeviceKey` makes one. Returns where it went. */
export const setDeviceKeyAside = (folder: string): string => {
  const file = join(folder, KEY_FILE);
  let number = 1;
  while (existsSync(`${file}.aside-${number}`)) number++;
  const aside = `${file}.aside-${number}`;
  const note = join(folder, NOTE_FILE);
  renameSync(file, aside);
  if (existsSync(note)) renameSync(note, `${aside}.json`);
  return aside;
};
