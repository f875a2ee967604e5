/**
 * A heartbeat: asks for a `pong`. Carries the sender's wall clock, and the digest of its vector with the fingerprint of its state,
 * so that each can tell whether both hold the same.
 */
import type { EpochMs } from "../../ids.ts";
import { asCount, asEpochMs, asText } from "../fields.ts";
import type { MessageSpec } from "./spec.ts";

export interface Ping {
  readonly kind: "ping";
  readonly n: number;
  readonly wall: EpochMs;
  readonly vectorDigest: string;
  readonly fingerprint: string;
}

export const ping: MessageSpec<Ping> = {
  kind: "ping",
  write: ({ n, wall, vectorDigest, fingerprint }) => ({ n, wall, vectorDigest, fingerprint }),
  read: (body) => ({
    kind: "ping",
    n: asCount(body["n"], "ping.n"),
    wall: asEpochMs(body["wall"], "ping.wall"),
    vectorDigest: asText(body["vectorDigest"], "ping.vectorDigest", 64),
    fingerprint: asText(body["fingerprint"], "ping.fingerprint", 64),
  }),
};
