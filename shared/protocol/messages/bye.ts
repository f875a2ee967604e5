/**
 * The sender closes the connection in good order. `replaced`: another connection between the two stays; `purged`: what was under way
 * must begin again; `copying`: the sender takes its first copy from another device.
 */
import { asText } from "../fields.ts";
import type { MessageSpec } from "./spec.ts";

const REASONS = ["stopping", "replaced", "purged", "copying", "other"] as const;

export type ByeReason = (typeof REASONS)[number];

const isByeReason = (text: string): text is ByeReason => (REASONS as readonly string[]).includes(text);

export interface Bye {
  readonly kind: "bye";
  readonly reason: ByeReason;
}

export const bye: MessageSpec<Bye> = {
  kind: "bye",
  write: ({ reason }) => ({ reason }),
  read: (body) => {
    const reason = asText(body["reason"], "bye.reason", 64);
    return { kind: "bye", reason: isByeReason(reason) ? reason : "other" };
  },
};
