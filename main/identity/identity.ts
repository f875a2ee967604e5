/**
 * One device as its own process sees it: key, certificate, id, signature. Made from PEM text alone, so that it can be handed to a worker.
 * The id is the hash of the public key (SPKI); nothing trusts anything else in the certificate. Source: design.md, lan-notes.md.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { AppError } from "../../shared/errors.ts";
import { type DeviceId, parseDeviceId } from "../../shared/ids.ts";
import { selfSignedCertificate } from "./certificate.ts";

/** How the private key lies on the disk. `wrapped`: encrypted by the system's key store; `file`: a file that only the user can read. */
export type KeyStorage = "wrapped" | "file";

export interface Identity {
  readonly device: DeviceId;
  /** SPKI DER, 91 bytes. */
  readonly publicKey: Uint8Array;
  /** For TLS, and for handing the identity to a worker (`identityFromKey`). Secret. */
  readonly keyPem: string;
  readonly certificatePem: string;
  readonly storage: KeyStorage;
  /** ECDSA P-256 over SHA-256: r and s, 32 bytes each. */
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

/** What crosses to a worker: plain text that structured clone carries. Secret. */
export interface IdentityMaterial {
  readonly keyPem: string;
  readonly storage: KeyStorage;
}

/** The id of a public key in SPKI DER. */
export const deviceIdOf = (publicKey: Uint8Array): DeviceId => {
  const id = parseDeviceId(createHash("sha256").update(publicKey).digest("base64url"));
  if (id === undefined) throw new AppError("unreachable", "A hash did not have the form of a device id.");
  return id;
};

/** The public half as 91 bytes of SPKI DER, or null when the key is none on P-256. */
export const publicKeyBytes = (key: KeyObject): Uint8Array | null =>
  key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1"
    ? new Uint8Array(key.export({ type: "spki", format: "der" }))
    : null;

/** Makes the identity of a private key in PEM. Throws `key_damaged` if the text is no P-256 key. */
export const identityFromKey = ({ keyPem, storage }: IdentityMaterial): Identity => {
  let key: KeyObject;
  try {
    key = createPrivateKey(keyPem);
  } catch (cause) {
    throw new AppError(
      "key_damaged",
      "This device's key cannot be read. Put back an intact copy of device.key, or make this a new device.",
      { cause },
    );
  }
  const publicKey = publicKeyBytes(createPublicKey(key));
  if (publicKey === null)
    throw new AppError("key_damaged", "device.key does not hold a P-256 key. Put back an intact copy, or make this a new device.");
  return {
    device: deviceIdOf(publicKey),
    publicKey,
    keyPem,
    certificatePem: selfSignedCertificate(key, publicKey),
    storage,
    sign: (bytes) => new Uint8Array(sign("sha256", bytes, { key, dsaEncoding: "ieee-p1363" })),
  };
};
