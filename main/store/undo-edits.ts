/**
 * What taking one change back writes, and what it leaves: a cell goes back to what it was only if nothing else wrote it since, a
 * record that another deleted stays deleted, an item of a list that another touched stays whole. What was left when a change was
 * taken back is left, and named, whenever that is taken back in turn.
 */
import { liveness, seenBy } from "../../shared/crdt/deletion.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import type { Characters, TextWrite } from "../../shared/crdt/notes/take-back.ts";
import { isDeletionPath, isKeptPath, isSegmentPath, pathFromText, pathText } from "../../shared/crdt/paths.ts";
import type { StampSource } from "../../shared/crdt/stamp-table.ts";
import type { Path, Value } from "../../shared/crdt/types.ts";
import { type StoredValue, valueFromStored } from "../../shared/crdt/value.ts";
import type { RecordId } from "../../shared/ids.ts";
import { eachCell, STATE } from "./image.ts";
import { seenIn } from "./liveness.ts";
import { refIn } from "./notes.ts";
import type { HistoryRowRaw } from "./statements.ts";
import { segmentNoteFrom } from "./text.ts";
import type { Transaction } from "./transaction.ts";
import type { OwnChange, UndoPlan } from "./undo.ts";
import { addTextWrite, isTakeBackPath, textEditsAgainst } from "./undo-text.ts";
import { RecordWriter } from "./writer.ts";

/** A field that was left as it is; `deleted` is whether the record is. */
export interface KeptCell {
  readonly record: RecordId;
  readonly field: string;
}

interface TakenBack {
  readonly edits: Edit[];
  readonly kept: KeptCell[];
  /** Deletions that the change had taken back, an order's with those of its visits: all of them come again, or none does. */
  readonly deletions: Extract<Edit, { kind: "delete" }>[];
  /** One of them may not come again. */
  holds: boolean;
}

/** The edits that take one change of the plan back, and what stays since others wrote later. Inside a transaction. */
export const editsAgainst = (tx: Transaction, change: OwnChange, plan: UndoPlan): Pick<TakenBack, "edits" | "kept"> => {
  const taken: TakenBack = { edits: [], kept: [], deletions: [], holds: false };
  const ours = new Set([...plan.ours, change.seq]);
  for (const row of rowsOf(tx, change)) {
    // What was purged since has no writer: nothing of it is left that could be taken back.
    const writer = RecordWriter.byNum(tx, row[1]);
    if (writer === undefined) continue;
    const since = sinceOf(tx, writer, row[0], ours);
    if (row[6] === null) takeCreationBack(tx, writer, since, taken);
    else takeCellsBack(tx, writer, notedIn(writer, row), since, taken);
  }
  if (taken.holds) taken.kept.push(...taken.deletions.map(({ record }) => ({ record, field: "deleted" })));
  else taken.edits.push(...taken.deletions);
  nameLeft(tx, change, plan, taken);
  return taken;
};

/** A change's rows, one a record; one that wrote nothing has a row of no record. */
const rowsOf = (tx: Transaction, { row, seq }: OwnChange): readonly HistoryRowRaw[] =>
  tx.sql.historyFrom.all(row, row, tx.state.replica, seq);

/** What a row of history notes of one cell. */
interface Noted {
  readonly ref: StoredValue;
  readonly path: Path;
  readonly value: StoredValue;
}

const notedIn = ({ image }: RecordWriter, row: HistoryRowRaw): readonly Noted[] => {
  const flat: readonly StoredValue[] = JSON.parse(row[6] ?? "[]");
  const all: Noted[] = [];
  for (let i = 0; i < flat.length; i += 2) {
    const ref = refIn(flat[i]) ?? 0;
    const path = typeof ref === "number" ? [image.collection.slots[ref]?.field ?? ""] : pathFromText(String(ref));
    all.push({ ref, path, value: flat[i + 1] ?? null });
  }
  return all;
};

/** What came after a change in one record. */
interface Since {
  /** Our sequence numbers that leave the change as if it were the last. */
  readonly ours: ReadonlySet<number>;
  /** The cells that anything else wrote, by their reference in history; each with its field. */
  readonly foreign: ReadonlyMap<StoredValue, string>;
  /** What was typed into a segment that our sequence numbers then grew: its field, and the number of the typing. */
  readonly typed: readonly { readonly field: string; readonly seq: number }[];
  /** By field, the runs that undo and redo have inserted, the oldest first. */
  readonly again: ReadonlyMap<string, Characters>;
}

/** Walks the record's history back to the change: which cells were written by what does not cancel out. */
const sinceOf = (tx: Transaction, writer: RecordWriter, row: number, ours: ReadonlySet<number>): Since => {
  const foreign = new Map<StoredValue, string>();
  const typed: { readonly field: string; readonly seq: number }[] = [];
  const again = new Map<string, Characters>();
  for (let at = tx.sql.historyRow.get(writer.image.history); at !== undefined && at[0] > row; at = tx.sql.historyRow.get(at[2])) {
    const [, , , replica, seq] = at;
    const isOwn = replica === tx.state.replica;
    const isOurChange = isOwn && ours.has(seq);
    const inserted = new Map<string, number[]>();
    for (const { ref, path, value } of notedIn(writer, at)) {
      const field = fieldOf(path);
      if (!isOurChange) foreign.set(ref, field);
      if (!isOwn || !isSegmentPath(path)) continue;
      const note = segmentNoteFrom(value);
      if (note === undefined) continue;
      if (isTakeBackPath(path)) inserted.set(field, [...(inserted.get(field) ?? []), ...note.inserted]);
      if (isOurChange && note.before !== 0 && !ours.has(note.before)) typed.push({ field, seq: note.before });
    }
    for (const [field, runs] of inserted) again.set(field, [...runs, ...(again.get(field) ?? [])]);
  }
  return { ours, foreign, typed, again };
};

/** What people are told of a path: whether a record is deleted is one thing, however it is written. */
const fieldOf = (path: Path): string => (isKeptPath(path) ? "deleted" : (path[0] ?? ""));

const isOurs = (tx: Transaction, stamp: StampSource, seqs: ReadonlySet<number>): boolean =>
  seqs.has(stamp.seq) && stamp.replica === tx.names.replicaOf(tx.state.replica).id;

/** A created record goes, unless something else was written in it since. */
const takeCreationBack = (tx: Transaction, writer: RecordWriter, since: Since, { edits, kept }: TakenBack): void => {
  const { collection, id } = writer.image;
  const fields = foreignFields(tx, writer, since);
  if (fields.size === 0) edits.push({ collection: collection.id, record: id, kind: "delete" });
  else kept.push(...[...fields].map((field) => ({ record: id, field })));
};

const foreignFields = (tx: Transaction, writer: RecordWriter, { ours, foreign, typed }: Since): ReadonlySet<string> => {
  const fields = new Set([...foreign.values(), ...typed.map(({ field }) => field)]);
  eachCell(writer.image, (path, _stored, stamp) => {
    if (!isDeletionPath(path) && !isKeptPath(path) && !isOurs(tx, writer.stampAt(stamp), ours)) fields.add(fieldOf(path));
  });
  return fields;
};

const takeCellsBack = (tx: Transaction, writer: RecordWriter, cells: readonly Noted[], since: Since, taken: TakenBack): void => {
  const { edits, kept } = taken;
  const { image } = writer;
  const target = { collection: image.collection.id, record: image.id };
  const keep = (path: Path): void => void kept.push({ record: image.id, field: fieldOf(path) });
  const isLast = ({ ref, path }: Noted): boolean => {
    const standing = writer.standing(path);
    return standing !== undefined && !since.foreign.has(ref) && isOurs(tx, standing.stamp, since.ours);
  };
  const isDeleted = image.state === STATE.deleted;
  const deletion = cells.find(({ path }) => isDeletionPath(path));
  const restores = deletion !== undefined && isDeleted && isLast(deletion) && !isDeletedByOthers(tx, writer);
  // Any write would bring back what another has deleted.
  if (isDeleted && !restores) {
    for (const { path } of cells) keep(path);
    return;
  }
  const touched = touchedItems(cells, since);
  let deletes = false;
  const texts = new Map<string, TextWrite>();
  for (const cell of cells) {
    const { path, value } = cell;
    if (isSegmentPath(path)) addTextWrite(texts, path[0] ?? "", segmentNoteFrom(value));
    else if (isDeletionPath(path) ? !restores : touched.has(itemOf(path)) || !isLast(cell)) keep(path);
    else if (isKeptPath(path)) deletes = true;
    else if (!isDeletionPath(path)) edits.push({ ...target, kind: "put", path, value: valueFromStored(value) });
  }
  for (const [field, write] of texts) {
    const back = textEditsAgainst(tx, image, field, write, since.again.get(field) ?? []);
    edits.push(...back.edits);
    if (back.kept) keep([field]);
  }
  if (restores) edits.push({ ...target, kind: "restore" });
  if (!deletes) return;
  if (seesForeign(tx, writer, since)) {
    keep(["deleted"]);
    taken.holds = true;
  } else taken.deletions.push({ ...target, kind: "delete" });
};

/** `checklist/k3/` for the cells of an item; empty for all others. */
const itemOf = (path: Path): string => (path.length === 3 ? `${pathText(path.slice(0, 2))}/` : "");

/** The items that the change put into a list and something else has written to since: without what the change wrote they would be blank. */
const touchedItems = (cells: readonly Noted[], { foreign }: Since): ReadonlySet<string> => {
  const added = cells.filter(({ path, value }) => path[2] === "pos" && value === null).map(({ path }) => itemOf(path));
  const written = added.length === 0 ? [] : [...foreign.keys()].filter((ref) => typeof ref === "string");
  return new Set(added.filter((item) => item !== "" && written.some((ref) => ref.startsWith(item))));
};

/** Whether the record would be deleted without our deletion too. */
const isDeletedByOthers = (tx: Transaction, { image }: RecordWriter): boolean => {
  const own = tx.names.replicaOf(tx.state.replica).id;
  const deletions: Value[] = [];
  eachCell(image, (path, stored) => {
    if (isDeletionPath(path) && path[1] !== own) deletions.push(valueFromStored(stored));
  });
  const { others, kept } = seenIn(image, tx.names);
  return liveness(deletions, others, kept) === "deleted";
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

/**
 * An undoing has no cell of what it left as it was, nor has its own undoing. What was done first and none of the undoings wrote is
 * named again, with the last of them that is taken back.
 */
const nameLeft = (tx: Transaction, change: OwnChange, { firsts, ours }: UndoPlan, { kept }: TakenBack): void => {
  const done = firsts.get(change.row);
  if (done === undefined) return;
  const written = writtenIn(tx, done.undoings);
  const since = new Set([...ours, done.first.seq]);
  for (const row of rowsOf(tx, done.first)) {
    const writer = RecordWriter.byNum(tx, row[1]);
    if (writer === undefined) continue;
    const fields = leftIn(tx, writer, row, written.get(row[1]), since);
    for (const field of fields) kept.push({ record: writer.image.id, field });
  }
};

/** By record, what these changes wrote. */
const writtenIn = (tx: Transaction, changes: readonly OwnChange[]): ReadonlyMap<number, ReadonlySet<StoredValue>> => {
  const written = new Map<number, Set<StoredValue>>();
  for (const row of changes.flatMap((change) => rowsOf(tx, change))) {
    const writer = RecordWriter.byNum(tx, row[1]);
    if (writer === undefined) continue;
    const keys = written.get(row[1]) ?? new Set();
    written.set(row[1], keys);
    for (const cell of notedIn(writer, row)) keys.add(keyOf(cell));
  }
  return written;
};

/** The fields of a first change's row that are not among what was written to undo it; of a creation, where nothing was, what kept it. */
const leftIn = (
  tx: Transaction,
  writer: RecordWriter,
  row: HistoryRowRaw,
  written: ReadonlySet<StoredValue> | undefined,
  ours: ReadonlySet<number>,
): Iterable<string> => {
  if (row[6] === null) return written === undefined ? foreignFields(tx, writer, sinceOf(tx, writer, row[0], ours)) : [];
  return notedIn(writer, row)
    .filter((cell) => written?.has(keyOf(cell)) !== true)
    .map(({ path }) => fieldOf(path));
};

/** What two changes have in common that undo each other: deletions are undone by restores, a text in another segment. */
const keyOf = ({ ref, path }: Noted): StoredValue =>
  isSegmentPath(path) || isDeletionPath(path) || isKeptPath(path) ? fieldOf(path) : ref;
