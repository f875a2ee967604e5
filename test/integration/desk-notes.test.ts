/**
 * Notes over real files: several windows of one desk, two desks apart and together again, a restart under an open note, and
 * everything that an editor must not get away with.
 */
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import * as Y from "yjs";
import { noteText } from "../../shared/crdt/notes/doc.ts";
import { writeUnsentAgain } from "../../shared/crdt/notes/unsent.ts";
import type { RecordId } from "../../shared/ids.ts";
import { carry, joinTestDesk, makeOrder, openTestDesk, type TestDesk } from "./desk-fixture.ts";

const desks: TestDesk[] = [];
afterEach(() => {
  for (const desk of desks.splice(0)) desk.close();
});
const founded = async (): Promise<TestDesk> => {
  const desk = await openTestDesk();
  desks.push(desk);
  return desk;
};
const joined = async (founder: TestDesk, name: string): Promise<TestDesk> => {
  const desk = await joinTestDesk(founder, name);
  desks.push(desk);
  return desk;
};

/** An editor as the board has one: its document, what it has not sent, and what it hears of others. */
class Window {
  readonly desk: TestDesk;
  readonly record: RecordId;
  editor = "";
  client = 0;
  doc = new Y.Doc();
  unsent: Uint8Array[] = [];
  readonly #stop: () => void;

  constructor(desk: TestDesk, record: RecordId) {
    this.desk = desk;
    this.record = record;
    this.#stop = desk.listen(({ name, data }) => {
      if (name !== "notes.changed") return;
      const { record: changed, update, editor } = data as { record: RecordId; update: Uint8Array; editor: string | null };
      if (changed === record && editor !== this.editor) Y.applyUpdate(this.doc, update, "host");
    });
  }

  async open(): Promise<this> {
    const old = { doc: this.doc, client: this.client };
    const { editor, clientId, state } = await this.desk.call("notes.open", { record: this.record, field: "notes" });
    this.doc = new Y.Doc();
    Y.applyUpdate(this.doc, state, "host");
    this.doc.clientID = clientId;
    this.editor = editor;
    this.client = clientId;
    this.unsent = [];
    const { doc } = this;
    doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== "host") this.unsent.push(update);
    });
    if (old.client !== 0) writeUnsentAgain(old.doc, old.client, doc);
    return this;
  }

  get text(): string {
    return noteText(this.doc).toString();
  }

  type(place: number, words: string): void {
    noteText(this.doc).insert(Math.min(place, noteText(this.doc).length), words);
  }

  async send(): Promise<void> {
    if (this.unsent.length > 0) await this.desk.call("notes.push", { editor: this.editor, update: Y.mergeUpdates(this.unsent.splice(0)) });
  }

  async close(): Promise<void> {
    await this.send();
    await this.desk.call("notes.close", { editor: this.editor });
    this.#stop();
  }
}

const noteOf = async (desk: TestDesk, order: RecordId): Promise<unknown> => (await desk.call("order.get", { order }))["notes"];

describe("a note", () => {
  test("is durable when the push answers, and the other window sees it", async () => {
    const desk = await founded();
    const order = await makeOrder(desk);
    const left = await new Window(desk, order.id).open();
    const right = await new Window(desk, order.id).open();
    expect(left.client).not.toBe(right.client);
    left.type(0, "Need replacement part");
    await left.send();
    expect(right.text).toBe("Need replacement part");
    right.type(0, "Ben: ");
    await right.send();
    expect(left.text).toBe("Ben: Need replacement part");
    desk.reopen();
    expect(await noteOf(desk, order.id)).toBe("Ben: Need replacement part");
  });

  test("gets a paragraph from the command line while a window has it open", async () => {
    const desk = await founded();
    const order = await makeOrder(desk);
    const window = await new Window(desk, order.id).open();
    window.type(0, "Typed");
    await window.send();
    const { record } = await desk.call("order.note", { order: "1", text: "Said\r\non the phone" }, "command-line");
    expect(record["notes"]).toBe("Typed\nSaid\non the phone");
    expect(window.text).toBe("Typed\nSaid\non the phone");
    window.type(5, " on");
    await window.send();
    expect(await noteOf(desk, order.id)).toBe("Typed on\nSaid\non the phone");
  });

  test("takes a description given as a value, and changes only what differs", async () => {
    const desk = await founded();
    const order = await makeOrder(desk, { description: "Boiler drips at the valve" });
    expect(order["description"]).toBe("Boiler drips at the valve");
    const { record } = await desk.call("order.set", { order: "1", values: { description: "Boiler drips 🔧 at the pump" } });
    expect(record["description"]).toBe("Boiler drips 🔧 at the pump");
  });

  test("keeps a very long paragraph whole, over several changes", async () => {
    const desk = await founded();
    const order = await makeOrder(desk);
    const text = "äöü€😀 and so on. ".repeat(20_000);
    await desk.call("order.note", { order: "1", text });
    expect(await noteOf(desk, order.id)).toBe(text);
    const yard = await joined(desk, "Yard");
    expect(await noteOf(yard, order.id)).toBe(text);
  });

  test("survives a restart of the host under an open window, with what was not sent yet", async () => {
    const desk = await founded();
    const order = await makeOrder(desk);
    const left = await new Window(desk, order.id).open();
    const right = await new Window(desk, order.id).open();
    left.type(0, "sent ");
    await left.send();
    left.type(5, "unsent left");
    right.type(0, "unsent right ");
    desk.reopen();
    await expect(left.send()).rejects.toMatchObject({ code: "note_lapsed" });
    // Each opens again by itself, the second after the first has gone on.
    for (const window of [left, right]) {
      await window.open();
      await window.send();
    }
    const text = String(await noteOf(desk, order.id));
    for (const part of ["sent ", "unsent left", "unsent right "]) expect(text.split(part).length).toBeGreaterThan(1);
    expect(text).toHaveLength("sent unsent leftunsent right ".length);
    expect(left.text).toBe(text);
  });

  test("refuses what is no text of the editor's own, and stores nothing of it", async () => {
    const desk = await founded();
    const order = await makeOrder(desk);
    const { editor, clientId } = await desk.call("notes.open", { record: order.id, field: "notes" });
    const push = (update: Uint8Array) => desk.call("notes.push", { editor, update });
    const made = (client: number, write: (doc: Y.Doc) => void): Uint8Array => {
      const doc = new Y.Doc();
      doc.clientID = client;
      write(doc);
      return Y.encodeStateAsUpdate(doc);
    };
    const before = desk.store.ownSeq();
    await expect(push(new Uint8Array([9, 9, 9, 9]))).rejects.toMatchObject({ code: "note_garbled" });
    await expect(push(new Uint8Array())).rejects.toMatchObject({ code: "note_garbled" });
    await expect(push(made(7, (doc) => noteText(doc).insert(0, "x")))).rejects.toMatchObject({ code: "note_garbled" });
    await expect(push(made(clientId, (doc) => doc.getMap("m").set("k", 1)))).rejects.toMatchObject({ code: "note_garbled" });
    const doc = new Y.Doc();
    doc.clientID = clientId;
    noteText(doc).insert(0, "first");
    const seen = Y.encodeStateVector(doc);
    noteText(doc).insert(5, "second");
    await expect(push(Y.encodeStateAsUpdate(doc, seen))).rejects.toMatchObject({ code: "note_out_of_step" });
    await expect(desk.call("notes.push", { editor: "nobody", update: new Uint8Array([0, 0]) })).rejects.toMatchObject({
      code: "note_lapsed",
    });
    expect(desk.store.ownSeq()).toBe(before);
    await expect(desk.call("notes.open", { record: order.id, field: "title" })).rejects.toMatchObject({ code: "unknown_field" });
  });
});

describe("undo", () => {
  const undo = (desk: TestDesk) => desk.call("undo", {});
  const redo = (desk: TestDesk) => desk.call("redo", {});

  test("takes a note and a change back in the order in which they were made, also after a restart", async () => {
    const desk = await founded();
    const order = await makeOrder(desk);
    await desk.call("order.note", { order: "1", text: "first" });
    await desk.call("order.set", { order: "1", values: { priority: "high" } });
    await desk.call("order.note", { order: "1", text: "second" });
    expect(await undo(desk)).toEqual({ undone: true, label: "Note on A-1", records: [order.id], kept: [] });
    expect(await noteOf(desk, order.id)).toBe("first");
    desk.reopen();
    expect((await undo(desk)).label).toBe("Change priority of A-1");
    expect(await undo(desk)).toMatchObject({ label: "Note on A-1", kept: [] });
    expect(await desk.call("order.get", { order: order.id })).toMatchObject({ notes: "", priority: "normal" });
    desk.reopen();
    for (const label of ["Note on A-1", "Change priority of A-1", "Note on A-1"]) expect((await redo(desk)).label).toBe(label);
    expect(await desk.call("order.get", { order: order.id })).toMatchObject({ notes: "first\nsecond", priority: "high" });
    expect((await redo(desk)).undone).toBe(false);
    for (let i = 0; i < 4; i++) expect(await undo(desk)).toMatchObject({ undone: true, kept: [] });
    await expect(desk.call("order.get", { order: order.id })).rejects.toMatchObject({ code: "not_found" });
    expect(desk.store.verify().differences).toEqual([]);
  });

  test("leaves what another desk typed inside the paragraph, and both desks read the same", async () => {
    const desk = await founded();
    const order = await makeOrder(desk);
    await desk.call("order.note", { order: "1", text: "Call back" });
    const yard = await joined(desk, "Yard");
    const window = await new Window(yard, order.id).open();
    window.type(4, " Ms Weber");
    window.type(100, "\nDone");
    await window.send();
    carry(yard, desk);
    expect(await undo(desk)).toMatchObject({ label: "Note on A-1", kept: [{ number: "A-1", field: "notes" }] });
    expect(await noteOf(desk, order.id)).toBe(" Ms Weber\nDone");
    carry(desk, yard);
    expect(window.text).toBe(" Ms Weber\nDone");
    await redo(desk);
    carry(desk, yard);
    expect(await noteOf(desk, order.id)).toBe("Call Ms Weber back\nDone");
    expect(window.text).toBe("Call Ms Weber back\nDone");
    expect(desk.store.fingerprint()).toBe(yard.store.fingerprint());
  });

  test("reaches the open windows of the desk, and passes over what was typed in them", async () => {
    const desk = await founded();
    const order = await makeOrder(desk);
    const window = await new Window(desk, order.id).open();
    await desk.call("order.note", { order: "1", text: "Said" });
    window.type(0, "Typed ");
    await window.send();
    expect(desk.store.undoable().undo).toBe("Note on A-1");
    await undo(desk);
    expect(window.text).toBe("Typed ");
    await redo(desk);
    expect(window.text).toBe("Typed Said");
    window.type(100, " more");
    await window.send();
    expect(await noteOf(desk, order.id)).toBe("Typed Said more");
  });

  test("keeps an order in which somebody typed, whatever was noted and taken back since", async () => {
    const desk = await founded();
    const order = await makeOrder(desk);
    const window = await new Window(desk, order.id).open();
    window.type(0, "Typed");
    await window.close();
    await desk.call("order.note", { order: "1", text: "Said" });
    await undo(desk);
    expect(await undo(desk)).toMatchObject({ label: "Create “Boiler”", kept: [{ number: "A-1", field: "notes" }] });
    expect(await noteOf(desk, order.id)).toBe("Typed");
  });

  test("leaves an order deleted that another desk has deleted since the note", async () => {
    const desk = await founded();
    const order = await makeOrder(desk);
    await desk.call("order.note", { order: "1", text: "Said" });
    const yard = await joined(desk, "Yard");
    await yard.call("order.delete", { order: order.id });
    carry(yard, desk);
    expect(await undo(desk)).toMatchObject({ label: "Note on A-1", records: [], kept: [{ field: "notes" }] });
    expect(desk.store.row(order.id)).toBeUndefined();
  });

  test("takes a long paragraph back whole, and brings it whole again", async () => {
    const desk = await founded();
    const order = await makeOrder(desk);
    const text = "äöü€😀 and so on. ".repeat(20_000);
    await desk.call("order.note", { order: "1", text });
    await undo(desk);
    expect(await noteOf(desk, order.id)).toBe("");
    await redo(desk);
    expect(await noteOf(desk, order.id)).toBe(text);
    await undo(desk);
    expect(await noteOf(desk, order.id)).toBe("");
  });

  test("goes back and forth through several wordings of a note and a description, also over a restart", async () => {
    const desk = await founded();
    const order = await makeOrder(desk);
    const words = async () => {
      const { notes, description } = (await desk.call("order.get", { order: order.id })) as { notes?: unknown; description?: unknown };
      return [notes, description];
    };
    const states = [await words()];
    const then = async (work: Promise<unknown>): Promise<void> => {
      await work;
      states.push(await words());
    };
    await then(desk.call("order.note", { order: "1", text: "eins" }));
    await then(desk.call("order.set", { order: "1", values: { notes: "ersetzt" } }));
    for (const description of ["Erste Fassung", "Zweite Fassung", "Dritte", null])
      await then(desk.call("order.set", { order: "1", values: { description } }));
    await then(desk.call("order.set", { order: "1", values: { notes: null } }));
    for (let round = 0; round < 3; round++) {
      for (const state of states.slice(0, -1).reverse()) {
        expect(await undo(desk)).toMatchObject({ records: [order.id], kept: [] });
        expect(await words()).toEqual(state);
      }
      desk.reopen();
      for (const state of states.slice(1)) {
        expect(await redo(desk)).toMatchObject({ records: [order.id], kept: [] });
        expect(await words()).toEqual(state);
      }
    }
  });

  test("takes a changed description back, though it is a text", async () => {
    const desk = await founded();
    const order = await makeOrder(desk, { description: "Boiler drips at the valve" });
    await desk.call("order.set", { order: "1", values: { description: "Boiler leaks at the pump" } });
    expect((await undo(desk)).label).toBe("Change description of A-1");
    expect(await desk.call("order.get", { order: order.id })).toMatchObject({ description: "Boiler drips at the valve" });
  });
});

describe("two desks", () => {
  test("the founding story: a status there, a note here, both stand on both", async () => {
    const desk = await founded();
    const order = await makeOrder(desk);
    const yard = await joined(desk, "Yard");
    await desk.call("order.set", { order: "1", values: { status: "in_progress" } });
    await yard.call("order.note", { order: "1", text: "Need replacement part" });
    carry(desk, yard);
    carry(yard, desk);
    for (const one of [desk, yard]) {
      expect(await one.call("order.get", { order: order.id })).toMatchObject({ status: "in_progress", notes: "Need replacement part" });
    }
    expect(desk.store.fingerprint()).toBe(yard.store.fingerprint());
    expect(desk.of("records.changed").at(-1)?.by).toMatchObject({ kind: "peer", name: "Yard" });
  });

  test("type two alphabets at once and apart, two windows each: every character is there once, everywhere", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ who: fc.nat(3), place: fc.nat(40), act: fc.constantFrom("type", "type", "type", "send", "carry", "again") }), {
          minLength: 10,
          maxLength: 40,
        }),
        async (steps) => {
          const desk = await founded();
          const order = await makeOrder(desk);
          const yard = await joined(desk, "Yard");
          const windows = [
            await new Window(desk, order.id).open(),
            await new Window(desk, order.id).open(),
            await new Window(yard, order.id).open(),
            await new Window(yard, order.id).open(),
          ];
          const alphabets = ["abcdefghijklmnopqrstuvwxyz", "αβγδεζηθικλμνξοπρστυφχψω"];
          const typed: string[] = [];
          for (const { who, place, act } of steps) {
            const window = windows[who]!;
            if (act === "type") {
              const alphabet = alphabets[who >> 1]!;
              const character = alphabet[typed.length % alphabet.length]!;
              typed.push(character);
              window.type(place, character);
            } else if (act === "send") await window.send();
            else if (act === "again") {
              await window.close();
              windows[who] = await new Window(window.desk, order.id).open();
            } else if (who < 2) carry(desk, yard, 300);
            else carry(yard, desk, 300);
          }
          for (const window of windows) await window.send();
          carry(desk, yard);
          carry(yard, desk);
          const text = String(await noteOf(desk, order.id));
          expect([...text].sort()).toEqual([...typed].sort());
          expect(await noteOf(yard, order.id)).toBe(text);
          for (const window of windows) expect(window.text).toBe(text);
          expect(desk.store.fingerprint()).toBe(yard.store.fingerprint());
          for (const one of desks.splice(0)) one.close();
        },
      ),
      { numRuns: 12 },
    );
  });
});
