/**
 * What a peer is to the comparison: orders of twenty fields in a folder of its own, created, edited, read back from the disk, and merged.
 * A file in `adapters/` exports `peer: Peer`. Results are checked by the runner; an adapter only says how the peer is used.
 */

export type FieldValue = string | number | boolean;
export type Fields = Readonly<Record<string, FieldValue>>;
/** By order id. */
export type Orders = ReadonlyMap<string, Fields>;
/** Fields to write, grouped by order. */
export type Writes = readonly (readonly [id: string, fields: Fields])[];

type Done = void | Promise<void>;

/** One open replica. */
export interface Replica {
  /** Writes in the peer's own way of bulk; on the disk after `flush`. */
  write(writes: Writes): Done;
  /** One field of one order; returns when it is kept as well as the peer can (`Peer.kept` says how well). */
  edit(id: string, field: string, value: FieldValue): Done;
  /** Everything is on the disk, as small as the peer makes it. */
  flush(): Done;
  /** All orders as plain objects. */
  orders(): Orders | Promise<Orders>;
  close(): Done;
}

/** Merging with another replica of the same peer. */
export interface Exchange<R extends Replica> {
  /** A second replica with the same content, as one that had been in touch. */
  fork(replica: R, folder: string): Promise<R>;
  /** What `to` lacks of `from`, as it would be sent; may be a promise. */
  changes(from: R, to: R): unknown;
  /** What the last edit of `from` sends to who is in touch; `changes` where the peer makes no difference. */
  live?(from: R): unknown;
  /** Takes it in; on the disk before it returns, as far as the peer keeps things. */
  merge(to: R, changes: unknown): Done;
  /** Bytes on the wire. */
  size(changes: unknown): number;
}

export interface Peer<R extends Replica = Replica> {
  readonly name: string;
  readonly version: string;
  /** What of an edit is there after the process is killed or the power fails. */
  readonly kept: string;
  /** False: nothing of it lies on a disk. */
  readonly onDisk: boolean;
  /** Orders that it is measured with where it cannot take all. */
  readonly orders?: number;
  /** Orders of the case in which all is overwritten ten times. */
  readonly overwritten?: number;
  /** How many single edits are timed. */
  readonly edits?: number;
  /** Opens the folder, with what is in it. */
  open(folder: string): R | Promise<R>;
  /** Undefined: it does not merge with another replica without a server that decides. */
  readonly exchange?: Exchange<R>;
}
