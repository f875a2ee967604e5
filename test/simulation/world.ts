/**
 * A seeded world of desks: time is a queue of events, connections are ordered pipes with delays that may be cut at any moment, desks lose
 * their power. Each desk runs the protocol's own reducer and codec over a store; nothing here decides anything of the protocol.
 */

import { Buffer } from "node:buffer";
import { obeyStore } from "../../main/sync/store-effects.ts";
import type { Change, Hlc } from "../../shared/crdt/types.ts";
import { type DeviceId, type EpochMs, parseDeviceId, parseEpochMs, parseReplicaId, type ReplicaId } from "../../shared/ids.ts";
import type { Role } from "../../shared/membership/types.ts";
import { type Compression, encode, makeDecoder } from "../../shared/protocol/codec.ts";
import type { Message } from "../../shared/protocol/messages/message.ts";
import { nodeDeadline, startNode, stepNode } from "../../shared/protocol/node.ts";
import type { NodeEffect, NodeEvent } from "../../shared/protocol/node-state.ts";
import { EMPTY_VECTOR, vectorText } from "../../shared/protocol/vector.ts";
import { Broken, type Counts, type Desk, type DeskStore, newCounts, type Plants, type Wire } from "./desk.ts";
import { hash, helloOf } from "./hello.ts";
import { known } from "./model-store.ts";
import type { Random } from "./random.ts";
import { Timeline } from "./timeline.ts";

export const HEARTBEAT_MS = 5_000;
const START_MS = 1_795_500_000_000;
const PLAIN: Compression = { compress: (bytes) => bytes, expand: (bytes) => bytes };

/** A desk that restarts at once may be met by the connection of its former life; one that was away long takes a fresh copy. */
const ORDINARY: ReadonlySet<string> = new Set(["key-in-use-twice", "rejoin-yours", "rejoin-mine"]);

export class World extends Timeline {
  readonly random: Random;
  readonly desks: Desk[] = [];
  readonly counts: Counts = newCounts();
  readonly roles = new Map<DeviceId, Role>();
  readonly replicas = new Map<ReplicaId, DeviceId>();
  #nextConnection = 1;
  readonly #limit: Hlc;
  readonly #plants: Plants;
  /** Largest delay of a message on its way, milliseconds. */
  delayMs = 40;

  constructor(random: Random, limit: Hlc, plants: Plants = {}) {
    super();
    this.random = random;
    this.#limit = limit;
    this.#plants = plants;
  }

  wall(): EpochMs {
    return known(parseEpochMs(START_MS + Math.floor(this.now)));
  }

  addDesk(name: string, store: DeskStore, role: Role = "dispatcher"): Desk {
    const device = known(parseDeviceId(hash(`${name} ${this.random.hex(8)}`)));
    this.roles.set(device, role);
    this.replicas.set(store.replica, device);
    const planted = this.#plants.store?.(store) ?? store;
    const desk: Desk = {
      name,
      device,
      store: planted,
      node: startNode({
        device,
        replica: store.replica,
        heartbeatMs: HEARTBEAT_MS,
        vector: store.vector(),
        purge: store.purge?.() ?? EMPTY_VECTOR,
        isEmpty: store.vector().size === 0,
        members: this.roles,
        replicas: this.replicas,
      }),
      boot: 0,
      wires: new Map(),
      syncDue: false,
      tickAt: Number.POSITIVE_INFINITY,
      acked: new Map(),
    };
    this.desks.push(desk);
    return desk;
  }

  isConnected(a: Desk, b: Desk): boolean {
    return [...a.wires.values()].some((wire) => wire.open && wire.peer?.desk === b);
  }

  /** `a` dials `b`; both ends stand after a delay. */
  connect(a: Desk, b: Desk): void {
    const near = this.#wire(a);
    const far = this.#wire(b);
    near.peer = far;
    far.peer = near;
    const delay = this.random.next() * this.delayMs;
    this.after(delay, () => {
      if (far.open && b.wires.has(far.id)) this.#open(far, a, false);
    });
    // Nothing that we say is there before the other end stands.
    near.clear = this.now + delay;
    this.#open(near, b, true);
  }

  /** All connections between the two break; each end notices in its own time, what is on its way is lost. */
  cut(a: Desk, b: Desk): void {
    for (const wire of [...a.wires.values()]) {
      if (wire.peer?.desk !== b || !wire.open) continue;
      this.counts.cuts++;
      const { peer } = wire;
      for (const end of [wire, peer]) {
        end.open = false;
        this.after(this.random.next() * this.delayMs, () => this.#lose(end));
      }
    }
  }

  /** Power loss and restart: connections, checkpoints and what was not synced are gone. */
  crash(desk: Desk): void {
    this.counts.crashes++;
    this.#halt(desk);
    desk.store.crash();
    for (const other of this.desks) {
      const claimed = other.acked.get(desk.device) ?? 0;
      const held = desk.store.vector().get(other.store.replica)?.seq ?? 0;
      if (held < claimed) throw new Broken(`${desk.name} acknowledged ${claimed} of ${other.name} and holds ${held} after a power loss`);
    }
    this.restart(desk);
  }

  /** Begins anew from what the store holds; no connection may be open. */
  restart(desk: Desk): void {
    const { store } = desk;
    const isEmpty = store.isEmpty?.() ?? store.vector().size === 0;
    const held = { replica: store.replica, vector: store.vector(), purge: store.purge?.() ?? EMPTY_VECTOR, isEmpty };
    desk.node = startNode({ ...desk.node, ...held, members: this.roles, replicas: this.replicas });
  }

  committed(desk: Desk, change: Change): void {
    this.feed(desk, { kind: "committed", change });
  }

  feed(desk: Desk, event: NodeEvent): void {
    const events: NodeEvent[] = [event];
    for (let next = events.shift(); next !== undefined; next = events.shift()) {
      const [node, effects] = stepNode(desk.node, next, { now: this.now, wall: this.wall() });
      desk.node = node;
      // Results come back before anything newer, in the order of their effects: depth first.
      events.unshift(...effects.flatMap((effect) => this.#obey(desk, effect)));
    }
    this.#checkVector(desk);
    this.#planTick(desk);
  }

  /** Whoever learns of its fork ends the connection on which it did. */
  #isOfFork(code: string): boolean {
    return code === "other" && this.counts.forks > 0;
  }

  #checkVector(desk: Desk): void {
    for (const [replica, { seq }] of desk.node.vector) {
      if (seq > (desk.store.vector().get(replica)?.seq ?? 0)) throw new Broken(`${desk.name} claims more than it holds`);
    }
  }

  #wire(desk: Desk): Wire {
    const wire: Wire = { desk, id: this.#nextConnection++, decoder: makeDecoder(PLAIN), peer: null, open: true, clear: this.now };
    desk.wires.set(wire.id, wire);
    return wire;
  }

  #open(wire: Wire, peer: Desk, dialled: boolean): void {
    const { desk, id } = wire;
    this.feed(desk, {
      kind: "connected",
      id,
      device: peer.device,
      dialled,
      hello: helloOf(desk, peer, { replicas: this.replicas, wall: this.wall(), repairs: this.#plants.repairs !== false }),
    });
  }

  /** The power goes, and with it all connections. */
  #halt(desk: Desk): void {
    for (const other of this.desks) if (other !== desk) this.cut(desk, other);
    desk.wires.clear();
    desk.boot++;
    desk.syncDue = false;
  }

  /** Off, then on again with what `change` makes of the disk. */
  replaceDisk(desk: Desk, change: () => void): void {
    this.#halt(desk);
    change();
    this.replicas.set(desk.store.replica, desk.device);
    for (const other of this.desks) other.acked.delete(desk.device);
    this.restart(desk);
  }

  #beginAnew(desk: Desk): void {
    this.counts.forks++;
    const replica = known(parseReplicaId(this.random.hex(32)));
    const { boot } = desk;
    this.after(0, () => {
      if (desk.boot !== boot) return;
      this.replaceDisk(desk, () => desk.store.beginAnew?.(replica));
      desk.acked.clear();
    });
  }

  #lose(wire: Wire): void {
    wire.open = false;
    if (wire.desk.wires.delete(wire.id)) this.feed(wire.desk, { kind: "lost", id: wire.id });
  }

  #send(wire: Wire, message: Message): void {
    this.counts.sent.set(message.kind, (this.counts.sent.get(message.kind) ?? 0) + 1);
    if (message.kind === "ask" && message.checkpoint !== null) this.counts.resumed++;
    if (message.kind === "tree" && message.parts?.[0]?.node.depth === 0) this.counts.repairs++;
    for (const frame of encode(message, "plain", PLAIN)) {
      const bytes = new Uint8Array(Buffer.from(frame));
      wire.clear = Math.max(wire.clear, this.now + this.random.next() * this.delayMs);
      const { peer } = wire;
      if (peer === null) return;
      this.after(wire.clear - this.now, () => {
        if (!peer.open || !peer.desk.wires.has(peer.id)) return;
        this.feed(peer.desk, { kind: "heard", id: peer.id });
        const read = peer.decoder.decode(bytes);
        if (read !== undefined) this.feed(peer.desk, { kind: "received", id: peer.id, message: read });
      });
    }
  }

  #obey(desk: Desk, wanted: NodeEffect): readonly NodeEvent[] {
    const effect = this.#plants.effect === undefined ? wanted : this.#plants.effect(wanted);
    if (effect === null) return [];
    const obeyed = obeyStore(desk.store, effect, this.#limit);
    if (obeyed !== null) {
      const { event } = obeyed;
      if (event.kind === "live-merged" && event.result.kind === "gap") this.counts.gaps++;
      if (event.kind === "live-merged" && event.result.kind === "missing") this.counts.missing++;
      if (event.kind === "batch-merged" && event.missing.length > 0) this.counts.missing++;
      return [event];
    }
    const wire = desk.wires.get(effect.id);
    switch (effect.kind) {
      case "send":
        if (wire !== undefined) this.#send(wire, effect.message);
        return [];
      case "send-ping":
        if (wire !== undefined) {
          const vectorDigest = hash(vectorText(desk.node.vector));
          this.#send(wire, { kind: "ping", n: effect.n, wall: this.wall(), vectorDigest, fingerprint: hash(desk.store.dump()) });
        }
        return [];
      case "closed": {
        if (effect.reason.kind === "bye" && effect.reason.reason === "replaced") this.counts.replaced++;
        if (effect.reason.kind === "error" && !ORDINARY.has(effect.reason.code) && !this.#isOfFork(effect.reason.code))
          throw new Broken(`${desk.name} ended a connection: ${effect.reason.code} by ${effect.reason.by}`);
        const peer = wire?.peer;
        desk.wires.delete(effect.id);
        // What was sent goes out first; then the other end sees the line end.
        if (wire !== undefined && peer !== null && peer !== undefined) {
          this.after(Math.max(wire.clear - this.now, 0) + this.random.next() * this.delayMs, () => this.#lose(peer));
        }
        return [];
      }
      case "take-membership":
        return [
          {
            kind: "membership-taken",
            id: effect.id,
            opening: effect.opening,
            members: this.roles,
            replicas: this.replicas,
            operations: [],
            lines: [],
          },
        ];
      case "read-log":
        return [{ kind: "log-read", id: effect.id, operations: [], lines: [] }];
      case "sync-soon":
        this.#syncSoon(desk);
        return [];
      case "compare": {
        const ours = hash(desk.store.dump());
        const sameVector = effect.vectorDigest === hash(vectorText(desk.node.vector));
        return [{ kind: "compared", id: effect.id, sameVector, ours, theirs: effect.fingerprint }];
      }
      case "build-tree":
        this.#buildTree(desk);
        return [];
      case "differs":
        this.counts.differs++;
        return [];
      case "acknowledged":
        desk.acked.set(effect.device, Math.max(desk.acked.get(effect.device) ?? 0, effect.seq));
        return [];
      case "peer-holds":
      case "must-rejoin":
        this.#plants.heard?.(desk, effect);
        return [];
      case "forked":
        if (desk.store.beginAnew === undefined) throw new Broken(`${desk.name} took itself for a copy`);
        this.#beginAnew(desk);
        return [];
      case "check-own": {
        const own = desk.store.ownHlc?.(effect.seq);
        return own === undefined || own === effect.hlc ? [] : [{ kind: "own-differs", id: effect.id }];
      }
      case "key-in-use-twice":
        this.counts.twice++;
        return [];
      default:
        return [];
    }
  }

  #syncSoon(desk: Desk): void {
    if (desk.syncDue) return;
    desk.syncDue = true;
    this.#inThisLife(desk, 20, () => {
      desk.syncDue = false;
      desk.store.sync();
      this.feed(desk, { kind: "synced" });
    });
  }

  #buildTree(desk: Desk): void {
    this.#inThisLife(desk, this.random.next() * 20, () => {
      desk.store.tree.build(Number.POSITIVE_INFINITY);
      this.feed(desk, { kind: "tree-built" });
    });
  }

  /** Unless the desk has been started anew by then. */
  #inThisLife(desk: Desk, ms: number, run: () => void): void {
    const { boot } = desk;
    this.after(ms, () => {
      if (desk.boot === boot) run();
    });
  }

  #planTick(desk: Desk): void {
    const at = nodeDeadline(desk.node);
    if (at >= desk.tickAt || at === Number.POSITIVE_INFINITY) return;
    desk.tickAt = at;
    this.after(Math.max(0, at - this.now), () => {
      if (desk.tickAt !== at) return;
      desk.tickAt = Number.POSITIVE_INFINITY;
      this.feed(desk, { kind: "tick", lateMs: 0 });
    });
  }
}
