/**
 * An open text between this window and its host: leases a client id, sends what is typed in short batches, takes in what others
 * write, and opens again when the lease has lapsed (the host restarted), with what was not yet safe written once more. Knows no
 * editor and no React. Invariant: what was typed stays in the document until the host has said that it is durable.
 */
import * as Y from "yjs";
import { mergeNotes, splitNote } from "../../../shared/crdt/notes/segments.ts";
import { writeUnsentAgain } from "../../../shared/crdt/notes/unsent.ts";
import type { RecordId } from "../../../shared/ids.ts";
import type { Events, Host } from "../../../shared/ipc/contract.ts";
import { adviceOf, codeOf } from "../../state/advice.ts";

/** Keys pressed within this time go out together. */
const BATCH_MS = 40;
/** A host that is away is asked again after this. */
const RETRY_MS = 1000;
const PUSH_BYTES = 64 * 1024;
/** The lease is gone or out of step: open again. */
const REOPEN: ReadonlySet<string> = new Set(["note_lapsed", "note_out_of_step"]);

export interface NoteSessionOptions {
  readonly host: Host;
  readonly record: RecordId;
  readonly field: string;
  /** A document to edit, at the start and again after each reopening; the one before is of no more use. */
  readonly opened: (doc: Y.Doc) => void;
  /** Why the last words are not safe yet, in a sentence; null when all is. */
  readonly trouble: (advice: string | null) => void;
}

export interface NoteSession {
  /** Sends at once what waits for its batch. */
  flush(): void;
  /** Sends the rest and gives the lease back. */
  close(): void;
}

interface Lease {
  readonly editor: string;
  readonly clientId: number;
  readonly doc: Y.Doc;
}

const FROM_HOST = "host";

export const openNoteSession = ({ host, record, field, opened, trouble }: NoteSessionOptions): NoteSession => {
  let lease: Lease | undefined;
  let isLapsed = false;
  let isBusy = false;
  let isClosed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waiting: Uint8Array[] = [];
  /** What others wrote while the note was being opened: perhaps in its state already, taken in once more for free. */
  const early: Uint8Array[] = [];

  const later = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void work(), ms);
  };

  const open = async (): Promise<void> => {
    const { editor, clientId, state } = await host.call("notes.open", { record, field });
    const doc = new Y.Doc();
    Y.applyUpdate(doc, state, FROM_HOST);
    for (const update of early.splice(0)) Y.applyUpdate(doc, update, FROM_HOST);
    // Set after the state is in: a document that sees its own id arrive takes another.
    doc.clientID = clientId;
    waiting.length = 0;
    doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin === FROM_HOST || lease?.doc !== doc) return;
      waiting.push(update);
      if (!isBusy) later(BATCH_MS);
    });
    const before = lease;
    lease = { editor, clientId, doc };
    isLapsed = false;
    if (before !== undefined) writeUnsentAgain(before.doc, before.clientId, doc);
    if (!isClosed) opened(doc);
  };

  /** Everything that waits, in order; what fails waits on. */
  const send = async ({ editor }: Lease): Promise<void> => {
    const batch = waiting.splice(0);
    try {
      for (const update of splitNote(mergeNotes(batch), PUSH_BYTES)) await host.call("notes.push", { editor, update });
    } catch (error) {
      waiting.unshift(...batch);
      if (!REOPEN.has(codeOf(error))) throw error;
      isLapsed = true;
    }
  };

  const end = async (): Promise<void> => {
    clearTimeout(timer);
    for (const stop of stops.splice(0)) stop();
    if (lease !== undefined && !isLapsed) await host.call("notes.close", { editor: lease.editor });
  };

  /** Opens and sends until nothing is left to do. One at a time. A closed session ends only when all it had is safe. */
  const work = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    try {
      for (;;) {
        if (isClosed && waiting.length === 0) return await end();
        if (lease === undefined || isLapsed) await open();
        else if (waiting.length > 0) await send(lease);
        else break;
      }
      if (!isClosed) trouble(null);
    } catch (error) {
      if (!isClosed) trouble(adviceOf(error));
      if (codeOf(error) === "host_away") later(RETRY_MS);
    } finally {
      isBusy = false;
    }
  };

  const stops = [
    host.on("notes.changed", (event: Events["notes.changed"]) => {
      if (event.record !== record || event.field !== field || (lease !== undefined && event.editor === lease.editor)) return;
      if (lease === undefined || isLapsed) early.push(event.update);
      if (lease !== undefined) Y.applyUpdate(lease.doc, event.update, FROM_HOST);
    }),
    host.on("notes.lapsed", ({ editor }) => {
      if (editor !== lease?.editor) return;
      isLapsed = true;
      void work();
    }),
  ];
  void work();

  return {
    flush: () => void work(),
    close: () => {
      isClosed = true;
      void work();
    },
  };
};
