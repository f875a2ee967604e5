/**
 * All records were looked at: the receiver takes in the vector that the sweep began with, and what the sender had purged: whoever takes
 * in the one takes in the other.
 */
import type { VersionVector } from "../../crdt/types.ts";
import { asCount } from "../fields.ts";
import { packVector, readVector } from "../vector.ts";
import type { MessageSpec } from "./spec.ts";

export interface SweepEnd {
  readonly kind: "sweep-end";
  readonly sweep: number;
  readonly purge: VersionVector;
}

export const sweepEnd: MessageSpec<SweepEnd> = {
  kind: "sweep-end",
  write: ({ sweep, purge }) => ({ sweep, purge: packVector(purge) }),
  read: (body) => ({
    kind: "sweep-end",
    sweep: asCount(body["sweep"], "sweep-end.sweep"),
    purge: readVector(body["purge"] ?? [], "sweep-end.purge"),
  }),
};
