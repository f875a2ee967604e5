/**
 * All of the vector that opened this connection and these entries lie durably, synced to disk, with the sender: what may be purged rests
 * on it. Said when it moved, after syncing, at most every few heartbeats.
 */
import type { VersionVector } from "../../crdt/types.ts";
import { packVector, readVector } from "../vector.ts";
import type { MessageSpec } from "./spec.ts";

export interface Holds {
  readonly kind: "holds";
  /** What the sender's earlier `holds` on this connection did not say. */
  readonly vector: VersionVector;
}

export const holds: MessageSpec<Holds> = {
  kind: "holds",
  write: (message) => ({ vector: packVector(message.vector) }),
  read: (body) => ({ kind: "holds", vector: readVector(body["vector"], "holds.vector") }),
};
