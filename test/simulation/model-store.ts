/**
 * The store's rules as plain maps: what `ReplicaStore` promises to the protocol, and nothing else (no files, no held work).
 * A crash goes back to what was last synced.
 */

import type { LiveOutcome, RecordTreeStore } from "../../main/store/api.ts";
import type { SyncStore } from "../../main/sync/store-effects.ts";
import { nextHlc, observeHlc, parseHlc, ZERO_HLC } from "../../shared/clock/hlc.ts";
import { FingerprintSum } from "../../shared/crdt/fingerprint.ts";
import { hashOfText } from "../../shared/crdt/hash.ts";
import { compareCells } from "../../shared/crdt/order.ts";
import { pathText } from "../../shared/crdt/paths.ts";
import { type RecordTree, RecordTreeBuilder } from "../../shared/crdt/record-tree.ts";
import type { Cell, Change, Hlc, Path, RecordCells, RecordWrites, Value, VersionVector } from "../../shared/crdt/types.ts";
import { type CollectionId, type EpochMs, parseActionId, parseCollectionId, type RecordId, type ReplicaId } from "../../shared/ids.ts";
import { advanced, join, seqOf } from "../../shared/protocol/vector.ts";
import { type Batch, batchOf } from "./batches.ts";

/** What the parser of an id gave, which the simulator knows to be one. */
export const known = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("the simulator made an id that is none");
  return value;
};

export const COLLECTION: CollectionId = known(parseCollectionId("workOrder"));

export interface Put {
  readonly record: RecordId;
  readonly path: Path;
  readonly value: Value;
}

type Rows = ReadonlyMap<RecordId, ReadonlyMap<string, Cell>>;
export interface State {
  readonly replica: ReplicaId;
  readonly rows: Rows;
  readonly vector: VersionVector;
  readonly clock: Hlc;
  /** The clocks of our own changes, the first one's first. */
  readonly own: readonly Hlc[];
}

/** All cells of some changes, the standing one of each path. */
export const standing = (changes: Iterable<Change>): Rows => {
  let rows: Rows = new Map();
  for (const change of changes) rows = withWrites(rows, change);
  return rows;
};

const withCells = (rows: Rows, record: RecordId, cells: readonly Cell[]): Rows => {
  const row = new Map(rows.get(record));
  for (const cell of cells) {
    const key = pathText(cell.path);
    const rival = row.get(key);
    if (rival === undefined || compareCells(cell, rival) > 0) row.set(key, cell);
  }
  return new Map(rows).set(record, row);
};

const withWrites = (rows: Rows, { stamp, records }: Change): Rows =>
  records.reduce(
    (now, { record, cells }) =>
      withCells(
        now,
        record,
        cells.map((cell) => ({ ...cell, stamp })),
      ),
    rows,
  );

/** The same text for the same state, whatever the order in which it came. */
export const dumpRows = (rows: Rows): string =>
  [...rows]
    .flatMap(([record, row]) => linesOf(record, row))
    .sort()
    .join("\n");

const linesOf = (record: RecordId, row: ReadonlyMap<string, Cell>): readonly string[] =>
  [...row].map(([path, { value, stamp }]) => `${record} ${path} ${JSON.stringify(value)} ${stamp.replica} ${stamp.seq} ${stamp.hlc}`);

/** The same tree as over files, of other sums. */
class ModelTree implements RecordTreeStore {
  readonly #rows: () => Rows;
  #tree: RecordTree | undefined;
  #ids: readonly RecordId[] = [];
  uses = 0;

  constructor(rows: () => Rows) {
    this.#rows = rows;
  }

  build(): boolean {
    const rows = this.#rows();
    const builder = new RecordTreeBuilder();
    this.#ids = [...rows.keys()];
    for (const [num, record] of this.#ids.entries()) {
      const sum = new FingerprintSum();
      for (const line of linesOf(record, rows.get(record) ?? new Map())) sum.add(hashOfText(line, 0));
      builder.add(record, num, sum.total());
    }
    this.#tree = builder.finish();
    return true;
  }

  read(nodes: Parameters<RecordTreeStore["read"]>[0]): ReturnType<RecordTreeStore["read"]> {
    this.uses++;
    return this.#tree === undefined ? null : nodes.map((node) => known(this.#tree).read(node, (num) => this.#ids[num]));
  }

  compare(parts: Parameters<RecordTreeStore["compare"]>[0]): ReturnType<RecordTreeStore["compare"]> {
    const tree = this.#tree;
    if (tree === undefined) return null;
    this.uses++;
    const found = parts.map((part) => tree.differing(part, (num) => this.#ids[num]));
    return { nodes: found.flatMap(({ nodes }) => nodes), records: found.flatMap(({ records }) => records) };
  }

  drop(): void {
    this.#tree = undefined;
  }
}

export class ModelStore implements SyncStore {
  #state: State;
  #synced: State;
  #dumped: { readonly rows: Rows; readonly text: string } = { rows: new Map(), text: "" };
  readonly tree: RecordTreeStore = new ModelTree(() => this.#state.rows);

  constructor(replica: ReplicaId) {
    this.#state = { replica, rows: new Map(), vector: new Map(), clock: ZERO_HLC, own: [] };
    this.#synced = this.#state;
  }

  get replica(): ReplicaId {
    return this.#state.replica;
  }

  vector(): VersionVector {
    return this.#state.vector;
  }

  dump(): string {
    if (this.#dumped.rows !== this.#state.rows) this.#dumped = { rows: this.#state.rows, text: dumpRows(this.#state.rows) };
    return this.#dumped.text;
  }

  records(): readonly RecordId[] {
    return [...this.#state.rows.keys()];
  }

  /** Durable before it returns, and all that was merged before with it. */
  commit(puts: readonly Put[], wall: EpochMs): Change {
    const { rows, vector, clock, own } = this.#state;
    const hlc = nextHlc(clock, wall);
    const seq = seqOf(vector, this.replica) + 1;
    const byRecord = new Map<RecordId, RecordWrites>();
    for (const { record, path, value } of puts) {
      const cells = [...(byRecord.get(record)?.cells ?? []), { path, value }];
      byRecord.set(record, { record, collection: COLLECTION, creates: !rows.has(record), cells });
    }
    const action = parseActionId(`${this.replica}-${seq}`);
    if (action === undefined) throw new Error("no action id");
    const change: Change = { stamp: { term: 0, hlc, replica: this.replica, seq }, action, records: [...byRecord.values()] };
    const next = { rows: withWrites(rows, change), vector: advanced(vector, this.replica, seq, hlc), clock: hlc, own: [...own, hlc] };
    this.#state = { ...this.#state, ...next };
    this.sync();
    return change;
  }

  sync(): void {
    this.#synced = this.#state;
  }

  /** A fault: what stands on one path is gone, unnoticed. */
  lose(record: RecordId, path: string): void {
    const row = new Map(this.#state.rows.get(record));
    row.delete(path);
    this.#state = { ...this.#state, rows: new Map(this.#state.rows).set(record, row) };
    this.sync();
  }

  /** The file as it is now, to go back to. */
  copy(): State {
    return this.#state;
  }

  /** The disk is an old one again, and nothing in the file says so. */
  rollBack(state: State): void {
    this.#state = state;
    this.sync();
  }

  /** The same state as another replica, which has written nothing. */
  beginAnew(replica: ReplicaId): void {
    this.#state = { ...this.#state, replica, own: [] };
    this.sync();
  }

  seen(replicas: readonly ReplicaId[]): VersionVector {
    let seen: VersionVector = new Map([...this.#state.vector].filter(([replica]) => replicas.includes(replica)));
    for (const row of this.#state.rows.values()) {
      for (const { stamp } of row.values())
        if (replicas.includes(stamp.replica)) seen = advanced(seen, stamp.replica, stamp.seq, stamp.hlc);
    }
    return seen;
  }

  ownHlc(seq: number): Hlc | undefined {
    return this.#state.own[seq - 1];
  }

  /** All cells of some changes stand in it, or greater ones. */
  holds(changes: Iterable<Change>): boolean {
    let { rows } = this.#state;
    for (const change of changes) rows = withWrites(rows, change);
    return dumpRows(rows) === this.dump();
  }

  /** Power loss. */
  crash(): void {
    this.#state = this.#synced;
  }

  sweep(base: VersionVector, cursor: RecordId | null): Batch {
    return batchOf(this.#state.rows.keys(), (record) => this.#whole(record), base, cursor);
  }

  whole(records: readonly RecordId[]): readonly RecordCells[] {
    return records.flatMap((record) => this.#whole(record));
  }

  #whole(record: RecordId): readonly RecordCells[] {
    const row = this.#state.rows.get(record);
    return row === undefined ? [] : [{ record, collection: COLLECTION, whole: true, cells: [...row.values()] }];
  }

  mergeBatch(records: readonly RecordCells[]): {
    readonly records: readonly RecordId[];
    readonly missing: readonly RecordId[];
    readonly held: number;
  } {
    const missing: RecordId[] = [];
    const merged: RecordId[] = [];
    let { rows, clock } = this.#state;
    for (const { record, whole, cells } of records) {
      if (!whole && !rows.has(record)) {
        missing.push(record);
        continue;
      }
      rows = withCells(rows, record, cells);
      for (const { stamp } of cells) clock = observeHlc(clock, stamp.hlc);
      merged.push(record);
    }
    this.#state = { ...this.#state, rows, clock };
    return { records: merged, missing, held: 0 };
  }

  takeVector(vector: VersionVector): void {
    const others = new Map([...vector].filter(([replica]) => replica !== this.replica));
    this.#state = { ...this.#state, vector: join(this.#state.vector, others) };
  }

  mergeLive(change: Change): LiveOutcome {
    const { rows, vector, clock } = this.#state;
    const { replica, seq, hlc } = change.stamp;
    const known = seqOf(vector, replica);
    if (seq <= known) return { kind: "known" };
    if (seq !== known + 1) return { kind: "gap" };
    const missing = change.records.filter(({ record, creates }) => !creates && !rows.has(record)).map(({ record }) => record);
    if (missing.length > 0) return { kind: "missing", records: missing };
    const next = { rows: withWrites(rows, change), vector: advanced(vector, replica, seq, hlc), clock: observeHlc(clock, hlc) };
    this.#state = { ...this.#state, ...next };
    return { kind: "merged", records: change.records.map(({ record }) => record) };
  }
}

/** A limit that holds nothing: the simulation's clocks are right. */
export const NO_LIMIT: Hlc = known(parseHlc(Number.MAX_SAFE_INTEGER));
