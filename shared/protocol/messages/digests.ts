/** Digests of the sender's vector and of what it has purged, in buckets: before `vector`, which then holds only what differs. */
import { asBytes, asCount, asList, bytesFromHex, hexFromBytes } from "../fields.ts";
import { garbled } from "../refusal.ts";
import { VECTOR_BUCKETS, type VectorDigests } from "../vector-digests.ts";
import type { MessageSpec } from "./spec.ts";

export interface Digests {
  readonly kind: "digests";
  readonly vector: VectorDigests;
  readonly purge: VectorDigests;
}

const DIGEST_BYTES = 8;

const pack = (digests: VectorDigests): readonly unknown[] => Array.from(digests, ([bucket, digest]) => [bucket, bytesFromHex(digest)]);

const read = (value: unknown, what: string): VectorDigests => {
  const digests = new Map<number, string>();
  for (const item of asList(value, what, VECTOR_BUCKETS)) {
    const [bucket, digest] = asList(item, what, 2);
    const bytes = asBytes(digest, what, DIGEST_BYTES);
    if (bytes.length !== DIGEST_BYTES) throw garbled(what);
    digests.set(asCount(bucket, what, VECTOR_BUCKETS - 1), hexFromBytes(bytes));
  }
  return digests;
};

export const digests: MessageSpec<Digests> = {
  kind: "digests",
  write: ({ vector, purge }) => ({ vector: pack(vector), purge: pack(purge) }),
  read: (body) => ({ kind: "digests", vector: read(body["vector"], "digests.vector"), purge: read(body["purge"], "digests.purge") }),
};
