/**
 * What the worker does beside the protocol: syncs merges to disk before they are acknowledged, keeps reference time, merges held work that
 * is due, keeps the history within its limits, brings changed records into the search index, and does all checkpoints of the write-ahead
 * log. What fails here (a full disk) is told and tried again the next time; it keeps nothing else from being done.
 */
import { holdLimit } from "../../shared/clock/hlc.ts";
import { referenceTime } from "../../shared/clock/reference.ts";
import type { Hlc } from "../../shared/crdt/types.ts";
import type { EpochMs, RecordId } from "../../shared/ids.ts";
import type { ReplicaStore } from "../store/api.ts";
import { epoch } from "./status.ts";

export interface HousekeepingOptions {
  readonly store: ReplicaStore;
  readonly now: () => number;
  readonly wall: () => EpochMs;
  /** Each connected peer's clock less ours, milliseconds. */
  readonly peerOffsets: () => readonly number[];
  /** All that was merged is on the disk. */
  synced(): void;
  merged(records: readonly RecordId[]): void;
  /** Reference time has moved by a second or more. */
  referenceMoved(): void;
  /** Removes for good what may go, a little at a time. */
  purge(): void;
  trouble(error: unknown): void;
  /** A round went by in which nothing failed. */
  done(): void;
}

/** No clock that stands before this can be right: when this version was made, 2026-11-01. */
const BUILD_DATE = Date.UTC(2026, 10, 1);
/** Within this, clocks are the same clock: the status need not follow every breath of the network. */
const SAME_CLOCK_MS = 1_000;
/** Merges are synced so long after they came, but not more often than every so often. */
const SYNC_AFTER_MS = 20;
const SYNC_EVERY_MS = 200;
const EVERY_MS = 1_000;
/** What the history keeps (undo too): ninety days, and about 256 MiB. Removed in steps of a few milliseconds. */
const HISTORY_MS = 90 * 24 * 60 * 60 * 1000;
const HISTORY_BYTES = 256 << 20;
const HISTORY_ROWS = 200;
const HISTORY_EVERY_MS = 10 * 60 * 1000;
/** Changed records brought into the search index at once: some ten milliseconds. While merges go on once a second, else one after the other. */
const SEARCH_RECORDS = 500;
const QUIET_MS = 200;

export class Housekeeping {
  readonly #options: HousekeepingOptions;
  readonly #timer: NodeJS.Timeout;
  #syncTimer: NodeJS.Timeout | undefined;
  #syncedAt = Number.NEGATIVE_INFINITY;
  #searchTimer: NodeJS.Timeout | undefined;
  #mergedAt = Number.NEGATIVE_INFINITY;
  #hasWritten = true;
  #trimAt = Number.NEGATIVE_INFINITY;
  #hasFailed = false;
  /** Reference time less this device's clock, milliseconds. */
  referenceOffset = 0;

  constructor(options: HousekeepingOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#run(), EVERY_MS);
  }

  /** What is stamped beyond this is held. */
  limit(): Hlc {
    return holdLimit(epoch(this.#options.wall() + this.referenceOffset));
  }

  /** The log of the database has grown, here or in the main thread. */
  written(): void {
    this.#hasWritten = true;
  }

  syncSoon(): void {
    this.#hasWritten = true;
    const { now, store, synced } = this.#options;
    this.#mergedAt = now();
    this.#syncTimer ??= setTimeout(
      () => {
        this.#syncTimer = undefined;
        this.#syncedAt = now();
        if (this.#guarded(() => store.sync())) synced();
      },
      Math.max(SYNC_AFTER_MS, this.#syncedAt + SYNC_EVERY_MS - now()),
    );
  }

  stop(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#syncTimer);
    clearTimeout(this.#searchTimer);
  }

  /** Peers came or went: their clocks count from now on. */
  readClocks(): void {
    const { store, wall, peerOffsets, referenceMoved } = this.#options;
    const { aheadMs } = referenceTime({
      wall: wall(),
      buildDate: epoch(BUILD_DATE),
      peerOffsetsMs: peerOffsets(),
      hubOffsetMs: null,
      ownIsRight: store.notebook.get("clock.ownIsRight") === "1",
    });
    if (Math.abs(-aheadMs - this.referenceOffset) >= SAME_CLOCK_MS) {
      this.referenceOffset = -aheadMs;
      referenceMoved();
    }
  }

  #run(): void {
    const { store, merged, done } = this.#options;
    this.#hasFailed = false;
    this.#guarded(() => this.readClocks());
    this.#guarded(() => {
      const due = store.mergeDue(this.limit());
      if (due.length > 0) merged(due);
    });
    this.#guarded(() => this.#trimHistory());
    this.#guarded(() => this.#options.purge());
    this.#updateSearch();
    this.#guarded(() => {
      if (this.#hasWritten) store.checkpoint();
      this.#hasWritten = false;
    });
    if (!this.#hasFailed) done();
  }

  /** One step, and the next at once while the peers are quiet: what they send goes first. */
  #updateSearch(): void {
    clearTimeout(this.#searchTimer);
    this.#guarded(() => {
      const { store, now } = this.#options;
      const done = store.updateSearch(SEARCH_RECORDS);
      if (done > 0) this.#hasWritten = true;
      if (done < SEARCH_RECORDS || now() - this.#mergedAt < QUIET_MS) return;
      this.#searchTimer = setTimeout(() => this.#updateSearch());
    });
  }

  /** One step; the next in a second, or after a while when there was nothing left to do. */
  #trimHistory(): void {
    const { store, wall, now } = this.#options;
    if (now() < this.#trimAt) return;
    const before = epoch(Math.max(0, wall() + this.referenceOffset - HISTORY_MS));
    const gone = store.trimHistory({ before, maxBytes: HISTORY_BYTES, rows: HISTORY_ROWS });
    if (gone > 0) this.#hasWritten = true;
    if (gone < HISTORY_ROWS) this.#trimAt = now() + HISTORY_EVERY_MS;
  }

  #guarded(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      this.#hasFailed = true;
      this.#options.trouble(error);
      return false;
    }
  }
}
