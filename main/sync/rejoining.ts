/**
 * Taking a fresh copy: a file of its own beside the database is filled from one peer alone, with no other session open, while people
 * work on in the old one. Once it is whole it is marked, and the host begins anew with it. A copy that cannot be finished is thrown away.
 */
import type { DeviceId, WorkspaceId } from "../../shared/ids.ts";
import type { Identity } from "../identity/identity.ts";
import type { OpenOptions, ReplicaStore } from "../store/api.ts";
import { beginCopy, removeCopy, setMark } from "../store/copy.ts";
import { newGate } from "../store/gate.ts";
import { LogKeeper } from "./log-keeper.ts";
import { PeerLinks, type PeerLinksListener, type PeerLinksOptions } from "./peer-links.ts";
import type { Link } from "./transport/api.ts";

export interface RejoiningOptions {
  /** The peer it is taken from, and its name. */
  readonly from: DeviceId;
  readonly name: string;
  readonly workspace: WorkspaceId;
  readonly identity: Identity;
  /** How the database beside it is opened. */
  readonly database: Omit<OpenOptions, "gate">;
  readonly links: Omit<PeerLinksOptions, "store" | "keeper" | "listener">;
  /** What the worker does with sessions that open and close. */
  readonly listener: Pick<PeerLinksListener, "opened" | "closed" | "changed" | "trouble">;
  /** It is whole and closed: begin anew with it. */
  done(): void;
  /** It was thrown away; the old file goes on as before. */
  givenUp(): void;
}

/** Merges are synced, and the log of the file kept short, so often. */
const SYNC_EVERY_MS = 1_000;
/** Without a session for so long, the peer is gone. */
const PATIENCE_MS = 60_000;

export class Rejoining {
  readonly from: DeviceId;
  readonly name: string;
  readonly links: PeerLinks;
  readonly #options: RejoiningOptions;
  readonly #store: ReplicaStore;
  readonly #timer: NodeJS.Timeout;
  #aliveAt: number;
  #isOver = false;

  /** Throws what opening a store throws. */
  constructor(options: RejoiningOptions) {
    const { from, name, workspace, identity, database, links, listener } = options;
    this.from = from;
    this.name = name;
    this.#options = options;
    this.#store = beginCopy(database, workspace, newGate());
    this.#aliveAt = links.now();
    this.links = new PeerLinks({
      ...links,
      store: this.#store,
      keeper: new LogKeeper(workspace, this.#store, identity),
      listener: {
        ...listener,
        merged: () => undefined,
        grown: () => undefined,
        forked: () => this.#giveUp(),
        // It purged more while the copy was half made.
        mustRejoin: () => this.#giveUp(),
        caughtUp: () => setImmediate(() => this.#finish()),
        keyInUseTwice: () => undefined,
        differs: () => undefined,
        syncSoon: () => undefined,
      },
    });
    this.#timer = setInterval(() => this.#run(), SYNC_EVERY_MS);
  }

  /** Only the one peer is let in. */
  attach(link: Link): void {
    if (this.#isOver || link.device !== this.from) link.terminate();
    else this.links.attach(link);
  }

  /** The process ends: what is half made is thrown away at the next start. */
  stop(): void {
    if (this.#isOver) return;
    this.#close();
  }

  #run(): void {
    try {
      this.#store.sync();
      this.links.synced();
      this.#store.checkpoint();
    } catch (error) {
      this.#options.listener.trouble(error);
      return this.#giveUp();
    }
    const { now } = this.#options.links;
    if (this.links.sessions.size > 0) this.#aliveAt = now();
    if (now() - this.#aliveAt > PATIENCE_MS) this.#giveUp();
  }

  #finish(): void {
    if (this.#isOver) return;
    const { database, name, listener, done } = this.#options;
    try {
      this.#store.sync();
      this.#close();
      setMark(database.file, { from: name, merged: null });
    } catch (error) {
      // A disk that is full. Without its mark the copy is worth nothing.
      listener.trouble(error);
      return this.#throwAway();
    }
    done();
  }

  #giveUp(): void {
    // Not amid a step of the protocol, which may still use the store.
    setImmediate(() => {
      if (!this.#isOver) this.#throwAway();
    });
  }

  #throwAway(): void {
    const { database, listener, givenUp } = this.#options;
    if (!this.#isOver) this.#close();
    try {
      removeCopy(database.file);
    } catch (error) {
      // What is left of it goes at the next start.
      listener.trouble(error);
    }
    givenUp();
  }

  #close(): void {
    this.#isOver = true;
    clearInterval(this.#timer);
    this.links.stop();
    this.#store.close();
  }
}
