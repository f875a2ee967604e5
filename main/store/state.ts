/**
 * What each transaction moves, in one row: clock, our own sequence number, fingerprint, counts. Read when a transaction begins
 * (the other connection may have moved it), written once before it ends.
 */
import type Database from "better-sqlite3";
import { parseHlc } from "../../shared/clock/hlc.ts";
import type { Hlc } from "../../shared/crdt/types.ts";
import { AppError } from "../../shared/errors.ts";

export interface State {
  hlc: Hlc;
  /** Our own replica's local number. */
  replica: number;
  seq: number;
  /** The clock of `seq`. */
  seqHlc: Hlc;
  /** The last order number issued. */
  number: number;
  fingerprint: readonly number[];
  live: number;
  records: number;
  held: number;
  /** The first history row of our latest change that can be undone; 0 when there is none. */
  own: number;
  /** The number of the last row of history that was ever written, or of what arrived without one: `arrivals.ts`. */
  arrival: number;
}

type Row = [number, number, number, number, number, number, number, number, number, number, number, number, number, number];

const COLUMNS = "hlc, replica, seq, seq_hlc, number, f0, f1, f2, f3, live, records, held, own, arrival";

export class StateRow {
  readonly #read: Database.Statement<[], Row>;
  readonly #write: Database.Statement<number[]>;
  readonly #file: string;

  constructor(db: Database.Database, file: string) {
    this.#file = file;
    this.#read = db.prepare<[], Row>(`SELECT ${COLUMNS} FROM state`).raw();
    this.#write = db.prepare<number[]>(
      "UPDATE state SET hlc = ?, replica = ?, seq = ?, seq_hlc = ?, number = ?, f0 = ?, f1 = ?, f2 = ?, f3 = ?, live = ?, records = ?, held = ?, own = ?, arrival = ?",
    );
  }

  /** Undefined while a fresh file has none. */
  find(): State | undefined {
    const row = this.#read.get();
    if (row === undefined) return undefined;
    const [hlc, replica, seq, seqHlc, number, f0, f1, f2, f3, live, records, held, own, arrival] = row;
    return {
      hlc: this.#hlc(hlc),
      replica,
      seq,
      seqHlc: this.#hlc(seqHlc),
      number,
      fingerprint: [f0, f1, f2, f3],
      live,
      records,
      held,
      own,
      arrival,
    };
  }

  read(): State {
    const state = this.find();
    if (state === undefined) throw new AppError("database_damaged", `${this.#file} lost its state. Restore a backup, or join again.`);
    return state;
  }

  write(state: State): void {
    const [f0, f1, f2, f3] = state.fingerprint;
    this.#write.run(
      state.hlc,
      state.replica,
      state.seq,
      state.seqHlc,
      state.number,
      f0 ?? 0,
      f1 ?? 0,
      f2 ?? 0,
      f3 ?? 0,
      state.live,
      state.records,
      state.held,
      state.own,
      state.arrival,
    );
  }

  #hlc(value: number): Hlc {
    const hlc = parseHlc(value);
    if (hlc === undefined)
      throw new AppError("database_damaged", `${this.#file} holds an impossible clock. Restore a backup, or join again.`);
    return hlc;
  }
}
