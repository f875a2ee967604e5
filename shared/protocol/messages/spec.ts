/**
 * What each message's file gives: its kind on the wire, and how its body is written and read.
 * `read` checks everything that it returns and ignores fields it does not know.
 */
import type { Body } from "../fields.ts";

export interface MessageSpec<Message extends { readonly kind: string }> {
  readonly kind: Message["kind"];
  write(message: Message): Body;
  /** Throws a Refusal. */
  read(body: Body): Message;
}
