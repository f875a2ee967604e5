/**
 * The membership log as data: signed operations, and what they fold to. The rules are in the files beside this one.
 * Every kind of version 1 has its shape here, so that what counts as nothing today (`grant`, `revoke`) migrates nothing later. Source: trust.md.
 */
import type { Brand, DeviceId, ReplicaId, WorkspaceId } from "../ids.ts";

/** SHA-256 of an operation's bytes, base64url, 43 characters. The id of `found` is the workspace's id. */
export type OperationId = Brand<string, "OperationId">;
const OPERATION_ID = /^[A-Za-z0-9_-]{43}$/;

/** The only place that makes one from text. */
export const parseOperationId = (text: string): OperationId | undefined => (OPERATION_ID.test(text) ? (text as OperationId) : undefined);

export type Role = "admin" | "dispatcher" | "viewer";

/** The two primitives the log rests on, passed in since `shared` has no crypto of its own. Both are synchronous. */
export interface MembershipCrypto {
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
  /** ECDSA P-256 over SHA-256. `publicKey` is SPKI DER (91 bytes), `signature` r and s, 32 bytes each. Never throws. */
  readonly verify: (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean;
}

/** Signs as one device: r and s, 32 bytes each. The form of s does not matter, it is made canonical. */
export interface Signer {
  readonly device: DeviceId;
  readonly publicKey: Uint8Array;
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

interface Envelope {
  readonly id: OperationId;
  /** What is stored, forwarded and hashed. */
  readonly bytes: Uint8Array;
  /** The part of the bytes that is signed. */
  readonly payload: Uint8Array;
  /** r and s, 32 bytes each, s in the lower half: nobody else can make a second form of it. */
  readonly signature: Uint8Array;
  readonly version: number;
  readonly workspace: WorkspaceId;
  /** Sorted, each once; empty only in `found`. */
  readonly predecessors: readonly OperationId[];
  /** The signing device, or the id of the recovery sheet's key. */
  readonly signer: DeviceId;
}

export interface FoundBody {
  /** SPKI DER of the first device. */
  readonly publicKey: Uint8Array;
  readonly deviceName: string;
  /** 16 random bytes. */
  readonly nonce: Uint8Array;
  /** SPKI DER of the recovery sheet's key. */
  readonly recoveryKey: Uint8Array;
  readonly workspaceName: string;
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly zone: string;
  readonly letters: string;
}

export interface JoinBody {
  readonly publicKey: Uint8Array;
  readonly deviceName: string;
  readonly role: Role;
  /** The inviter's own letters and one more (`letters.ts`). */
  readonly letters: string;
  /** SHA-256 of the invitation's id; null when there was none (a void join signed again). */
  readonly invitation: Uint8Array | null;
}

export interface GrantBody {
  readonly target: DeviceId;
  readonly role: Role;
}

export interface RevokeBody {
  readonly target: DeviceId;
  /** The lower role that remains; null is out. */
  readonly role: Role | null;
  /** What the target signed outside this point's past is void too; null: outside this operation's own past. */
  readonly keep: readonly OperationId[] | null;
  /** The highest sequence number that the signer holds of each replica of the target. */
  readonly seen: ReadonlyMap<ReplicaId, number>;
}

export interface FoundOperation extends Envelope, FoundBody {
  readonly kind: "found";
}
export interface JoinOperation extends Envelope, JoinBody {
  readonly kind: "join";
  /** The id of `publicKey`. */
  readonly device: DeviceId;
}
export interface GrantOperation extends Envelope, GrantBody {
  readonly kind: "grant";
}
export interface RevokeOperation extends Envelope, RevokeBody {
  readonly kind: "revoke";
}
/** A kind or version that this build does not know: kept, forwarded, counts as nothing. */
export interface UnknownOperation extends Envelope {
  readonly kind: "unknown";
  readonly name: string;
}

export type Operation = FoundOperation | JoinOperation | GrantOperation | RevokeOperation | UnknownOperation;

export interface Member {
  readonly device: DeviceId;
  /** SPKI DER, 91 bytes. */
  readonly publicKey: Uint8Array;
  readonly name: string;
  readonly role: Role;
  /** Of order numbers: `A`, `AA`, … */
  readonly letters: string;
  /** Longest path from `found` to the operation that made it a member; 0 for the founder. */
  readonly generation: number;
  /** That operation. */
  readonly madeBy: OperationId;
}

/** Why an operation is dropped, by everyone and for ever. */
export type DropReason =
  | "foreign_workspace"
  | "second_founding"
  | "past_dropped"
  | "signer_unknown"
  | "bad_signature"
  | "signer_not_admin"
  | "already_member"
  | "letters_not_signers";

/** What a set of operations says. A pure function of the set: no order of arrival, no clock. */
export interface Membership {
  readonly workspace: WorkspaceId;
  /** Undefined until `found` is there. */
  readonly found: FoundOperation | undefined;
  readonly members: ReadonlyMap<DeviceId, Member>;
  /** Kept operations that no kept operation names, sorted. What peers compare. */
  readonly heads: readonly OperationId[];
  /** Predecessors always before their successors. */
  readonly kept: readonly Operation[];
  readonly generations: ReadonlyMap<OperationId, number>;
  readonly dropped: ReadonlyMap<OperationId, DropReason>;
  /** Predecessors are missing: nothing can be said yet. */
  readonly waiting: readonly Operation[];
}
