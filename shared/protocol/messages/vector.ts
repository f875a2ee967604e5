/**
 * What the sender holds and what it has purged: once, in the opening, when the digests in `hello` differ; without the entries that
 * `digests` showed to be the same, where both sides sent those. It asks for nothing.
 * Whoever lacks what the other has purged must rejoin first (`reach.ts`); equal vectors lack nothing.
 */
import type { VersionVector } from "../../crdt/types.ts";
import { packVector, readVector } from "../vector.ts";
import type { MessageSpec } from "./spec.ts";

export interface VectorMessage {
  readonly kind: "vector";
  readonly vector: VersionVector;
  readonly purge: VersionVector;
}

export const vector: MessageSpec<VectorMessage> = {
  kind: "vector",
  write: (message) => ({ vector: packVector(message.vector), purge: packVector(message.purge) }),
  read: (body) => ({
    kind: "vector",
    vector: readVector(body["vector"], "vector"),
    purge: readVector(body["purge"] ?? [], "vector.purge"),
  }),
};
