/**
 * What our own changes carry in the history for undo: the action, its label, and the chains that undo follows. Kept as JSON in
 * the first row of a change. A change is one that does, one that undoes a change, or one that redoes (undoes an undoing).
 */
import { AppError } from "../../shared/errors.ts";
import { type ActionId, parseActionId } from "../../shared/ids.ts";

export type OwnKind = "do" | "undo" | "redo";

export interface OwnNote {
  readonly action: ActionId;
  readonly label: string;
  /** The first row of our change before this one; 0 when there is none. */
  readonly previous: number;
  /** The first row of the same action's change before this one; 0 when there is none. */
  readonly sameAction: number;
  /** The first row of the change that this one undoes; 0 for one that does. */
  readonly undoes: number;
  readonly kind: OwnKind;
}

const KINDS: readonly OwnKind[] = ["do", "undo", "redo"];

export const ownText = (note: OwnNote): string =>
  JSON.stringify([note.action, note.label, note.previous, note.sameAction, note.undoes, KINDS.indexOf(note.kind)]);

/** The action alone, for the history of a record. */
export const actionOf = (text: string): ActionId => ownOf(text).action;

export const ownOf = (text: string): OwnNote => {
  const [action, label, previous, sameAction, undoes, kind]: [string, string, number, number, number, number] = JSON.parse(text);
  const id = parseActionId(action);
  const known = KINDS[kind];
  if (id === undefined || known === undefined)
    throw new AppError("database_damaged", "The history holds an impossible action. Restore a backup, or join again.");
  return { action: id, label, previous, sameAction, undoes, kind: known };
};
