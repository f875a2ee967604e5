/** Taking back what was written into a text: exactly that goes, what was deleted comes again, and what others typed stays. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { noteDoc, noteText, readNote } from "../../shared/crdt/notes/doc.ts";
import { growSegments, mergeNotes } from "../../shared/crdt/notes/segments.ts";
import { type Characters, type TextWrite, takeTextBack, textWriteOf } from "../../shared/crdt/notes/take-back.ts";
import { appendParagraph, replaceText } from "../../shared/crdt/notes/write.ts";

const OURS = 7;
const THEIRS = 8;
const UNDO = 9;

/** A text as a desk stores it, with one step after another. */
class Text {
  updates: Uint8Array[] = [];

  get read(): string {
    return readNote(this.updates);
  }

  add(update: Uint8Array | undefined): Uint8Array {
    if (update === undefined) throw new Error("nothing was written");
    this.updates.push(update);
    return update;
  }

  append(paragraph: string): Uint8Array {
    return this.add(appendParagraph(noteDoc(this.updates), OURS, paragraph));
  }

  type(change: (text: Y.Text) => void): void {
    const doc = noteDoc(this.updates);
    doc.clientID = THEIRS;
    const before = Y.encodeStateVector(doc);
    change(noteText(doc));
    this.add(Y.encodeStateAsUpdate(doc, before));
  }

  /** Takes one back after others were: `again` is what those have inserted. */
  takeBackAfter(write: TextWrite, again: Characters): { readonly write: TextWrite; readonly mixed: boolean } {
    const { update, mixed } = takeTextBack(this.updates, write, UNDO, again);
    return { write: textWriteOf(update === undefined ? [] : [this.add(update)]), mixed };
  }

  takeBack(...written: Uint8Array[]): { readonly update: Uint8Array; readonly mixed: boolean } {
    const { update, mixed } = takeTextBack(this.updates, textWriteOf(written), UNDO);
    return { update: this.add(update), mixed };
  }
}

describe("taking text back", () => {
  it("removes the appended paragraph with its line break, and brings it again where it stood", () => {
    const text = new Text();
    text.append("first");
    const second = text.append("second");
    text.append("third");
    const undone = text.takeBack(second);
    expect(text.read).toBe("first\nthird");
    expect(undone.mixed).toBe(false);
    const redone = text.takeBack(undone.update);
    expect(text.read).toBe("first\nsecond\nthird");
    const again = text.takeBack(redone.update);
    expect(text.read).toBe("first\nthird");
    text.takeBack(again.update);
    expect(text.read).toBe("first\nsecond\nthird");
  });

  it("leaves what others typed inside and after it, and says that theirs stands within", () => {
    const text = new Text();
    const note = text.append("hello 🔧");
    text.type((typed) => {
      typed.insert(3, "[in]");
      typed.insert(typed.length, " after");
    });
    const undone = text.takeBack(note);
    expect(text.read).toBe("[in] after");
    expect(undone.mixed).toBe(true);
    text.takeBack(undone.update);
    expect(text.read).toBe("hel[in]lo 🔧 after");
  });

  it("takes what still stands, and brings back no more than it took", () => {
    const text = new Text();
    const note = text.append("hello");
    text.type((typed) => typed.delete(0, 2));
    const undone = text.takeBack(note);
    expect(text.read).toBe("");
    text.takeBack(undone.update);
    expect(text.read).toBe("llo");
  });

  it("has nothing to write when nothing of it stands", () => {
    const text = new Text();
    const note = text.append("hello");
    text.type((typed) => typed.delete(0, 5));
    expect(takeTextBack(text.updates, textWriteOf([note]), UNDO)).toEqual({ update: undefined, mixed: false });
  });

  it("brings neighbours that are both gone again in their order, whichever comes first", () => {
    for (const order of [
      [0, 1, 2],
      [2, 0, 1],
      [1, 2, 0],
    ]) {
      const text = new Text();
      const undone = ["one", "two", "three"].map((paragraph) => text.append(paragraph)).map((note) => text.takeBack(note).update);
      expect(text.read).toBe("");
      for (const n of order) text.takeBack(undone[n] ?? new Uint8Array());
      expect(text.read).toBe("one\ntwo\nthree");
    }
  });

  it("takes a rewriting back: the new words go, the old ones come again", () => {
    const text = new Text();
    text.append("Boiler drips at the valve");
    const rewritten = text.add(replaceText(noteDoc(text.updates), OURS, "Boiler leaks at the pump"));
    text.type((typed) => typed.insert(0, "Mo: "));
    const undone = text.takeBack(rewritten);
    expect(text.read).toBe("Mo: Boiler drips at the valve");
    text.takeBack(undone.update);
    expect(text.read).toBe("Mo: Boiler leaks at the pump");
  });

  it("finds its characters in segments that have grown since", () => {
    const text = new Text();
    const note = text.append("hello");
    text.append("world");
    const { last } = growSegments(text.updates[0], text.updates[1] ?? new Uint8Array());
    text.updates = last === null ? [] : [last];
    expect(text.read).toBe("hello\nworld");
    text.takeBack(note);
    expect(text.read).toBe("\nworld");
  });

  it("gives every earlier and every later text exactly, however often it goes back and forth", () => {
    const words = fc.string({ unit: fc.constantFrom("a", "b", "c", "\n", "😀", "de "), maxLength: 9 });
    const steps = fc.array(fc.oneof(words, fc.constantFrom(-1, -1, 1)), { minLength: 5, maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.boolean(), (todo, grows) => {
        const text = new Text();
        const done: { before: string; after: string; write: TextWrite }[] = [];
        const undone: { before: string; after: string; write: TextWrite }[] = [];
        let again: readonly number[] = [];
        for (const step of [...todo, ...todo.map(() => -1), ...todo.map(() => 1)]) {
          const before = text.read;
          if (typeof step === "string") {
            const update = replaceText(noteDoc(text.updates), OURS, step);
            if (update === undefined) continue;
            done.push({ before, after: step, write: textWriteOf([text.add(update)]) });
            undone.splice(0);
          } else {
            const [from, to] = step < 0 ? [done, undone] : [undone, done];
            const action = from.pop();
            if (action === undefined) continue;
            const { write, mixed } = text.takeBackAfter(action.write, again);
            again = [...again, ...write.inserted];
            to.push({ ...action, write });
            expect([text.read, mixed]).toEqual([step < 0 ? action.before : action.after, false]);
          }
          // As they are stored: joined, so that what follows upon one another becomes one item.
          if (grows) text.updates = [mergeNotes(text.updates)];
        }
      }),
      { numRuns: 500 },
    );
  });
});
