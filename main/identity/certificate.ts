/**
 * The self-signed certificate that TLS wants around a device's key, written as DER by hand: nothing trusts its content, only its key.
 * No keyUsage at all (BoringSSL refuses a wrong one), and dates that no wrong clock can leave. Source: RFC 5280, lan-notes.md.
 */
import { createHash, type KeyObject, sign } from "node:crypto";

const tlv = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const length =
    body.length < 0x80 ? [body.length] : body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const sequence = (...parts: readonly Uint8Array[]): Buffer => tlv(0x30, ...parts);
const oid = (hex: string): Buffer => tlv(0x06, Buffer.from(hex, "hex"));

/** ecdsa-with-SHA256, 1.2.840.10045.4.3.2 */
const algorithm = sequence(oid("2a8648ce3d040302"));
/** CN=switchyard: the same for all, so that a certificate tells a stranger no name. */
const name = sequence(tlv(0x31, sequence(oid("550403"), tlv(0x0c, Buffer.from("switchyard")))));
const validity = sequence(tlv(0x17, Buffer.from("200101000000Z")), tlv(0x18, Buffer.from("99991231235959Z")));

/** PEM text of a certificate for this P-256 key. `publicKey` is its SPKI DER. */
export const selfSignedCertificate = (key: KeyObject, publicKey: Uint8Array): string => {
  const serial = createHash("sha256").update(publicKey).digest().subarray(0, 16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40; // positive, and no leading zero
  const body = sequence(tlv(0xa0, tlv(0x02, Buffer.from([2]))), tlv(0x02, serial), algorithm, name, validity, name, publicKey);
  const signature = tlv(0x03, Buffer.from([0]), sign("sha256", body, key));
  const lines =
    sequence(body, algorithm, signature)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
};
