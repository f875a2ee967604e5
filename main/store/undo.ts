/**
 * Undo and redo of our own actions, across restarts. A cell is written back only if it still has the stamp that the action gave
 * it; what another wrote later stays, and the answer says so. Of a text, the action's own characters are taken. Every undoing is
 * an ordinary change that names the change it undoes, so an action of many changes is taken back step by step, and what a crash
 * left half undone goes on where it stopped. What is taken back of a change, and what stays, is in `undo-edits.ts`.
 */

import type { ActionId } from "../../shared/ids.ts";
import { type OwnKind, type OwnNote, ownOf } from "./own.ts";
import type { Transaction } from "./transaction.ts";

/** One of our changes in the history: its first row's number and what it carries. */
export interface OwnChange {
  readonly row: number;
  readonly seq: number;
  readonly note: OwnNote;
}

/** What one undo or redo takes back: an action's changes that are not undone yet, newest first. */
export interface UndoPlan {
  readonly label: string;
  readonly kind: OwnKind;
  readonly changes: readonly OwnChange[];
  /** Our sequence numbers that may lie between the action and now: its own, and undoings newer than it with what they undo. */
  readonly ours: Set<number>;
  /** An undoing that a crash cut short is gone on with: its action, so that one redo does all of it again, and its newest row. */
  readonly resumes: { readonly action: ActionId; readonly row: number } | undefined;
  /** Where the action undoes or redoes: what was done first, by the row of the oldest of its undoings. */
  readonly firsts: ReadonlyMap<number, Undoings>;
}

/** A change that was done, and what the action has of the undoings and redoings that go back to it, newest first. */
export interface Undoings {
  readonly first: OwnChange;
  readonly undoings: readonly OwnChange[];
}

/** The change whose first row this is. */
export const ownChangeAt = (tx: Pick<Transaction, "sql">, row: number): OwnChange | undefined => {
  const found = row === 0 ? undefined : tx.sql.historyRow.get(row);
  const own = found?.[8] ?? null;
  return found === undefined || own === null ? undefined : { row, seq: found[4], note: ownOf(own) };
};

/** Our changes, newest first, as far as the history goes back. */
function* ownChanges(tx: Pick<Transaction, "sql">, head: number): Generator<OwnChange> {
  for (let at = ownChangeAt(tx, head); at !== undefined; at = ownChangeAt(tx, at.note.previous)) yield at;
}

/** An action's changes from its newest on. */
function* changesOfAction(tx: Pick<Transaction, "sql">, newest: OwnChange): Generator<OwnChange> {
  for (let at: OwnChange | undefined = newest; at !== undefined; at = ownChangeAt(tx, at.note.sameAction)) yield at;
}

/** The newest change of what undo or redo is about, and the changes that are undone already. */
interface Found {
  readonly newest: OwnChange;
  readonly undone: ReadonlySet<number>;
}

const findUndo = (tx: Pick<Transaction, "sql">, head: number, target?: ActionId): Found | undefined => {
  const undone = new Set<number>();
  for (const change of ownChanges(tx, head)) {
    const { note, row } = change;
    if (undone.has(row)) continue;
    if (note.undoes !== 0) undone.add(note.undoes);
    if (note.kind !== "undo" && (target === undefined || note.action === target)) return { newest: change, undone };
  }
  return undefined;
};

const findRedo = (tx: Pick<Transaction, "sql">, head: number): Found | undefined => {
  const undone = new Set<number>();
  for (const change of ownChanges(tx, head)) {
    const { note, row } = change;
    if (undone.has(row)) continue;
    if (note.kind === "undo") return { newest: change, undone };
    if (note.kind === "do") return undefined;
    undone.add(note.undoes);
  }
  return undefined;
};

const planOf = (tx: Pick<Transaction, "sql">, head: number, found: Found | undefined, kind: OwnKind): UndoPlan | undefined => {
  if (found === undefined) return undefined;
  const { newest, undone } = found;
  const all = [...changesOfAction(tx, newest)];
  return {
    label: newest.note.label,
    kind,
    changes: all.filter(({ row }) => !undone.has(row)),
    ours: cancelledSince(tx, head, all),
    resumes: cutShort(tx, head, newest),
    firsts: firstsOf(tx, head, newest, all.at(-1)?.row ?? 0),
  };
};

/** Only while nothing else was done since: what came between is undone and done again in its own turn. */
const cutShort = (tx: Pick<Transaction, "sql">, head: number, { note: { action } }: OwnChange): UndoPlan["resumes"] => {
  const last = ownChangeAt(tx, head);
  const undone = last === undefined ? undefined : ownChangeAt(tx, last.note.undoes);
  return last !== undefined && undone?.note.action === action ? { action: last.note.action, row: last.row } : undefined;
};

/** Of an action that undoes or redoes, its changes together with what the first in their row of undoings undid. */
const firstsOf = (tx: Pick<Transaction, "sql">, head: number, newest: OwnChange, oldest: number): UndoPlan["firsts"] => {
  const firsts = new Map<number, Undoings>();
  if (newest.note.undoes === 0) return firsts;
  // From the head on, since what was taken back before a crash counts too.
  for (const change of ownChanges(tx, head)) {
    if (change.row < oldest) break;
    if (change.note.action !== newest.note.action) continue;
    let first: OwnChange | undefined = change;
    while (first !== undefined && first.note.undoes !== 0) first = ownChangeAt(tx, first.note.undoes);
    if (first !== undefined) firsts.set(first.row, { first, undoings: [...(firsts.get(first.row)?.undoings ?? []), change] });
  }
  return new Map([...firsts.values()].map((each) => [each.undoings.at(-1)?.row ?? 0, each]));
};

/** An undoing and what it undoes cancel out: together they leave each cell as it was. */
const cancelledSince = (tx: Pick<Transaction, "sql">, head: number, action: readonly OwnChange[]): Set<number> => {
  const oldest = action.at(-1)?.row ?? 0;
  const ours = new Set(action.map(({ seq }) => seq));
  const undone = new Set<number>();
  for (const { row, seq, note } of ownChanges(tx, head)) {
    if (row < oldest) break;
    if (undone.has(row)) ours.add(seq);
    else if (note.undoes > oldest) {
      ours.add(seq);
      undone.add(note.undoes);
    }
  }
  return ours;
};

/** What undo would take back: our latest action that is not undone, or the one asked for. Undefined: nothing. */
export const planUndo = (tx: Pick<Transaction, "sql">, head: number, target?: ActionId): UndoPlan | undefined =>
  planOf(tx, head, findUndo(tx, head, target), "undo");

/** What redo would do again: the latest undoing that no later action of ours follows. */
export const planRedo = (tx: Pick<Transaction, "sql">, head: number): UndoPlan | undefined => planOf(tx, head, findRedo(tx, head), "redo");

/** The labels of both. */
export const undoLabels = (tx: Pick<Transaction, "sql">, head: number): { readonly undo: string | null; readonly redo: string | null } => ({
  undo: findUndo(tx, head)?.newest.note.label ?? null,
  redo: findRedo(tx, head)?.newest.note.label ?? null,
});
