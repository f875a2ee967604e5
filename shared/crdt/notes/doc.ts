/**
 * A merging text as a Yjs document: one root, plain text, nothing else. What is stored and sent is Yjs updates (encoding 1);
 * reading is applying them all, in any order. Lines end in "\n" alone, since editors count positions in it.
 */
import * as Y from "yjs";

/** The root's name stands in stored updates: it never changes. */
const ROOT = "t";

/** The text of a document. */
export const noteText = (doc: Y.Doc): Y.Text => doc.getText(ROOT);

const filled = (gc: boolean, updates: readonly Uint8Array[]): Y.Doc => {
  const doc = new Y.Doc({ gc });
  noteText(doc);
  // Merged first: applied one by one, what refers to a later one would be looked at again and again.
  if (updates.length > 0) Y.applyUpdate(doc, Y.mergeUpdates([...updates]));
  return doc;
};

/** The document, or undefined when Yjs stumbles over one of the updates, by whatever error. */
const tryFilled = (gc: boolean, updates: readonly Uint8Array[]): Y.Doc | undefined => {
  try {
    return filled(gc, updates);
  } catch {
    return undefined;
  }
};

/** What cannot be read (a broken desk's, a newer version's) is passed over, so that it hides nobody else's text; it stays stored. */
const readable = (gc: boolean, updates: readonly Uint8Array[]): Y.Doc => {
  const all = tryFilled(gc, updates);
  if (all !== undefined) return all;
  const good: Uint8Array[] = [];
  for (const update of updates) if (tryFilled(gc, [...good, update]) !== undefined) good.push(update);
  return filled(gc, good);
};

/** A document with these updates in it. */
export const noteDoc = (updates: readonly Uint8Array[]): Y.Doc => readable(true, updates);

/** One that still knows what was deleted, as far as the updates hold it. */
export const noteDocWithDeleted = (updates: readonly Uint8Array[]): Y.Doc => readable(false, updates);

/** The runs of a document's text in their order, deleted ones too. */
export function* noteItems(doc: Y.Doc): Generator<Y.Item> {
  for (let item = noteText(doc)._start; item !== null; item = item.right) yield item;
}

/** The characters of a run; empty when they are no longer known. */
export const stringOf = (item: Y.Item): string => (item.content instanceof Y.ContentString ? item.content.str : "");

/** The read form of a text field. */
export const readNote = (updates: readonly Uint8Array[]): string => (updates.length === 0 ? "" : noteText(noteDoc(updates)).toString());

/** Line ends of any system as "\n". */
export const plainLines = (text: string): string => text.replaceAll(/\r\n?/g, "\n");
