/**
 * An invitation's secret made expensive to guess, and the proof over it: `k = scrypt(secret, TLS exporter)`, then an HMAC.
 * Off the main thread, 64 MiB and some tenths of a second a guess; bound to one TLS connection, so a relay's guess proves nothing. Source: trust.md.
 */
import { createHmac, scrypt, timingSafeEqual } from "node:crypto";
import { proofMessage } from "../../shared/membership/invitation.ts";

const COST = 2 ** 16;
const BLOCK_SIZE = 8;
const PARALLELIZATION = 1;
const KEY_BYTES = 32;
/** What scrypt needs (128 N r), and room: Node's own limit is half of it. */
const MAX_MEMORY = 2 * 128 * COST * BLOCK_SIZE;

export const stretch = (secret: Uint8Array, exporter: Uint8Array): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    scrypt(secret, exporter, KEY_BYTES, { N: COST, r: BLOCK_SIZE, p: PARALLELIZATION, maxmem: MAX_MEMORY }, (error, key) =>
      error ? reject(error) : resolve(new Uint8Array(key)),
    );
  });

export const proofOf = (key: Uint8Array, role: "joiner" | "inviter", inviterKey: Uint8Array, joinerKey: Uint8Array): Uint8Array =>
  new Uint8Array(
    createHmac("sha256", key)
      .update(proofMessage(role, inviterKey, joinerKey))
      .digest(),
  );

export const isSameProof = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);
