/**
 * Who this device is. A full host opens the device's key. A single command whose key is wrapped by the app cannot, and need not: it
 * reads and writes work, which is not signed; only what it would have to sign is refused. Source: trust.md, "Keys".
 */
import { AppError } from "../../shared/errors.ts";
import type { Signer } from "../../shared/membership/types.ts";
import { type KeyWrapper, openDeviceKey } from "../identity/device-key.ts";
import { deviceIdOf, type Identity } from "../identity/identity.ts";
import type { Notebook } from "../store/api.ts";
import type { Profile } from "./profile.ts";

const PUBLIC_KEY_NOTE = "device.publicKey";

export type OpenedKey = { readonly kind: "open"; readonly identity: Identity } | { readonly kind: "wrapped"; readonly refusal: AppError };

/** Opens the key. Throws what `openDeviceKey` throws but for a key that only the app can open. */
export const openKey = async ({ folder }: Profile, wrapper: KeyWrapper | undefined): Promise<OpenedKey> => {
  try {
    return { kind: "open", identity: await openDeviceKey({ folder, ...(wrapper ? { wrapper } : {}) }) };
  } catch (error) {
    if (error instanceof AppError && error.code === "key_needs_app") return { kind: "wrapped", refusal: error };
    throw error;
  }
};

/** Signs with the open key, and writes its public half down for commands that can't open it. Throws `key_needs_app` on an unknown device. */
export const signerOf = (key: OpenedKey, notebook: Notebook): Signer => {
  const noted = notebook.get(PUBLIC_KEY_NOTE);
  if (key.kind === "open") {
    const text = Buffer.from(key.identity.publicKey).toString("base64");
    if (noted !== text) notebook.set(PUBLIC_KEY_NOTE, text);
    return key.identity;
  }
  if (noted === undefined) throw key.refusal;
  const publicKey = new Uint8Array(Buffer.from(noted, "base64"));
  return {
    device: deviceIdOf(publicKey),
    publicKey,
    sign: () => {
      throw key.refusal;
    },
  };
};
