/**
 * What this file knows of a replica's numbers, for hello: a file that was rolled back or copied is found by what others have seen of it
 * (merge.md, "Forks"). Seen counts anywhere: in the vector, in cells beyond it, in the lists of deletions.
 */
import { ZERO_HLC } from "../../shared/clock/hlc.ts";
import { isDeletionPath, pathFromText } from "../../shared/crdt/paths.ts";
import type { Hlc, VectorEntry, VersionVector } from "../../shared/crdt/types.ts";
import type { StoredValue } from "../../shared/crdt/value.ts";
import type { ReplicaId } from "../../shared/ids.ts";
import type { ReplicaName } from "./names.ts";
import type { Connection, Transaction } from "./transaction.ts";
import { RecordWriter } from "./writer.ts";

/** So many records at most are read to find the clock of one of our own changes. */
const MOST_LOOKED_AT = 4096;

export class Sightings {
  readonly #connection: Connection;
  readonly #top;
  readonly #lists;
  readonly #history;

  constructor(connection: Connection) {
    const { db } = connection;
    this.#connection = connection;
    this.#top = db.prepare<[number], [number, number]>("SELECT top, top_hlc FROM replica WHERE num = ?").raw();
    this.#lists = db.prepare<[string], string>("SELECT aside FROM record WHERE state <> 0 AND instr(aside, ?) > 0").pluck();
    // From the newest row on: what is asked for lies near the end.
    this.#history = db
      .prepare<[number, number], [number, number]>(
        "SELECT seq, hlc FROM history WHERE replica = ? AND seq BETWEEN 1 AND ? ORDER BY num DESC LIMIT 1",
      )
      .raw();
  }

  /** The highest number seen anywhere of each of these replicas. Its clock is zero where only deletions list it, which hold none. */
  of(replicas: readonly ReplicaId[]): VersionVector {
    return this.#connection.view((tx) => {
      const seen = new Map<ReplicaId, VectorEntry>();
      for (const id of replicas) {
        const entry = this.#entryOf(tx, id);
        if (entry !== undefined) seen.set(id, entry);
      }
      return seen;
    });
  }

  /** The clock of one of our own changes; undefined where nothing here tells it any more. */
  ownHlc(seq: number): Hlc | undefined {
    return this.#connection.view((tx) => {
      const own = tx.names.replicaOf(tx.state.replica);
      if (seq === tx.state.seq) return tx.state.seqHlc;
      const row = this.#history.get(own.num, seq);
      if (row !== undefined && row[0] === seq) return tx.hlc(row[1]);
      // What has no row of history, as typing, stands in a record that was written since; in one of very many it is not looked for.
      const written = tx.arrivals.around(own.num, seq, tx.state);
      if (written === "all" && tx.state.records > MOST_LOOKED_AT) return undefined;
      const nums = written === "all" ? tx.sql.allInIdOrder.all() : [...new Set(written)].slice(0, MOST_LOOKED_AT);
      for (const num of nums) {
        const hlc = hlcIn(tx, num, own, seq);
        if (hlc !== undefined) return hlc;
      }
      return undefined;
    });
  }

  #entryOf(tx: Transaction, id: ReplicaId): VectorEntry | undefined {
    const replica = tx.names.knownReplica(id);
    let best: VectorEntry | undefined;
    if (replica?.num === tx.state.replica) best = { seq: tx.state.seq, hlc: tx.state.seqHlc };
    else if (replica !== undefined) {
      const [seq, hlc] = this.#top.get(replica.num) ?? [0, 0];
      if (seq > 0) best = { seq, hlc: tx.hlc(hlc) };
    }
    const listed = this.#listed(id);
    return listed > (best?.seq ?? 0) ? { seq: listed, hlc: ZERO_HLC } : best;
  }

  /** The highest number of a replica in any deletion's list. */
  #listed(id: ReplicaId): number {
    let highest = 0;
    for (const aside of this.#lists.all(id)) {
      const cells: StoredValue[] = JSON.parse(aside);
      for (let i = 0; i < cells.length; i += 2) {
        if (!isDeletionPath(pathFromText(String(cells[i])))) continue;
        for (const seq of seqsOf(cells[i + 1] ?? null, id)) highest = Math.max(highest, seq);
      }
    }
    return highest;
  }
}

const seqsOf = (list: StoredValue, id: ReplicaId): readonly number[] => {
  const seqs = list !== null && typeof list === "object" ? new Map(Object.entries(list)).get(id) : undefined;
  return Array.isArray(seqs) ? seqs.filter((seq) => typeof seq === "number") : [];
};

/** The clock of a replica's change as a record's cells have it. */
const hlcIn = (tx: Transaction, record: number, { id, num }: ReplicaName, seq: number): Hlc | undefined => {
  const writer = RecordWriter.byNum(tx, record);
  if (writer === undefined) return undefined;
  const { stamps } = writer.image;
  const at = stamps.seq.findIndex((one, i) => one === seq && stamps.replica[i] === num);
  if (at >= 0) return tx.hlc(stamps.hlc[at] ?? 0);
  return writer.held.cells().find(({ stamp }) => stamp.seq === seq && stamp.replica === id)?.stamp.hlc;
};
