/**
 * The log as one device keeps it: what counts, what waits for its predecessors, and what a peer lacks.
 * Only verified operations ever get in, so a stored log is verified once. Bounds of trust.md: 64 waiting for each peer, 10,000 of each signer.
 */

import { AppError } from "../errors.ts";
import type { DeviceId, WorkspaceId } from "../ids.ts";
import { foundFields, joinFields } from "./bodies.ts";
import { foldMembers } from "./fold.ts";
import { FOUNDER_LETTERS, nextLetters } from "./letters.ts";
import { MAX_PREDECESSORS, parseOperation, type Refusal, signOperation } from "./operation.ts";
import { mayInvite } from "./rights.ts";
import type {
  DropReason,
  FoundBody,
  FoundOperation,
  JoinBody,
  JoinOperation,
  Membership,
  MembershipCrypto,
  Operation,
  OperationId,
  Signer,
} from "./types.ts";

export const MAX_PARKED_PER_PEER = 64;
export const MAX_OPERATIONS_PER_SIGNER = 10_000;

interface Parked {
  readonly operation: Operation;
  readonly from: DeviceId;
}

/** An immutable value; `takeOperations` makes the next one. */
export interface MembershipLog {
  readonly membership: Membership;
  readonly parked: ReadonlyMap<OperationId, Parked>;
}

export interface Taken {
  readonly log: MembershipLog;
  /** New and kept, predecessors first: store them, forward them. */
  readonly added: readonly Operation[];
  readonly refused: readonly { readonly bytes: Uint8Array; readonly reason: Refusal["refused"] | DropReason | "too_many" }[];
}

const idsOf = (operations: readonly Operation[]): ReadonlySet<OperationId> => new Set(operations.map(({ id }) => id));

/** Opens a log from its stored bytes. With `verified` the signatures are taken as checked when they were stored. */
export const openLog = (
  workspace: WorkspaceId,
  stored: Iterable<Uint8Array>,
  crypto: MembershipCrypto,
  verified: "verified" | "unverified",
): MembershipLog => {
  const operations = [...stored].flatMap((bytes) => {
    const parsed = parseOperation(bytes, crypto);
    return "operation" in parsed ? [parsed.operation] : [];
  });
  const trusted = verified === "verified" ? idsOf(operations) : new Set<OperationId>();
  return { membership: foldMembers(workspace, operations, crypto, trusted), parked: new Map() };
};

/**
 * Takes in operations from a peer. What counts or is kept comes back in `added`; what lacks predecessors is parked for its
 * peer (a stranger, `from` null, parks nothing); the rest is refused with its reason and forgotten.
 */
export const takeOperations = (
  log: MembershipLog,
  from: DeviceId | null,
  incoming: Iterable<Uint8Array>,
  crypto: MembershipCrypto,
): Taken => {
  const { kept, workspace } = log.membership;
  const refused: { bytes: Uint8Array; reason: Refusal["refused"] | DropReason | "too_many" }[] = [];
  const known = idsOf(kept);
  const counts = new Map<DeviceId, number>();
  const count = ({ signer }: Operation): number => {
    const next = (counts.get(signer) ?? 0) + 1;
    counts.set(signer, next);
    return next;
  };
  for (const operation of kept) count(operation);
  const candidates = new Map<OperationId, Operation>();
  for (const bytes of incoming) {
    const parsed = parseOperation(bytes, crypto);
    if ("refused" in parsed) refused.push({ bytes, reason: parsed.refused });
    else if (known.has(parsed.operation.id) || candidates.has(parsed.operation.id)) continue;
    else if (count(parsed.operation) > MAX_OPERATIONS_PER_SIGNER) refused.push({ bytes, reason: "too_many" });
    else candidates.set(parsed.operation.id, parsed.operation);
  }
  if (candidates.size === 0) return { log, added: [], refused };
  const parkedBefore = [...log.parked.values()].map(({ operation }) => operation);
  const membership = foldMembers(workspace, [...kept, ...parkedBefore, ...candidates.values()], crypto, known);
  for (const [id, reason] of membership.dropped) {
    const operation = candidates.get(id);
    if (operation) refused.push({ bytes: operation.bytes, reason });
  }
  const parked = new Map<OperationId, Parked>();
  for (const operation of membership.waiting) {
    const before = log.parked.get(operation.id);
    const peer = before?.from ?? from;
    const full = [...parked.values()].filter((other) => other.from === peer).length >= MAX_PARKED_PER_PEER;
    if (peer !== null && (before || !full)) parked.set(operation.id, before ?? { operation, from: peer });
    else refused.push({ bytes: operation.bytes, reason: "too_many" });
  }
  return { log: { membership, parked }, added: membership.kept.filter(({ id }) => !known.has(id)), refused };
};

/** Kept operations that a peer with these heads lacks, predecessors first. Heads we do not know say nothing. */
export const operationsBeyond = ({ kept }: Membership, heads: Iterable<OperationId>): readonly Operation[] => {
  const held = new Set(heads);
  for (const { id, predecessors } of [...kept].reverse()) if (held.has(id)) for (const predecessor of predecessors) held.add(predecessor);
  return kept.filter(({ id }) => !held.has(id));
};

/** True when every head is known here: the peer has nothing that we lack. */
export const knowsHeads = ({ generations }: Membership, heads: Iterable<OperationId>): boolean =>
  [...heads].every((id) => generations.has(id));

export interface Founding extends Pick<FoundBody, "deviceName" | "nonce" | "recoveryKey" | "workspaceName" | "zone"> {
  readonly signer: Signer;
}

/** Signs the first operation of a new workspace; its id is the workspace's. */
export const foundWorkspace = ({ signer, ...body }: Founding, crypto: MembershipCrypto): FoundOperation => {
  const fields = foundFields({ ...body, publicKey: signer.publicKey, letters: FOUNDER_LETTERS });
  const operation = signOperation({ kind: "found", workspace: null, predecessors: [], fields }, signer, crypto);
  if (operation.kind !== "found") throw new AppError("unreachable", "A founding was read back as something else.");
  return operation;
};

/** What a device's next operation names: the heads, and, should they be too many, what its right and its own sequence rest on. */
const predecessorsFor = (membership: Membership, device: DeviceId): readonly OperationId[] => {
  if (membership.heads.length <= MAX_PREDECESSORS) return membership.heads;
  const own = membership.kept.filter(({ signer }) => signer === device).map(({ id }) => id);
  const needed = [membership.members.get(device)?.madeBy, own[own.length - 1]].filter((id) => id !== undefined);
  return [...new Set([...needed, ...membership.heads])].slice(0, MAX_PREDECESSORS);
};

/**
 * Signs the admission of a device. Throws `not_admin` if the signer may not invite, `already_member` if the device is known,
 * `letters_used_up` after about 600 joiners of one inviter.
 */
export const signJoin = (
  membership: Membership,
  joiner: Pick<JoinBody, "publicKey" | "deviceName" | "role" | "invitation">,
  signer: Signer,
  crypto: MembershipCrypto,
): JoinOperation => {
  const inviter = membership.members.get(signer.device);
  if (inviter === undefined || !mayInvite(inviter)) throw new AppError("not_admin", "Only an admin's device can invite. Ask an admin.");
  const given = new Set(
    membership.kept.flatMap((operation) => (operation.kind === "join" && operation.signer === signer.device ? operation.letters : [])),
  );
  const letters = nextLetters(inviter.letters, given);
  if (letters === undefined)
    throw new AppError("letters_used_up", "This device has invited all it can. Invite from another admin's device.");
  const operation = signOperation(
    {
      kind: "join",
      workspace: membership.workspace,
      predecessors: predecessorsFor(membership, signer.device),
      fields: joinFields({ ...joiner, letters }),
    },
    signer,
    crypto,
  );
  if (operation.kind !== "join") throw new AppError("unreachable", "A join was read back as something else.");
  if (membership.members.has(operation.device)) throw new AppError("already_member", "This device is a member already.");
  return operation;
};
