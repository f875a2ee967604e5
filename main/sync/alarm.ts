/** One timer for the next deadline of many; says how late it rang, since being late ourselves is no silence of a peer. */

/** What a timer is late by itself. */
const SLACK_MS = 50;

export class Alarm {
  readonly #now: () => number;
  readonly #ring: (lateMs: number) => void;
  #timer: NodeJS.Timeout | undefined;
  #at = Number.POSITIVE_INFINITY;

  constructor(now: () => number, ring: (lateMs: number) => void) {
    this.#now = now;
    this.#ring = ring;
  }

  /** Rings at this time (monotonic ms) instead of the one set before; Infinity: not at all. */
  set(at: number): void {
    if (at === this.#at && this.#timer !== undefined) return;
    this.stop();
    this.#at = at;
    if (at !== Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.#rings(at), Math.max(0, at - this.#now()));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #rings(at: number): void {
    this.#timer = undefined;
    const late = this.#now() - at;
    this.#ring(late > SLACK_MS ? late : 0);
  }
}
