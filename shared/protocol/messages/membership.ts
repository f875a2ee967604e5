/**
 * Signed operations of the membership log and signed replica lines that the other may lack: before any record, and whenever
 * the log grows. Opaque bytes here; the receiver verifies each. A last one ends the opening exchange.
 */
import { asBytes, asFlag, asList } from "../fields.ts";
import { MAX_OPERATION_BYTES, MAX_OPERATIONS } from "../limits.ts";
import type { MessageSpec } from "./spec.ts";

export interface MembershipNews {
  readonly kind: "membership";
  /** Predecessors before their successors. */
  readonly operations: readonly Uint8Array[];
  readonly lines: readonly Uint8Array[];
  /** True in the answer to `hello`, false when the log grew later. */
  readonly opening: boolean;
}

const readAll = (value: unknown, what: string): readonly Uint8Array[] =>
  asList(value, what, MAX_OPERATIONS).map((item) => asBytes(item, what, MAX_OPERATION_BYTES));

export const membership: MessageSpec<MembershipNews> = {
  kind: "membership",
  write: ({ operations, lines, opening }) => ({ operations, lines, opening }),
  read: (body) => ({
    kind: "membership",
    operations: readAll(body["operations"], "membership.operations"),
    lines: readAll(body["lines"], "membership.lines"),
    opening: asFlag(body["opening"], "membership.opening"),
  }),
};
