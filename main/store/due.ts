/**
 * When the next held cell is due, as the connection that merges knows it, so that a merge need not look through all held work each
 * time. Never later than the truth: a cell that was dropped meanwhile only makes it look once too often.
 */
import type { Hlc } from "../../shared/crdt/types.ts";

export class NextDue {
  #earliest = Number.NEGATIVE_INFINITY;
  /** Moves with each cell that is held or drawn forth here. */
  version = 0;

  /** Surely nothing is due at this limit. */
  isAfter(limit: Hlc): boolean {
    return this.#earliest > limit;
  }

  /** A cell is held now. */
  held(hlc: Hlc): void {
    this.version += 1;
    this.#earliest = Math.min(this.#earliest, hlc);
  }

  /** All that was due has been merged; `earliest` is of what is left, null when nothing is. */
  merged(earliest: number | null): void {
    this.version += 1;
    this.#earliest = earliest ?? Number.POSITIVE_INFINITY;
  }
}
