/**
 * Paths: where a cell lies inside its record, their text form (RFC 6901 escapes, without the leading slash, as the design
 * writes them) and who owns them. Ownership is read off a path's shape alone, so that unknown fields follow the same rule.
 */
import { isReplicaText, type ReplicaId } from "../ids.ts";
import type { Path } from "./types.ts";

const DELETED = "deleted";
const KEPT = "kept";

const escapeSegment = (segment: string): string =>
  segment.includes("~") || segment.includes("/") ? segment.replaceAll("~", "~0").replaceAll("/", "~1") : segment;

const unescapeSegment = (text: string): string => (text.includes("~") ? text.replaceAll("~1", "/").replaceAll("~0", "~") : text);

/** `["tags", "VBZ/ÖV"]` as `tags/VBZ~1ÖV`. */
export const pathText = (path: Path): string => (path.length === 1 ? escapeSegment(path[0] ?? "") : path.map(escapeSegment).join("/"));

/** The path that `pathText` wrote. */
export const pathFromText = (text: string): Path => text.split("/").map(unescapeSegment);

/** The text of a path without its first segment. */
export const pathTail = (path: Path): string => {
  if (path.length === 2) return escapeSegment(path[1] ?? "");
  return path.slice(1).map(escapeSegment).join("/");
};

/** `deleted/replica`: what its author saw standing when deleting. */
export const deletionPath = (replica: ReplicaId): Path => [DELETED, replica];

/** `kept/replica`: a restore. */
export const keptPath = (replica: ReplicaId): Path => [KEPT, replica];

export const isDeletionPath = (path: Path): boolean => path.length === 2 && path[0] === DELETED && isReplicaText(path[1] ?? "");

export const isKeptPath = (path: Path): boolean => path.length === 2 && path[0] === KEPT && isReplicaText(path[1] ?? "");

/** `field/replica/slot/n`: a segment of a merging text. */
export const isSegmentPath = (path: Path): boolean => path.length === 4 && isReplicaText(path[1] ?? "");

/** The only writer of this path: of counters, text segments, deletions and restores. Undefined where anybody may write. */
export const ownerOf = (path: Path): ReplicaId | undefined => {
  if (path.length !== 2 && path.length !== 4) return undefined;
  const second = path[1] ?? "";
  return second.length === 32 && isReplicaText(second) ? second : undefined;
};
