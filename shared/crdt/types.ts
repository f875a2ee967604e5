/**
 * The data that merges: stamps, cells, changes, vectors. Types only; the rules are in the files beside this one.
 * A cell is a last-writer-wins register at a path inside a record (merge.md).
 */
import type { ActionId, Brand, CollectionId, RecordId, ReplicaId } from "../ids.ts";

/** `(ms since 2020-01-01) * 2048 + counter`, a safe integer. */
export type Hlc = Brand<number, "Hlc">;

/** What decides a merge. Order: (term, hlc, replica). One stamp a change; `seq` is the replica's own running number from 1. */
export interface Stamp {
  readonly term: number;
  readonly hlc: Hlc;
  readonly replica: ReplicaId;
  readonly seq: number;
}

/** Where a cell lies inside its record: `["status"]`, `["tags", "VBZ/ÖV"]`, `["notes", replica, "0", "3"]`. */
export type Path = readonly string[];

/** What a cell holds: JSON data, or bytes (text segments). Absent or cleared scalars are null. */
export type Value = null | boolean | number | string | Uint8Array | readonly Value[] | { readonly [key: string]: Value };

export interface Cell {
  readonly path: Path;
  readonly value: Value;
  readonly stamp: Stamp;
}

/** One record's cells as a catch-up sends them. `whole`: this is all that the sender has of the record. */
export interface RecordCells {
  readonly record: RecordId;
  readonly collection: CollectionId;
  readonly whole: boolean;
  /** The stamp that created it, where none of its cells tells: see `creationOf`. */
  readonly created?: Stamp;
  readonly cells: readonly Cell[];
}

/** The cells that one change writes in one record. `creates`: the record did not exist before for its writer. */
export interface RecordWrites {
  readonly record: RecordId;
  readonly collection: CollectionId;
  readonly creates: boolean;
  readonly cells: readonly { readonly path: Path; readonly value: Value }[];
}

/** Cells written together, in one record or several; one stamp; committed whole and sent whole when live. */
export interface Change {
  readonly stamp: Stamp;
  readonly action: ActionId;
  readonly records: readonly RecordWrites[];
}

/** Up to which sequence number all of a replica that still counts was taken in, with that number's HLC. */
export interface VectorEntry {
  readonly seq: number;
  readonly hlc: Hlc;
}

export type VersionVector = ReadonlyMap<ReplicaId, VectorEntry>;
