/**
 * What the simulator's parts share: a desk with its wires, what it needs of a store, what a run counts, and the bugs planted in it.
 */
import type { ReplicaStore } from "../../main/store/api.ts";
import type { SyncStore } from "../../main/sync/store-effects.ts";
import type { VersionVector } from "../../shared/crdt/types.ts";
import type { DeviceId, ReplicaId } from "../../shared/ids.ts";
import type { Decoder } from "../../shared/protocol/codec.ts";
import type { Message } from "../../shared/protocol/messages/message.ts";
import type { ConnectionId, NodeEffect, SyncNode } from "../../shared/protocol/node-state.ts";

/** A law that the run itself saw broken. */
export class Broken extends Error {}

/** What the simulator needs of a store beside the protocol's own calls. */
export interface DeskStore extends SyncStore {
  readonly replica: ReplicaId;
  vector(): VersionVector;
  /** What it has purged; without it, nothing. */
  purge?(): VersionVector;
  /** Without it: it knows of no change. */
  isEmpty?(): boolean;
  sync(): void;
  crash(): void;
  /** A store that can fork: what it has seen of replicas, its own clocks, and how it goes on as another replica. */
  readonly seen?: ReplicaStore["seen"];
  readonly ownHlc?: ReplicaStore["ownHlc"];
  beginAnew?(replica: ReplicaId): void;
  /** The same text for the same state. */
  dump(): string;
}

/** Rare things that a run must have met to mean anything. */
export interface Counts {
  sent: Map<Message["kind"], number>;
  cuts: number;
  crashes: number;
  resumed: number;
  gaps: number;
  missing: number;
  replaced: number;
  twice: number;
  forks: number;
  repairs: number;
  /** Heartbeats at which a desk said that a repair had not helped. */
  differs: number;
}

export const newCounts = (): Counts => ({
  sent: new Map(),
  cuts: 0,
  crashes: 0,
  resumed: 0,
  gaps: 0,
  missing: 0,
  replaced: 0,
  twice: 0,
  forks: 0,
  repairs: 0,
  differs: 0,
});

/** Planted bugs: change or drop what a desk does (null drops it), or stand in front of its store. */
export interface Plants {
  readonly effect?: (effect: NodeEffect) => NodeEffect | null;
  readonly store?: <S extends DeskStore>(store: S) => S;
  /** False: desks do not repair, so that a bug which they would mend shows. */
  readonly repairs?: boolean;
  /** What purging needs: who holds what, and who must take a fresh copy. */
  readonly heard?: (desk: Desk, effect: Extract<NodeEffect, { readonly kind: "peer-holds" | "must-rejoin" }>) => void;
}

export interface Wire {
  readonly desk: Desk;
  readonly id: ConnectionId;
  readonly decoder: Decoder;
  peer: Wire | null;
  open: boolean;
  /** Nothing arrives before what was sent earlier. */
  clear: number;
}

export interface Desk {
  readonly name: string;
  readonly device: DeviceId;
  /** Another one after it has rejoined. */
  store: DeskStore;
  node: SyncNode;
  boot: number;
  readonly wires: Map<ConnectionId, Wire>;
  syncDue: boolean;
  tickAt: number;
  acked: Map<DeviceId, number>;
}
