/**
 * One record held against what is kept beside it: its rows in `text` and `lookup`, whether it is shown, whether the
 * log of arrivals leads to it. Each row that
 * must be there is looked for by its key; that there are no others the counts tell.
 */
import type Database from "better-sqlite3";
import { isSegmentPath, pathText } from "../../shared/crdt/paths.ts";
import { namedStamps } from "../../shared/crdt/stamp-table.ts";
import type { Cell } from "../../shared/crdt/types.ts";
import type { Difference } from "./api.ts";
import { eachCell, type Image, isLiveState, SEGMENT_MARK } from "./image.ts";
import { livenessOf } from "./liveness.ts";
import { lookupKeys } from "./lookup-key.ts";
import { LISTED } from "./names.ts";
import type { Transaction } from "./transaction.ts";
import type { RecordWriter } from "./writer.ts";

/** How many rows the records seen so far must have. */
export interface Parts {
  text: number;
  lookup: number;
}

type Differ = (what: Difference["what"], stored: unknown, recomputed: unknown) => void;

export class RecordCheck {
  readonly #tx: Transaction;
  readonly #lookups: ReadonlySet<number>;
  readonly #parts: Parts;
  readonly #lastRow: Database.Statement<[number], number>;
  readonly #top: Database.Statement<[number], number>;
  readonly #hasText: Database.Statement<[number, string], number>;
  readonly #hasLookup: Database.Statement<[number, string | number, number], number>;

  constructor(db: Database.Database, tx: Transaction, lookups: ReadonlySet<number>, parts: Parts) {
    this.#tx = tx;
    this.#lookups = lookups;
    this.#parts = parts;
    this.#lastRow = db.prepare<[number], number>("SELECT num FROM history WHERE num = ?").pluck();
    this.#top = db.prepare<[number], number>("SELECT top FROM replica WHERE num = ?").pluck();
    this.#hasText = db.prepare<[number, string], number>("SELECT 1 FROM text WHERE record = ? AND path = ?");
    this.#hasLookup = db.prepare<[number, string | number, number], number>(
      "SELECT 1 FROM lookup WHERE field = ? AND value = ? AND record = ?",
    );
  }

  /** Tells what differs; answers our own highest number in the record, 0 for none. */
  run(writer: RecordWriter, differ: Differ): number {
    const { image, held } = writer;
    const state = livenessOf(image, this.#tx.names, held.count > 0);
    if (state !== image.state) differ("state", image.state, state);
    this.#texts(image, differ);
    this.#lookup(image, differ);
    return this.#arrivals(image, held.cells(), differ);
  }

  #arrivals(image: Image, held: readonly Cell[], differ: Differ): number {
    const { arrivals, names, state } = this.#tx;
    const { replica, seq } = image.stamps;
    const named = namedStamps(image.stamps, image.doc);
    const highest = new Map<number, number>();
    const stands = (num: number, own: number): void => void highest.set(num, Math.max(highest.get(num) ?? 0, own));
    for (let i = 0; i < seq.length; i++) if (i === 0 || named[i] === 1) stands(replica[i] ?? 0, seq[i] ?? 0);
    for (const { stamp } of held) stands(names.replica(stamp.replica).num, stamp.seq);
    const logged = Math.max(this.#lastRow.get(image.history) ?? 0, arrivals.markOf(image.num));
    for (const [num, last] of highest) {
      const needed = arrivals.neededFor(num, last);
      if (needed > 0 && logged <= needed)
        differ("touched", `last written at ${logged}`, `${names.replicaOf(num).id} ${last} after ${needed}`);
      const top = num === state.replica ? state.seq : (this.#top.get(num) ?? 0);
      if (last > top) differ("vector", top, `${names.replicaOf(num).id} ${last}`);
    }
    return highest.get(state.replica) ?? 0;
  }

  #texts(image: Image, differ: Differ): void {
    eachCell(image, (path, stored) => {
      if (!isSegmentPath(path) || stored !== SEGMENT_MARK) return;
      this.#parts.text += 1;
      if (this.#hasText.get(image.num, pathText(path)) === undefined) differ("text", "no bytes", pathText(path));
    });
  }

  #lookup(image: Image, differ: Differ): void {
    const { listed } = image.collection;
    if (listed !== undefined && isLiveState(image.state) && this.#lookups.has(listed)) {
      this.#parts.lookup += 1;
      if (this.#hasLookup.get(listed, LISTED, image.num) === undefined) differ("lookup", "no row", "listed");
    }
    for (const slot of image.collection.slots) {
      const { lookup } = slot;
      if (lookup === undefined || !this.#lookups.has(lookup)) continue;
      for (const key of lookupKeys(slot, image.doc[slot.slot])) {
        this.#parts.lookup += 1;
        if (this.#hasLookup.get(lookup, key, image.num) === undefined) differ("lookup", "no row", `${slot.field}: ${key}`);
      }
    }
  }
}
