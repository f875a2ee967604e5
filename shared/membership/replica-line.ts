/**
 * The line that registers a replica: its device says, signed, that the replica is its own. One a replica.
 * Bytes: packed [payload, signature], payload packed ["switchyard-replica", 1, replica, device].
 */

import { AppError } from "../errors.ts";
import { type DeviceId, parseDeviceId, parseReplicaId, type ReplicaId } from "../ids.ts";
import { type Packed, pack, unpack } from "./packing.ts";
import { canonicalSignature, isCanonicalSignature } from "./signature.ts";
import { base64urlBytes, base64urlText } from "./text.ts";
import type { MembershipCrypto, Signer } from "./types.ts";

const DOMAIN = "switchyard-replica";
const VERSION = 1;
const MAX_BYTES = 256;

export interface ReplicaLine {
  readonly replica: ReplicaId;
  readonly device: DeviceId;
  readonly bytes: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/** Signs the line of one's own replica. */
export const signReplicaLine = (replica: ReplicaId, signer: Pick<Signer, "device" | "sign">): ReplicaLine => {
  const hash = base64urlBytes(signer.device);
  if (hash === undefined) throw new AppError("unreachable", "A device id does not stand for a hash.");
  const payload = pack([DOMAIN, VERSION, replica, hash]);
  const signature = canonicalSignature(signer.sign(payload));
  return { replica, device: signer.device, bytes: pack([payload, signature]), payload, signature };
};

/** Reads a line's form; undefined when it is none. Whether its signature is good, `isReplicaLineOf` says. */
export const parseReplicaLine = (bytes: Uint8Array): ReplicaLine | undefined => {
  const outer = bytes.length <= MAX_BYTES ? unpack(bytes) : undefined;
  if (!Array.isArray(outer) || outer.length !== 2) return undefined;
  const [payload, signature] = outer as readonly Packed[];
  if (!(payload instanceof Uint8Array) || !(signature instanceof Uint8Array) || !isCanonicalSignature(signature)) return undefined;
  const inner = unpack(payload);
  if (!Array.isArray(inner) || inner.length !== 4) return undefined;
  const [domain, version, text, hash] = inner as readonly Packed[];
  if (domain !== DOMAIN || version !== VERSION || typeof text !== "string" || !(hash instanceof Uint8Array)) return undefined;
  const replica = parseReplicaId(text);
  const device = parseDeviceId(base64urlText(hash));
  return replica && device ? { replica, device, bytes, payload, signature } : undefined;
};

/** Did the device with this key sign the line? The key must be its device's: take it from the membership. */
export const isReplicaLineOf = (line: ReplicaLine, publicKey: Uint8Array, crypto: MembershipCrypto): boolean =>
  parseDeviceId(base64urlText(crypto.sha256(publicKey))) === line.device && crypto.verify(publicKey, line.payload, line.signature);
