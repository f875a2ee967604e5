/**
 * One writing transaction: IMMEDIATE, inside the gate, with the state row read at its start and written at its end.
 * All of `work` or nothing; async work does not compile. SQLite's errors leave here as errors of this program.
 */
import type Database from "better-sqlite3";
import { parseHlc } from "../../shared/clock/hlc.ts";
import { FingerprintSum } from "../../shared/crdt/fingerprint.ts";
import type { Hlc } from "../../shared/crdt/types.ts";
import { AppError } from "../../shared/errors.ts";
import type { TypeDef } from "../../shared/schema/types.ts";
import { Arrivals } from "./arrivals.ts";
import { NextDue } from "./due.ts";
import { failureOf, noteDamage } from "./failure.ts";
import type { Gate } from "./gate.ts";
import { Names } from "./names.ts";
import { MergePace } from "./pace.ts";
import { type State, StateRow } from "./state.ts";
import { prepareStatements, type Statements } from "./statements.ts";

type NotAPromise<T> = T extends PromiseLike<unknown> ? never : T;

/** What writers work with; of no use once its transaction has ended. */
export interface Transaction {
  readonly sql: Statements;
  readonly names: Names;
  readonly state: State;
  /** What this transaction adds to the fingerprint. */
  readonly sum: FingerprintSum;
  readonly keepHistory: boolean;
  readonly due: NextDue;
  readonly arrivals: Arrivals;
  /** Of our own changes, what those who wrote what is merged had seen. */
  readonly seen: number;
  /** A clock value from the file. */
  readonly hlc: (value: number) => Hlc;
}

/** What is written here, and what comes from who knows all that is ours. */
const ALL_SEEN = Number.POSITIVE_INFINITY;

const storedHlc = (value: number): Hlc => {
  const hlc = parseHlc(value);
  if (hlc === undefined) throw new AppError("database_damaged", "The database holds an impossible clock. Restore a backup, or join again.");
  return hlc;
};

export class Connection {
  readonly db: Database.Database;
  readonly file: string;
  readonly sql: Statements;
  readonly names: Names;
  readonly pace = new MergePace();
  readonly due = new NextDue();
  readonly arrivals: Arrivals;
  readonly #stateRow: StateRow;
  readonly #gate: Gate;
  readonly #keepHistory: boolean;
  readonly #sum = new FingerprintSum();

  constructor(options: {
    readonly db: Database.Database;
    readonly file: string;
    readonly gate: Gate;
    readonly types: readonly TypeDef[];
    readonly keepHistory: boolean;
  }) {
    this.db = options.db;
    this.file = options.file;
    this.#gate = options.gate;
    this.#keepHistory = options.keepHistory;
    this.sql = prepareStatements(options.db);
    this.names = new Names(options.db, options.types);
    this.arrivals = new Arrivals(options.db);
    this.#stateRow = new StateRow(options.db, options.file);
  }

  /** The state as it stands outside any transaction. */
  state(): State {
    return this.#stateRow.read();
  }

  hasState(): boolean {
    return this.#stateRow.find() !== undefined;
  }

  /** Whether a local commit waits for this connection to end its transaction. */
  wanted(): boolean {
    return this.#gate.wanted();
  }

  /** Runs `work` in one transaction; its state and fingerprint are written with it. */
  write<T>(work: (tx: Transaction) => NotAPromise<T>, seen = ALL_SEEN): NotAPromise<T> {
    return this.raw(() => {
      const state = this.#stateRow.read();
      this.#sum.clear();
      const { sql, names, due, arrivals } = this;
      const ownSeq = state.seq;
      arrivals.begin(state);
      const result = work({ sql, names, state, sum: this.#sum, keepHistory: this.#keepHistory, due, arrivals, seen, hlc: storedHlc });
      arrivals.end(state, ownSeq);
      state.fingerprint = this.#sum.total(state.fingerprint);
      this.#stateRow.write(state);
      return result;
    });
  }

  /** Runs `work` in one transaction that has nothing to do with records. */
  raw<T>(work: () => NotAPromise<T>): NotAPromise<T> {
    this.#gate.enter();
    try {
      this.sql.begin.run();
      const result = work();
      this.sql.commit.run();
      return result;
    } catch (error) {
      this.#undo();
      noteDamage(error, this.file);
      throw failureOf(error, this.file);
    } finally {
      this.#gate.leave();
    }
  }

  /** Runs a reading over one state of the file. What it opens must not be written. */
  view<T>(work: (tx: Transaction) => NotAPromise<T>): NotAPromise<T> {
    return this.read(() => {
      this.db.exec("BEGIN");
      try {
        const state = this.#stateRow.read();
        const { sql, names, due, arrivals } = this;
        return work({ sql, names, state, sum: new FingerprintSum(), keepHistory: false, due, arrivals, seen: ALL_SEEN, hlc: storedHlc });
      } finally {
        this.db.exec("COMMIT");
      }
    });
  }

  /** Runs `work` while no other writer of this program may begin. */
  alone<T>(work: () => NotAPromise<T>): NotAPromise<T> {
    this.#gate.enter();
    try {
      return work();
    } finally {
      this.#gate.leave();
    }
  }

  /** Runs a reading with SQLite's errors translated. */
  read<T>(work: () => NotAPromise<T>): NotAPromise<T> {
    try {
      return work();
    } catch (error) {
      noteDamage(error, this.file);
      throw failureOf(error, this.file);
    }
  }

  /** A clock value from the file. */
  hlc(value: number): Hlc {
    return storedHlc(value);
  }

  close(): void {
    this.db.close();
  }

  /** SQLite may have rolled back by itself (a full disk); names met in the transaction are gone either way. */
  #undo(): void {
    if (this.db.inTransaction) this.sql.rollback.run();
    this.names.reset();
  }
}
