/**
 * The system's key store for the device's key, where it is real: Keychain, DPAPI, Secret Service or KWallet. Undefined where Chromium
 * would only pretend (a fixed password on Linux), or where this Electron lacks the asynchronous calls. Source: trust.md, "Keys".
 */
import process from "node:process";
import { safeStorage } from "electron";
import type { KeyWrapper } from "../identity/device-key.ts";

/** Once the app is ready. */
export const systemKeyWrapper = async (): Promise<KeyWrapper | undefined> => {
  if (typeof safeStorage.isAsyncEncryptionAvailable !== "function" || !(await safeStorage.isAsyncEncryptionAvailable())) return undefined;
  if (process.platform === "linux" && ["basic_text", "unknown"].includes(safeStorage.getSelectedStorageBackend())) return undefined;
  return {
    wrap: (text) => safeStorage.encryptStringAsync(text),
    unwrap: async (bytes) => (await safeStorage.decryptStringAsync(Buffer.from(bytes))).result,
  };
};
