/**
 * One record held against what is kept beside it: its rows in `touched`, `text` and `lookup`, and whether it is shown. Each row that
 * must be there is looked for by its key; that there are no others the counts tell.
 */
import type Database from "better-sqlite3";
import { isSegmentPath, pathText } from "../../shared/crdt/paths.ts";
import { namedStamps } from "../../shared/crdt/stamp-table.ts";
import type { Difference } from "./api.ts";
import { eachCell, type Image, SEGMENT_MARK } from "./image.ts";
import { livenessOf } from "./liveness.ts";
import { lookupKeys } from "./lookup-key.ts";
import type { Transaction } from "./transaction.ts";
import type { RecordWriter } from "./writer.ts";

/** How many rows the records seen so far must have. */
export interface Parts {
  touched: number;
  text: number;
  lookup: number;
}

type Differ = (what: Difference["what"], stored: unknown, recomputed: unknown) => void;

export class RecordCheck {
  readonly #tx: Transaction;
  readonly #lookups: ReadonlySet<number>;
  readonly #parts: Parts;
  readonly #hasTouched: Database.Statement<[number, number, number], number>;
  readonly #hasText: Database.Statement<[number, string], number>;
  readonly #hasLookup: Database.Statement<[number, string | number, number], number>;

  constructor(db: Database.Database, tx: Transaction, lookups: ReadonlySet<number>, parts: Parts) {
    this.#tx = tx;
    this.#lookups = lookups;
    this.#parts = parts;
    this.#hasTouched = db.prepare<[number, number, number], number>("SELECT 1 FROM touched WHERE replica = ? AND seq = ? AND record = ?");
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
    return this.#touched(image, held.maxima(), differ);
  }

  #touched(image: Image, held: ReadonlyMap<number, number>, differ: Differ): number {
    const { replica, seq } = image.stamps;
    const named = namedStamps(image.stamps, image.doc);
    const highest = new Map(held);
    for (let i = 0; i < seq.length; i++) {
      const num = replica[i] ?? 0;
      if (i === 0 || named[i] === 1) highest.set(num, Math.max(highest.get(num) ?? 0, seq[i] ?? 0));
    }
    for (const [num, last] of highest) {
      this.#parts.touched += 1;
      if (this.#hasTouched.get(num, last, image.num) === undefined)
        differ("touched", "no row", `${this.#tx.names.replicaOf(num).id} ${last}`);
    }
    return highest.get(this.#tx.state.replica) ?? 0;
  }

  #texts(image: Image, differ: Differ): void {
    eachCell(image, (path, stored) => {
      if (!isSegmentPath(path) || stored !== SEGMENT_MARK) return;
      this.#parts.text += 1;
      if (this.#hasText.get(image.num, pathText(path)) === undefined) differ("text", "no bytes", pathText(path));
    });
  }

  #lookup(image: Image, differ: Differ): void {
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
