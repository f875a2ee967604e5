/**
 * Carries an undo or redo out: one transaction for each change that is taken back, so a long action can yield between them and,
 * after a crash, goes on where it stopped, as the same action. What is decided is in `undo.ts` and `undo-edits.ts`.
 */
import type { ActionId } from "../../shared/ids.ts";
import type { Committed, UndoOutcome, UndoStep } from "./api.ts";
import { type CommitSetting, commitEdits } from "./commit.ts";
import { inParts } from "./edit-parts.ts";
import { ownText } from "./own.ts";
import type { Connection, Transaction } from "./transaction.ts";
import type { UndoPlan } from "./undo.ts";
import { editsAgainst, type KeptCell } from "./undo-edits.ts";

/** Takes a plan's changes back, newest first; yields after each transaction. */
export function* carryOut(connection: Connection, setting: CommitSetting, plan: UndoPlan, fresh: ActionId): Generator<UndoStep, void> {
  const { label, kind, changes, resumes } = plan;
  const action = resumes?.action ?? fresh;
  let sameAction = resumes?.row ?? 0;
  for (const [done, change] of changes.entries()) {
    const step = connection.write((tx) => {
      const { edits, kept } = editsAgainst(tx, change, plan);
      const committed: Committed[] = [];
      for (const part of inParts(edits)) {
        const before = tx.state.own;
        const written = commitEdits(tx, part, setting, { action, label, previous: before, sameAction, undoes: change.row, kind });
        if (written !== undefined) committed.push(written);
        if (tx.state.own !== before) sameAction = tx.state.own;
      }
      if (committed.length === 0)
        sameAction = markUndone(tx, ownText({ action, label, previous: tx.state.own, sameAction, undoes: change.row, kind }));
      return { committed, kept };
    });
    for (const { change: written } of step.committed) plan.ours.add(written.stamp.seq);
    yield { label, done: done + 1, total: changes.length, ...step };
  }
}

/** Runs a generator of steps to its end. */
export const outcomeOf = (label: string, steps: Iterable<UndoStep>): UndoOutcome => {
  const committed: Committed[] = [];
  const kept = new Map<string, KeptCell>();
  for (const step of steps) {
    committed.push(...step.committed);
    for (const cell of step.kept) kept.set(`${cell.record} ${cell.field}`, cell);
  }
  return { kind: "undone", label, committed, kept: [...kept.values()] };
};

/** Nothing could be written back: a row of its own says that the change is done with. */
const markUndone = (tx: Transaction, own: string): number => {
  const num = ++tx.state.arrival;
  tx.sql.insertHistory.run(num, 0, 0, tx.state.replica, 0, tx.state.hlc, "[]", null, own);
  tx.state.own = num;
  return tx.state.own;
};
