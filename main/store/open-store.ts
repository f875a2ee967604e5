/**
 * The main thread's store: connection 1, where people's edits are committed (`synchronous=FULL`) and everything is read.
 * It founds a fresh file's replica and, when the copy token says that the file is not the one we last wrote, begins a new one.
 */
import type { Edit } from "../../shared/crdt/edit.ts";
import { AppError } from "../../shared/errors.ts";
import { type ActionId, parseWorkspaceId, type WorkspaceId } from "../../shared/ids.ts";
import { compileType, type TypeRules } from "../../shared/schema/validate.ts";
import type { CommitOptions, Committed, OpenOptions, Store, UndoOutcome, UndoStep, Verification } from "./api.ts";
import { asOf } from "./as-of.ts";
import { commonOf } from "./both-handles.ts";
import { type CommitSetting, commitEdits, validateEdits } from "./commit.ts";
import { failureOf } from "./failure.ts";
import { localGate } from "./gate.ts";
import { historyOf } from "./history.ts";
import { settleIdentity } from "./identity.ts";
import { STATE } from "./image.ts";
import { openDatabase } from "./open.ts";
import { Queries } from "./query.ts";
import { Search } from "./search.ts";
import { Connection } from "./transaction.ts";
import { planRedo, planUndo, type UndoPlan, undoLabels } from "./undo.ts";
import { carryOut, outcomeOf } from "./undo-run.ts";
import { verify } from "./verify.ts";

/** Actions whose last change is remembered, so that a later change of the same action is chained to it. */
const OPEN_ACTIONS = 64;

/** Opens the store. Throws AppErrors: `database_newer`, `database_foreign`, `database_damaged` (set aside), `database_locked`, `database_readonly`, `disk_full`. */
export const openStore = (options: OpenOptions): Store => {
  const { file, types, wall } = options;
  const opened = openDatabase({ file, synchronous: "FULL", wall });
  try {
    const gate = localGate(options.gate);
    const connection = new Connection({ db: opened.db, file, gate, types, keepHistory: options.keepHistory ?? true });
    const rules = new Map(types.map((type) => [String(type.collection), compileType(type)]));
    return new MainStore(connection, options, rules, settleIdentity(connection, options, opened.fresh));
  } catch (error) {
    opened.db.close();
    throw failureOf(error, file);
  }
};

class MainStore implements Store {
  readonly replica: Store["replica"];
  readonly purging: Store["purging"];
  readonly notebook: Store["notebook"];
  readonly log: Store["log"];
  readonly vector: Store["vector"];
  readonly fingerprint: Store["fingerprint"];
  readonly held: Store["held"];
  readonly unseen: Store["unseen"];
  readonly row: Store["row"];
  readonly rows: Store["rows"];
  readonly rowsBy: Store["rowsBy"];
  readonly rowsOf: Store["rowsOf"];
  readonly page: Store["page"];
  readonly countOf: Store["countOf"];
  readonly editedWhileDeleted: Store["editedWhileDeleted"];
  readonly trash: Store["trash"];
  readonly byNumber: Store["byNumber"];
  readonly byDigits: Store["byDigits"];
  readonly where: Store["where"];
  readonly between: Store["between"];
  readonly search: Store["search"];
  readonly bringInForSearch: Store["bringInForSearch"];
  readonly text: Store["text"];
  readonly #connection: Connection;
  readonly #wall: OpenOptions["wall"];
  readonly #rules: ReadonlyMap<string, TypeRules>;
  readonly #identity: ReturnType<typeof settleIdentity>;
  readonly #lastOfAction = new Map<ActionId, number>();

  constructor(
    connection: Connection,
    options: OpenOptions,
    rules: ReadonlyMap<string, TypeRules>,
    identity: ReturnType<typeof settleIdentity>,
  ) {
    this.#connection = connection;
    this.#wall = options.wall;
    this.#rules = rules;
    this.#identity = identity;
    const common = commonOf(connection);
    this.replica = common.replica;
    this.purging = common.purging;
    this.notebook = common.notebook;
    this.log = common.log;
    this.vector = common.vector;
    this.fingerprint = common.fingerprint;
    this.held = common.held;
    this.unseen = common.unseen;
    const queries = new Queries(connection);
    this.row = (id, rowOptions) => queries.row(id, rowOptions);
    this.rows = (collections) => queries.rows(collections);
    this.rowsBy = (collection, field, which) => queries.rowsBy(collection, field, which);
    this.rowsOf = (collection, records) => queries.rowsOf(collection, records);
    this.page = (collection, before, limit) => queries.page(collection, before, limit);
    this.countOf = (collection, most) => queries.countOf(collection, most);
    this.editedWhileDeleted = () => queries.inState(STATE.unseen);
    this.trash = () => queries.trash();
    this.byNumber = (number) => queries.byNumber(number);
    this.byDigits = (digits) => queries.byDigits(digits);
    this.where = (...asked) => queries.where(...asked);
    this.between = (collection, field, from, to) => queries.between(collection, field, from, to);
    const search = new Search(connection);
    this.search = (text, collections, limit) => search.find(text, collections, limit);
    this.bringInForSearch = (records) => search.bringIn(records);
    this.text = (record, field) => queries.text(record, field);
  }

  get letters(): string | undefined {
    return this.#identity.letters();
  }

  get workspace(): WorkspaceId | undefined {
    const text = this.#identity.workspace();
    return text === undefined ? undefined : parseWorkspaceId(text);
  }

  adopt(workspace: WorkspaceId, letters: string): void {
    this.#identity.adopt(workspace, letters);
  }

  commit(edits: readonly Edit[], options: CommitOptions): Committed {
    validateEdits(edits, this.#rules);
    const committed = this.#connection.write((tx) => {
      const previous = tx.state.own;
      const sameAction = this.#lastOfAction.get(options.action) ?? 0;
      const written = commitEdits(tx, edits, this.#setting(), { ...options, previous, sameAction, undoes: 0, kind: "do" });
      return { written, row: tx.state.own === previous ? 0 : tx.state.own };
    });
    if (committed.written === undefined) throw new AppError("nothing_to_change", "There is nothing to change: it is already as asked.");
    if (committed.row !== 0) this.#remember(options.action, committed.row);
    return committed.written;
  }

  count(): number {
    return this.#connection.read(() => this.#connection.state().live);
  }

  ownSeq(): number {
    return this.#connection.read(() => this.#connection.state().seq);
  }

  history(...[record, limit]: Parameters<Store["history"]>): ReturnType<Store["history"]> {
    return historyOf(this.#connection, record, limit);
  }

  asOf(at: Parameters<Store["asOf"]>[0]): ReturnType<Store["asOf"]> {
    return asOf(this.#connection, at);
  }

  undo({ action, target }: Parameters<Store["undo"]>[0]): UndoOutcome {
    return this.#run(planUndo(this.#connection, this.#connection.state().own, target), action);
  }

  redo({ action }: Parameters<Store["redo"]>[0]): UndoOutcome {
    return this.#run(planRedo(this.#connection, this.#connection.state().own), action);
  }

  undoSteps({ action, target }: Parameters<Store["undoSteps"]>[0]): Iterable<UndoStep> {
    const plan = planUndo(this.#connection, this.#connection.state().own, target);
    return plan === undefined ? [] : carryOut(this.#connection, this.#setting(), plan, action);
  }

  undoable(): ReturnType<Store["undoable"]> {
    return this.#connection.read(() => undoLabels(this.#connection, this.#connection.state().own));
  }

  verify(): Verification {
    return verify(this.#connection);
  }

  close(): void {
    this.#connection.close();
  }

  #run(plan: UndoPlan | undefined, action: ActionId): UndoOutcome {
    return plan === undefined ? { kind: "nothing" } : outcomeOf(plan.label, carryOut(this.#connection, this.#setting(), plan, action));
  }

  #setting(): CommitSetting {
    return { rules: this.#rules, wall: this.#wall, letters: this.letters };
  }

  #remember(action: ActionId, row: number): void {
    this.#lastOfAction.delete(action);
    this.#lastOfAction.set(action, row);
    for (const oldest of this.#lastOfAction.keys()) {
      if (this.#lastOfAction.size <= OPEN_ACTIONS) break;
      this.#lastOfAction.delete(oldest);
    }
  }
}
