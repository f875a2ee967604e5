/**
 * The primitives that the membership log asks for, from node:crypto, and a key pair for the recovery sheet.
 * Signatures are r and s of 32 bytes each (IEEE P1363), keys SPKI DER.
 */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, verify } from "node:crypto";
import type { MembershipCrypto } from "../../shared/membership/types.ts";

const MAX_KEYS = 1024;
/** Parsed keys: reading one costs as much as a verification, and a workspace has few. */
const keys = new Map<string, KeyObject>();

const keyOf = (publicKey: Uint8Array): KeyObject => {
  const name = Buffer.from(publicKey).toString("base64");
  const known = keys.get(name);
  if (known) return known;
  const key = createPublicKey({ key: Buffer.from(publicKey), format: "der", type: "spki" });
  if (keys.size >= MAX_KEYS) keys.clear();
  keys.set(name, key);
  return key;
};

export const membershipCrypto: MembershipCrypto = {
  sha256: (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest()),
  verify: (publicKey, bytes, signature) => {
    let key: KeyObject;
    try {
      key = keyOf(publicKey);
    } catch {
      return false; // 91 bytes of the right form whose point lies on no curve: nobody can have signed with it
    }
    return verify("sha256", bytes, { key, dsaEncoding: "ieee-p1363" }, signature);
  },
};

export interface RecoverySheet {
  /** SPKI DER; goes into `found`. */
  readonly publicKey: Uint8Array;
  /** To be printed once and kept nowhere else: PKCS #8 DER, base64url. */
  readonly secret: string;
}

/** Makes the key pair of a recovery sheet. Its secret half is given to the caller and never stored. */
export const createRecoverySheet = (): RecoverySheet => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  return {
    publicKey: new Uint8Array(publicKey.export({ type: "spki", format: "der" })),
    secret: privateKey.export({ type: "pkcs8", format: "der" }).toString("base64url"),
  };
};
