/**
 * One replica among its peers as a pure reducer: routes events to the sessions, forwards what is learned, announces what was caught up,
 * fetches one round at a time, keeps the checkpoint. Together with `session.ts` all of the protocol's decisions; the worker and the
 * simulator are shells around it.
 */
import type { Change, VersionVector } from "../crdt/types.ts";
import type { DeviceId, EpochMs, ReplicaId } from "../ids.ts";
import type { Role } from "../membership/types.ts";
import { settleDuplicates } from "./duplicates.ts";
import type { Checkpoint } from "./messages/ask.ts";
import type { ConnectionId, NodeEffect, NodeEvent, NodeStep, SyncNode } from "./node-state.ts";
import { compareRecordIds } from "./record-order.ts";
import { agreedWith, chooseRepair, isCatchUpCut, walkedWith } from "./repair-choice.ts";
import { deadlineOf, startSession, step } from "./session.ts";
import type { Context, SessionEffect, SessionEvent } from "./session-events.ts";
import type { Open, Standing, SyncSession } from "./session-state.ts";
import { advanced, covers, join } from "./vector.ts";

export interface Now {
  /** Monotonic milliseconds. */
  readonly now: number;
  readonly wall: EpochMs;
}

export interface NodeStart {
  readonly device: DeviceId;
  readonly replica: ReplicaId;
  readonly heartbeatMs: number;
  readonly vector: VersionVector;
  readonly purge: VersionVector;
  /** It holds no record and knows of no change: everything may be taken from one peer. */
  readonly isEmpty: boolean;
  readonly members: ReadonlyMap<DeviceId, Role>;
  readonly replicas: ReadonlyMap<ReplicaId, DeviceId>;
}

export const startNode = ({ isEmpty, ...start }: NodeStart): SyncNode => ({
  ...start,
  durable: null,
  first: isEmpty ? { kind: "empty" } : null,
  checkpoint: null,
  checkpointAt: Number.NEGATIVE_INFINITY,
  sessions: new Map(),
  repairs: new Map(),
});

/** A round that has not moved for so many heartbeats no longer keeps others from being asked. */
const STALL_HEARTBEATS = 6;

const maySend = (role: Role | undefined): boolean => role === "admin" || role === "dispatcher";

/** One event's work: the node as it stands, and the effects so far. Lives for one step only; `sessions` is this step's own copy. */
interface Work {
  node: Omit<SyncNode, "sessions">;
  readonly sessions: Map<ConnectionId, SyncSession>;
  readonly at: Now;
  readonly effects: NodeEffect[];
  considerFetch: boolean;
}

const standingOf = (node: Work["node"], session: SyncSession): Standing => {
  const role = node.members.get(session.device);
  const replica = session.phase === "agreeing" || session.phase === "open" ? session.peer.replica : null;
  return {
    isMember: role !== undefined,
    maySend: maySend(role),
    replicaKnown: replica !== null && node.replicas.get(replica) === session.device,
  };
};

const contextOf = ({ node, at }: Work): Context => {
  const { vector, durable, purge, first } = node;
  const weSend = maySend(node.members.get(node.device));
  return { ...at, vector, durable, purge, first, weSend, isCatchUpCut: () => isCatchUpCut(node, at.now) };
};

/** The new checkpoint replaces the old one when its cursor passes it (merge.md). */
const keepCheckpoint = (work: Work, checkpoint: Checkpoint): void => {
  const old = work.node.checkpoint;
  if (old === null || compareRecordIds(checkpoint.cursor, old.cursor) > 0)
    work.node = { ...work.node, checkpoint, checkpointAt: work.at.now };
};

const settleGreeting = (work: Work, id: ConnectionId, device: DeviceId): void => {
  const settled = settleDuplicates(work.node.device, work.sessions, id, work.at.now);
  if (settled.kind === "key-in-use-twice") {
    work.effects.push({ kind: "key-in-use-twice", id, device });
    deliver(work, id, { kind: "end", reason: { kind: "error", code: "key-in-use-twice", by: "us" } });
  }
  if (settled.kind === "close") {
    for (const other of settled.ids) deliver(work, other, { kind: "end", reason: { kind: "bye", reason: "replaced", by: "us" } });
  }
};

/** Everything is taken from this peer alone: with others open, nothing is (merge.md, "Purge and rejoin"). */
const beginFirstCopy = (work: Work, id: ConnectionId, device: DeviceId, purge: VersionVector): void => {
  const isAlone = [...work.sessions].every(([other, { phase }]) => other === id || phase !== "open");
  if (isAlone) work.node = { ...work.node, first: { kind: "from", device, purge } };
  else deliver(work, id, { kind: "end", reason: { kind: "bye", reason: "copying", by: "us" } });
};

/** The first record has come: it is empty no more. */
const noteContent = (work: Work): void => {
  if (work.node.first?.kind === "empty") work.node = { ...work.node, first: null };
};

/**
 * More is purged than the open sessions were judged by: those whose peers may lack it end, and are judged anew. `here`: by this replica
 * itself, which ends the catch-ups under way too.
 */
const tellPurge = (work: Work, purge: VersionVector, here: boolean): void => {
  if (covers(work.node.purge, purge)) return;
  work.node = { ...work.node, purge: join(work.node.purge, purge), checkpoint: here ? null : work.node.checkpoint };
  for (const [id, session] of [...work.sessions]) {
    const isCatchingUp = session.phase === "open" && (session.in !== null || session.out !== null || session.waiting.length > 0);
    if (session.phase === "open" && covers(session.theirs, purge) && !(here && isCatchingUp)) continue;
    deliver(work, id, { kind: "end", reason: { kind: "bye", reason: "purged", by: "us" } });
  }
};

const obey = (work: Work, id: ConnectionId, device: DeviceId, effect: SessionEffect): void => {
  switch (effect.kind) {
    case "greeted":
      return settleGreeting(work, id, device);
    case "consider-fetch":
      work.considerFetch = true;
      return;
    case "checkpoint":
      return keepCheckpoint(work, effect.checkpoint);
    case "first-copy":
      return beginFirstCopy(work, id, device, effect.purge);
    case "walked": {
      const session = work.sessions.get(id);
      if (session?.phase === "open") work.node = { ...work.node, repairs: walkedWith(work.node.repairs, session, effect, work.at.now) };
      work.effects.push({ kind: "sync-soon", id, device });
      return;
    }
    case "learned":
      learn(work, effect.change, id);
      work.effects.push({ ...effect, id, device }, { kind: "sync-soon", id, device });
      return;
    case "opened":
      work.effects.push({ ...effect, id, device }, { kind: "sync-soon", id, device });
      // What was learned since our hello went out.
      return deliver(work, id, { kind: "grew" });
    case "closed":
      work.sessions.delete(id);
      work.considerFetch = true;
      work.effects.push({ ...effect, id, device });
      return;
    default:
      work.effects.push({ ...effect, id, device });
  }
};

const deliver = (work: Work, id: ConnectionId, event: SessionEvent): void => {
  const session = work.sessions.get(id);
  if (session === undefined) return;
  const [next, effects] = step(session, event, contextOf(work));
  work.sessions.set(id, next);
  for (const effect of effects) {
    // What one effect led to may have ended the session: nothing follows.
    if (effect.kind !== "send" && effect.kind !== "closed" && next.phase !== "closed" && !work.sessions.has(id)) return;
    obey(work, id, session.device, effect);
  }
};

const deliverToAll = (work: Work, event: SessionEvent, except?: ConnectionId): void => {
  for (const id of [...work.sessions.keys()]) if (id !== except) deliver(work, id, event);
};

/** A change is merged or committed here: it counts, and the others are offered it. */
const learn = (work: Work, change: Change, from?: ConnectionId): void => {
  const { replica, seq, hlc } = change.stamp;
  noteContent(work);
  work.node = { ...work.node, vector: advanced(work.node.vector, replica, seq, hlc) };
  deliverToAll(work, { kind: "offer", change }, from);
};

const takeMembership = (work: Work, event: Extract<NodeEvent, { kind: "membership" | "membership-taken" }>): void => {
  const { members, replicas, operations, lines } = event;
  work.node = { ...work.node, members, replicas };
  const from = event.kind === "membership-taken" ? event.id : undefined;
  if (operations.length > 0 || lines.length > 0) {
    deliverToAll(work, { kind: "log-grew", operations, lines }, from);
    for (const [id, session] of [...work.sessions]) {
      if (id !== from) deliver(work, id, { kind: "standing", standing: standingOf(work.node, session) });
    }
  }
  if (event.kind === "membership-taken") {
    const session = work.sessions.get(event.id);
    if (session === undefined) return;
    deliver(work, event.id, { kind: "membership-taken", standing: standingOf(work.node, session), opening: event.opening });
  }
};

const isFetching = (session: SyncSession, { now }: Now): boolean =>
  session.phase === "open" && session.in !== null && now - session.in.movedAt < STALL_HEARTBEATS * session.pulse.everyMs;

const canBring = (session: SyncSession, vector: VersionVector): session is Open =>
  session.phase === "open" && session.peerSends && session.in === null && !covers(vector, session.theirs);

/** One round at a time, so that what several peers have is not sent by each of them. */
const chooseFetch = (work: Work): void => {
  const { vector, checkpoint } = work.node;
  for (const session of work.sessions.values()) if (isFetching(session, work.at)) return;
  for (const [id, session] of work.sessions) {
    if (canBring(session, vector)) return deliver(work, id, { kind: "fetch", checkpoint });
  }
};

/** A heartbeat told what the peer holds. */
const compared = (work: Work, event: Extract<NodeEvent, { kind: "compared" }>): void => {
  const { id, ours, theirs } = event;
  const { node, sessions } = work;
  const session = sessions.get(id);
  if (session?.phase !== "open") return;
  const choice = chooseRepair({ ...node, sessions }, session, event, work.at.now);
  if (choice === "same") work.node = { ...node, repairs: agreedWith(node.repairs, session.device) };
  if (choice === "differs") work.effects.push({ kind: "differs", id, device: session.device });
  if (choice === "walk") deliver(work, id, { kind: "repair", ours, theirs });
};

const handle = (work: Work, event: NodeEvent): void => {
  switch (event.kind) {
    case "connected": {
      const { id, device, dialled, hello } = event;
      const { vector, heartbeatMs } = work.node;
      work.sessions.set(id, startSession({ device, dialled, hello, vector, heartbeatMs, now: work.at.now }));
      return deliver(work, id, { kind: "started" });
    }
    case "vector-taken": {
      const vector = join(work.node.vector, event.vector);
      const { checkpoint } = work.node;
      work.node = { ...work.node, vector, checkpoint: checkpoint !== null && covers(vector, checkpoint.vector) ? null : checkpoint };
      if (work.node.first?.kind === "from") work.node = { ...work.node, first: null };
      tellPurge(work, event.purge, false);
      const device = work.sessions.get(event.id)?.device ?? work.node.device;
      work.effects.push({ kind: "sync-soon", id: event.id, device });
      work.considerFetch = true;
      return deliverToAll(work, { kind: "grew" });
    }
    case "committed": {
      const { replica, seq, hlc } = event.change.stamp;
      // It was durable before we heard of it.
      if (work.node.durable !== null) work.node = { ...work.node, durable: advanced(work.node.durable, replica, seq, hlc) };
      return learn(work, event.change);
    }
    case "membership":
    case "membership-taken":
      return takeMembership(work, event);
    case "compared":
      return compared(work, event);
    case "purged":
      return tellPurge(work, event.purge, true);
    case "synced":
      work.node = { ...work.node, durable: work.node.vector };
      return deliverToAll(work, event);
    case "tree-built":
      return deliverToAll(work, event);
    case "batch-merged":
    case "whole-merged":
      noteContent(work);
      return toOne(work, event);
    case "tick":
      work.considerFetch = true;
      return deliverToAll(work, event);
    default:
      return toOne(work, event);
  }
};

const toOne = (work: Work, { id, ...rest }: Extract<NodeEvent, SessionEvent & { readonly id: ConnectionId }>): void =>
  deliver(work, id, rest);

/** One step of the whole replica. Effects are carried out in order; their results come back as events before any newer message. */
export const stepNode = (node: SyncNode, event: NodeEvent, at: Now): NodeStep => {
  const work: Work = { node, sessions: new Map(node.sessions), at, effects: [], considerFetch: false };
  handle(work, event);
  if (work.considerFetch) chooseFetch(work);
  return [{ ...work.node, sessions: work.sessions }, work.effects];
};

/** When `tick` is due next, monotonic; Infinity when nothing is connected. */
export const nodeDeadline = (node: SyncNode): number => Math.min(Number.POSITIVE_INFINITY, ...[...node.sessions.values()].map(deadlineOf));
