/**
 * Undo and redo of our own actions, across restarts. A cell is written back only if it still has the stamp that the action gave
 * it; what another wrote later stays, and the answer says so. Of a text, the action's own characters are taken. Every undoing is
 * an ordinary change that names the change it undoes, so an action of many changes is taken back step by step, and what a crash
 * left half undone goes on where it stopped.
 */

import { seenBy } from "../../shared/crdt/deletion.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import type { TextWrite } from "../../shared/crdt/notes/take-back.ts";
import { isDeletionPath, isKeptPath, isSegmentPath, pathFromText } from "../../shared/crdt/paths.ts";
import type { StampSource } from "../../shared/crdt/stamp-table.ts";
import type { Path } from "../../shared/crdt/types.ts";
import { type StoredValue, valueFromStored } from "../../shared/crdt/value.ts";
import type { ActionId, RecordId } from "../../shared/ids.ts";
import { seenIn } from "./liveness.ts";
import { type OwnKind, type OwnNote, ownOf } from "./own.ts";
import { segmentNoteFrom } from "./text.ts";
import type { Transaction } from "./transaction.ts";
import { addTextWrite, textEditsAgainst } from "./undo-text.ts";
import { RecordWriter } from "./writer.ts";

/** A field that was left as it is. */
export interface KeptCell {
  readonly record: RecordId;
  readonly field: string;
}

/** One of our changes in the history: its first row's number and what it carries. */
interface OwnChange {
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
}

const ownChangeAt = (tx: Pick<Transaction, "sql">, row: number): OwnChange | undefined => {
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
  return { label: newest.note.label, kind, changes: all.filter(({ row }) => !undone.has(row)), ours: cancelledSince(tx, head, all) };
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

/** The edits that take one change back, and what stays since others wrote later. Inside a transaction. `ours`: see `UndoPlan`. */
export const editsAgainst = (tx: Transaction, change: OwnChange, ours: ReadonlySet<number>): TakenBack => {
  const taken: TakenBack = { edits: [], kept: [] };
  for (const row of tx.sql.historyFrom.all(change.row, change.row, tx.state.replica, change.seq)) {
    const writer = RecordWriter.byNum(tx, row[1]);
    if (writer === undefined) continue;
    const since: Since = { ours: new Set([...ours, change.seq]), ...foreignSince(tx, writer, row[0], ours) };
    if (row[6] === null) takeCreationBack(tx, writer, since, taken);
    else takeCellsBack(tx, writer, JSON.parse(row[6]), since, taken);
  }
  return taken;
};

interface TakenBack {
  readonly edits: Edit[];
  readonly kept: KeptCell[];
}

/** What came after a change in one record. */
interface Since {
  /** Our sequence numbers that leave the change as if it were the last. */
  readonly ours: ReadonlySet<number>;
  /** The cells that anything else wrote, by their reference in history. */
  readonly foreign: ReadonlySet<StoredValue>;
  /** What was typed into a segment that our sequence numbers then grew: its field, and the number of the typing. */
  readonly typed: readonly { readonly field: string; readonly seq: number }[];
}

/** Walks the record's history back to the change: which cells were written by what does not cancel out. */
const foreignSince = (tx: Transaction, writer: RecordWriter, row: number, ours: ReadonlySet<number>): Omit<Since, "ours"> => {
  const foreign = new Set<StoredValue>();
  const typed: { readonly field: string; readonly seq: number }[] = [];
  let at = tx.sql.historyRow.get(writer.image.history);
  while (at !== undefined && at[0] > row) {
    const [, , prev, replica, seq, , cells] = at;
    const isOurChange = replica === tx.state.replica && ours.has(seq);
    const written: readonly StoredValue[] = JSON.parse(cells ?? "[]");
    for (let i = 0; i < written.length; i += 2) {
      const ref = written[i] ?? 0;
      if (!isOurChange) foreign.add(ref);
      else if (isSegmentRef(ref)) {
        const before = segmentNoteFrom(written[i + 1] ?? null)?.before ?? 0;
        if (before !== 0 && !ours.has(before)) typed.push({ field: pathOfRef(writer, ref)[0] ?? "", seq: before });
      }
    }
    at = tx.sql.historyRow.get(prev);
  }
  return { foreign, typed };
};

const isOurs = (tx: Transaction, stamp: StampSource, seqs: ReadonlySet<number>): boolean =>
  seqs.has(stamp.seq) && stamp.replica === tx.names.replicaOf(tx.state.replica).id;

/** A created record goes, unless something else was written in it since. */
const takeCreationBack = (tx: Transaction, writer: RecordWriter, { ours, foreign, typed }: Since, { edits, kept }: TakenBack): void => {
  const { collection, id } = writer.image;
  const fields = new Set([...[...foreign].map((ref) => pathOfRef(writer, ref)[0] ?? ""), ...typed.map(({ field }) => field)]);
  for (const { path, stamp } of writer.cells()) {
    if (!isDeletionPath(path) && !isKeptPath(path) && !isOurs(tx, stamp, ours)) fields.add(path[0] ?? "");
  }
  if (fields.size === 0) edits.push({ collection: collection.id, record: id, kind: "delete" });
  else kept.push(...[...fields].map((field) => ({ record: id, field })));
};

const takeCellsBack = (
  tx: Transaction,
  writer: RecordWriter,
  before: readonly StoredValue[],
  since: Since,
  { edits, kept }: TakenBack,
): void => {
  const { ours, foreign } = since;
  const { collection, id } = writer.image;
  const target = { collection: collection.id, record: id };
  let restores = false;
  let deletes = false;
  const texts = new Map<string, TextWrite>();
  for (let i = 0; i < before.length; i += 2) {
    const ref = before[i] ?? 0;
    const path = pathOfRef(writer, ref);
    if (isSegmentRef(ref)) {
      addTextWrite(texts, path[0] ?? "", segmentNoteFrom(before[i + 1] ?? null));
      continue;
    }
    const standing = writer.standing(path);
    if (standing === undefined || foreign.has(ref) || !isOurs(tx, standing.stamp, ours)) kept.push({ record: id, field: path[0] ?? "" });
    else if (isDeletionPath(path)) restores = true;
    else if (isKeptPath(path)) deletes = true;
    else edits.push({ ...target, kind: "put", path, value: valueFromStored(before[i + 1] ?? null) });
  }
  for (const [field, write] of texts) {
    const taken = textEditsAgainst(tx, writer.image, field, write, restores);
    edits.push(...taken.edits);
    if (taken.kept) kept.push({ record: id, field });
  }
  if (restores) edits.push({ ...target, kind: "restore" });
  if (deletes && !seesForeign(tx, writer, since)) edits.push({ ...target, kind: "delete" });
};

/** Whether a cell that no deletion had seen is not ours: deleting again would take it too. */
const seesForeign = (tx: Transaction, writer: RecordWriter, { ours, typed }: Since): boolean => {
  const { deletions, others } = seenIn(writer.image, tx.names);
  const seen = seenBy(deletions);
  const own = tx.names.replicaOf(tx.state.replica).id;
  return (
    others.some((stamp) => !seen.has(`${stamp.replica}:${stamp.seq}`) && !isOurs(tx, stamp, ours)) ||
    typed.some(({ seq }) => !seen.has(`${own}:${seq}`))
  );
};

const isSegmentRef = (ref: StoredValue): boolean => typeof ref === "string" && isSegmentPath(pathFromText(ref));

const pathOfRef = (writer: RecordWriter, ref: StoredValue): Path =>
  typeof ref === "number" ? [writer.image.collection.slots[ref]?.field ?? ""] : pathFromText(String(ref));
