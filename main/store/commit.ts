/**
 * Local commits: edits become the cells of one change with one stamp, durable before the call returns. Validated before anything
 * is written; the term is found before the stamp is given (merge.md: the highest that any of its cells needs).
 */
import { nextHlc } from "../../shared/clock/hlc.ts";
import { deletionValue } from "../../shared/crdt/deletion.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import { isClockOrdered, termOver } from "../../shared/crdt/merge.ts";
import { deletionPath, keptPath, pathText } from "../../shared/crdt/paths.ts";
import type { Path, RecordWrites, Value } from "../../shared/crdt/types.ts";
import { valueText } from "../../shared/crdt/value.ts";
import { AppError } from "../../shared/errors.ts";
import type { CollectionId, EpochMs, RecordId } from "../../shared/ids.ts";
import type { Reason, TypeRules } from "../../shared/schema/validate.ts";
import type { Committed } from "./api.ts";
import { STATE } from "./image.ts";
import { seenIn } from "./liveness.ts";
import { isNumberField } from "./names.ts";
import { type OwnNote, ownText } from "./own.ts";
import { growSegment, segmentNoteOf } from "./text.ts";
import type { Transaction } from "./transaction.ts";
import { type LocalStamp, RecordWriter } from "./writer.ts";

export const MAX_CELLS = 500;
export const MAX_BYTES = 128 * 1024;

/** What a commit needs to know besides the edits. */
export interface CommitSetting {
  readonly rules: ReadonlyMap<string, TypeRules>;
  readonly wall: () => EpochMs;
  readonly letters: string | undefined;
}

/** One record's part of a change while it is put together. */
interface Draft {
  readonly writer: RecordWriter;
  readonly creates: boolean;
  readonly cells: Map<string, { readonly path: Path; readonly value: Value }>;
  /** The updates that went into each segment, by its path text. */
  readonly texts: Map<string, Uint8Array[]>;
  deletes: boolean;
}

/** Throws `unknown_type`, `system_collection`, `unknown_field` or `invalid_value` for the first edit that may not be. */
export const validateEdits = (edits: readonly Edit[], rules: ReadonlyMap<string, TypeRules>): void => {
  for (const edit of edits) {
    if (edit.collection.startsWith("$")) {
      throw new AppError("system_collection", `${edit.collection} changes only by signed changes of admins.`);
    }
    const type = rules.get(edit.collection);
    if (type === undefined) throw new AppError("unknown_type", `There is no type “${edit.collection}”.`);
    const reason = reasonAgainst(edit, type);
    if (reason !== undefined) throw new AppError(reason.code, reason.sentence);
  }
};

const KIND_OF_EDIT = { number: "string", count: "counter", text: "text" } as const;

const reasonAgainst = (edit: Edit, type: TypeRules): Reason => {
  if (edit.kind === "put") return type.validate(edit.path, edit.value);
  if (edit.kind === "delete" || edit.kind === "restore") return undefined;
  if (edit.kind === "count" && !Number.isFinite(edit.by))
    return { code: "invalid_value", field: edit.field, sentence: "A counter takes a number." };
  return type.requireKind(edit.field, KIND_OF_EDIT[edit.kind]);
};

/** Writes the edits as one change, inside a transaction; undefined when there is nothing to write. `note` is what undo needs to know. */
export const commitEdits = (
  tx: Transaction,
  edits: readonly Edit[],
  setting: CommitSetting,
  note: OwnNote & { readonly undoable?: boolean },
): Committed | undefined => {
  const { state } = tx;
  const replica = tx.names.replicaOf(state.replica);
  const hlc = nextHlc(state.hlc, setting.wall());
  const first: LocalStamp = { replica, seq: state.seq + 1, hlc, term: 0 };
  const drafts = new Map<RecordId, Draft>();
  for (const edit of edits) addEdit(tx, draftOf(tx, drafts, edit, first), edit, setting);
  for (const draft of drafts.values()) keepAlive(draft, first);
  const stamp = { ...first, term: termOf(drafts.values(), first) };
  const records: RecordWrites[] = [];
  const undoable = note.undoable !== false;
  let own = undoable ? ownText(note) : undefined;
  let row = 0;
  let size = 0;
  let count = 0;
  for (const { writer, creates, cells, texts, deletes } of drafts.values()) {
    for (const [text, { path, value }] of cells) {
      const updates = undoable ? texts.get(text) : undefined;
      if (updates !== undefined) writer.noteGrowth(path, segmentNoteOf(writer.standing(path)?.stamp.seq ?? 0, updates), stamp);
      mustWin(writer.write(path, value, stamp));
    }
    if (deletes) {
      const path = deletionPath(replica.id);
      const value = deletionValue(seenIn(writer.image, tx.names).others);
      mustWin(writer.write(path, value, stamp));
      cells.set(pathText(path), { path, value });
    }
    count += cells.size;
    for (const [text, { value }] of cells) size += text.length + (value instanceof Uint8Array ? value.length : valueText(value).length);
    if (count > MAX_CELLS || size > MAX_BYTES) {
      throw new AppError(
        "change_too_large",
        `A change holds at most ${MAX_CELLS} cells and ${MAX_BYTES / 1024} KiB. Write it in smaller steps.`,
      );
    }
    const { history: written } = writer.close(creates ? stamp : undefined, own);
    if (written !== 0 && own !== undefined) {
      row = written;
      own = undefined;
    }
    if (cells.size > 0)
      records.push({ record: writer.image.id, collection: writer.image.collection.id, creates, cells: [...cells.values()] });
  }
  if (records.length === 0) return undefined;
  state.hlc = hlc;
  state.seq = stamp.seq;
  state.seqHlc = hlc;
  if (row !== 0) state.own = row;
  return {
    change: { stamp: { term: stamp.term, hlc, replica: replica.id, seq: stamp.seq }, action: note.action, records },
    records: records.map(({ record }) => record),
  };
};

const draftOf = (tx: Transaction, drafts: Map<RecordId, Draft>, edit: Edit, stamp: LocalStamp): Draft => {
  const known = drafts.get(edit.record);
  if (known !== undefined) return known;
  const found = RecordWriter.find(tx, edit.record);
  if (found !== undefined && found.image.collection.id !== edit.collection) {
    throw new AppError("wrong_type", `The record ${edit.record} is a ${found.image.collection.id}, not a ${edit.collection}.`);
  }
  if (found === undefined && (edit.kind === "delete" || edit.kind === "restore")) throw noSuchRecord(edit.collection, edit.record);
  const writer = found ?? RecordWriter.create(tx, edit.record, tx.names.collection(edit.collection), stamp);
  const draft = { writer, creates: found === undefined, cells: new Map(), texts: new Map(), deletes: false };
  drafts.set(edit.record, draft);
  return draft;
};

const noSuchRecord = (collection: CollectionId, record: RecordId): AppError =>
  new AppError("unknown_record", `There is no ${collection} with the id ${record}.`);

const put = (draft: Draft, path: Path, value: Value): void => {
  draft.cells.set(pathText(path), { path, value });
};

const addEdit = (tx: Transaction, draft: Draft, edit: Edit, setting: CommitSetting): void => {
  const { writer } = draft;
  const replica = tx.names.replicaOf(tx.state.replica).id;
  switch (edit.kind) {
    case "put":
      put(draft, edit.path, edit.value);
      return;
    case "number":
      put(draft, [edit.field], issueNumber(tx, edit.field, setting.letters));
      return;
    case "count": {
      const path = [edit.field, replica];
      const before = draft.cells.get(pathText(path))?.value ?? writer.standing(path)?.value ?? 0;
      put(draft, path, (typeof before === "number" ? before : 0) + edit.by);
      return;
    }
    case "text": {
      const bytesOf = (path: Path): Uint8Array | undefined => {
        const value = draft.cells.get(pathText(path))?.value ?? writer.standing(path)?.value;
        return value instanceof Uint8Array ? value : undefined;
      };
      const { path, bytes } = growSegment(writer.image, { field: edit.field, replica, slot: edit.slot, update: edit.update }, bytesOf);
      put(draft, path, bytes);
      const text = pathText(path);
      draft.texts.set(text, [...(draft.texts.get(text) ?? []), edit.update]);
      return;
    }
    case "delete":
      draft.deletes = writer.image.state !== STATE.deleted;
      return;
    case "restore":
      if (writer.image.state === STATE.deleted) put(draft, keptPath(replica), true);
      return;
  }
};

const issueNumber = (tx: Transaction, field: string, letters: string | undefined): string => {
  if (letters === undefined) throw new AppError("no_workspace", "Found or join a workspace first: numbers need this desk's letters.");
  if (!isNumberField(field)) throw new AppError("invalid_value", `${field} is no field for order numbers.`);
  tx.state.number += 1;
  return `${letters}-${tx.state.number}`;
};

/** Any write to a record that is deleted here also restores it. */
const keepAlive = (draft: Draft, stamp: LocalStamp): void => {
  if (draft.writer.image.state === STATE.deleted && draft.cells.size > 0) put(draft, keptPath(stamp.replica.id), true);
};

const termOf = (drafts: Iterable<Draft>, stamp: LocalStamp): number => {
  const ours = { hlc: stamp.hlc, replica: stamp.replica.id, seq: stamp.seq };
  let term = 0;
  for (const { writer, cells } of drafts) {
    for (const { path } of cells.values()) {
      if (!isClockOrdered(path, ours.replica)) continue;
      const rival = writer.standing(path);
      if (rival !== undefined) term = Math.max(term, termOver(rival.stamp, false, ours));
      for (const held of writer.held.on(path)) term = Math.max(term, termOver(held.stamp, true, ours));
    }
  }
  return term;
};

const mustWin = (outcome: string): void => {
  if (outcome !== "won") throw new AppError("unreachable", `A local write was ${outcome}: its stamp does not stand over what is there.`);
};
