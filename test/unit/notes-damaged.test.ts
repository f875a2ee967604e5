/** One update that cannot be read, from a broken desk or a newer version, hides nobody else's text. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { applyUpdate, Doc, encodeStateAsUpdate } from "yjs";
import { noteDoc, noteDocWithDeleted, noteText, readNote } from "../../shared/crdt/notes/doc.ts";

const updateOf = (clientId: number, text: string): Uint8Array => {
  const doc = new Doc();
  doc.clientID = clientId;
  noteText(doc).insert(0, text);
  return encodeStateAsUpdate(doc);
};

test.each([
  ["nothing", new Uint8Array()],
  ["noise", new Uint8Array([1, 2, 3, 4, 5, 6])],
  ["numbers without end", new Uint8Array(50).fill(255)],
  ["half an update", updateOf(9, "a longer text than that").subarray(0, 20)],
])("%s beside two good updates", (_what, damaged) => {
  const updates = [updateOf(1, "one"), damaged, updateOf(2, "two")];
  expect(readNote(updates)).toMatch(/^(onetwo|twoone)$/);
  expect(noteText(noteDocWithDeleted(updates)).toString()).toBe(readNote(updates));
});

test("whatever was done to the bytes, the note opens, and what it gives on can be read", () => {
  // An id of eight bytes, which no few changed bytes turn the other one into.
  const good = updateOf(2 ** 52 + 1, "kept");
  const edits = fc.array(fc.record({ at: fc.nat(40), byte: fc.nat(255) }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(edits, (changed) => {
      const damaged = updateOf(7, "written by a broken desk");
      for (const { at, byte } of changed) damaged[at % damaged.length] = byte;
      const doc = noteDoc([good, damaged]);
      expect(noteText(doc).toString()).toContain("kept");
      const again = new Doc();
      applyUpdate(again, encodeStateAsUpdate(doc));
      expect(noteText(again).toString()).toBe(noteText(doc).toString());
    }),
    { numRuns: 200 },
  );
});
