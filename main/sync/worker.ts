/**
 * The sync worker: puts store, listener, discovery, dialler and protocol together, and speaks with the main thread as `port.ts` says.
 * Runs in a `worker_threads` worker with its own connection to the database. One of these for the process's life.
 */
import { randomBytes } from "node:crypto";
import os from "node:os";
import { performance } from "node:perf_hooks";
import { referenceTime } from "../../shared/clock/reference.ts";
import { holdLimit } from "../../shared/clock/hlc.ts";
import type { Hlc } from "../../shared/crdt/types.ts";
import { AppError } from "../../shared/errors.ts";
import { type DeviceId, type EpochMs, parseEpochMs, type WorkspaceId } from "../../shared/ids.ts";
import type { Address } from "../../shared/membership/invitation.ts";
import { addressText, parseAddress } from "../../shared/membership/invitation.ts";
import type { Address as DialAddress } from "../../shared/protocol/reconnect.ts";
import { identityFromKey, type Identity } from "../identity/identity.ts";
import type { ReplicaStore } from "../store/api.ts";
import { openReplicaStore } from "../store/open-replica-store.ts";
import { Admissions } from "./admission.ts";
import { Dialler } from "./dialler.ts";
import { workspaceTag } from "./digest.ts";
import { type Discovery, type NearbyPeer, startDiscovery } from "./discovery/discovery.ts";
import { type Grown, LogKeeper } from "./log-keeper.ts";
import { PeerLinks, problemOf } from "./peer-links.ts";
import type { FromWorker, Joined, SyncAnswers, SyncRequest, SyncStatus, ToWorker, WorkerStart } from "./port.ts";
import { listenSecure } from "./transport/listen.ts";
import type { Listener } from "./transport/api.ts";

/** The main thread's end of the port. */
export interface WorkerPort {
  post(message: FromWorker): void;
}

/** Version of the built-in types, told in hello. */
const SCHEMA_VERSION = 1;
/** No clock that stands before this can be right: when this version was made, 2026-11-01. */
const BUILD_DATE = Date.UTC(2026, 10, 1);
const STATUS_EVERY_MS = 100;
/** Merges are synced to disk so long after they came, but not more often than every so often. */
const SYNC_AFTER_MS = 20;
const SYNC_EVERY_MS = 200;
const HOUSEKEEPING_MS = 1_000;
/** A key that is refused over so many heartbeats is in use twice; before, it may be a process that died a moment ago. */
const TWICE_HEARTBEATS = 3;
/** What a timer is late by itself. */
const TIMER_SLACK_MS = 50;

const epoch = (ms: number): EpochMs => {
  const parsed = parseEpochMs(Math.round(ms));
  if (parsed === undefined) throw new AppError("unreachable", "A time was none.");
  return parsed;
};

const wall = (): EpochMs => epoch(Date.now());
const now = (): number => performance.now();

/** Opens everything; `dispatch` then takes what the main thread says. Throws AppErrors of the store and `port_in_use`. */
export const openWorker = async (start: WorkerStart, port: WorkerPort): Promise<SyncWorker> => {
  const identity = identityFromKey(start.identity);
  const store = openReplicaStore({
    file: start.file,
    types: start.types,
    gate: start.gate,
    wall,
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
  });
  try {
    const worker = new SyncWorker(start, port, identity, store);
    await worker.listen();
    return worker;
  } catch (error) {
    store.close();
    throw error;
  }
};

export class SyncWorker {
  readonly #start: WorkerStart;
  readonly #port: WorkerPort;
  readonly #identity: Identity;
  readonly #store: ReplicaStore;
  readonly #boot = randomBytes(8).toString("hex");
  readonly #admissions: Admissions;
  readonly #dialler: Dialler;
  readonly #stopping = new AbortController();
  readonly #problems = new Map<DeviceId, string>();
  readonly #refusedSince = new Map<DeviceId, number>();
  #listener: Listener | null = null;
  #discovery: Discovery | null = null;
  #keeper: LogKeeper | null = null;
  #links: PeerLinks | null = null;
  #nearby: readonly NearbyPeer[] = [];
  /** Who let us in, and where: dialled as soon as the main thread has adopted the workspace. */
  #inviterAt: { readonly device: DeviceId; readonly address: DialAddress } | null = null;
  #referenceOffset = 0;
  #wakeTimer: NodeJS.Timeout | undefined;
  #wakeAt = Number.POSITIVE_INFINITY;
  #statusTimer: NodeJS.Timeout | undefined;
  #syncTimer: NodeJS.Timeout | undefined;
  #syncedAt = Number.NEGATIVE_INFINITY;
  #hasWritten = true;
  readonly #housekeeping: NodeJS.Timeout;

  constructor(start: WorkerStart, port: WorkerPort, identity: Identity, store: ReplicaStore) {
    this.#start = start;
    this.#port = port;
    this.#identity = identity;
    this.#store = store;
    this.#admissions = new Admissions({
      identity,
      store,
      keeper: () => this.#keeper,
      now,
      wall,
      epoch,
      addresses: () => this.#ownAddresses(),
      ask: (joiner, name, role) => port.post({ kind: "joinRequest", joiner, name, role }),
      grown: (grown) => {
        this.#tellGrown(grown);
        this.#links?.membershipGrew(grown);
      },
      refused: (reason, remoteAddress) => this.#log("info", "An attempt to join was refused", { reason, remoteAddress }),
    });
    this.#dialler = new Dialler({
      identity,
      notebook: store.notebook,
      now,
      random: Math.random,
      isMember: (device) => this.#isPeer(device),
      operations: () => this.#keeper?.log.membership.kept.map(({ bytes }) => bytes) ?? [],
      attach: (link) => (this.#links === null ? link.close(1001, "Left") : this.#links.attach(link)),
      failed: (device) => this.#discovery?.dialFailed(device),
      changed: () => this.#changed(),
    });
    this.#housekeeping = setInterval(() => this.#keepHouse(), HOUSEKEEPING_MS);
  }

  /** Opens the port, enters the workspace, says `ready`. */
  async listen(): Promise<void> {
    const { portFixed, host, mdns, name } = this.#start;
    const wanted = this.#start.port;
    const open = (port: number): Promise<Listener> =>
      listenSecure({
        identity: this.#identity,
        port,
        ...(host === null ? {} : { host }),
        isMember: (device) => this.#isPeer(device),
        link: (link) => (this.#links === null ? link.close(1001, "No workspace") : this.#links.attach(link)),
        joins: this.#admissions.invitations,
        takeLog: (device, operations) => this.#takeLog(device, operations),
      });
    try {
      this.#listener = await open(wanted);
    } catch (error) {
      if (wanted === 0 || portFixed || !(error instanceof AppError) || error.code !== "port_in_use") throw error;
      this.#listener = await open(0);
    }
    const { port } = this.#listener;
    if (this.#start.workspace !== undefined) this.#enter(this.#start.workspace);
    if (mdns) {
      const tag = this.#start.workspace === undefined ? "" : workspaceTag(this.#start.workspace);
      this.#discovery = startDiscovery({
        device: this.#identity.device,
        workspaceTag: tag,
        port,
        wall,
        name,
        log: {
          info: (message, details) => this.#log("info", message, details),
          warn: (message, details) => this.#log("warn", message, details),
        },
      });
      this.#discovery.onPeers((peers) => this.#seen(peers));
    }
    this.#port.post({ kind: "ready", port, portMoved: wanted !== 0 && port !== wanted });
    this.#changed();
  }

  /** What the main thread says. */
  dispatch(message: Exclude<ToWorker, WorkerStart>): void {
    switch (message.kind) {
      case "committed":
        this.#hasWritten = true;
        return this.#links?.committed(message.change);
      case "workspaceChanged":
        return this.#enter(message.workspace);
      case "membershipChanged":
        return this.#reload();
      case "wake":
        this.#dialler.wake();
        return this.#changed();
      case "request":
        return void this.#serve(message.id, message.request);
      case "stop":
        return void this.stop();
    }
  }

  /** Goodbye to peers and network, then the store is closed. */
  async stop(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort();
    clearInterval(this.#housekeeping);
    clearTimeout(this.#wakeTimer);
    clearTimeout(this.#statusTimer);
    clearTimeout(this.#syncTimer);
    this.#dialler.stop();
    this.#admissions.cancel();
    this.#links?.stop();
    this.#links = null;
    await Promise.all([this.#discovery?.stop(), this.#listener?.close()]);
    this.#store.sync();
    this.#store.close();
    this.#port.post({ kind: "stopped" });
  }

  #isPeer(device: DeviceId): boolean {
    return device !== this.#identity.device && (this.#keeper?.roles.has(device) ?? false);
  }

  #limit(): Hlc {
    return holdLimit(epoch(Date.now() + this.#referenceOffset));
  }

  /** The main thread has adopted a workspace into the store. */
  #enter(workspace: WorkspaceId): void {
    if (this.#keeper?.workspace === workspace) return this.#reload();
    this.#links?.stop();
    const keeper = new LogKeeper(workspace, this.#store, this.#identity);
    this.#keeper = keeper;
    this.#links = new PeerLinks({
      store: this.#store,
      keeper,
      device: this.#identity.device,
      appVersion: this.#start.appVersion,
      schema: SCHEMA_VERSION,
      heartbeatMs: this.#start.heartbeatMs,
      boot: this.#boot,
      port: () => this.#listener?.port ?? 0,
      now,
      wall,
      limit: () => this.#limit(),
      listener: {
        merged: (records, byDevice) => this.#port.post({ kind: "merged", records, byDevice }),
        opened: (link, hello) => {
          const { device, dialled, remoteAddress } = link;
          this.#problems.delete(device);
          this.#refusedSince.delete(device);
          const told = hello.port === 0 ? null : ({ host: remoteAddress, port: hello.port, source: "told" } as const);
          this.#dialler.connected(device, dialled, told);
        },
        closed: (device, reason) => {
          if ([...(this.#links?.sessions.values() ?? [])].some((session) => session.device === device)) return;
          const problem = problemOf(reason);
          const isTwice = reason.kind === "error" && reason.code === "key-in-use-twice";
          if (problem !== null && (!isTwice || this.#isRefusedLong(device))) this.#problems.set(device, problem.advice);
          this.#dialler.lost(device, problem !== null);
        },
        grown: (grown) => this.#tellGrown(grown),
        forked: (seenBy) => this.#port.post({ kind: "forked", seenBy }),
        keyInUseTwice: (device) => this.#log("warn", "A second process with the key of a connected device was refused", { device }),
        syncSoon: () => this.#syncSoon(),
        changed: () => this.#changed(),
        trouble: (error) => this.#log("warn", "A link was dropped by an error", { error: String(error) }),
      },
    });
    this.#discovery?.update({ workspaceTag: workspaceTag(workspace), port: this.#listener?.port ?? 0 });
    if (this.#inviterAt !== null) this.#dialler.found(this.#inviterAt.device, [this.#inviterAt.address]);
    this.#seen(this.#nearby);
  }

  #isRefusedLong(device: DeviceId): boolean {
    const since = this.#refusedSince.get(device) ?? now();
    this.#refusedSince.set(device, since);
    return now() - since >= TWICE_HEARTBEATS * this.#start.heartbeatMs;
  }

  #reload(): void {
    if (this.#keeper === null) return;
    const grown = this.#keeper.reload();
    this.#tellGrown(grown);
    this.#links?.membershipGrew(grown);
  }

  #tellGrown({ joined }: Grown): void {
    for (const { device, name } of joined) this.#port.post({ kind: "memberAdded", device, name });
    if (joined.length > 0) this.#seen(this.#nearby);
    this.#changed();
  }

  #takeLog(device: DeviceId, operations: readonly Uint8Array[]): boolean {
    if (this.#keeper === null) return false;
    const grown = this.#keeper.take(null, operations, []);
    if (grown.operations.length > 0) {
      this.#tellGrown(grown);
      this.#links?.membershipGrew(grown);
    }
    return this.#isPeer(device);
  }

  /** Discovery's list: members go to the dialler, all are shown. */
  #seen(peers: readonly NearbyPeer[]): void {
    const before = this.#nearby;
    this.#nearby = peers;
    for (const { device } of before) if (!peers.some((peer) => peer.device === device)) this.#dialler.vanished(device);
    for (const { device, addresses } of peers) {
      if (!this.#isPeer(device)) continue;
      this.#dialler.found(
        device,
        addresses.map(({ host, port }) => ({ host, port, source: "nearby" })),
      );
    }
    this.#changed();
  }

  async #serve(id: number, request: SyncRequest): Promise<void> {
    try {
      this.#port.post({ kind: "answer", id, value: await this.#answer(request) });
    } catch (error) {
      const known =
        error instanceof AppError ? error : new AppError("sync_failed", "Sync could not do that by an error of its own.", { cause: error });
      if (known !== error) this.#log("warn", "A request failed", { error: String(error) });
      this.#port.post({ kind: "refused", id, code: known.code, advice: known.advice });
    }
  }

  async #answer(request: SyncRequest): Promise<SyncAnswers[SyncRequest["kind"]]> {
    switch (request.kind) {
      case "invite":
        return this.#admissions.invite(request.role, request.long, request.confirmed);
      case "cancelInvite":
        this.#admissions.cancel();
        return null;
      case "confirmJoin":
        this.#admissions.confirm(request.joiner, request.admit);
        return null;
      case "join":
        return this.#join(request);
      case "dial":
        return this.#dial(request.address);
    }
  }

  async #join({ code, address, name }: Extract<SyncRequest, { kind: "join" }>): Promise<Joined> {
    const nearby = this.#nearby.flatMap(({ addresses }) => addresses.map(({ host, port }): Address => ({ host, port })));
    const joined = await this.#admissions.join(code, address, nearby, name ?? this.#start.name, this.#stopping.signal);
    const { membership } = joined.log;
    this.#store.log.addOperations(membership.kept.map(({ id, bytes }) => ({ hash: id, bytes })));
    this.#store.sync();
    this.#inviterAt = { device: joined.inviter.device, address: { ...joined.address, source: "good" } };
    const { workspace } = membership;
    return {
      workspace,
      device: this.#identity.device,
      inviter: joined.inviter.name,
      inviterDevice: joined.inviter.device,
      letters: joined.self.letters,
    };
  }

  async #dial(text: string): Promise<SyncAnswers["dial"]> {
    const address = parseAddress(text);
    if (address === undefined) throw new AppError("address_unreadable", `"${text}" is no address. Write it as HOST:PORT.`);
    if (this.#keeper === null) throw new AppError("no_workspace", "This desk belongs to no workspace yet. Join one with an invitation.");
    const outcome = await this.#dialler.reach(address);
    switch (outcome.kind) {
      case "linked":
        return { device: outcome.device };
      case "wrong_device":
        throw new AppError("not_a_member", `Who answers at ${text} is no member of this workspace. Invite it first.`);
      case "not_accepted":
        throw new AppError("not_accepted", `The desk at ${text} does not know this one as a member.`);
      case "unreachable":
      case "aborted":
        throw new AppError("unreachable", `No Switchyard answered at ${text}. Check that the desk is on and in the same network.`);
    }
  }

  #ownAddresses(): readonly Address[] {
    const port = this.#listener?.port ?? 0;
    const all = Object.values(os.networkInterfaces()).flatMap((list) => list ?? []);
    const usable = all.filter(({ address }) => !address.startsWith("fe80"));
    const outside = usable.filter(({ internal }) => !internal);
    return (outside.length > 0 ? outside : usable).map(({ address }) => ({ host: address, port }));
  }

  #syncSoon(): void {
    this.#hasWritten = true;
    if (this.#syncTimer !== undefined) return;
    const wait = Math.max(SYNC_AFTER_MS, this.#syncedAt + SYNC_EVERY_MS - now());
    this.#syncTimer = setTimeout(() => {
      this.#syncTimer = undefined;
      this.#guard(() => this.#store.sync());
      this.#syncedAt = now();
      this.#links?.synced();
    }, wait);
  }

  /** Reference time, held work that is due, the write-ahead log. */
  #keepHouse(): void {
    const offsets = [...(this.#links?.sessions.values() ?? [])].flatMap((session) =>
      session.phase === "open" && session.pulse.clockOffset !== null ? [session.pulse.clockOffset] : [],
    );
    const { aheadMs } = referenceTime({
      wall: wall(),
      buildDate: epoch(BUILD_DATE),
      peerOffsetsMs: offsets,
      hubOffsetMs: null,
      ownIsRight: this.#store.notebook.get("clock.ownIsRight") === "1",
    });
    // Within a second clocks are the same clock: the status need not follow every breath of the network.
    if (Math.abs(-aheadMs - this.#referenceOffset) >= 1_000) {
      this.#referenceOffset = -aheadMs;
      this.#changed();
    }
    this.#guard(() => {
      const due = this.#store.mergeDue(this.#limit());
      if (due.length > 0) this.#port.post({ kind: "merged", records: due, byDevice: null });
      if (this.#hasWritten) this.#store.checkpoint();
      this.#hasWritten = false;
    });
  }

  /** The store may fail (a full disk): that is told, and tried again the next time. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#log("warn", "The store could not do its housekeeping", { error: String(error) });
    }
  }

  /** Something that the status shows, or a deadline, may have changed. */
  #changed(): void {
    if (this.#stopping.signal.aborted) return;
    this.#plan();
    this.#statusTimer ??= setTimeout(() => {
      this.#statusTimer = undefined;
      this.#port.post({ kind: "status", status: this.#status() });
    }, STATUS_EVERY_MS);
  }

  #plan(): void {
    const at = Math.min(this.#links?.deadline ?? Number.POSITIVE_INFINITY, this.#dialler.deadline);
    if (at === this.#wakeAt && this.#wakeTimer !== undefined) return;
    clearTimeout(this.#wakeTimer);
    this.#wakeTimer = undefined;
    this.#wakeAt = at;
    if (at === Number.POSITIVE_INFINITY) return;
    this.#wakeTimer = setTimeout(() => this.#wake(at), Math.max(0, at - now()));
  }

  /** Being late ourselves is no silence of a peer. */
  #wake(at: number): void {
    this.#wakeTimer = undefined;
    const late = now() - at;
    this.#links?.tick(late > TIMER_SLACK_MS ? late : 0);
    this.#dialler.run();
    this.#plan();
  }

  #status(): SyncStatus {
    const sessions = [...(this.#links?.sessions.values() ?? [])];
    const open = new Map(sessions.flatMap((session) => (session.phase === "open" ? [[session.device, session] as const] : [])));
    const members = [...(this.#keeper?.members.values() ?? [])].filter(({ device }) => device !== this.#identity.device);
    const ownTag = this.#keeper === null ? "" : workspaceTag(this.#keeper.workspace);
    return {
      port: this.#listener?.port ?? 0,
      peers: members.map(({ device, name, role }) => {
        const session = open.get(device);
        return {
          device,
          name,
          role,
          connected: session !== undefined,
          lastExchange: this.#links?.heardAt(device) ?? null,
          address: this.#dialler.addressOf(device),
          clockOffset: session?.pulse.clockOffset ?? null,
          version: session?.peer.app ?? null,
          identical: session === undefined ? null : (this.#links?.isIdentical(device) ?? null),
          problem: this.#problems.get(device) ?? null,
        };
      }),
      unseen: this.#store.unseen(),
      held: this.#store.held().map((held) => ({ ...held, device: this.#keeper?.replicas.get(held.replica) ?? null })),
      nearby: this.#nearby.map(({ device, name, addresses, workspaceTag: tag }) => ({
        device,
        name: name ?? "",
        addresses: addresses.map(addressText),
        sameWorkspace: tag !== "" && tag === ownTag,
      })),
      referenceOffset: this.#referenceOffset,
      receiving: sessions.some((session) => session.phase === "open" && session.in !== null),
    };
  }

  #log(level: "info" | "warn", message: string, details: Readonly<Record<string, unknown>> = {}): void {
    const plain = Object.entries(details).map(([key, value]) => [key, typeof value === "number" ? value : String(value)]);
    this.#port.post({ kind: "log", level, message, details: Object.fromEntries(plain) });
  }
}
