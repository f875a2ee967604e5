/**
 * What happens to a session and what it wants done. Events only record facts; time comes in the context.
 * Effects are carried out in order by the shell, which hands the result of each back as the event named beside it.
 */
import type { TreeDifference, TreeNode, TreePart } from "../crdt/record-tree.ts";
import type { Change, Hlc, RecordCells, VersionVector } from "../crdt/types.ts";
import type { DeviceId, EpochMs, RecordId, ReplicaId } from "../ids.ts";
import type { Checkpoint } from "./messages/ask.ts";
import type { ByeReason } from "./messages/bye.ts";
import type { ErrorCode } from "./messages/error.ts";
import type { Message } from "./messages/message.ts";
import type { FirstCopy } from "./reach.ts";
import type { Closed, CloseReason, Standing } from "./session-state.ts";

/** Everything a step may know beside the session itself. */
export interface Context {
  /** Monotonic milliseconds. */
  readonly now: number;
  readonly wall: EpochMs;
  /** What this replica holds. */
  readonly vector: VersionVector;
  /** What of it is known to lie on the disk; null before anything was synced. */
  readonly durable: VersionVector | null;
  /** What this replica has purged, or whoever its vector came from. */
  readonly purge: VersionVector;
  readonly first: FirstCopy | null;
  /** Our own role lets us send. */
  readonly weSend: boolean;
  /** A catch-up was cut a while ago and its rest may come: we hold what our vector does not claim. */
  readonly isCatchUpCut: () => boolean;
}

/** What the store answered to one live change; the shape of `ReplicaStore.mergeLive`. */
export type LiveResult =
  | { readonly kind: "merged"; readonly records: readonly RecordId[] }
  | { readonly kind: "known" }
  | { readonly kind: "gap" }
  | { readonly kind: "missing"; readonly records: readonly RecordId[] };

export type SessionEvent =
  | { readonly kind: "started" }
  | { readonly kind: "received"; readonly message: Message }
  /** Bytes came in, whatever they say. */
  | { readonly kind: "heard" }
  | { readonly kind: "lost" }
  /** We end it: what came was refused, or the composition wants it so. */
  | { readonly kind: "end"; readonly reason: Extract<CloseReason, { readonly by: "us" | "them" }> }
  | { readonly kind: "tick"; readonly lateMs: number }
  | { readonly kind: "membership-taken"; readonly standing: Standing; readonly opening: boolean }
  /** The membership changed by another's word, or by our own. */
  | { readonly kind: "standing"; readonly standing: Standing }
  | { readonly kind: "log-read"; readonly operations: readonly Uint8Array[]; readonly lines: readonly Uint8Array[] }
  | { readonly kind: "log-grew"; readonly operations: readonly Uint8Array[]; readonly lines: readonly Uint8Array[] }
  | { readonly kind: "sweep-read"; readonly sweep: number; readonly records: readonly RecordCells[]; readonly cursor: RecordId | null }
  | { readonly kind: "whole-read"; readonly asked: readonly RecordId[]; readonly records: readonly RecordCells[] }
  /** `cursor` as in the effect. */
  | { readonly kind: "batch-merged"; readonly sweep: number; readonly cursor: RecordId | null; readonly missing: readonly RecordId[] }
  | { readonly kind: "whole-merged"; readonly records: readonly RecordId[] }
  | { readonly kind: "live-merged"; readonly change: Change; readonly result: LiveResult }
  /** This replica learned a change, here or from another peer. */
  | { readonly kind: "offer"; readonly change: Change }
  /** This replica's vector took in a catch-up. */
  | { readonly kind: "grew" }
  /** The composition has chosen this peer to fetch a round from. */
  | { readonly kind: "fetch"; readonly checkpoint: Checkpoint | null }
  /** Our own change of a number that the peer knows has another clock than the peer says. */
  | { readonly kind: "own-differs" }
  /** Both hold the same changes, and yet not the same: walk the peer's tree. */
  | { readonly kind: "repair"; readonly ours: string; readonly theirs: string }
  | { readonly kind: "tree-built" }
  /** Null: there is no tree any more. */
  | { readonly kind: "tree-read"; readonly walk: number; readonly parts: readonly TreePart[] | null }
  | { readonly kind: "tree-compared"; readonly walk: number; readonly difference: TreeDifference | null }
  /** All that was merged is on the disk. */
  | { readonly kind: "synced" }
  | { readonly kind: "congested"; readonly congested: boolean };

export type SessionEffect =
  | { readonly kind: "send"; readonly message: Message }
  /** A ping whose digests the shell fills in. */
  | { readonly kind: "send-ping"; readonly n: number }
  /** The session is over: hang up. */
  | { readonly kind: "closed"; readonly reason: CloseReason }
  /** The peer's hello is in order: the composition settles which of two connections stays. */
  | { readonly kind: "greeted" }
  /** Records may flow from here on. */
  | { readonly kind: "opened" }
  /** → membership-taken; `opening` comes back as it was */
  | {
      readonly kind: "take-membership";
      readonly operations: readonly Uint8Array[];
      readonly lines: readonly Uint8Array[];
      readonly opening: boolean;
    }
  /** What whoever has these heads may lack → log-read */
  | { readonly kind: "read-log"; readonly heads: readonly string[] }
  /** → sweep-read */
  | { readonly kind: "read-sweep"; readonly sweep: number; readonly base: VersionVector; readonly cursor: RecordId | null }
  /** → whole-read */
  | { readonly kind: "read-whole"; readonly records: readonly RecordId[] }
  /** → batch-merged. `seen` here and below: of our own changes, what its sender had taken in (`seen-of-ours.ts`). */
  | {
      readonly kind: "merge-batch";
      readonly sweep: number;
      readonly cursor: RecordId | null;
      readonly records: readonly RecordCells[];
      readonly seen: number;
    }
  /** → whole-merged */
  | { readonly kind: "merge-whole"; readonly records: readonly RecordCells[]; readonly seen: number }
  /** → live-merged */
  | { readonly kind: "merge-live"; readonly change: Change; readonly seen: number }
  /** A sweep has ended: the store takes its vector in; the composition tells all sessions → grew */
  | { readonly kind: "take-vector"; readonly vector: VersionVector; readonly purge: VersionVector }
  | { readonly kind: "checkpoint"; readonly checkpoint: Checkpoint }
  /** A live change was merged: it goes to the others. */
  | { readonly kind: "learned"; readonly change: Change }
  /** The peer may hold what we lack: choose whom to fetch from. */
  | { readonly kind: "consider-fetch" }
  /** The peer has our own changes durably up to here. */
  | { readonly kind: "acknowledged"; readonly seq: number }
  /** The peer has all of this durably, as this replica. */
  | { readonly kind: "peer-holds"; readonly replica: ReplicaId; readonly vector: VersionVector }
  /** What the peer had purged: all is taken from it alone, with nothing else open. */
  | { readonly kind: "first-copy"; readonly purge: VersionVector }
  /** We lack what the peer has purged: nothing is exchanged until a fresh copy of its was taken. */
  | { readonly kind: "must-rejoin" }
  /** → compared */
  | { readonly kind: "compare"; readonly vectorDigest: string; readonly fingerprint: string }
  /** A hash tree of the state as it is about now, made step by step → tree-built, to all sessions */
  | { readonly kind: "build-tree" }
  /** → tree-read */
  | { readonly kind: "read-tree"; readonly walk: number; readonly nodes: readonly TreeNode[] }
  /** → tree-compared */
  | { readonly kind: "compare-tree"; readonly walk: number; readonly parts: readonly TreePart[] }
  /** A walk has ended; `complete`: all that differed was fetched. */
  | { readonly kind: "walked"; readonly ours: string; readonly theirs: string; readonly complete: boolean }
  /** Has our own change of this number this clock? → own-differs, if it is known to have another */
  | { readonly kind: "check-own"; readonly seq: number; readonly hlc: Hlc }
  /** The peer has seen other changes of this very replica: it must start anew. */
  | { readonly kind: "forked" };

export type Step<S> = readonly [S, readonly SessionEffect[]];

/** A session that we end with a typed error; `first` comes before it. */
export const failed = (device: DeviceId, code: ErrorCode, first: readonly SessionEffect[] = []): Step<Closed> => {
  const reason: CloseReason = { kind: "error", code, by: "us" };
  return [{ phase: "closed", device, reason }, [...first, { kind: "send", message: { kind: "error", code } }, { kind: "closed", reason }]];
};

/** A session that we end in good order. */
export const parted = (device: DeviceId, reason: ByeReason): Step<Closed> => {
  const closed: CloseReason = { kind: "bye", reason, by: "us" };
  return [
    { phase: "closed", device, reason: closed },
    [
      { kind: "send", message: { kind: "bye", reason } },
      { kind: "closed", reason: closed },
    ],
  ];
};
