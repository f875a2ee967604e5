/**
 * From a set of signed operations to who is a member. Each operation is judged by its own past alone (its predecessors, theirs, and so
 * on), so the verdict is the same wherever and whenever it arrives. `grant`, `revoke` and unknown kinds are kept and count as nothing yet.
 * Source: trust.md, "The membership log".
 */
import { type DeviceId, parseDeviceId, type WorkspaceId } from "../ids.ts";
import { areLettersFrom } from "./letters.ts";
import { base64urlText } from "./text.ts";
import type {
  DropReason,
  FoundOperation,
  JoinOperation,
  Member,
  Membership,
  MembershipCrypto,
  Operation,
  OperationId,
  Role,
} from "./types.ts";

type Maker = FoundOperation | JoinOperation;
interface Judged {
  readonly operation: Operation;
  readonly generation: number;
  /** Bit i: the i-th kept operation lies in its past. */
  readonly past: Uint32Array;
  readonly index: number;
}
type MakerJudged = Judged & { readonly operation: Maker };

const RANK: Readonly<Record<Role, number>> = { viewer: 0, dispatcher: 1, admin: 2 };

const deviceOf = (maker: Maker): DeviceId => (maker.kind === "found" ? maker.signer : maker.device);
const has = (past: Uint32Array, index: number): boolean => (((past[index >> 5] ?? 0) >>> (index & 31)) & 1) === 1;
const bySeniority = (a: Judged, b: Judged): number => a.generation - b.generation || (a.operation.id < b.operation.id ? -1 : 1);

/** A device as the operations that made it say: concurrent ones give the lowest role, the rest is the first one's. */
const memberOf = (makers: readonly MakerJudged[]): Member | undefined => {
  const [first, ...others] = [...makers].sort(bySeniority);
  if (first === undefined) return undefined;
  const roleOf = ({ operation }: MakerJudged): Role => (operation.kind === "found" ? "admin" : operation.role);
  const { operation, generation } = first;
  return {
    device: deviceOf(operation),
    publicKey: operation.publicKey,
    name: operation.deviceName,
    role: others.map(roleOf).reduce((low, role) => (RANK[role] < RANK[low] ? role : low), roleOf(first)),
    letters: operation.letters,
    generation,
    madeBy: operation.id,
  };
};

/**
 * Predecessors before successors, from `found` on; the same order for the same set. What waits for unknown operations, or for what
 * waits, is not in it. Another workspace's operations wait for nothing: their verdict is known.
 */
const inOrder = (workspace: WorkspaceId, operations: readonly Operation[]): readonly Operation[] => {
  const open = new Map<OperationId, number>();
  const successors = new Map<OperationId, Operation[]>();
  const ready: Operation[] = [];
  for (const operation of operations) {
    if (operation.workspace !== workspace || operation.predecessors.length === 0) {
      ready.push(operation);
      continue;
    }
    open.set(operation.id, operation.predecessors.length);
    for (const id of operation.predecessors) {
      append(successors, id, operation);
    }
  }
  for (const operation of ready) {
    // The loop takes in what it pushes.
    for (const successor of successors.get(operation.id) ?? []) {
      const left = (open.get(successor.id) ?? 0) - 1;
      open.set(successor.id, left);
      if (left === 0) ready.push(successor);
    }
  }
  return ready;
};

/** The past that these predecessors make, and its generation; undefined when one of them was dropped. `size`: operations kept so far. */
const pastOf = (
  predecessors: readonly (Judged | undefined)[],
  size: number,
): { readonly past: Uint32Array; readonly generation: number } | undefined => {
  const past = new Uint32Array((size >> 5) + 1);
  let generation = 0;
  for (const predecessor of predecessors) {
    if (predecessor === undefined) return undefined;
    generation = Math.max(generation, predecessor.generation + 1);
    for (const [at, word] of predecessor.past.entries()) past[at] = (past[at] ?? 0) | word;
    past[predecessor.index >> 5] = (past[predecessor.index >> 5] ?? 0) | (1 << (predecessor.index & 31));
  }
  return { past, generation };
};

const append = <Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void => {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
};

/**
 * Who is a member by these operations. `verified` names operations whose signatures were found good before (an id covers
 * key and signature, so a verdict holds for ever). Cost: one verification for each other operation, and n²/32 steps for the pasts.
 */
export const foldMembers = (
  workspace: WorkspaceId,
  operations: Iterable<Operation>,
  crypto: MembershipCrypto,
  verified: ReadonlySet<OperationId> = new Set(),
): Membership => {
  const byId = new Map<OperationId, Operation>();
  for (const operation of operations) byId.set(operation.id, operation);
  const all = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const judged = new Map<OperationId, Judged>();
  const makers = new Map<DeviceId, MakerJudged[]>();
  /** Letters given by a device, each with the join that gave them. */
  const given = new Map<DeviceId, { readonly letters: string; readonly index: number }[]>();
  const dropped = new Map<OperationId, DropReason>();
  const kept: Operation[] = [];
  let found: FoundOperation | undefined;
  let sheet: { readonly id: DeviceId | undefined; readonly publicKey: Uint8Array } | undefined;

  const memberInPast = (device: DeviceId, past: Uint32Array): Member | undefined =>
    memberOf((makers.get(device) ?? []).filter(({ index }) => has(past, index)));

  const verdict = (operation: Operation, past: Uint32Array): DropReason | undefined => {
    const signed = (publicKey: Uint8Array): boolean =>
      verified.has(operation.id) || crypto.verify(publicKey, operation.payload, operation.signature);
    if (operation.kind === "found") {
      const own = parseDeviceId(base64urlText(crypto.sha256(operation.publicKey)));
      return own === operation.signer && signed(operation.publicKey) ? undefined : "bad_signature";
    }
    const signer = memberInPast(operation.signer, past);
    const key = signer?.publicKey ?? (sheet?.id === operation.signer ? sheet.publicKey : undefined);
    if (key === undefined) return "signer_unknown";
    if (!signed(key)) return "bad_signature";
    if (operation.kind !== "join") return undefined;
    if (signer?.role !== "admin") return "signer_not_admin";
    if (memberInPast(operation.device, past)) return "already_member";
    const twice = given.get(signer.device)?.some(({ letters, index }) => letters === operation.letters && has(past, index)) ?? false;
    return twice || !areLettersFrom(signer.letters, operation.letters) ? "letters_not_signers" : undefined;
  };

  for (const operation of inOrder(workspace, all)) {
    if (operation.workspace !== workspace) {
      dropped.set(operation.id, operation.kind === "found" ? "second_founding" : "foreign_workspace");
      continue;
    }
    const made = pastOf(
      operation.predecessors.map((id) => judged.get(id)),
      kept.length,
    );
    const reason = made ? verdict(operation, made.past) : "past_dropped";
    if (made === undefined || reason !== undefined) {
      dropped.set(operation.id, reason ?? "past_dropped");
      continue;
    }
    const index = kept.length;
    judged.set(operation.id, { ...made, index, operation });
    kept.push(operation);
    if (operation.kind === "found") {
      found = operation;
      sheet = { id: parseDeviceId(base64urlText(crypto.sha256(operation.recoveryKey))), publicKey: operation.recoveryKey };
    }
    if (operation.kind === "join") append(given, operation.signer, { letters: operation.letters, index });
    if (operation.kind === "found" || operation.kind === "join") append(makers, deviceOf(operation), { ...made, index, operation });
  }
  return {
    workspace,
    found,
    members: membersFrom(makers),
    heads: headsOf(kept),
    kept,
    generations: new Map([...judged].map(([id, { generation }]) => [id, generation])),
    dropped,
    waiting: all.filter(({ id }) => !judged.has(id) && !dropped.has(id)),
  };
};

const membersFrom = (makers: ReadonlyMap<DeviceId, readonly MakerJudged[]>): ReadonlyMap<DeviceId, Member> => {
  const members = [...makers.values()].flatMap((list) => memberOf(list) ?? []);
  members.sort((a, b) => a.generation - b.generation || (a.madeBy < b.madeBy ? -1 : 1));
  return new Map(members.map((member) => [member.device, member]));
};

const headsOf = (kept: readonly Operation[]): readonly OperationId[] => {
  const named = new Set(kept.flatMap(({ predecessors }) => predecessors));
  return kept.flatMap(({ id }) => (named.has(id) ? [] : [id])).sort();
};
