/**
 * The worker's copy of the membership log and of the replicas' signed lines: verifies what peers bring, stores what counts, and says
 * who is a member and whose a replica is. The rules are in `shared/membership`; the bytes lie in the store.
 */
import type { DeviceId, ReplicaId, WorkspaceId } from "../../shared/ids.ts";
import { type MembershipLog, openLog, operationsBeyond, takeOperations } from "../../shared/membership/log.ts";
import { isReplicaLineOf, parseReplicaLine, signReplicaLine } from "../../shared/membership/replica-line.ts";
import { type Member, parseOperationId, type Role } from "../../shared/membership/types.ts";
import { membershipCrypto } from "../identity/crypto.ts";
import type { Identity } from "../identity/identity.ts";
import type { ReplicaStore } from "../store/api.ts";
import { digestOf } from "./digest.ts";

/** What was new: it is stored here already, and goes to the other peers. */
export interface Grown {
  readonly operations: readonly Uint8Array[];
  readonly lines: readonly Uint8Array[];
  /** Devices that were no members before. */
  readonly joined: readonly Member[];
}

export interface LogNews {
  readonly operations: readonly Uint8Array[];
  readonly lines: readonly Uint8Array[];
}

export class LogKeeper {
  readonly workspace: WorkspaceId;
  readonly #store: Pick<ReplicaStore, "log" | "replica">;
  readonly #identity: Identity;
  #log: MembershipLog;
  #lines = new Map<ReplicaId, { readonly device: DeviceId; readonly bytes: Uint8Array }>();
  #replicas: ReadonlyMap<ReplicaId, DeviceId> = new Map();
  #roles: ReadonlyMap<DeviceId, Role> = new Map();
  #linesDigest: string | null = null;

  constructor(workspace: WorkspaceId, store: Pick<ReplicaStore, "log" | "replica">, identity: Identity) {
    this.workspace = workspace;
    this.#store = store;
    this.#identity = identity;
    this.#log = openLog(workspace, store.log.operations(), membershipCrypto, "verified");
    for (const { replica, device, bytes } of store.log.replicaLines()) this.#lines.set(replica, { device, bytes });
    if (!this.#lines.has(store.replica)) this.#register();
    this.#index();
  }

  get log(): MembershipLog {
    return this.#log;
  }
  get members(): ReadonlyMap<DeviceId, Member> {
    return this.#log.membership.members;
  }
  get roles(): ReadonlyMap<DeviceId, Role> {
    return this.#roles;
  }
  get replicas(): ReadonlyMap<ReplicaId, DeviceId> {
    return this.#replicas;
  }
  get heads(): readonly string[] {
    return this.#log.membership.heads;
  }
  /** Equal when two desks hold the same lines. */
  get linesDigest(): string {
    this.#linesDigest ??= digestOf([...this.#lines.keys()].sort().join(" "));
    return this.#linesDigest;
  }
  /** The line that registers this file's replica. */
  get ownLine(): Uint8Array {
    return this.#lines.get(this.#store.replica)?.bytes ?? this.#register();
  }

  /** From a peer, or from a stranger (`from` null), who parks nothing. */
  take(from: DeviceId | null, operations: readonly Uint8Array[], lines: readonly Uint8Array[]): Grown {
    const before = this.members;
    const taken = takeOperations(this.#log, from, operations, membershipCrypto);
    this.#log = taken.log;
    if (taken.added.length > 0) this.#store.log.addOperations(taken.added.map(({ id, bytes }) => ({ hash: id, bytes })));
    const added = lines.filter((line) => this.#takeLine(line));
    return this.#grown(
      before,
      taken.added.map(({ bytes }) => bytes),
      added,
    );
  }

  /** The main thread added operations to the store. */
  reload(): Grown {
    const before = this.members;
    const known = new Set(this.#log.membership.kept.map(({ id }) => id));
    this.#log = openLog(this.workspace, this.#store.log.operations(), membershipCrypto, "verified");
    const lines: Uint8Array[] = [];
    for (const { replica, device, bytes } of this.#store.log.replicaLines()) {
      if (this.#lines.has(replica)) continue;
      this.#lines.set(replica, { device, bytes });
      lines.push(bytes);
    }
    const added = this.#log.membership.kept.filter(({ id }) => !known.has(id));
    return this.#grown(
      before,
      added.map(({ bytes }) => bytes),
      lines,
    );
  }

  /** What a peer with these heads may lack: operations beyond them, and all lines. */
  beyond(heads: readonly string[]): LogNews {
    const known = heads.flatMap((head) => parseOperationId(head) ?? []);
    return {
      operations: operationsBeyond(this.#log.membership, known).map(({ bytes }) => bytes),
      lines: [...this.#lines.values()].map(({ bytes }) => bytes),
    };
  }

  #takeLine(bytes: Uint8Array): boolean {
    const line = parseReplicaLine(bytes);
    if (line === undefined || this.#lines.has(line.replica)) return false;
    const member = this.members.get(line.device);
    if (member === undefined || !isReplicaLineOf(line, member.publicKey, membershipCrypto)) return false;
    this.#lines.set(line.replica, line);
    this.#store.log.addReplicaLine({ replica: line.replica, device: line.device, bytes });
    return true;
  }

  #register(): Uint8Array {
    const line = signReplicaLine(this.#store.replica, this.#identity);
    this.#lines.set(line.replica, line);
    this.#store.log.addReplicaLine({ replica: line.replica, device: line.device, bytes: line.bytes });
    return line.bytes;
  }

  #grown(before: ReadonlyMap<DeviceId, Member>, operations: readonly Uint8Array[], lines: readonly Uint8Array[]): Grown {
    if (operations.length > 0 || lines.length > 0) this.#index();
    return { operations, lines, joined: [...this.members.values()].filter(({ device }) => !before.has(device)) };
  }

  #index(): void {
    this.#roles = new Map([...this.members].map(([device, { role }]) => [device, role]));
    this.#replicas = new Map([...this.#lines].map(([replica, { device }]) => [replica, device]));
    this.#linesDigest = null;
  }
}
