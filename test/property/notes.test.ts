/**
 * Notes lose no character: two and three replicas, several editors on each, typing two alphabets at once and offline, segments
 * delivered in any order and more than once. Pure: the desk's and the store's rules without their files.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { checkPush } from "../../shared/crdt/notes/check.ts";
import { noteDoc, noteText, readNote } from "../../shared/crdt/notes/doc.ts";
import { clientIdOf, closeLease, emptyPool, type LeasePool, openLease } from "../../shared/crdt/notes/leases.ts";
import { growSegments, mergeNotes, splitNote } from "../../shared/crdt/notes/segments.ts";
import { writeUnsentAgain } from "../../shared/crdt/notes/unsent.ts";
import { type EpochMs, parseEpochMs, parseReplicaId, type ReplicaId } from "../../shared/ids.ts";

const at = (ms: number): EpochMs => parseEpochMs(ms)!;
const replicaId = (n: number): ReplicaId => parseReplicaId(n.toString(16).padStart(32, "0"))!;

interface Editor {
  readonly name: string;
  readonly slot: number;
  readonly client: number;
  readonly doc: Y.Doc;
  readonly unsent: Uint8Array[];
}

/** One desk: its segments by slot, what it has of the others, and its open editors. */
class Desk {
  readonly replica: ReplicaId;
  readonly own = new Map<number, Uint8Array[]>();
  readonly others = new Map<string, Uint8Array>();
  pool: LeasePool;
  editors: Editor[] = [];
  #opened = 0;

  constructor(n: number) {
    this.replica = replicaId(n);
    this.pool = emptyPool(1);
  }

  updates(): Uint8Array[] {
    return [...[...this.own.values()].flat(), ...this.others.values()];
  }

  open(): Editor {
    const name = `e${this.#opened++}`;
    const [pool, { slot }] = openLease(this.pool, name, at(0));
    this.pool = pool;
    const client = clientIdOf(this.replica, slot);
    const doc = noteDoc(this.updates());
    doc.clientID = client;
    const editor: Editor = { name, slot, client, doc, unsent: [] };
    doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== "host") editor.unsent.push(update);
    });
    this.editors.push(editor);
    return editor;
  }

  store(slot: number, update: Uint8Array): void {
    for (const part of splitNote(update, 200)) {
      const segments = this.own.get(slot) ?? [];
      const grown = growSegments(segments.at(-1), part);
      if (grown.last !== null) segments[segments.length - 1] = grown.last;
      segments.push(...grown.next);
      this.own.set(slot, segments);
    }
  }

  send(editor: Editor): void {
    if (editor.unsent.length === 0) return;
    const update = Y.mergeUpdates(editor.unsent.splice(0));
    const held = noteDoc(this.updates());
    expect(checkPush(update, editor.client, Y.getState(held.store, editor.client))).toEqual({ kind: "good" });
    this.store(editor.slot, update);
    for (const other of this.editors) if (other !== editor) Y.applyUpdate(other.doc, update, "host");
  }

  close(editor: Editor): void {
    this.send(editor);
    this.pool = closeLease(this.pool, editor.name);
    this.editors = this.editors.filter((one) => one !== editor);
  }

  /** The host ends and starts again: leases are gone, windows live on and open the note again. */
  restart(): void {
    const before = this.editors;
    this.editors = [];
    this.pool = emptyPool(this.pool.run + 1);
    // Windows come back in another order than they were opened, and the first types on before the next is there.
    for (const old of before.reverse()) {
      const fresh = this.open();
      writeUnsentAgain(old.doc, old.client, fresh.doc);
      this.send(fresh);
    }
  }

  receive(key: string, segment: Uint8Array): void {
    // What the store does with an owned path: the fuller one stands. Here by union, so that any order will do.
    const before = this.others.get(key);
    this.others.set(key, before === undefined ? segment : mergeNotes([before, segment]));
    for (const editor of this.editors) Y.applyUpdate(editor.doc, segment, "host");
  }

  text(): string {
    return readNote(this.updates());
  }
}

const exchange = (desks: readonly Desk[], order: (n: number) => number): void => {
  const parcels = desks.flatMap((from) =>
    desks
      .filter((to) => to !== from)
      .flatMap((to) =>
        [...from.own].flatMap(([slot, segments]) => segments.map((segment, n) => ({ to, key: `${from.replica}/${slot}/${n}`, segment }))),
      ),
  );
  while (parcels.length > 0) {
    const [parcel] = parcels.splice(order(parcels.length), 1);
    parcel?.to.receive(parcel.key, parcel.segment);
  }
};

const ALPHABETS = ["abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщъыьэюя", "αβγδεζηθικλμνξοπρστυφχψω"];

type Step =
  | { readonly kind: "type"; readonly desk: number; readonly editor: number; readonly place: number; readonly length: number }
  | { readonly kind: "open" | "close" | "send" | "restart"; readonly desk: number; readonly editor: number }
  | { readonly kind: "exchange"; readonly picks: readonly number[] };

const who = { desk: fc.nat(2), editor: fc.nat(3) };
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant("type" as const), ...who, place: fc.nat(1000), length: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("send" as const), ...who }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("open" as const, "close" as const), ...who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const), ...who }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("exchange" as const), picks: fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 }) }),
  },
);

describe("notes", () => {
  test("every typed character stands once on every desk, whoever typed at once, offline or over a restart", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 3 }), fc.array(step, { minLength: 5, maxLength: 60 }), (count, steps) => {
        const desks = Array.from({ length: count }, (_, n) => new Desk(n + 1));
        for (const desk of desks) desk.open();
        const typed: string[] = [];
        const pick = (desk: Desk, n: number): Editor => desk.editors[n % desk.editors.length] ?? desk.open();
        const next = [0, 0, 0];
        for (const one of steps) {
          if (one.kind === "exchange") {
            exchange(desks, (n) => (one.picks[n % one.picks.length] ?? 0) % n);
            continue;
          }
          const desk = desks[one.desk % count]!;
          const number = desks.indexOf(desk);
          if (one.kind === "open" && desk.editors.length < 3) desk.open();
          if (one.kind === "restart") desk.restart();
          if (one.kind === "send") desk.send(pick(desk, one.editor));
          if (one.kind === "close") desk.close(pick(desk, one.editor));
          if (one.kind === "type") {
            const editor = pick(desk, one.editor);
            const alphabet = [...ALPHABETS[number]!];
            const letters = Array.from({ length: one.length }, () => {
              const index = (next[number] = (next[number] ?? 0) + 1);
              // Each character is its own: the letter and how often the alphabet has come round.
              return `${alphabet[index % alphabet.length]}${String.fromCodePoint(0x1f300 + index)}`;
            });
            typed.push(...letters);
            const text = noteText(editor.doc);
            const places = [0];
            for (let i = 0; i < text.length; i++) places.push(i + 1);
            let place = places[one.place % places.length] ?? 0;
            const low = text.toString().charCodeAt(place);
            if (low >= 0xdc00 && low <= 0xdfff) place++;
            text.insert(place, letters.join(""));
          }
        }
        for (const desk of desks) for (const editor of desk.editors) desk.send(editor);
        exchange(desks, (n) => n - 1);
        exchange(desks, () => 0);
        const texts = desks.map((desk) => desk.text());
        expect(new Set(texts).size).toBe(1);
        const pieces = [...(texts[0] ?? "")].sort();
        expect(pieces).toEqual([...typed.join("")].sort());
        for (const desk of desks) for (const editor of desk.editors) expect(noteText(editor.doc).toString()).toBe(texts[0]);
      }),
      { numRuns: 200 },
    );
  });

  test("joining runs and cutting updates changes nothing of what they say", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ insert: fc.boolean(), place: fc.nat(500), text: fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 }) }),
          {
            minLength: 1,
            maxLength: 40,
          },
        ),
        fc.integer({ min: 80, max: 600 }),
        (edits, limit) => {
          const doc = new Y.Doc();
          doc.clientID = 2 ** 53 - 1;
          const updates: Uint8Array[] = [];
          doc.on("update", (update: Uint8Array) => updates.push(update));
          const text = noteText(doc);
          for (const { insert, place, text: words } of edits) {
            // Whole characters only, as editors do.
            const bounds = [0];
            for (const character of text.toString()) bounds.push((bounds.at(-1) ?? 0) + character.length);
            const index = bounds[place % bounds.length] ?? 0;
            const following = bounds.find((bound) => bound > index);
            if (insert || following === undefined) text.insert(index, words);
            else text.delete(index, following - index);
          }
          const merged = mergeNotes(updates);
          expect(readNote([merged])).toBe(text.toString());
          const parts = splitNote(merged, limit);
          expect(readNote(parts)).toBe(text.toString());
          expect(readNote([...parts].reverse())).toBe(text.toString());
          expect(Y.encodeStateVector(noteDoc(parts))).toEqual(Y.encodeStateVector(doc));
        },
      ),
      { numRuns: 100 },
    );
  });
});
