/**
 * What undo and redo owe a person, as two stacks: the labels in order, and for records that nobody else has touched since, exactly what was
 * shown before or after the action. Whatever another wrote stays out of it.
 */
import { expect } from "vitest";
import type { RecordId } from "../../shared/ids.ts";
import type { Shown } from "./store-model.ts";

interface Action {
  readonly label: string;
  readonly before: ReadonlyMap<RecordId, Shown | undefined>;
  readonly after: ReadonlyMap<RecordId, Shown | undefined>;
  /** Records in which another wrote since. */
  readonly touched: Set<RecordId>;
  /** The history may no longer reach back to it. */
  trimmed: boolean;
}

export class UndoModel {
  #done: Action[] = [];
  #undone: Action[] = [];

  /** `heldOnly`: records of which others' held work was here and nothing was shown. */
  did(label: string, before: Action["before"], after: Action["after"], heldOnly: Iterable<RecordId>): void {
    this.#done.push({ label, before, after, touched: new Set(heldOnly), trimmed: false });
    this.#undone = [];
  }

  touchedByOthers(record: RecordId): void {
    for (const { touched } of [...this.#done, ...this.#undone]) touched.add(record);
  }

  trimmed(): void {
    for (const action of [...this.#done, ...this.#undone]) action.trimmed = true;
  }

  /** What undo or redo must take next. */
  next(kind: "undo" | "redo"): Action | undefined {
    return (kind === "undo" ? this.#done : this.#undone).at(-1);
  }

  /** The store took back or did again what it should, and shows what it should. */
  took(kind: "undo" | "redo", shown: (record: RecordId) => Shown | undefined): void {
    const [from, to] = kind === "undo" ? [this.#done, this.#undone] : [this.#undone, this.#done];
    const action = from.pop();
    if (action === undefined) throw new Error("there was nothing to take");
    to.push(action);
    for (const [record, expected] of kind === "undo" ? action.before : action.after) {
      if (action.touched.has(record) || action.trimmed) continue;
      const now = shown(record);
      // What was made by the action is deleted, not unmade.
      if (expected === undefined) expect(now?.deleted ?? true).toBe(true);
      else expect({ ...now, editedWhileDeleted: false }).toEqual({ ...expected, editedWhileDeleted: false });
    }
  }

  /** There was nothing although something was done: only where the history was trimmed. */
  gone(kind: "undo" | "redo"): void {
    expect(this.next(kind)?.trimmed ?? true).toBe(true);
    if (kind === "undo") this.#done = [];
    else this.#undone = [];
  }

  checkLabels(labels: { readonly undo: string | null; readonly redo: string | null }): void {
    for (const kind of ["undo", "redo"] as const) {
      const next = this.next(kind);
      if (next?.trimmed === true) expect([next.label, null]).toContain(labels[kind]);
      else expect([kind, labels[kind]]).toEqual([kind, next?.label ?? null]);
    }
  }
}
