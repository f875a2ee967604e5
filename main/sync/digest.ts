/** Digests that two desks compare: SHA-256, base64url, cut to 128 bits. They stand for a text that both can make. */
import { createHash } from "node:crypto";
import type { VersionVector } from "../../shared/crdt/types.ts";
import type { WorkspaceId } from "../../shared/ids.ts";
import { vectorText } from "../../shared/protocol/vector.ts";

export const digestOf = (text: string): string => createHash("sha256").update(text).digest("base64url").slice(0, 22);

/** The hash of a vector's entries, sorted by replica: equal digests, equal vectors. */
export const vectorDigest = (vector: VersionVector): string => digestOf(vectorText(vector));

/** What mDNS tells of a workspace: desks of one find each other by it, and it names nothing. */
export const workspaceTag = (workspace: WorkspaceId): string => digestOf(`switchyard-workspace ${workspace}`).slice(0, 10);
