/**
 * The typed contract between the main thread and the sync worker: what each may post to the other, and nothing else.
 * All of it survives a structured clone. Commands with an answer are requests (`id`, then `answer` or `refused`);
 * the rest are notices. The wrapper on the main side is `sync-service.ts`, the worker's end is `worker.ts`.
 */
import type { Change } from "../../shared/crdt/types.ts";
import type { DeviceId, EpochMs, RecordId, ReplicaId, WorkspaceId } from "../../shared/ids.ts";
import type { Role } from "../../shared/membership/types.ts";
import type { TypeDef } from "../../shared/schema/types.ts";
import type { IdentityMaterial } from "../identity/identity.ts";

/** Everything the worker is told once, before anything else. */
export interface WorkerStart {
  readonly kind: "start";
  readonly identity: IdentityMaterial;
  /** This device's name for people; a joiner's inviter sees it. */
  readonly name: string;
  /** Undefined on a fresh profile: the worker then only serves `join`. */
  readonly workspace: WorkspaceId | undefined;
  readonly file: string;
  readonly types: readonly TypeDef[];
  readonly gate: SharedArrayBuffer;
  /** The sync listener's port; 0 takes a free one. */
  readonly port: number;
  /** True: a taken port is `port_in_use`. False: another free one is taken and `ready` says so. */
  readonly portFixed: boolean;
  /** One address to listen on; null: all interfaces. */
  readonly host: string | null;
  readonly mdns: boolean;
  readonly appVersion: string;
  /** Time between heartbeats, milliseconds; 5,000 unless a test asks for another. */
  readonly heartbeatMs: number;
}

export type SyncRequest =
  /** `confirmed`: whoever brings the code is admitted without a further question (the command line). */
  | { readonly kind: "invite"; readonly role: Role; readonly long: boolean; readonly confirmed: boolean }
  | { readonly kind: "cancelInvite" }
  /** The answer to a `joinRequest`. */
  | { readonly kind: "confirmJoin"; readonly joiner: DeviceId; readonly admit: boolean }
  /** Without an address the code's own addresses and the desks found nearby are tried. `name`: what to call this device, else `start.name`. */
  | { readonly kind: "join"; readonly code: string; readonly address: string | undefined; readonly name?: string }
  /** Dials a typed `host:port` now and keeps it as an address of whoever answers. */
  | { readonly kind: "dial"; readonly address: string }
  /** Purges now what all others are known to hold as deleted and lay in the trash for so long. */
  | { readonly kind: "purge"; readonly trashMs: number };

/** What each request answers with. */
export interface SyncAnswers {
  readonly invite: { readonly code: string; readonly expires: EpochMs };
  readonly cancelInvite: null;
  readonly confirmJoin: null;
  readonly join: Joined;
  readonly dial: { readonly device: DeviceId };
  readonly purge: { readonly purged: number };
}

/** The device was admitted. The main thread adopts workspace and letters, then posts `workspaceChanged`. */
export interface Joined {
  readonly workspace: WorkspaceId;
  readonly device: DeviceId;
  readonly inviter: string;
  readonly inviterDevice: DeviceId;
  readonly letters: string;
}

export type ToWorker =
  | WorkerStart
  | { readonly kind: "request"; readonly id: number; readonly request: SyncRequest }
  /** A local change is durable: send it on. */
  | { readonly kind: "committed"; readonly change: Change }
  /** The store was adopted into a workspace (founded or joined). */
  | { readonly kind: "workspaceChanged"; readonly workspace: WorkspaceId }
  /** The main thread added signed operations to the log. */
  | { readonly kind: "membershipChanged" }
  /** The machine woke up or its network changed: reconnect at once. */
  | { readonly kind: "wake" }
  | { readonly kind: "stop" };

export interface PeerStatus {
  readonly device: DeviceId;
  readonly name: string;
  readonly role: Role;
  readonly connected: boolean;
  /** When anything was last received from it; null when never in this process's life. */
  readonly lastExchange: EpochMs | null;
  /** The last good address, `host:port`. */
  readonly address: string | null;
  /** Its clock less ours, milliseconds; null while unknown. */
  readonly clockOffset: number | null;
  /** Its app's version; null while never connected. */
  readonly version: string | null;
  /** Its state has our fingerprint: true or false as last heard while connected, null while unknown or while changes are on their way. */
  readonly identical: boolean | null;
  /** Why it is not connected, or that its state differs for no good reason, in a sentence; null when there is nothing to say. */
  readonly problem: string | null;
}

/** A desk seen on the LAN: a hint until it is dialled and pinned. */
export interface NearbyDesk {
  readonly device: DeviceId;
  readonly name: string;
  readonly addresses: readonly string[];
  /** It announces this workspace. */
  readonly sameWorkspace: boolean;
}

export interface SyncStatus {
  readonly port: number;
  readonly peers: readonly PeerStatus[];
  /** Own changes beyond the highest number that any peer has acknowledged. */
  readonly unseen: number;
  readonly held: readonly {
    readonly replica: ReplicaId;
    readonly device: DeviceId | null;
    readonly changes: number;
    readonly until: EpochMs;
  }[];
  readonly nearby: readonly NearbyDesk[];
  /** Reference time less this device's clock, milliseconds. */
  readonly referenceOffset: number;
  /** Catch-ups under way towards this desk. */
  readonly receiving: boolean;
  /** The desk that a fresh copy is being taken from, since this one was away too long; null: none is. */
  readonly rejoining: string | null;
  /** What keeps this desk from taking in what others send, in a sentence; null: nothing. */
  readonly problem: string | null;
}

export type FromWorker =
  | { readonly kind: "ready"; readonly port: number; readonly portMoved: boolean }
  | { readonly kind: "answer"; readonly id: number; readonly value: SyncAnswers[SyncRequest["kind"]] }
  | { readonly kind: "refused"; readonly id: number; readonly code: string; readonly advice: string }
  /** Records that a merge touched; `byDevice` is whose changes they were, null when a catch-up brought several devices' work. */
  | { readonly kind: "merged"; readonly records: readonly RecordId[]; readonly byDevice: DeviceId | null }
  | { readonly kind: "status"; readonly status: SyncStatus }
  /** Somebody proved to know an invitation that is not confirmed in advance. */
  | { readonly kind: "joinRequest"; readonly joiner: DeviceId; readonly name: string; readonly role: Role }
  | { readonly kind: "memberAdded"; readonly device: DeviceId; readonly name: string }
  /** A peer knows other changes of this replica than we do: the file was rolled back or copied. Start a new replica. */
  | { readonly kind: "forked"; readonly seenBy: DeviceId }
  /** A fresh copy is whole: begin anew with it. */
  | { readonly kind: "copied"; readonly from: string }
  /** For the log of this process; never anything of a record. */
  | {
      readonly kind: "log";
      readonly level: "info" | "warn";
      readonly message: string;
      readonly details: Readonly<Record<string, string | number>>;
    }
  | { readonly kind: "stopped" }
  | { readonly kind: "fatal"; readonly code: string; readonly advice: string };

/** The offset main adds to its wall clock is the last `status.referenceOffset`, once it exceeds a minute (merge.md). */
export const CLOCK_CORRECTION_LIMIT_MS = 60_000;
