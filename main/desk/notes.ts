/**
 * Texts that several people write at once. One Yjs document for each text that an editor has open here; what an editor sends is
 * durable before it is answered, then goes to the other editors of this host. What peers wrote comes by the worker's word that
 * a record was merged. Leases and their reasons: `shared/crdt/notes/leases.ts`.
 */
import * as Y from "yjs";
import type { Edit } from "../../shared/crdt/edit.ts";
import { checkPush } from "../../shared/crdt/notes/check.ts";
import { noteDoc } from "../../shared/crdt/notes/doc.ts";
import { clientIdOf, closeLease, emptyPool, type LeasePool, lapseIdle, openLease, useLease } from "../../shared/crdt/notes/leases.ts";
import { SEGMENT_BYTES, splitNote } from "../../shared/crdt/notes/segments.ts";
import { appendParagraph, replaceText } from "../../shared/crdt/notes/write.ts";
import { AppError } from "../../shared/errors.ts";
import { type ActionId, type EpochMs, parseEpochMs, type RecordId } from "../../shared/ids.ts";
import type { Handlers } from "../host/ports.ts";
import type { RecordRow } from "../store/api.ts";
import type { Changes } from "./changes.ts";
import type { DeskContext } from "./context.ts";
import { liveRow, nameOf } from "./refs.ts";
import type { Target } from "./writes.ts";

/** A lease that was not used for so long is taken for a window that is gone, once another editor opens the text. */
const IDLE_MS = 30 * 60_000;
/** A long text goes into several changes of about this size. */
const CHANGE_BYTES = 64 * 1024;
const RUN_KEY = "notes.run";

interface OpenText extends Target {
  readonly field: string;
  readonly doc: Y.Doc;
}

export interface Notes {
  readonly handlers: Pick<Handlers, "notes.open" | "notes.push" | "notes.close">;
  /** Adds a paragraph, durable when it returns. */
  append(row: RecordRow, field: string, paragraph: string, label: string, action: ActionId): void;
  /** The edits after which the text reads like this; to be committed before anything else happens. */
  editsToRead(target: Target, field: string, text: string): readonly Edit[];
  close(): void;
}

const keyOf = (record: RecordId, field: string): string => `${field}/${record}`;

export const createNotes = (context: DeskContext, changes: Changes): Notes => {
  const { store } = context.deps;
  const open = new Map<string, OpenText>();
  const pools = new Map<string, LeasePool>();
  const editors = new Map<string, OpenText>();
  /** The text that is being written by this very call: its document is brought up to date by whoever writes. */
  let writing: string | undefined;
  let run: number | undefined;

  const poolOf = (key: string): LeasePool => {
    if (run === undefined) {
      run = Number(store.notebook.get(RUN_KEY) ?? "0") + 1;
      store.notebook.set(RUN_KEY, String(run));
    }
    return pools.get(key) ?? emptyPool(run);
  };
  const keepPool = (key: string, pool: LeasePool): void => {
    if (pool.live.length === 0 && pool.lapsed.length === 0) pools.delete(key);
    else pools.set(key, pool);
  };
  const tellOthers = (text: OpenText, update: Uint8Array, editor: string | null): void =>
    context.emit("notes.changed", { record: text.record, field: text.field, update, editor });

  /** Brings the record's open texts up to what the store holds, and its editors too. */
  const refresh = (id: RecordId): void => {
    for (const [key, text] of open) {
      if (text.record !== id || key === writing) continue;
      const news: Uint8Array[] = [];
      const listen = (update: Uint8Array): void => {
        news.push(update);
      };
      text.doc.on("update", listen);
      const { updates } = store.text(id, text.field);
      if (updates.length > 0) Y.applyUpdate(text.doc, Y.mergeUpdates([...updates]));
      text.doc.off("update", listen);
      if (news.length > 0) tellOthers(text, Y.mergeUpdates(news), null);
    }
  };
  changes.onRecord(refresh);

  const textEdits = (target: Target, field: string, slot: number, update: Uint8Array): readonly Edit[] =>
    splitNote(update, SEGMENT_BYTES).map((part): Edit => ({ ...target, kind: "text", field, slot, update: part }));

  /** Writes under a client id that nobody holds at this moment; nothing else runs until the caller has committed. */
  const writeOnce = (target: Target, field: string, write: (doc: Y.Doc, clientId: number) => Uint8Array | undefined): readonly Edit[] => {
    const [, { slot }] = openLease(poolOf(keyOf(target.record, field)), "", context.now());
    const update = write(noteDoc(store.text(target.record, field).updates), clientIdOf(store.replica, slot));
    return update === undefined ? [] : textEdits(target, field, slot, update);
  };

  const commitInSteps = (edits: readonly Edit[], label: string, action: ActionId, undoable: boolean): void => {
    let step: Edit[] = [];
    let bytes = 0;
    for (const edit of edits) {
      const size = edit.kind === "text" ? edit.update.byteLength : 0;
      if (step.length > 0 && bytes + size > CHANGE_BYTES) {
        context.commit(step, label, action, undoable);
        step = [];
        bytes = 0;
      }
      step.push(edit);
      bytes += size;
    }
    if (step.length > 0) context.commit(step, label, action, undoable);
  };

  const openText = (row: RecordRow, field: string): OpenText => {
    const key = keyOf(row.id, field);
    const known = open.get(key);
    if (known !== undefined) return known;
    const text = { record: row.id, collection: row.collection, field, doc: noteDoc(store.text(row.id, field).updates) };
    open.set(key, text);
    return text;
  };
  const endEditor = (editor: string): void => {
    const text = editors.get(editor);
    editors.delete(editor);
    if (text === undefined || [...editors.values()].includes(text)) return;
    open.delete(keyOf(text.record, text.field));
    text.doc.destroy();
  };
  const endIdle = (key: string): void => {
    const [pool, lapsed] = lapseIdle(poolOf(key), minus(context.now(), IDLE_MS));
    keepPool(key, pool);
    for (const { editor } of lapsed) {
      endEditor(editor);
      context.emit("notes.lapsed", { editor });
    }
  };

  const leaseOf = (editor: string): { readonly text: OpenText; readonly key: string; readonly slot: number } => {
    const text = editors.get(editor);
    const key = text === undefined ? "" : keyOf(text.record, text.field);
    const lease = text === undefined ? undefined : poolOf(key).live.find((one) => one.editor === editor);
    if (text === undefined || lease === undefined)
      throw new AppError("note_lapsed", "This note was opened before Switchyard was restarted. It opens again by itself.");
    return { text, key, slot: lease.slot };
  };

  return {
    handlers: {
      "notes.open": ({ record, field }) => {
        const row = liveRow(store, record);
        const type = context.typeOf(row.collection);
        if (!type.fields.some(({ id, kind }) => id === field && kind === "text"))
          throw new AppError("unknown_field", `${type.name} has no text "${field}".`);
        const key = keyOf(record, field);
        endIdle(key);
        const editor = context.newToken();
        const [pool, { slot }] = openLease(poolOf(key), editor, context.now());
        keepPool(key, pool);
        const text = openText(row, field);
        editors.set(editor, text);
        return { editor, clientId: clientIdOf(store.replica, slot), state: Y.encodeStateAsUpdate(text.doc) };
      },
      "notes.push": ({ editor, update }) => {
        const { text, key, slot } = leaseOf(editor);
        const clientId = clientIdOf(store.replica, slot);
        const verdict = checkPush(update, clientId, Y.getState(text.doc.store, clientId));
        if (verdict.kind === "gap")
          throw new AppError("note_out_of_step", "This note has lost touch with the desk. It opens again by itself.");
        if (verdict.kind !== "good") throw new AppError("note_garbled", "What the editor sent is no text of its own. Nothing was stored.");
        writing = key;
        try {
          // What is typed is taken back in the editor alone.
          commitInSteps(textEdits(text, text.field, slot, update), `Type in ${text.field}`, context.newAction(), false);
        } finally {
          writing = undefined;
        }
        pools.set(key, useLease(poolOf(key), editor, context.now()));
        Y.applyUpdate(text.doc, update);
        tellOthers(text, update, editor);
        return null;
      },
      "notes.close": ({ editor }) => {
        const text = editors.get(editor);
        if (text === undefined) return null;
        const key = keyOf(text.record, text.field);
        keepPool(key, closeLease(poolOf(key), editor));
        endEditor(editor);
        return null;
      },
    },
    append: (row, field, paragraph, label, action) => {
      const edits = writeOnce({ record: row.id, collection: row.collection }, field, (doc, clientId) =>
        appendParagraph(doc, clientId, paragraph),
      );
      commitInSteps(edits, label || `Note on ${nameOf(row)}`, action, true);
    },
    editsToRead: (target, field, text) => writeOnce(target, field, (doc, clientId) => replaceText(doc, clientId, text)),
    close: () => {
      for (const editor of [...editors.keys()]) endEditor(editor);
    },
  };
};

const minus = (at: EpochMs, ms: number): EpochMs => parseEpochMs(at - ms) ?? at;
