/**
 * What one connection with a peer may be in: a union of phases, each with its own facts. Plain data; the steps are in `session.ts`.
 * The three vectors of an open session differ in what they promise: `theirs` what the peer said it has (the only base of a sweep),
 * `sent` what it will have once our sends arrive, `told` what it knows of us.
 */
import type { Change, VersionVector } from "../crdt/types.ts";
import type { DeviceId, RecordId } from "../ids.ts";
import type { Holdings } from "./holds.ts";
import type { Checkpoint } from "./messages/ask.ts";
import type { ByeReason } from "./messages/bye.ts";
import type { Digests } from "./messages/digests.ts";
import type { ErrorCode } from "./messages/error.ts";
import type { Hello } from "./messages/hello.ts";
import type { Repair } from "./repair.ts";
import type { SeenOfOurs } from "./seen-of-ours.ts";

export type CloseReason =
  | { readonly kind: "error"; readonly code: ErrorCode; readonly by: "us" | "them" }
  | { readonly kind: "bye"; readonly reason: ByeReason; readonly by: "us" | "them" }
  /** Nothing was heard for two heartbeats. */
  | { readonly kind: "silent" }
  /** The line broke. */
  | { readonly kind: "lost" };

/** Signs of life; times are monotonic milliseconds. */
export interface Pulse {
  readonly everyMs: number;
  readonly heardAt: number;
  readonly nextPingAt: number;
  /** The last ping and when it went out. */
  readonly n: number;
  readonly pingedAt: number;
  /** The peer's wall clock less ours, milliseconds; null before the first answer. */
  readonly clockOffset: number | null;
}

/** How the peer's device stands in the membership; `replicaKnown`: the replica of its hello is registered by it. */
export interface Standing {
  readonly isMember: boolean;
  readonly maySend: boolean;
  readonly replicaKnown: boolean;
}

interface Connected {
  /** The device of the pinned certificate. */
  readonly device: DeviceId;
  readonly dialled: boolean;
  /** Our own hello as it was sent. */
  readonly ours: Hello;
  readonly pulse: Pulse;
}

export interface Greeting extends Connected {
  readonly phase: "greeting";
  /** What the digest in our hello stands for. */
  readonly oursVector: VersionVector;
  readonly deadline: number;
}

/** Hellos are exchanged; membership, then vectors are compared. */
export interface Agreeing extends Connected {
  readonly phase: "agreeing";
  readonly oursVector: VersionVector;
  readonly deadline: number;
  readonly peer: Hello;
  /** What must still come before records may flow. */
  readonly awaits: "line" | "membership" | "digests" | "vector";
  /** As last judged; null before. */
  readonly standing: Standing | null;
  /** The vector that we sent, and what we had purged; empty before. */
  readonly told: VersionVector;
  readonly toldPurge: VersionVector;
  /** Of the peer; null where it sends its vector whole. */
  readonly digests: Digests | null;
}

/** A sweep that we send. */
export interface SweepOut {
  readonly sweep: number;
  /** The receiver's vector when it asked. */
  readonly base: VersionVector;
  /** How far the receiver had come in an earlier catch-up. */
  readonly checkpoint: Checkpoint | null;
  /** Our own vector when the sweep began. */
  readonly vector: VersionVector;
  readonly cursor: RecordId | null;
  readonly credit: number;
}

/** A sweep that we asked for; `sweep` is null until it has begun. */
export interface SweepIn {
  readonly sweep: number | null;
  readonly vector: VersionVector;
  /** The last record of the last merged batch. */
  readonly cursor: RecordId | null;
  readonly missing: ReadonlySet<RecordId>;
  readonly ended: boolean;
  /** What the sender had purged, told at the end. */
  readonly purge: VersionVector;
  /** When it last moved, monotonic. */
  readonly movedAt: number;
}

export interface Open extends Connected {
  readonly phase: "open";
  readonly peer: Hello;
  /** The peer's role lets it send. */
  readonly peerSends: boolean;
  readonly theirs: VersionVector;
  readonly sent: VersionVector;
  readonly told: VersionVector;
  readonly sweeps: number;
  readonly out: SweepOut | null;
  /** Asked for again while a sweep was under way. */
  readonly again: { readonly checkpoint: Checkpoint | null } | null;
  readonly in: SweepIn | null;
  /** Live changes that wait for records asked whole, in order; the first named `needed`. */
  readonly waiting: readonly Change[];
  readonly needed: ReadonlySet<RecordId>;
  /** There is news that was not told, as a sweep is under way or the line is full. */
  readonly behind: boolean;
  readonly congested: boolean;
  /** The highest own sequence number of the peer that we acknowledged. */
  readonly acked: number;
  readonly seenOfOurs: SeenOfOurs;
  readonly holdings: Holdings;
  readonly repair: Repair;
}

export interface Closed {
  readonly phase: "closed";
  readonly device: DeviceId;
  readonly reason: CloseReason;
}

export type SyncSession = Greeting | Agreeing | Open | Closed;
