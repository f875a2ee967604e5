/**
 * Which sessions the worker has: those of the database, or while a fresh copy is taken those of the copy, with one peer alone. Opened with
 * a workspace; changes over when a peer has purged what this desk has not heard of, and back when the copy cannot be finished.
 */
import type { DeviceId } from "../../shared/ids.ts";
import type { Identity } from "../identity/identity.ts";
import type { OpenOptions, ReplicaStore } from "../store/api.ts";
import type { LogKeeper } from "./log-keeper.ts";
import { PeerLinks, type PeerLinksListener, type PeerLinksOptions } from "./peer-links.ts";
import { Rejoining } from "./rejoining.ts";
import type { Link } from "./transport/api.ts";

export interface LinksKeeperOptions {
  readonly identity: Identity;
  readonly store: ReplicaStore;
  /** How the database is opened. */
  readonly database: Omit<OpenOptions, "gate">;
  readonly links: Omit<PeerLinksOptions, "store" | "keeper" | "listener">;
  readonly listener: Omit<PeerLinksListener, "mustRejoin" | "caughtUp">;
  /** A fresh copy is being taken, or no more. */
  changed(): void;
  /** Whoever is a peer should be dialled now. */
  wake(): void;
  log(level: "info" | "warn", message: string, details: Readonly<Record<string, unknown>>): void;
  /** A fresh copy of this desk's is whole. */
  copied(from: string): void;
}

export class LinksKeeper {
  readonly #options: LinksKeeperOptions;
  #keeper: LogKeeper | null = null;
  #own: PeerLinks | null = null;
  #rejoining: Rejoining | null = null;
  #isStopped = false;

  constructor(options: LinksKeeperOptions) {
    this.#options = options;
  }

  /** The sessions that there are. */
  get current(): PeerLinks | null {
    return this.#rejoining?.links ?? this.#own;
  }

  /** Those of the database; null while a copy is taken. */
  get own(): PeerLinks | null {
    return this.#own;
  }

  /** Records are on their way, to us or from us; or a copy is being taken. */
  get isBusy(): boolean {
    const sessions = [...(this.#own?.sessions.values() ?? [])];
    return this.#own === null || sessions.some((session) => session.phase === "open" && (session.in !== null || session.out !== null));
  }

  /** The name of the desk that a fresh copy is taken from; null: none is. */
  get rejoining(): string | null {
    return this.#rejoining?.name ?? null;
  }

  /** A link with a pinned member. */
  attach(link: Link): void {
    if (this.#rejoining !== null) this.#rejoining.attach(link);
    else if (this.#own === null) link.terminate();
    else this.#own.attach(link);
  }

  /** Opens them for a workspace, instead of another's. */
  open(keeper: LogKeeper): void {
    const { links, store, listener } = this.#options;
    this.#own?.stop();
    this.#keeper = keeper;
    const mustRejoin = (device: DeviceId): void => this.#rejoin(device);
    this.#own = new PeerLinks({ ...links, store, keeper, listener: { ...listener, mustRejoin, caughtUp: () => undefined } });
  }

  stop(): void {
    this.#isStopped = true;
    this.#rejoining?.stop();
    this.#own?.stop();
    this.#own = null;
  }

  /** This peer has purged what we have not heard of: people work on in the database while a fresh copy is taken from it alone. */
  #rejoin(from: DeviceId): void {
    const keeper = this.#keeper;
    if (keeper === null || this.#rejoining !== null) return;
    const name = keeper.members.get(from)?.name ?? "another desk";
    const { log, wake, changed } = this.#options;
    log("warn", "This desk lacks what was purged while it was away; it takes a fresh copy", { from });
    // Not amid a step of the protocol.
    setImmediate(() => {
      if (this.#isStopped || this.#rejoining !== null) return;
      this.#own?.stop();
      this.#own = null;
      try {
        this.#rejoining = this.#begin(keeper, from, name);
      } catch (error) {
        log("warn", "No fresh copy could be begun", { error: String(error) });
        this.#goOnAsBefore(keeper);
      }
      wake();
      changed();
    });
  }

  #begin(keeper: LogKeeper, from: DeviceId, name: string): Rejoining {
    const { identity, database, links, listener, copied } = this.#options;
    return new Rejoining({
      from,
      name,
      workspace: keeper.workspace,
      identity,
      database,
      links,
      listener,
      done: () => copied(name),
      givenUp: () => this.#goOnAsBefore(keeper),
    });
  }

  #goOnAsBefore(keeper: LogKeeper): void {
    this.#rejoining = null;
    if (!this.#isStopped) this.open(keeper);
    this.#options.changed();
  }
}
