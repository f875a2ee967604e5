/** What the sender holds, whole: once, in the opening, when the digests in `hello` differ. It asks for nothing. */
import type { VersionVector } from "../../crdt/types.ts";
import { packVector, readVector } from "../vector.ts";
import type { MessageSpec } from "./spec.ts";

export interface VectorMessage {
  readonly kind: "vector";
  readonly vector: VersionVector;
}

export const vector: MessageSpec<VectorMessage> = {
  kind: "vector",
  write: (message) => ({ vector: packVector(message.vector) }),
  read: (body) => ({ kind: "vector", vector: readVector(body["vector"], "vector") }),
};
