/** Up to this sequence number the receiver's own replica lies durably, synced to disk, with the sender. */
import { asCount } from "../fields.ts";
import type { MessageSpec } from "./spec.ts";

export interface Ack {
  readonly kind: "ack";
  readonly seq: number;
}

export const ack: MessageSpec<Ack> = {
  kind: "ack",
  write: ({ seq }) => ({ seq }),
  read: (body) => ({ kind: "ack", seq: asCount(body["seq"], "ack.seq") }),
};
