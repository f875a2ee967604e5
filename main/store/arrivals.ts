/**
 * What arrived when, so that "what does a peer with this vector lack?" needs no row for each record and replica. Rows of history are
 * numbered as they come and name their record; a record that is written without one raises the mark of its block. Milestones tell for
 * each replica after which row all cells beyond a number of it arrived. So what a peer lacks lies among the records that were written
 * since the milestone of what it has; which cells those are their stamps tell.
 * Invariant (checked by verify): a record with a cell (replica, seq) has a row of history, or its block a mark, after the last milestone of that
 * replica below seq.
 */
import type Database from "better-sqlite3";
import type { VersionVector } from "../../shared/crdt/types.ts";
import type { ReplicaName } from "./names.ts";
import type { State } from "./state.ts";

const BLOCK = 32;
/** A milestone is worth a row once so many numbers, or rows of history, have gone by since the last one. */
const MILESTONE_SEQS = 64;
const MILESTONE_ROWS = 512;
/** With more milestones than that every second of the older half goes, which only loosens what they say. */
const MILESTONES = 16;

interface Top {
  seq: number;
  hlc: number;
}

interface Statements {
  readonly mark: Database.Statement<[number, number]>;
  readonly top: Database.Statement<[number], [number, number]>;
  readonly setTop: Database.Statement<[number, number, number]>;
  readonly last: Database.Statement<[number], [number, number]>;
  readonly below: Database.Statement<[number, number], number>;
  readonly add: Database.Statement<[number, number, number]>;
  readonly seqs: Database.Statement<[number], number>;
  readonly remove: Database.Statement<[number, number]>;
  readonly since: Database.Statement<[number], number>;
  readonly blocks: Database.Statement<[number], number>;
  readonly blockAt: Database.Statement<[number], number>;
  readonly tops: Database.Statement<[], [number, number]>;
}

const prepare = (db: Database.Database): Statements => ({
  mark: db.prepare("INSERT INTO touched (block, at) VALUES (?, ?) ON CONFLICT DO UPDATE SET at = excluded.at WHERE at < excluded.at"),
  top: db.prepare<[number], [number, number]>("SELECT top, top_hlc FROM replica WHERE num = ?").raw(),
  setTop: db.prepare("UPDATE replica SET top = ?, top_hlc = ? WHERE num = ?"),
  last: db.prepare<[number], [number, number]>("SELECT seq, at FROM milestone WHERE replica = ? ORDER BY seq DESC LIMIT 1").raw(),
  below: db.prepare<[number, number], number>("SELECT at FROM milestone WHERE replica = ? AND seq <= ? ORDER BY seq DESC LIMIT 1").pluck(),
  add: db.prepare("INSERT INTO milestone (replica, seq, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"),
  seqs: db.prepare<[number], number>("SELECT seq FROM milestone WHERE replica = ? ORDER BY seq").pluck(),
  remove: db.prepare("DELETE FROM milestone WHERE replica = ? AND seq = ?"),
  since: db.prepare<[number], number>("SELECT record FROM history WHERE num > ?").pluck(),
  blocks: db.prepare<[number], number>("SELECT block FROM touched WHERE at > ?").pluck(),
  blockAt: db.prepare<[number], number>("SELECT at FROM touched WHERE block = ?").pluck(),
  tops: db.prepare<[], [number, number]>("SELECT num, top FROM replica").raw(),
});

export class Arrivals {
  readonly #sql: Statements;
  readonly #tops = new Map<number, Top>();
  #start = 0;
  #at = 0;
  readonly #marked = new Set<number>();

  constructor(db: Database.Database) {
    this.#sql = prepare(db);
  }

  /** A transaction begins. */
  begin({ arrival }: State): void {
    this.#tops.clear();
    this.#start = arrival;
    this.#at = 0;
    this.#marked.clear();
  }

  /** A number of another replica stands or is held in a record now. */
  saw(replica: number, seq: number, hlc: number): void {
    const top = this.#tops.get(replica);
    if (top === undefined) this.#tops.set(replica, { seq, hlc });
    else if (seq > top.seq) {
      top.seq = seq;
      top.hlc = hlc;
    }
  }

  /** A record was written without a row of history. */
  unlogged(record: number, state: State): void {
    const block = Math.floor(record / BLOCK);
    if (this.#marked.has(block)) return;
    if (this.#at === 0) this.#at = ++state.arrival;
    this.#marked.add(block);
    this.#sql.mark.run(block, this.#at);
  }

  /** The transaction ends: what it saw of each replica is written, with a milestone where one is due. */
  end(state: State, ownSeqBefore: number): void {
    this.#tops.delete(state.replica);
    for (const [replica, { seq, hlc }] of this.#tops) {
      const [top, topHlc] = this.#sql.top.get(replica) ?? [0, 0];
      if (seq < top || (seq === top && topHlc !== 0)) continue;
      this.#sql.setTop.run(seq, hlc, replica);
      if (seq > top) this.#milestone(replica, top);
    }
    if (Math.floor(state.seq / MILESTONE_SEQS) > Math.floor(ownSeqBefore / MILESTONE_SEQS)) this.#milestone(state.replica, ownSeqBefore);
  }

  /** Rows of history up to this one are about to go: their records' blocks keep when they came. */
  beforeTrim(rows: readonly { readonly num: number; readonly record: number }[]): void {
    for (const { num, record } of rows) if (record > 0) this.#sql.mark.run(Math.floor(record / BLOCK), num);
  }

  /** The numbers of the records that may hold cells beyond this vector, in no order, some of them more than once; "all" where that is no less. */
  beyond(base: VersionVector, state: State, nameOf: (num: number) => ReplicaName): readonly number[] | "all" {
    let since = Number.POSITIVE_INFINITY;
    for (const [num, known] of this.#sql.tops.iterate()) {
      const top = num === state.replica ? state.seq : known;
      const has = base.get(nameOf(num).id)?.seq ?? 0;
      if (top > has) since = Math.min(since, this.#sql.below.get(num, has) ?? 0);
    }
    return since === Number.POSITIVE_INFINITY ? [] : this.#writtenAfter(since, state);
  }

  /** The records that may hold this number of this replica, as `beyond` names them. */
  around(replica: number, seq: number, state: State): readonly number[] | "all" {
    return this.#writtenAfter(this.neededFor(replica, seq), state);
  }

  #writtenAfter(since: number, state: State): readonly number[] | "all" {
    if (since === 0 || state.arrival - since > state.records) return "all";
    const found = this.#sql.since.all(since);
    for (const block of this.#sql.blocks.iterate(since)) {
      const last = Math.min((block + 1) * BLOCK - 1, state.records);
      for (let num = Math.max(1, block * BLOCK); num <= last; num++) found.push(num);
    }
    return found;
  }

  /** What `beyond` must find for a cell of this replica and number, as the last row of history or mark that may tell of it. */
  neededFor(replica: number, seq: number): number {
    return this.#sql.below.get(replica, seq - 1) ?? 0;
  }

  /** The mark of a record's block; -1 for none. */
  markOf(record: number): number {
    return this.#sql.blockAt.get(Math.floor(record / BLOCK)) ?? -1;
  }

  #milestone(replica: number, seq: number): void {
    const [lastSeq, lastAt] = this.#sql.last.get(replica) ?? [-MILESTONE_SEQS, 0];
    if (seq - lastSeq < MILESTONE_SEQS && this.#start - lastAt < MILESTONE_ROWS) return;
    this.#sql.add.run(replica, seq, this.#start);
    const seqs = this.#sql.seqs.all(replica);
    if (seqs.length <= MILESTONES) return;
    for (let i = 1; i < seqs.length / 2; i += 2) this.#sql.remove.run(replica, seqs[i] ?? 0);
  }
}
