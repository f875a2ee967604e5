/**
 * The sender's vector grew by more than live changes can tell (it took in a catch-up, or could not send): these entries.
 * Whoever lacks them asks for a round. Without this a chain of desks never converges (merge.md).
 */
import type { VersionVector } from "../../crdt/types.ts";
import { packVector, readVector } from "../vector.ts";
import type { MessageSpec } from "./spec.ts";

export interface Announce {
  readonly kind: "announce";
  readonly vector: VersionVector;
}

export const announce: MessageSpec<Announce> = {
  kind: "announce",
  write: (message) => ({ vector: packVector(message.vector) }),
  read: (body) => ({ kind: "announce", vector: readVector(body["vector"], "announce.vector") }),
};
