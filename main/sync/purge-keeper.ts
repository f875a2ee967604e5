/**
 * Purges beside the protocol: now and then the trash is looked through, a few records a second and not while records are on their way;
 * at once when a person asks. What was purged is told to the sessions, which judge their peers by it.
 */
import type { DeviceId, EpochMs, RecordId } from "../../shared/ids.ts";
import { type PurgeRules, waitedFor } from "../../shared/protocol/purge.ts";
import type { PurgeStep, ReplicaStore } from "../store/api.ts";

export interface PurgeKeeperOptions {
  readonly store: ReplicaStore;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Reference time. */
  readonly reference: () => EpochMs;
  /** All other members; null while nothing may be purged here: no workspace, a role that only reads, a copy under way. */
  readonly others: () => readonly DeviceId[] | null;
  readonly connected: () => ReadonlySet<DeviceId>;
  readonly isBusy: () => boolean;
  /** These are gone for good. */
  purged(records: readonly RecordId[]): void;
}

/** Deleted records stay in the trash at least so long. */
export const TRASH_MS = 30 * 24 * 60 * 60 * 1000;
const EVERY_MS = 10 * 60 * 1000;
/** Looked at in one go: a few milliseconds. */
const RECORDS = 200;

export class PurgeKeeper {
  readonly #options: PurgeKeeperOptions;
  #dueAt: number;
  #next = 0;

  constructor(options: PurgeKeeperOptions) {
    this.#options = options;
    // The peers are heard first.
    this.#dueAt = options.now() + EVERY_MS / 10;
  }

  /** To be called each second: one step, if it is time. */
  run(): void {
    const { now, isBusy } = this.#options;
    if (now() < this.#dueAt || isBusy()) return;
    const rules = this.#rules(TRASH_MS);
    const next = rules === null ? null : this.#step(rules, this.#next).next;
    this.#next = next ?? 0;
    if (next === null) this.#dueAt = now() + EVERY_MS;
  }

  /** All that may go now, for a person who asks; heartbeats and messages are answered meanwhile. How many went. */
  async all(trashMs: number): Promise<number> {
    let purged = 0;
    for (let from: number | null = 0; from !== null; ) {
      const rules = this.#rules(trashMs);
      if (rules === null) break;
      const step: PurgeStep = this.#step(rules, from);
      purged += step.purged.length;
      from = step.next;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return purged;
  }

  #rules(trashMs: number): PurgeRules | null {
    const { store, reference, others, connected } = this.#options;
    const members = others();
    if (members === null) return null;
    // What others have said is on their disks; ours must be too.
    store.sync();
    return { now: reference(), trashMs, own: store.vector(), others: waitedFor(members, store.purging.acknowledged(), connected()) };
  }

  #step(rules: PurgeRules, from: number): PurgeStep {
    const step = this.#options.store.purging.step(rules, from, RECORDS);
    if (step.purged.length > 0) this.#options.purged(step.purged);
    return step;
  }
}
