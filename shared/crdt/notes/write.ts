/**
 * Writing a text without an editor (the command line, a form): the updates that append a paragraph or turn the text into another.
 * They change as little as they can, so that what others type meanwhile stays where it was.
 */
import * as Y from "yjs";
import { noteText, plainLines } from "./doc.ts";

/** What `write` adds to a document, as one update under `clientId`; undefined when nothing changed. The document has it already. */
const updateOf = (doc: Y.Doc, clientId: number, write: (text: Y.Text) => void): Uint8Array | undefined => {
  const updates: Uint8Array[] = [];
  const listen = (update: Uint8Array): void => {
    updates.push(update);
  };
  doc.clientID = clientId;
  doc.on("update", listen);
  doc.transact(() => write(noteText(doc)));
  doc.off("update", listen);
  return updates.length === 0 ? undefined : Y.mergeUpdates(updates);
};

/** Appends a paragraph: on a line of its own, whatever the text ends with. */
export const appendParagraph = (doc: Y.Doc, clientId: number, paragraph: string): Uint8Array | undefined =>
  updateOf(doc, clientId, (text) => {
    const before = text.toString();
    text.insert(text.length, (before === "" || before.endsWith("\n") ? "" : "\n") + plainLines(paragraph));
  });

const isLowSurrogate = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
};

/** Turns the text into `wanted`: what stands at the start and end alike is left alone. */
export const replaceText = (doc: Y.Doc, clientId: number, wanted: string): Uint8Array | undefined =>
  updateOf(doc, clientId, (text) => {
    const before = text.toString();
    const after = plainLines(wanted);
    const shorter = Math.min(before.length, after.length);
    let start = 0;
    while (start < shorter && before[start] === after[start]) start++;
    // Never between the two halves of a character: Yjs would replace them.
    while (start > 0 && (isLowSurrogate(before, start) || isLowSurrogate(after, start))) start--;
    let end = 0;
    while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
    while (end > 0 && (isLowSurrogate(before, before.length - end) || isLowSurrogate(after, after.length - end))) end--;
    if (before.length - end > start) text.delete(start, before.length - end - start);
    if (after.length - end > start) text.insert(start, after.slice(start, after.length - end));
  });
