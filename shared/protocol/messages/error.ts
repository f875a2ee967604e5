/**
 * Why the sender closes the connection, in a closed list; an unknown code reads as `other`. The words for people are made by whoever
 * shows them (`close-reason.ts`), never taken from the wire.
 */
import { asText } from "../fields.ts";
import type { MessageSpec } from "./spec.ts";

const CODES = [
  /** No common version of the protocol, and the receiver's is the older one. */
  "update-yours",
  /** The same, and the sender's is the older one. */
  "update-mine",
  "other-workspace",
  /** The receiver is no member for the sender, or not any more. */
  "not-a-member",
  /** The replica in `hello` is not registered by the device of the certificate. */
  "bad-replica",
  /** The receiver's replica was seen with other changes: it must start a new one. */
  "forked",
  /** The receiver lacks what was purged, and must take a fresh copy before anything is exchanged; and the same the other way round. */
  "rejoin-yours",
  "rejoin-mine",
  /** Another process with the same key is connected. */
  "key-in-use-twice",
  /** Changes from a device that may only read. */
  "may-not-send",
  "garbled",
  "too-large",
  /** The order of messages was broken. */
  "unexpected",
  "timeout",
  "other",
] as const;

export type ErrorCode = (typeof CODES)[number];

export interface ErrorMessage {
  readonly kind: "error";
  readonly code: ErrorCode;
}

const isErrorCode = (text: string): text is ErrorCode => (CODES as readonly string[]).includes(text);

export const error: MessageSpec<ErrorMessage> = {
  kind: "error",
  write: ({ code }) => ({ code }),
  read: (body) => {
    const code = asText(body["code"], "error.code", 64);
    return { kind: "error", code: isErrorCode(code) ? code : "other" };
  },
};
