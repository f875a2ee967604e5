/**
 * How much a merge takes into one transaction. A local commit waits for what the worker still has to write at its transaction's
 * end, so while somebody edits the transactions are small; with nobody at the desk they grow, since larger ones cost less a cell.
 */

const SMALLEST = 500;
const LARGEST = 64_000;

/** In cells. Belongs to one connection. */
export class MergePace {
  #cells = LARGEST;

  /** How many cells the next transaction may take in. */
  get cells(): number {
    return this.#cells;
  }

  /** A transaction has ended. `wanted`: a local commit waits for it. */
  ended(wanted: boolean): void {
    this.#cells = wanted ? SMALLEST : Math.min(this.#cells * 2, LARGEST);
  }
}
