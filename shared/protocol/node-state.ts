/**
 * All connections of one replica, and what they share: its vector, the membership, the checkpoint of a catch-up that was cut.
 * Plain data, with the events that change it and the effects that it wants; the steps are in `node.ts`.
 */
import type { TreeDifference, TreePart } from "../crdt/record-tree.ts";
import type { Change, RecordCells, VersionVector } from "../crdt/types.ts";
import type { DeviceId, RecordId, ReplicaId } from "../ids.ts";
import type { Role } from "../membership/types.ts";
import type { Checkpoint } from "./messages/ask.ts";
import type { Hello } from "./messages/hello.ts";
import type { Message } from "./messages/message.ts";
import type { FirstCopy } from "./reach.ts";
import type { Comparison, RepairMemory } from "./repair-choice.ts";
import type { LiveResult, SessionEffect } from "./session-events.ts";
import type { CloseReason, SyncSession } from "./session-state.ts";

/** Numbers the connections of this process. */
export type ConnectionId = number;

export interface SyncNode {
  readonly device: DeviceId;
  readonly replica: ReplicaId;
  readonly heartbeatMs: number;
  /** What this replica holds, as far as the node was told: never more than the store's own. */
  readonly vector: VersionVector;
  readonly members: ReadonlyMap<DeviceId, Role>;
  /** Registered replicas and their devices. */
  readonly replicas: ReadonlyMap<ReplicaId, DeviceId>;
  /** What was purged here, or by whom the vector came from. */
  readonly purge: VersionVector;
  /** What of the vector was synced to disk, as last heard. */
  readonly durable: VersionVector | null;
  /** The first copy, until it was taken. */
  readonly first: FirstCopy | null;
  readonly checkpoint: Checkpoint | null;
  /** When a catch-up last moved it, monotonic. */
  readonly checkpointAt: number;
  readonly sessions: ReadonlyMap<ConnectionId, SyncSession>;
  readonly repairs: ReadonlyMap<DeviceId, RepairMemory>;
}

interface Membership {
  readonly members: ReadonlyMap<DeviceId, Role>;
  readonly replicas: ReadonlyMap<ReplicaId, DeviceId>;
  /** What of it is new here: it goes to the other peers. */
  readonly operations: readonly Uint8Array[];
  readonly lines: readonly Uint8Array[];
}

export type NodeEvent =
  | { readonly kind: "connected"; readonly id: ConnectionId; readonly device: DeviceId; readonly dialled: boolean; readonly hello: Hello }
  | { readonly kind: "received"; readonly id: ConnectionId; readonly message: Message }
  | { readonly kind: "heard"; readonly id: ConnectionId }
  | { readonly kind: "lost"; readonly id: ConnectionId }
  | { readonly kind: "end"; readonly id: ConnectionId; readonly reason: Extract<CloseReason, { readonly by: "us" | "them" }> }
  | { readonly kind: "congested"; readonly id: ConnectionId; readonly congested: boolean }
  | {
      readonly kind: "log-read";
      readonly id: ConnectionId;
      readonly operations: readonly Uint8Array[];
      readonly lines: readonly Uint8Array[];
    }
  | {
      readonly kind: "sweep-read";
      readonly id: ConnectionId;
      readonly sweep: number;
      readonly records: readonly RecordCells[];
      readonly cursor: RecordId | null;
    }
  | {
      readonly kind: "whole-read";
      readonly id: ConnectionId;
      readonly asked: readonly RecordId[];
      readonly records: readonly RecordCells[];
    }
  | {
      readonly kind: "batch-merged";
      readonly id: ConnectionId;
      readonly sweep: number;
      readonly cursor: RecordId | null;
      readonly missing: readonly RecordId[];
    }
  | { readonly kind: "whole-merged"; readonly id: ConnectionId; readonly records: readonly RecordId[] }
  | { readonly kind: "own-differs"; readonly id: ConnectionId }
  | ({ readonly kind: "compared"; readonly id: ConnectionId } & Comparison)
  /** `build-tree` has come to its end. */
  | { readonly kind: "tree-built" }
  | { readonly kind: "tree-read"; readonly id: ConnectionId; readonly walk: number; readonly parts: readonly TreePart[] | null }
  | { readonly kind: "tree-compared"; readonly id: ConnectionId; readonly walk: number; readonly difference: TreeDifference | null }
  | { readonly kind: "live-merged"; readonly id: ConnectionId; readonly change: Change; readonly result: LiveResult }
  | { readonly kind: "vector-taken"; readonly id: ConnectionId; readonly vector: VersionVector; readonly purge: VersionVector }
  /** Records were purged here: this is the purge vector now. */
  | { readonly kind: "purged"; readonly purge: VersionVector }
  /** The answer to `take-membership`. */
  | ({ readonly kind: "membership-taken"; readonly id: ConnectionId; readonly opening: boolean } & Membership)
  /** Our own person changed the membership. */
  | ({ readonly kind: "membership" } & Membership)
  /** A local change is durable. */
  | { readonly kind: "committed"; readonly change: Change }
  | { readonly kind: "synced" }
  /** Time passed; `lateMs`: how much later than it was meant to come. */
  | { readonly kind: "tick"; readonly lateMs: number };

/** What the shell does; a session's effects with the connection they belong to. */
export type NodeEffect = {
  readonly id: ConnectionId;
  /** The peer at the other end. */
  readonly device: DeviceId;
} & (
  | Exclude<SessionEffect, { readonly kind: "greeted" | "consider-fetch" | "checkpoint" | "first-copy" | "walked" }>
  /** Something was merged: sync it to disk soon, then say `synced`. */
  | { readonly kind: "sync-soon" }
  /** Another process is connected with this device's key. Once may be one that died a moment ago; again and again is a key in use twice. */
  | { readonly kind: "key-in-use-twice" }
  /** A repair did not make the two hold the same: people are to know. Said again at each heartbeat. */
  | { readonly kind: "differs" }
);

export type NodeStep = readonly [SyncNode, readonly NodeEffect[]];
