/**
 * How the two ends of the local socket prove to each other that they know the run file's token, which is never sent: HMAC-SHA-256
 * over the role and both fresh nonces. The host proves first, so whoever took the socket's place learns nothing from a client.
 *   client: nonce (32)    host: nonce (32), proof (32)    client: proof (32)    then frames of the contract
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { AppError } from "../../shared/errors.ts";
import type { FrameStream } from "./frames.ts";

const NONCE_BYTES = 32;
const PROOF_BYTES = 32;
const DEADLINE_MS = 5_000;
/** The largest frame before the proofs are given. */
export const PROOF_LIMIT_BYTES = NONCE_BYTES + PROOF_BYTES;

type Role = "host" | "client";

const proofOf = (token: string, role: Role, clientNonce: Uint8Array, hostNonce: Uint8Array): Buffer =>
  createHmac("sha256", Buffer.from(token, "hex"))
    .update(`switchyard local socket 1 ${role}`)
    .update(clientNonce)
    .update(hostNonce)
    .digest();

const isProof = (given: Uint8Array, expected: Uint8Array): boolean =>
  given.byteLength === expected.byteLength && timingSafeEqual(given, expected);

/** The host's half. Resolves when the client has proved itself; rejects with `not_proved` or `proof_timeout`. */
export const proveAsHost = async (frames: FrameStream, token: string): Promise<void> => {
  const next = reader(frames);
  const clientNonce = await next();
  if (clientNonce.byteLength !== NONCE_BYTES) throw notProved();
  const hostNonce = randomBytes(NONCE_BYTES);
  frames.send(Buffer.concat([hostNonce, proofOf(token, "host", clientNonce, hostNonce)]));
  if (!isProof(await next(), proofOf(token, "client", clientNonce, hostNonce))) throw notProved();
};

/** The command line's half. Resolves when the host has proved itself and was sent our proof; rejects as above. */
export const proveAsClient = async (frames: FrameStream, token: string): Promise<void> => {
  const next = reader(frames);
  const clientNonce = randomBytes(NONCE_BYTES);
  frames.send(clientNonce);
  const answer = await next();
  const hostNonce = answer.subarray(0, NONCE_BYTES);
  if (!isProof(answer.subarray(NONCE_BYTES), proofOf(token, "host", clientNonce, hostNonce))) throw notProved();
  frames.send(proofOf(token, "client", clientNonce, hostNonce));
};

const notProved = (): AppError =>
  new AppError("not_proved", "The other end of the local socket does not belong to this profile's Switchyard; nothing was sent to it.");

/** Frames one after the other, each within the deadline. */
const reader = (frames: FrameStream): (() => Promise<Uint8Array>) => {
  const arrived: Uint8Array[] = [];
  let waiting: { resolve(frame: Uint8Array): void; reject(error: Error): void } | undefined;
  let end: Error | undefined;
  frames.onFrame((frame) => {
    if (waiting) waiting.resolve(frame);
    else arrived.push(frame);
    waiting = undefined;
  });
  frames.onEnd((error) => {
    end = error ?? notProved();
    waiting?.reject(end);
  });
  return () =>
    new Promise((resolve, reject) => {
      const frame = arrived.shift();
      if (frame) return resolve(frame);
      if (end) return reject(end);
      const timer = setTimeout(
        () => reject(new AppError("proof_timeout", "The other end of the local socket did not answer in time.")),
        DEADLINE_MS,
      );
      waiting = {
        resolve: (value) => {
          clearTimeout(timer);
          resolve(value);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
    });
};
