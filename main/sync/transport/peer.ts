/**
 * Who is at the other end of a TLS connection, and the settings both ends share. The peer's key is the only thing believed:
 * never `authorized`, never a name, never a resumed session. Shape and traps: lan-notes.md, "Mutual TLS".
 */
import { createSecureContext, type SecureContext, type TLSSocket } from "node:tls";
import type { DeviceId } from "../../../shared/ids.ts";
import { deviceIdOf, type Identity, publicKeyBytes } from "../../identity/identity.ts";

export const MEMBER_PROTOCOL = "switchyard.v1";
export const LOG_PROTOCOL = "switchyard-log.v1";

export interface PeerKey {
  readonly device: DeviceId;
  /** SPKI DER, 91 bytes. */
  readonly publicKey: Uint8Array;
}

/** The peer's key, or null: no certificate, another kind of key, or a resumed session. Take it at once: gone after close. */
export const peerOf = (socket: TLSSocket): PeerKey | null => {
  const certificate = socket.isSessionReused() ? undefined : socket.getPeerX509Certificate();
  const publicKey = certificate ? publicKeyBytes(certificate.publicKey) : null;
  return publicKey && { device: deviceIdOf(publicKey), publicKey };
};

/** Without its port, `::ffff:10.0.0.1` as `10.0.0.1`, so that one peer has one address. */
export const plainAddress = (address: string | undefined): string => (address ?? "").replace(/^::ffff:(?=\d+\.)/i, "");

const contexts = new WeakMap<Identity, SecureContext>();

/** One context an identity: making one for each dial costs a tenth of a connection. */
export const secureContextOf = (identity: Identity): SecureContext => {
  const known = contexts.get(identity);
  if (known) return known;
  const context = createSecureContext({ key: identity.keyPem, cert: identity.certificatePem, minVersion: "TLSv1.3" });
  contexts.set(identity, context);
  return context;
};
