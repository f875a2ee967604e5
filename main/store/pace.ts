/**
 * How much a merge takes into one transaction, and when it rests. A local commit waits for what the worker still has to write at its
 * transaction's end, and its sync takes along what the worker has written since; so while somebody edits the transactions are small, with
 * a breath between them. With nobody at the desk they grow, since larger ones cost less a cell.
 */

const SMALLEST = 100;
const LARGEST = 64_000;
/** Transactions below this size are those of a merge that makes way. */
const HURRIED = 2000;
const BREATH_MS = 1;
/** Who has just edited goes on editing, most of the time: they stay small for so long after a commit that waited. */
const EDITING_MS = 30;

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** In cells. Belongs to one connection. */
export class MergePace {
  #cells = LARGEST;
  #growsFrom = 0;

  /** How many cells the next transaction may take in. */
  get cells(): number {
    return this.#cells;
  }

  /** Before a transaction: leaves the disk and the processor to somebody who is editing. */
  rest(): void {
    if (this.#cells < HURRIED) Atomics.wait(sleeper, 0, 0, BREATH_MS);
  }

  /** A transaction has ended. `wanted`: a local commit waits for it. `now`: milliseconds of a clock that never goes back. */
  ended(wanted: boolean, now: number): void {
    if (wanted) {
      this.#cells = SMALLEST;
      this.#growsFrom = now + EDITING_MS;
    } else if (now >= this.#growsFrom) this.#cells = Math.min(this.#cells * 2, LARGEST);
  }
}
