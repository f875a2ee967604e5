/**
 * Held cells of one record: stamped past reference time, kept beside the standing cell of their path, one a path and replica,
 * counted and forwarded, merged when due (merge.md, "Clock, held work, release").
 */
import { seenBy } from "../../shared/crdt/deletion.ts";
import { compareOn, compareStamps, compareTied } from "../../shared/crdt/order.ts";
import { isDeletionPath, pathFromText, pathText } from "../../shared/crdt/paths.ts";
import type { Cell, Hlc, Path, Value } from "../../shared/crdt/types.ts";
import { type StoredValue, storedFromValue, valueFromStored } from "../../shared/crdt/value.ts";
import type { Image } from "./image.ts";
import type { Transaction } from "./transaction.ts";
import type { LocalStamp } from "./writer.ts";

interface HeldCell extends LocalStamp {
  readonly path: string;
  readonly value: Value;
}

const NONE: ReadonlyMap<number, number> = new Map();

const cellOf = (held: HeldCell): Cell => ({
  path: pathFromText(held.path),
  value: held.value,
  stamp: { term: held.term, hlc: held.hlc, replica: held.replica.id, seq: held.seq },
});

export class HeldCells {
  readonly #tx: Transaction;
  readonly #num: number;
  readonly #cells: HeldCell[] = [];

  constructor(tx: Transaction, image: Image) {
    this.#tx = tx;
    this.#num = image.num;
    if (image.fresh || tx.state.held === 0) return;
    for (const [path, replica, seq, hlc, term, value] of tx.sql.heldOf.all(image.num)) {
      const stored: StoredValue = JSON.parse(value);
      this.#cells.push({ path, replica: tx.names.replicaOf(replica), seq, hlc: tx.hlc(hlc), term, value: valueFromStored(stored) });
    }
  }

  get count(): number {
    return this.#cells.length;
  }

  /** As the wire has them. */
  cells(): readonly Cell[] {
    return this.#cells.map(cellOf);
  }

  /** Those on this path. */
  on(path: Path): readonly Cell[] {
    const text = pathText(path);
    return this.#cells.filter((held) => held.path === text).map(cellOf);
  }

  /** Keeps a cell unless its replica already has a greater one on the path. */
  put(path: string, value: Value, stamp: LocalStamp): "held" | "lost" | "same" {
    const at = this.#cells.findIndex((held) => held.path === path && held.replica === stamp.replica);
    const rival = this.#cells[at];
    if (rival !== undefined) {
      const order =
        compareStamps({ ...stamp, replica: stamp.replica.id }, { ...rival, replica: rival.replica.id }) ||
        compareTied(value, stamp.seq, rival.value, rival.seq);
      if (order <= 0) return order === 0 ? "same" : "lost";
      this.#cells.splice(at, 1);
    } else this.#tx.state.held += 1;
    this.#cells.push({ path, value, replica: stamp.replica, seq: stamp.seq, hlc: stamp.hlc, term: stamp.term });
    this.#tx.due.held(stamp.hlc);
    this.#tx.sql.putHeld.run(this.#num, path, stamp.replica.num, stamp.seq, stamp.hlc, stamp.term, JSON.stringify(storedFromValue(value)));
    return "held";
  }

  /** Takes out what is due at this limit, in the order of the clock. */
  takeDue(limit: Hlc): readonly (LocalStamp & { readonly path: string; readonly value: Value })[] {
    const due = this.#cells.filter((held) => held.hlc <= limit).sort((a, b) => a.hlc - b.hlc || a.seq - b.seq);
    for (const held of due) this.#drop(held);
    return due;
  }

  /** Drops the held cells that the standing cell of their path beats. */
  dropLosers(standing: (path: Path) => { readonly value: Value; readonly stamp: Cell["stamp"] } | undefined): void {
    for (const held of [...this.#cells]) {
      const { path, value, stamp } = cellOf(held);
      const rival = standing(path);
      if (rival !== undefined && (compareOn(path, stamp, rival.stamp) || compareTied(value, stamp.seq, rival.value, rival.stamp.seq)) <= 0)
        this.#drop(held);
    }
  }

  /** Each replica's highest held number. */
  maxima(): ReadonlyMap<number, number> {
    if (this.#cells.length === 0) return NONE;
    const maxima = new Map<number, number>();
    for (const { replica, seq } of this.#cells) maxima.set(replica.num, Math.max(maxima.get(replica.num) ?? 0, seq));
    return maxima;
  }

  /** The record as if all held cells were due: the greatest of each path; nothing if that state is deleted. */
  joined(standing: readonly Cell[]): readonly Cell[] {
    const byPath = new Map(standing.map((cell) => [pathText(cell.path), cell]));
    for (const cell of this.cells()) {
      const key = pathText(cell.path);
      const rival = byPath.get(key);
      if (
        rival === undefined ||
        (compareOn(cell.path, cell.stamp, rival.stamp) || compareTied(cell.value, cell.stamp.seq, rival.value, rival.stamp.seq)) > 0
      )
        byPath.set(key, cell);
    }
    const cells = [...byPath.values()];
    const deletions = cells.filter(({ path }) => isDeletionPath(path)).map(({ value }) => value);
    if (deletions.length === 0) return cells;
    const seen = seenBy(deletions);
    return cells.every(({ path, stamp }) => isDeletionPath(path) || seen.has(`${stamp.replica}:${stamp.seq}`)) ? [] : cells;
  }

  #drop(held: HeldCell): void {
    this.#cells.splice(this.#cells.indexOf(held), 1);
    this.#tx.state.held -= 1;
    this.#tx.sql.deleteHeld.run(this.#num, held.path, held.replica.num);
  }
}
