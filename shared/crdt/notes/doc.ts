/**
 * A merging text as a Yjs document: one root, plain text, nothing else. What is stored and sent is Yjs updates (encoding 1);
 * reading is applying them all, in any order. Lines end in "\n" alone, since editors count positions in it.
 */
import * as Y from "yjs";

/** The root's name stands in stored updates: it never changes. */
const ROOT = "t";

/** The text of a document. */
export const noteText = (doc: Y.Doc): Y.Text => doc.getText(ROOT);

const filled = (doc: Y.Doc, updates: readonly Uint8Array[]): Y.Doc => {
  noteText(doc);
  // Merged first: applied one by one, what refers to a later one would be looked at again and again.
  if (updates.length > 0) Y.applyUpdate(doc, Y.mergeUpdates([...updates]));
  return doc;
};

/** A document with these updates in it. */
export const noteDoc = (updates: readonly Uint8Array[]): Y.Doc => filled(new Y.Doc(), updates);

/** One that still knows what was deleted, as far as the updates hold it. */
export const noteDocWithDeleted = (updates: readonly Uint8Array[]): Y.Doc => filled(new Y.Doc({ gc: false }), updates);

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
