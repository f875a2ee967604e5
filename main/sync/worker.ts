/**
 * The sync worker: puts store, listener, discovery, dialler and protocol together, and speaks with the main thread as `port.ts` says.
 * Runs in a `worker_threads` worker with its own connection to the database. One of these for the process's life.
 */
import { randomBytes } from "node:crypto";
import os from "node:os";
import { performance } from "node:perf_hooks";
import { AppError } from "../../shared/errors.ts";
import type { DeviceId, EpochMs, WorkspaceId } from "../../shared/ids.ts";
import type { Address } from "../../shared/membership/invitation.ts";
import type { Address as DialAddress } from "../../shared/protocol/reconnect.ts";
import { type Identity, identityFromKey } from "../identity/identity.ts";
import type { ReplicaStore } from "../store/api.ts";
import { openReplicaStore } from "../store/open-replica-store.ts";
import { Admissions } from "./admission.ts";
import { Alarm } from "./alarm.ts";
import { Dialler } from "./dialler.ts";
import { workspaceTag } from "./digest.ts";
import { type Discovery, type NearbyPeer, startDiscovery } from "./discovery/discovery.ts";
import { Housekeeping } from "./housekeeping.ts";
import { LinksKeeper, type LinksKeeperOptions } from "./links-keeper.ts";
import { type Grown, LogKeeper } from "./log-keeper.ts";
import type { FromWorker, SyncRequest, ToWorker, WorkerStart } from "./port.ts";
import { Problems } from "./problems.ts";
import { PurgeKeeper } from "./purge-keeper.ts";
import { answerRequest } from "./requests.ts";
import { epoch, statusOf } from "./status.ts";
import type { Listener } from "./transport/api.ts";
import { listenSecure } from "./transport/listen.ts";

/** The main thread's end of the port. */
export interface WorkerPort {
  post(message: FromWorker): void;
}

/** Version of the built-in types, told in hello. */
const SCHEMA_VERSION = 1;
const STATUS_EVERY_MS = 100;

const wall = (): EpochMs => epoch(Date.now());
const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
const now = (): number => performance.now();

/** Opens everything; `dispatch` then takes what the main thread says. Throws AppErrors of the store and `port_in_use`. */
export const openWorker = async (start: WorkerStart, port: WorkerPort): Promise<SyncWorker> => {
  const identity = identityFromKey(start.identity);
  const { file, types, gate } = start;
  const store = openReplicaStore({ file, types, gate, wall, random });
  const worker = new SyncWorker(start, port, identity, store);
  try {
    await worker.listen();
    return worker;
  } catch (error) {
    await worker.stop();
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
  readonly #housekeeping: Housekeeping;
  readonly #purging: PurgeKeeper;
  readonly #links: LinksKeeper;
  readonly #problems: Problems;
  readonly #alarm: Alarm;
  readonly #stopping = new AbortController();
  #listener: Listener | null = null;
  #discovery: Discovery | null = null;
  #keeper: LogKeeper | null = null;
  #nearby: readonly NearbyPeer[] = [];
  #inviterAt: { readonly device: DeviceId; readonly address: DialAddress } | null = null;
  #statusTimer: NodeJS.Timeout | undefined;

  constructor(start: WorkerStart, port: WorkerPort, identity: Identity, store: ReplicaStore) {
    this.#start = start;
    this.#port = port;
    this.#identity = identity;
    this.#store = store;
    this.#problems = new Problems({
      now,
      heartbeatMs: start.heartbeatMs,
      log: (...said) => this.#log(...said),
      changed: () => this.#changed(),
    });
    this.#alarm = new Alarm(now, (lateMs) => {
      this.#links.current?.tick(lateMs);
      this.#dialler.run();
      this.#plan();
    });
    this.#housekeeping = new Housekeeping({
      store,
      now,
      wall,
      peerOffsets: () =>
        [...(this.#links.current?.sessions.values() ?? [])].flatMap((session) =>
          session.phase === "open" && session.pulse.clockOffset !== null ? [session.pulse.clockOffset] : [],
        ),
      synced: () => this.#links.own?.synced(),
      merged: (records) => port.post({ kind: "merged", records, byDevice: null }),
      referenceMoved: () => this.#changed(),
      purge: () => this.#purging.run(),
      trouble: (error) => this.#problems.failed("housekeeping", error),
      done: () => this.#problems.works("housekeeping"),
    });
    this.#purging = new PurgeKeeper({
      store,
      now,
      reference: () => epoch(wall() + this.#housekeeping.referenceOffset),
      others: () => this.#othersToPurge(),
      connected: () => new Set([...(this.#links.own?.sessions.values() ?? [])].map(({ device }) => device)),
      isBusy: () => this.#links.isBusy,
      purged: (records) => {
        this.#housekeeping.written();
        this.#links.own?.purged();
        port.post({ kind: "merged", records, byDevice: null });
      },
    });
    this.#links = new LinksKeeper({
      identity,
      store,
      database: { file: start.file, types: start.types, wall, random },
      links: {
        device: identity.device,
        appVersion: start.appVersion,
        schema: SCHEMA_VERSION,
        heartbeatMs: start.heartbeatMs,
        boot: this.#boot,
        port: () => this.#listener?.port ?? 0,
        now,
        wall,
        limit: () => this.#housekeeping.limit(),
      },
      listener: this.#linksListener(),
      changed: () => this.#changed(),
      wake: () => this.#dialler.wake(),
      log: (...said) => this.#log(...said),
      copied: (from) => port.post({ kind: "copied", from }),
    });
    this.#admissions = new Admissions({
      identity,
      store,
      keeper: () => this.#keeper,
      now,
      wall,
      epoch,
      addresses: () => this.#ownAddresses(),
      ask: (joiner, name, role) => port.post({ kind: "joinRequest", joiner, name, role }),
      grown: (grown) => this.#grew(grown),
      refused: (reason, remoteAddress) => this.#log("info", "An attempt to join was refused", { reason, remoteAddress }),
    });
    this.#dialler = new Dialler({
      identity,
      notebook: store.notebook,
      now,
      random: Math.random,
      isMember: (device) => this.#isPeer(device),
      operations: () => this.#keeper?.log.membership.kept.map(({ bytes }) => bytes) ?? [],
      attach: (link) => this.#links.attach(link),
      failed: (device) => this.#discovery?.dialFailed(device),
      changed: () => this.#changed(),
    });
  }

  /** Opens the port, enters the workspace, says `ready`. */
  async listen(): Promise<void> {
    const { workspace, portFixed, mdns, port: wanted } = this.#start;
    try {
      this.#listener = await this.#open(wanted);
    } catch (error) {
      if (wanted === 0 || portFixed || !(error instanceof AppError) || error.code !== "port_in_use") throw error;
      this.#listener = await this.#open(0);
    }
    const { port } = this.#listener;
    if (workspace !== undefined) this.#enter(workspace);
    if (mdns) this.#discover(port);
    this.#port.post({ kind: "ready", port, portMoved: wanted !== 0 && port !== wanted });
    this.#changed();
  }

  /** What the main thread says. */
  dispatch(message: Exclude<ToWorker, WorkerStart>): void {
    switch (message.kind) {
      case "committed":
        this.#housekeeping.written();
        return this.#links.own?.committed(message.change);
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
        return void this.stop().then(() => this.#port.post({ kind: "stopped" }));
    }
  }

  /** Goodbye to peers and network, then the store is closed. */
  async stop(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort();
    this.#housekeeping.stop();
    this.#alarm.stop();
    clearTimeout(this.#statusTimer);
    this.#dialler.stop();
    this.#admissions.cancel();
    this.#links.stop();
    await Promise.all([this.#discovery?.stop(), this.#listener?.close()]);
    this.#store.sync();
    this.#store.close();
  }

  #open(port: number): Promise<Listener> {
    const { host } = this.#start;
    return listenSecure({
      identity: this.#identity,
      port,
      ...(host === null ? {} : { host }),
      isMember: (device) => this.#isPeer(device),
      link: (link) => this.#links.attach(link),
      joins: this.#admissions.invitations,
      takeLog: (device, operations) => {
        if (this.#keeper !== null) this.#grew(this.#keeper.take(null, operations, []));
        return this.#isPeer(device);
      },
      trouble: (error) => this.#log("warn", "The listener has trouble", { error: error.message }),
    });
  }

  #discover(port: number): void {
    const { workspace, name } = this.#start;
    this.#discovery = startDiscovery({
      device: this.#identity.device,
      workspaceTag: workspace === undefined ? "" : workspaceTag(workspace),
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

  #isPeer(device: DeviceId): boolean {
    return device !== this.#identity.device && (this.#keeper?.roles.has(device) ?? false);
  }

  /** Whom purging waits for; null while nothing may be purged here. */
  #othersToPurge(): readonly DeviceId[] | null {
    if (this.#keeper === null || this.#links.own === null) return null;
    const role = this.#keeper.roles.get(this.#identity.device);
    return role === "admin" || role === "dispatcher" ? [...this.#keeper.roles.keys()].filter((device) => this.#isPeer(device)) : null;
  }

  /** The main thread has adopted a workspace into the store. */
  #enter(workspace: WorkspaceId): void {
    if (this.#keeper?.workspace === workspace) return this.#reload();
    this.#keeper = new LogKeeper(workspace, this.#store, this.#identity);
    this.#links.open(this.#keeper);
    this.#discovery?.update({ workspaceTag: workspaceTag(workspace), port: this.#listener?.port ?? 0 });
    if (this.#inviterAt !== null) this.#dialler.found(this.#inviterAt.device, [this.#inviterAt.address]);
    this.#seen(this.#nearby);
  }

  #linksListener(): LinksKeeperOptions["listener"] {
    return {
      merged: (records, byDevice) => {
        this.#port.post({ kind: "merged", records, byDevice });
        this.#problems.works("merging");
      },
      opened: ({ device, dialled, remoteAddress }, hello) => {
        this.#problems.solved(device);
        this.#housekeeping.readClocks();
        const told = hello.port === 0 ? null : ({ host: remoteAddress, port: hello.port, source: "told" } as const);
        this.#dialler.connected(device, dialled, told);
      },
      closed: (device, reason) => {
        if ([...(this.#links.current?.sessions.values() ?? [])].some((session) => session.device === device)) return;
        this.#dialler.lost(device, this.#problems.ended(device, reason));
      },
      grown: (grown) => this.#tellJoined(grown),
      forked: (seenBy) => this.#port.post({ kind: "forked", seenBy }),
      differs: (device, differs) => this.#problems.differs(device, differs),
      keyInUseTwice: (device) => this.#log("warn", "A second process with the key of a connected device was refused", { device }),
      syncSoon: () => this.#housekeeping.syncSoon(),
      changed: () => this.#changed(),
      trouble: (error) => this.#problems.failed("merging", error),
    };
  }

  /** Operations were added to the store by the main thread. */
  #reload(): void {
    if (this.#keeper !== null) this.#grew(this.#keeper.reload());
  }

  /** The log grew by our own hand, or by a stranger's who handed it over: the peers are told. */
  #grew(grown: Grown): void {
    if (grown.operations.length === 0 && grown.lines.length === 0) return;
    this.#tellJoined(grown);
    this.#links.own?.membershipGrew(grown);
  }

  #tellJoined({ joined }: Grown): void {
    for (const { device, name } of joined) this.#port.post({ kind: "memberAdded", device, name });
    if (joined.length > 0) this.#seen(this.#nearby);
    this.#changed();
  }

  /** Discovery's list: members go to the dialler, all are shown. */
  #seen(peers: readonly NearbyPeer[]): void {
    const gone = this.#nearby.filter(({ device }) => !peers.some((peer) => peer.device === device));
    this.#nearby = peers;
    for (const { device } of gone) this.#dialler.vanished(device);
    for (const { device, addresses } of peers.filter((peer) => this.#isPeer(peer.device))) {
      const places = addresses.map(({ host, port }): DialAddress => ({ host, port, source: "nearby" }));
      this.#dialler.found(device, places);
    }
    this.#changed();
  }

  async #serve(id: number, request: SyncRequest): Promise<void> {
    try {
      const value = await answerRequest(request, {
        identity: this.#identity,
        store: this.#store,
        admissions: this.#admissions,
        dialler: this.#dialler,
        name: this.#start.name,
        signal: this.#stopping.signal,
        purge: (trashMs) => this.#purging.all(trashMs),
        hasWorkspace: () => this.#keeper !== null,
        nearby: () => this.#nearby.flatMap(({ addresses }) => addresses),
        joined: (device, address) => {
          this.#inviterAt = { device, address };
        },
      });
      this.#port.post({ kind: "answer", id, value });
    } catch (cause) {
      if (!(cause instanceof AppError)) this.#log("warn", "A request failed by an error of ours", { error: String(cause) });
      const { code, advice } =
        cause instanceof AppError ? cause : new AppError("sync_failed", "Sync could not do that. Restart Switchyard.");
      this.#port.post({ kind: "refused", id, code, advice });
    }
  }

  #ownAddresses(): readonly Address[] {
    const port = this.#listener?.port ?? 0;
    const all = Object.values(os.networkInterfaces()).flatMap((list) => list ?? []);
    const usable = all.filter(({ address }) => !address.startsWith("fe80"));
    const outside = usable.filter(({ internal }) => !internal);
    return (outside.length > 0 ? outside : usable).map(({ address }) => ({ host: address, port }));
  }

  /** Something that the status shows, or a deadline, may have changed. */
  #changed(): void {
    if (this.#stopping.signal.aborted) return;
    this.#plan();
    this.#statusTimer ??= setTimeout(() => {
      this.#statusTimer = undefined;
      this.#postStatus();
    }, STATUS_EVERY_MS);
  }

  #plan(): void {
    this.#alarm.set(Math.min(this.#links.current?.deadline ?? Number.POSITIVE_INFINITY, this.#dialler.deadline));
  }

  #postStatus(): void {
    const status = statusOf({
      device: this.#identity.device,
      port: this.#listener?.port ?? 0,
      store: this.#store,
      keeper: this.#keeper,
      links: this.#links.current,
      rejoining: this.#links.rejoining,
      dialler: this.#dialler,
      problems: this.#problems,
      nearby: this.#nearby,
      referenceOffset: this.#housekeeping.referenceOffset,
    });
    this.#port.post({ kind: "status", status });
  }

  #log(level: "info" | "warn", message: string, details: Readonly<Record<string, unknown>> = {}): void {
    const plain = Object.entries(details).map(([key, value]) => [key, typeof value === "number" ? value : String(value)]);
    this.#port.post({ kind: "log", level, message, details: Object.fromEntries(plain) });
  }
}
