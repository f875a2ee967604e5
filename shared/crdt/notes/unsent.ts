/**
 * When an editor's lease has lapsed, what it had not yet been told is safe is written again under its new lease: inserted text
 * at the place where it stood, deletions of what is still there. Each character ends up there once, since the host's state
 * says exactly how far the old client's text got.
 */
import * as Y from "yjs";
import { noteItems, noteText, stringOf } from "./doc.ts";

interface Unsent {
  /** Id of the character before it, null at the start of the text. */
  readonly after: Y.ID | null;
  readonly text: string;
}

/** Runs of visible text of `client` from `clock` on, with the character that stands before each. */
const unsentRuns = (doc: Y.Doc, client: number, clock: number): readonly Unsent[] => {
  const runs: Unsent[] = [];
  let before: Y.ID | null = null;
  for (const item of noteItems(doc)) {
    const sent = item.id.client === client ? Math.min(item.length, Math.max(0, clock - item.id.clock)) : item.length;
    if (sent > 0) before = Y.createID(item.id.client, item.id.clock + sent - 1);
    const text = item.deleted ? "" : stringOf(item).slice(sent);
    if (text !== "") {
      const last = runs.at(-1);
      if (last !== undefined && last.after === before) runs[runs.length - 1] = { after: before, text: last.text + text };
      else runs.push({ after: before, text });
    }
  }
  return runs;
};

/** The index after a character, counting visible ones; of a character that is gone, where it was. */
const indexAfter = (doc: Y.Doc, after: Y.ID | null): number => {
  if (after === null) return 0;
  let index = 0;
  for (const item of noteItems(doc)) {
    const has = item.id.client === after.client && item.id.clock <= after.clock && after.clock < item.id.clock + item.length;
    if (has) return item.deleted ? index : index + after.clock - item.id.clock + 1;
    if (!item.deleted) index += item.length;
  }
  return index;
};

/** Ids of the characters that are gone, of those that others know too. */
const deletedIds = (doc: Y.Doc): ReadonlyMap<number, readonly (readonly [number, number])[]> => {
  const gone = new Map<number, (readonly [number, number])[]>();
  for (const item of noteItems(doc)) {
    if (!item.deleted) continue;
    const ranges = gone.get(item.id.client) ?? [];
    ranges.push([item.id.clock, item.id.clock + item.length]);
    gone.set(item.id.client, ranges);
  }
  return gone;
};

/** Deletes in `fresh` what is gone in `old`, from the end on, so that indexes stay right. */
const deleteAgain = (old: Y.Doc, fresh: Y.Doc): void => {
  const gone = deletedIds(old);
  const spans: (readonly [number, number])[] = [];
  let index = 0;
  for (const item of noteItems(fresh)) {
    if (item.deleted) continue;
    for (const [from, to] of gone.get(item.id.client) ?? []) {
      const start = Math.max(from, item.id.clock);
      const end = Math.min(to, item.id.clock + item.length);
      if (start < end) spans.push([index + start - item.id.clock, end - start]);
    }
    index += item.length;
  }
  spans.sort((a, b) => b[0] - a[0]);
  for (const [at, length] of spans) noteText(fresh).delete(at, length);
};

/**
 * Writes into `fresh` (the host's state, under its new client id) what only `old` has of `client`, its former client id.
 * `fresh` must hold all that the host acknowledged of `old`.
 */
export const writeUnsentAgain = (old: Y.Doc, client: number, fresh: Y.Doc): void => {
  const runs = unsentRuns(old, client, Y.getState(fresh.store, client));
  fresh.transact(() => {
    deleteAgain(old, fresh);
    // From the end on: a run is put after its anchor before the anchors of later runs could move.
    for (const { after, text } of [...runs].reverse()) noteText(fresh).insert(indexAfter(fresh, after), text);
  });
};
