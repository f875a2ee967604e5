/**
 * Makes the store's hash tree a step at a time, so that the worker answers heartbeats and merges meanwhile, and drops it once no repair
 * has used it for a minute. One at a time; whoever asks while it is being made gets the same.
 */
import type { RecordTreeStore } from "../store/api.ts";

export interface TreeWorksOptions {
  readonly tree: RecordTreeStore;
  /** The tree stands, or none can be made. */
  built(): void;
  trouble(error: unknown): void;
}

/** A step of some ten milliseconds, and as long a pause. */
const RECORDS_A_STEP = 500;
const PAUSE_MS = 10;
const UNUSED_MS = 60_000;

export class TreeWorks {
  readonly #options: TreeWorksOptions;
  #step: NodeJS.Timeout | undefined;
  #drop: NodeJS.Timeout | undefined;
  #usesSeen = 0;

  constructor(options: TreeWorksOptions) {
    this.#options = options;
  }

  begin(): void {
    this.#step ??= setTimeout(() => this.#run(), 0);
  }

  stop(): void {
    clearTimeout(this.#step);
    clearInterval(this.#drop);
    this.#step = undefined;
    this.#drop = undefined;
    this.#options.tree.drop();
  }

  #run(): void {
    this.#step = undefined;
    const { tree, built, trouble } = this.#options;
    try {
      if (!tree.build(RECORDS_A_STEP)) {
        this.#step = setTimeout(() => this.#run(), PAUSE_MS);
        return;
      }
    } catch (error) {
      tree.drop();
      trouble(error);
      // Whoever waits is to hear that there is none.
      built();
      return;
    }
    this.#usesSeen = tree.uses;
    this.#drop ??= setInterval(() => this.#dropUnused(), UNUSED_MS);
    built();
  }

  #dropUnused(): void {
    const { tree } = this.#options;
    if (tree.uses !== this.#usesSeen || this.#step !== undefined) {
      this.#usesSeen = tree.uses;
      return;
    }
    clearInterval(this.#drop);
    this.#drop = undefined;
    tree.drop();
  }
}
