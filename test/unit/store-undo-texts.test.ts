/**
 * Undo and redo of merging texts, step after step, on real files: the text before each action exactly while nobody else writes, and
 * with another desk in it nothing but our own words gone and come again.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Store } from "../../main/store/api.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import { noteDoc, readNote } from "../../shared/crdt/notes/doc.ts";
import { clientIdOf } from "../../shared/crdt/notes/leases.ts";
import { SEGMENT_BYTES, splitNote } from "../../shared/crdt/notes/segments.ts";
import { replaceText } from "../../shared/crdt/notes/write.ts";
import { type Desk, inFolder, ORDER, openDesk, type World } from "../property/store-rig.ts";
import { put, R1, useDesk } from "./store-desk.ts";

const RUNS = 25;
const t = useDesk();

const textOf = (store: Store): string => readNote(store.text(R1, "notes").updates);

const editsTo = (store: Store, wanted: string): readonly Edit[] => {
  const update = replaceText(noteDoc(store.text(R1, "notes").updates), clientIdOf(store.replica, 0), wanted);
  return update === undefined
    ? []
    : splitNote(update, SEGMENT_BYTES).map((part) => ({
        kind: "text",
        collection: ORDER,
        record: R1,
        field: "notes",
        slot: 0,
        update: part,
      }));
};

/** Turns the text into another as one action; false: it was that already. */
const write = (store: Store, wanted: string): boolean => {
  const edits = editsTo(store, wanted);
  if (edits.length > 0) store.commit(edits, t.options(`to ${wanted}`));
  return edits.length > 0;
};

const undo = (store: Store) => store.undo({ action: t.options().action });
const redo = (store: Store) => store.redo({ action: t.options().action });

type Step = { readonly kind: "write"; readonly text: string } | { readonly kind: "undo" | "redo" | "restart" };

const words = fc.string({ unit: fc.constantFrom("a", "b", "c", "\n", "😀", "de "), maxLength: 8 });
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("write" as const), text: words }) },
    { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom("undo" as const, "undo" as const, "redo" as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
  ) satisfies fc.Arbitrary<Step>,
  { minLength: 5, maxLength: 25 },
);

/** A desk whose file can be closed and opened between steps. */
const withDesk = (work: (desk: () => Desk, restart: () => void, other: () => Desk) => void): void =>
  inFolder((folder) => {
    const world: World = { now: Date.UTC(2026, 10, 24) };
    const open = () => openDesk(folder, "a", world);
    const all = { desk: open(), others: [] as Desk[] };
    try {
      work(
        () => {
          world.now += 1;
          return all.desk;
        },
        () => {
          all.desk.close();
          all.desk = open();
        },
        () => {
          const made = openDesk(folder, "b", world);
          all.others.push(made);
          return made;
        },
      );
    } finally {
      for (const desk of [all.desk, ...all.others]) desk.close();
    }
  });

describe("texts", () => {
  it("are what they were before each action, and after it again, whatever was undone and done again in between", () => {
    fc.assert(
      fc.property(steps, (todo) =>
        withDesk((desk, restart) => {
          desk().store.commit([put(R1, ["title"], "one")], t.options());
          const done: { before: string; after: string }[] = [];
          const undone: { before: string; after: string }[] = [];
          for (const step of todo) {
            const { store } = desk();
            const before = textOf(store);
            if (step.kind === "restart") restart();
            else if (step.kind === "write") {
              if (!write(store, step.text)) continue;
              done.push({ before, after: step.text });
              undone.splice(0);
            } else {
              const [from, to] = step.kind === "undo" ? [done, undone] : [undone, done];
              const action = from.pop();
              if (action === undefined) continue;
              to.push(action);
              expect((step.kind === "undo" ? undo : redo)(store)).toMatchObject({ kind: "undone", kept: [] });
              expect(textOf(store)).toBe(step.kind === "undo" ? action.before : action.after);
            }
          }
          for (let action = done.pop(); action !== undefined; action = done.pop()) {
            expect(undo(desk().store)).toMatchObject({ kept: [] });
            expect(textOf(desk().store)).toBe(action.before);
          }
          expect(desk().store.verify().differences).toEqual([]);
        }),
      ),
      { numRuns: RUNS },
    );
  });

  it("lose none of another desk's words, and keep none of ours, once all that we wrote is taken back", () => {
    const theirs = fc.array(fc.string({ unit: fc.constantFrom("X", "Y", "Z"), minLength: 1, maxLength: 3 }), { maxLength: 6 });
    fc.assert(
      fc.property(steps, theirs, fc.infiniteStream(fc.nat()), (todo, typed, where) =>
        withDesk((desk, _restart, openOther) => {
          const other = openOther();
          const limit = Number.MAX_SAFE_INTEGER as ReturnType<typeof t.limit>;
          const toOther = ({
            committed,
          }: {
            readonly committed: readonly { readonly change: Parameters<Desk["worker"]["mergeLive"]>[0] }[];
          }) => {
            for (const { change } of committed) expect(other.worker.mergeLive(change, limit).kind).toBe("merged");
          };
          const first = desk().store.commit([put(R1, ["title"], "one")], t.options());
          toOther({ committed: [first] });
          const waiting = [...typed];
          for (const [i, step] of todo.entries()) {
            const { store, worker } = desk();
            const insertion = i % 3 === 2 ? waiting.pop() : undefined;
            if (insertion !== undefined) {
              const before = textOf(other.store);
              const characters = [...before];
              characters.splice(((where.next().value ?? 0) % 1000) % (characters.length + 1), 0, insertion);
              const text = characters.join("");
              const edits = editsTo(other.store, text);
              worker.mergeLive(other.store.commit(edits, t.options()).change, limit);
            }
            // Ours goes round theirs: what we delete of another's would come again as ours.
            if (step.kind === "write") {
              const kept = textOf(store).replaceAll(/[^XYZ]/gu, "");
              const edits = editsTo(store, step.text + kept);
              if (edits.length > 0) toOther({ committed: [store.commit(edits, t.options())] });
            } else if (step.kind !== "restart") {
              const outcome = (step.kind === "undo" ? undo : redo)(store);
              if (outcome.kind === "undone") toOther(outcome);
            }
            expect(textOf(other.store)).toBe(textOf(store));
          }
          const { store } = desk();
          for (let outcome = undo(store); outcome.kind === "undone"; outcome = undo(store)) toOther(outcome);
          const sorted = (text: string): string => [...text].sort().join("");
          const inserted = typed.slice(waiting.length).join("");
          expect(sorted(textOf(store).replaceAll(/[^XYZ]/gu, ""))).toBe(sorted(inserted));
          expect(textOf(store).replaceAll(/[XYZ]/gu, "")).toBe("");
          expect(other.store.fingerprint()).toBe(store.fingerprint());
        }),
      ),
      { numRuns: RUNS },
    );
  });

  it("come again piece by piece where they are long, and go again with what first wrote them", () => {
    const { store } = t.desk;
    t.commit(put(R1, ["title"], "one"));
    const long = "äöü€😀 and so on. ".repeat(600);
    write(store, long);
    write(store, "");
    write(store, "short");
    undo(store);
    expect(textOf(store)).toBe("");
    undo(store);
    expect(textOf(store)).toBe(long);
    t.restart();
    expect(undo(t.desk.store)).toMatchObject({ kept: [] });
    expect(textOf(t.desk.store)).toBe("");
    for (const text of [long, "", "short"]) {
      redo(t.desk.store);
      expect(textOf(t.desk.store)).toBe(text);
    }
  });
});
