/**
 * The shell around the protocol's reducer: feeds it what links and the main thread bring, carries out what it wants in order, and hands
 * results back before anything newer. Decides nothing itself. Should the store fail in the middle, all links are dropped and the node
 * starts again from what the store holds: no claim outlives a failed write.
 */
import type { Change, Hlc, RecordCells, VersionVector } from "../../shared/crdt/types.ts";
import type { DeviceId, EpochMs, RecordId } from "../../shared/ids.ts";
import { type Decoder, makeDecoder } from "../../shared/protocol/codec.ts";
import { PURGES } from "../../shared/protocol/greeting.ts";
import { CREDIT, PROTOCOL } from "../../shared/protocol/limits.ts";
import type { Hello } from "../../shared/protocol/messages/hello.ts";
import type { Message } from "../../shared/protocol/messages/message.ts";
import { nodeDeadline, startNode, stepNode } from "../../shared/protocol/node.ts";
import type { ConnectionId, NodeEffect, NodeEvent, SyncNode } from "../../shared/protocol/node-state.ts";
import { Refusal } from "../../shared/protocol/refusal.ts";
import { REPAIR_CAPABILITY } from "../../shared/protocol/repair.ts";
import type { CloseReason, SyncSession } from "../../shared/protocol/session-state.ts";
import { join } from "../../shared/protocol/vector.ts";
import { DIGESTS_CAPABILITY } from "../../shared/protocol/vector-digests.ts";
import type { ReplicaStore } from "../store/api.ts";
import { CAPABILITIES, compression, encodingFor } from "./compression.ts";
import { vectorDigest } from "./digest.ts";
import type { Grown, LogKeeper } from "./log-keeper.ts";
import { Outgoing } from "./outgoing.ts";
import { obeyStore } from "./store-effects.ts";
import type { Link } from "./transport/api.ts";
import { TreeWorks } from "./tree-works.ts";

export interface PeerLinksOptions {
  readonly store: ReplicaStore;
  readonly keeper: LogKeeper;
  readonly device: DeviceId;
  readonly appVersion: string;
  readonly schema: number;
  readonly heartbeatMs: number;
  /** Random for each start of the process. */
  readonly boot: string;
  readonly port: () => number;
  readonly now: () => number;
  readonly wall: () => EpochMs;
  /** Reference time plus five minutes. */
  readonly limit: () => Hlc;
  readonly listener: PeerLinksListener;
}

/** What the rest of the worker hears. */
export interface PeerLinksListener {
  merged(records: readonly RecordId[], byDevice: DeviceId | null): void;
  opened(link: Link, hello: Hello): void;
  closed(device: DeviceId, reason: CloseReason): void;
  /** Operations or lines came that are new here. */
  grown(grown: Grown): void;
  forked(seenBy: DeviceId): void;
  keyInUseTwice(device: DeviceId): void;
  /** This peer has purged what we have not heard of: a fresh copy must be taken from it first. */
  mustRejoin(device: DeviceId): void;
  /** Both hold the same changes, and a repair did not make them hold the same; false: they do. */
  differs(device: DeviceId, differs: boolean): void;
  /** A catch-up has come to its end. */
  caughtUp(): void;
  /** Something was merged that is not on the disk yet. */
  syncSoon(): void;
  /** Anything that the status shows may have changed, or a deadline. */
  changed(): void;
  trouble(error: unknown): void;
}

interface Entry {
  readonly link: Link;
  readonly decoder: Decoder;
  readonly outgoing: Outgoing;
}

const CLOSE_CODE = 4000;
/** Cells of a small catch-up whose author is looked for; a larger one is anybody's. */
const AUTHOR_CELLS = 500;

export class PeerLinks {
  readonly #options: PeerLinksOptions;
  #node: SyncNode;
  readonly #entries = new Map<ConnectionId, Entry>();
  /** When each device was last heard, and whether its state was ours then. */
  readonly #heardAt = new Map<DeviceId, EpochMs>();
  readonly #identical = new Map<DeviceId, boolean | null>();
  readonly #treeWorks: TreeWorks;
  #nextId: ConnectionId = 1;
  #isFeeding = false;
  readonly #waiting: NodeEvent[] = [];

  constructor(options: PeerLinksOptions) {
    this.#options = options;
    this.#node = this.#freshNode();
    this.#treeWorks = new TreeWorks({
      tree: options.store.tree,
      built: () => this.#feed({ kind: "tree-built" }),
      trouble: (error) => options.listener.trouble(error),
    });
  }

  get sessions(): ReadonlyMap<ConnectionId, SyncSession> {
    return this.#node.sessions;
  }
  get vector(): VersionVector {
    return this.#node.vector;
  }
  get deadline(): number {
    return nodeDeadline(this.#node);
  }

  heardAt(device: DeviceId): EpochMs | null {
    return this.#heardAt.get(device) ?? null;
  }

  /** The peer's state has our fingerprint, as last compared; null while it cannot be told. */
  isIdentical(device: DeviceId): boolean | null {
    return this.#identical.get(device) ?? null;
  }

  /** A link with a pinned member. */
  attach(link: Link): void {
    const id = this.#nextId++;
    const { device, dialled } = link;
    const outgoing = new Outgoing(link, {
      congested: (congested) => {
        if (this.#entries.has(id)) this.#feed({ kind: "congested", id, congested });
      },
      refused: (refusal) => {
        this.#options.listener.trouble(refusal);
        this.#feed({ kind: "end", id, reason: { kind: "error", code: "too-large", by: "us" } });
      },
    });
    this.#entries.set(id, { link, decoder: makeDecoder(compression), outgoing });
    this.#feed({ kind: "connected", id, device, dialled, hello: this.#hello(device) });
    link.listen({
      message: (bytes) => this.#receive(id, bytes),
      closed: () => this.#feed({ kind: "lost", id }),
      pong: () => this.#heard(id),
    });
  }

  committed(change: Change): void {
    this.#feed({ kind: "committed", change });
  }

  /** The log grew by our own hand, or by a stranger's who handed it over. */
  membershipGrew(grown: Grown): void {
    const { roles, replicas } = this.#options.keeper;
    this.#feed({ kind: "membership", members: roles, replicas, operations: grown.operations, lines: grown.lines });
  }

  synced(): void {
    this.#feed({ kind: "synced" });
  }

  /** Records were purged here. */
  purged(): void {
    this.#feed({ kind: "purged", purge: this.#options.store.purging.vector() });
  }

  tick(lateMs: number): void {
    this.#feed({ kind: "tick", lateMs });
  }

  /** Says goodbye to all. */
  stop(): void {
    this.#treeWorks.stop();
    for (const id of [...this.#entries.keys()]) this.#feed({ kind: "end", id, reason: { kind: "bye", reason: "stopping", by: "us" } });
  }

  #freshNode(): SyncNode {
    const { device, store, keeper, heartbeatMs } = this.#options;
    const { roles: members, replicas } = keeper;
    return startNode({
      device,
      replica: store.replica,
      heartbeatMs,
      vector: store.vector(),
      purge: store.purging.vector(),
      isEmpty: store.isEmpty(),
      members,
      replicas,
    });
  }

  #hello(peer: DeviceId): Hello {
    const { store, keeper, device, appVersion, schema, wall, boot, port } = this.#options;
    const theirs = [...keeper.replicas].filter(([, of]) => of === peer).map(([replica]) => replica);
    const told = new Map([...this.#node.vector].filter(([replica]) => theirs.includes(replica)));
    return {
      kind: "hello",
      protocol: PROTOCOL,
      workspace: keeper.workspace,
      device,
      replica: store.replica,
      replicaLine: keeper.ownLine,
      app: appVersion,
      schema,
      capabilities: [...CAPABILITIES, REPAIR_CAPABILITY, PURGES, DIGESTS_CAPABILITY],
      wall: wall(),
      boot,
      heads: keeper.heads,
      linesDigest: keeper.linesDigest,
      vectorDigest: vectorDigest(this.#node.vector),
      seen: join(told, store.seen(theirs)),
      credit: CREDIT,
      port: port(),
    };
  }

  #heard(id: ConnectionId): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#heardAt.set(entry.link.device, this.#options.wall());
    this.#feed({ kind: "heard", id });
  }

  #receive(id: ConnectionId, bytes: Uint8Array): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#heard(id);
    let message: Message | undefined;
    try {
      message = entry.decoder.decode(bytes);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#options.listener.trouble(error);
      const code = error.code === "too_large" ? "too-large" : "garbled";
      this.#feed({ kind: "end", id, reason: { kind: "error", code, by: "us" } });
      return;
    }
    if (message !== undefined) this.#feed({ kind: "received", id, message });
  }

  /** Steps until nothing is left to do. Events that come up meanwhile wait their turn. */
  #feed(event: NodeEvent): void {
    this.#waiting.push(event);
    if (this.#isFeeding) return;
    this.#isFeeding = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) this.#step(next);
    } catch (error) {
      this.#startAgain(error);
    } finally {
      this.#isFeeding = false;
    }
    this.#options.listener.changed();
  }

  #step(first: NodeEvent): void {
    const { now, wall } = this.#options;
    const events = [first];
    for (let event = events.shift(); event !== undefined; event = events.shift()) {
      const [node, effects] = stepNode(this.#node, event, { now: now(), wall: wall() });
      this.#node = node;
      // Depth first: what one effect led to is done before what follows it.
      events.unshift(...effects.flatMap((effect) => this.#obey(effect) ?? []));
    }
  }

  #startAgain(error: unknown): void {
    this.#waiting.length = 0;
    this.#options.listener.trouble(error);
    for (const { link } of this.#entries.values()) {
      link.terminate();
      this.#options.listener.closed(link.device, { kind: "lost" });
    }
    this.#entries.clear();
    // What a walk did not mend is not tried again for that.
    this.#node = { ...this.#freshNode(), repairs: this.#node.repairs };
  }

  #obey(effect: NodeEffect): NodeEvent | null {
    const { store, keeper, limit, listener } = this.#options;
    const obeyed = obeyStore(store, effect, limit());
    if (obeyed !== null) {
      if (effect.kind === "take-vector") listener.caughtUp();
      if (obeyed.merged.length > 0) listener.merged(obeyed.merged, this.#authorOf(effect));
      return obeyed.event;
    }
    const { id, device } = effect;
    switch (effect.kind) {
      case "send":
        this.#entries.get(id)?.outgoing.send(effect.message);
        return null;
      case "send-ping": {
        const { wall } = this.#options;
        const fingerprint = store.fingerprint();
        const ping = { kind: "ping" as const, n: effect.n, wall: wall(), vectorDigest: vectorDigest(this.#node.vector), fingerprint };
        this.#entries.get(id)?.outgoing.send(ping);
        return null;
      }
      case "closed":
        this.#hangUp(id, device, effect.reason);
        return null;
      case "opened":
        this.#opened(id);
        return null;
      case "take-membership": {
        const grown = keeper.take(device, effect.operations, effect.lines);
        if (grown.operations.length > 0 || grown.lines.length > 0) listener.grown(grown);
        const { operations, lines } = grown;
        return {
          kind: "membership-taken",
          id,
          opening: effect.opening,
          members: keeper.roles,
          replicas: keeper.replicas,
          operations,
          lines,
        };
      }
      case "read-log":
        return { kind: "log-read", id, ...keeper.beyond(effect.heads) };
      case "sync-soon":
        listener.syncSoon();
        return null;
      case "acknowledged":
        store.acknowledge(device, effect.seq);
        return null;
      case "compare": {
        const ours = store.fingerprint();
        const same = effect.fingerprint === ours;
        // Twice in a row: what a peer held a heartbeat ago is on its disk by now.
        if (same && this.#identical.get(device) === true) store.carriedSeen();
        const sameVector = same || effect.vectorDigest === vectorDigest(this.#node.vector);
        // Different states say nothing while the vectors differ: changes are on their way.
        this.#identical.set(device, sameVector ? same : null);
        if (same) listener.differs(device, false);
        return { kind: "compared", id, sameVector, ours, theirs: effect.fingerprint };
      }
      case "peer-holds":
        store.purging.note(device, effect.replica, effect.vector);
        return null;
      case "must-rejoin":
        listener.mustRejoin(device);
        return null;
      case "build-tree":
        this.#treeWorks.begin();
        return null;
      case "differs":
        listener.differs(device, true);
        return null;
      case "check-own": {
        const own = store.ownHlc(effect.seq);
        return own === undefined || own === effect.hlc ? null : { kind: "own-differs", id };
      }
      case "forked":
        listener.forked(device);
        return null;
      case "key-in-use-twice":
        listener.keyInUseTwice(device);
        return null;
      default:
        return null;
    }
  }

  #opened(id: ConnectionId): void {
    const entry = this.#entries.get(id);
    const session = this.#node.sessions.get(id);
    if (entry === undefined || session?.phase !== "open") return;
    entry.outgoing.encoding = encodingFor(session.peer.capabilities);
    this.#options.listener.opened(entry.link, session.peer);
  }

  #hangUp(id: ConnectionId, device: DeviceId, reason: CloseReason): void {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    if (reason.kind === "silent") entry?.link.terminate();
    else if (reason.kind !== "lost") entry?.link.close(CLOSE_CODE, reason.kind === "error" ? reason.code : reason.reason);
    if (![...this.#node.sessions.values()].some((other) => other.device === device)) this.#identical.delete(device);
    this.#options.listener.closed(device, reason);
  }

  /** Whose work was merged, if it was one device's. */
  #authorOf(effect: NodeEffect): DeviceId | null {
    const { replicas } = this.#options.keeper;
    if (effect.kind === "merge-live") return replicas.get(effect.change.stamp.replica) ?? effect.device;
    if (effect.kind !== "merge-batch") return null;
    const cells = effect.records.flatMap(({ cells: some }: RecordCells) => some);
    if (cells.length > AUTHOR_CELLS) return null;
    const authors = new Set(cells.map(({ stamp }) => replicas.get(stamp.replica) ?? null));
    const [author] = authors;
    return authors.size === 1 ? (author ?? null) : null;
  }
}
