/** Simulated time: a queue of what is planned, run in the order of time and, at one time, in the order of planning. */
export class Timeline {
  now = 0;
  readonly #queue: { readonly at: number; readonly order: number; readonly run: () => void }[] = [];
  #order = 0;

  after(ms: number, run: () => void): void {
    this.#queue.push({ at: this.now + ms, order: this.#order++, run });
  }

  /** Runs until this time; what is planned later stays planned. */
  runUntil(until: number): void {
    for (;;) {
      let first = 0;
      for (let i = 1; i < this.#queue.length; i++) {
        const a = this.#queue[i];
        const b = this.#queue[first];
        if (a !== undefined && b !== undefined && (a.at < b.at || (a.at === b.at && a.order < b.order))) first = i;
      }
      const next = this.#queue[first];
      if (next === undefined || next.at > until) break;
      this.#queue.splice(first, 1);
      this.now = Math.max(this.now, next.at);
      next.run();
    }
    this.now = Math.max(this.now, until);
  }
}
