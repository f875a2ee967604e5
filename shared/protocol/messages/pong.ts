/** The answer to a heartbeat, with the answering device's wall clock. */
import type { EpochMs } from "../../ids.ts";
import { asCount, asEpochMs } from "../fields.ts";
import type { MessageSpec } from "./spec.ts";

export interface Pong {
  readonly kind: "pong";
  readonly n: number;
  readonly wall: EpochMs;
}

export const pong: MessageSpec<Pong> = {
  kind: "pong",
  write: ({ n, wall }) => ({ n, wall }),
  read: (body) => ({ kind: "pong", n: asCount(body["n"], "pong.n"), wall: asEpochMs(body["wall"], "pong.wall") }),
};
