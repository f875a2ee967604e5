/**
 * "Send me what I lack": asks for one sweep. Brings the entries of the asker's vector that the other was not told yet, and how far an
 * earlier catch-up, cut before its end, has come: up to that record all that `vector` of the checkpoint holds is here.
 */
import type { VersionVector } from "../../crdt/types.ts";
import type { RecordId } from "../../ids.ts";
import { asBody, asRecord } from "../fields.ts";
import { packVector, readVector } from "../vector.ts";
import type { MessageSpec } from "./spec.ts";

export interface Checkpoint {
  readonly cursor: RecordId;
  readonly vector: VersionVector;
}

export interface Ask {
  readonly kind: "ask";
  readonly vector: VersionVector;
  readonly checkpoint: Checkpoint | null;
}

const readCheckpoint = (value: unknown): Checkpoint => {
  const body = asBody(value, "ask.checkpoint");
  return { cursor: asRecord(body["cursor"], "ask.checkpoint"), vector: readVector(body["vector"], "ask.checkpoint") };
};

export const ask: MessageSpec<Ask> = {
  kind: "ask",
  write: ({ vector, checkpoint }) => ({
    vector: packVector(vector),
    checkpoint: checkpoint === null ? null : { cursor: checkpoint.cursor, vector: packVector(checkpoint.vector) },
  }),
  read: (body) => ({
    kind: "ask",
    vector: readVector(body["vector"], "ask.vector"),
    checkpoint: body["checkpoint"] === null || body["checkpoint"] === undefined ? null : readCheckpoint(body["checkpoint"]),
  }),
};
