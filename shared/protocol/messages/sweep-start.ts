/**
 * A sweep begins: every record's cells beyond the asker's vector follow, in record-id order. `vector` is what the sender held at this
 * moment, beyond what the asker holds; it is taken in when the sweep has ended, and a checkpoint carries it.
 */
import type { VersionVector } from "../../crdt/types.ts";
import { asCount } from "../fields.ts";
import { packVector, readVector } from "../vector.ts";
import type { MessageSpec } from "./spec.ts";

export interface SweepStart {
  readonly kind: "sweep-start";
  /** Numbers the sender's sweeps on this connection, from 1. */
  readonly sweep: number;
  readonly vector: VersionVector;
}

export const sweepStart: MessageSpec<SweepStart> = {
  kind: "sweep-start",
  write: ({ sweep, vector }) => ({ sweep, vector: packVector(vector) }),
  read: (body) => ({
    kind: "sweep-start",
    sweep: asCount(body["sweep"], "sweep-start.sweep"),
    vector: readVector(body["vector"], "sweep-start.vector"),
  }),
};
