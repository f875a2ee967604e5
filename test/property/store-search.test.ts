/**
 * Search against a plain look at every record, over real files: whatever was written here and merged from another desk, and however
 * far the index is behind, exactly the live records whose words begin with what was typed are found.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { wordsOf } from "../../main/store/search-words.ts";
import { holdLimit } from "../../shared/clock/hlc.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import { actionId, epochMs, inFolder, ORDER, openDesk, recordId, type World } from "./store-rig.ts";

const RECORDS = Array.from({ length: 150 }, (_, n) => recordId(`0198a000-0000-7000-8000-${n.toString(16).padStart(12, "0")}`));
const WORDS = ["pump", "pumps", "Pümp", "valve", "val", "roof 12", ""];

const word = fc.constantFrom(...WORDS);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom("here", "there"),
      from: fc.nat(149),
      count: fc.integer({ min: 1, max: 60 }),
      title: word,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("tag"), record: fc.nat(149), tag: fc.constantFrom("pump", "valve"), on: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("delete", "undo"), record: fc.nat(149) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("index", "bringIn"), count: fc.integer({ min: 1, max: 200 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("ask"), typed: fc.constantFrom("pum", "pumps", "val pump", "valve", "12") }) },
);

test("finds exactly what a look at every record finds, whatever is due", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 25 }), (steps) =>
      inFolder((folder) => {
        const world: World = { now: Date.UTC(2026, 10, 24) };
        const ours = openDesk(folder, "a", world);
        const other = openDesk(folder, "b", world);
        let action = 0;
        const commit = (desk: typeof ours, edits: readonly Edit[]) => {
          world.now += 1;
          action += 1;
          return desk.store.commit(edits, { action: actionId(`act-${action}`), label: "test" });
        };
        const titled = (from: number, count: number, title: string): readonly Edit[] =>
          RECORDS.slice(from, from + count).map((record) => ({
            kind: "put",
            collection: ORDER,
            record,
            path: ["title"],
            value: `${title} ${action}`,
          }));
        for (const one of [...steps, { kind: "ask" as const, typed: "pump" }]) {
          if ("title" in one) {
            const { change } = commit(one.kind === "here" ? ours : other, titled(one.from, one.count, one.title));
            if (one.kind === "there") ours.worker.mergeLive(change, holdLimit(epochMs(world.now)));
          } else if ("tag" in one) {
            const record = RECORDS[one.record];
            if (record !== undefined) commit(ours, [{ kind: "put", collection: ORDER, record, path: ["tags", one.tag], value: one.on }]);
          } else if ("record" in one) {
            const record = RECORDS[one.record];
            if (one.kind === "undo") ours.store.undo({ action: actionId(`undo-${action}`) });
            else if (record !== undefined && ours.store.row(record) !== undefined)
              commit(ours, [{ kind: "delete", collection: ORDER, record }]);
          } else if ("count" in one) {
            if (one.kind === "index") ours.worker.updateSearch(one.count);
            else ours.store.bringInForSearch(one.count);
          } else {
            const typed = wordsOf(one.typed);
            const expected = ours.store
              .rows([ORDER])
              .filter((row) => {
                const words = wordsOf(`${String(row["title"])}\n${JSON.stringify(row["tags"])}`);
                return typed.every((begin) => words.some((each) => each.startsWith(begin)));
              })
              .map(({ id }) => id);
            const found = ours.store.search(one.typed, [ORDER], 1000).filter(({ exact }) => exact);
            expect(found.map(({ id }) => id).sort()).toEqual([...expected].sort());
          }
        }
        ours.close();
        other.close();
      }),
    ),
    { numRuns: 15 },
  );
});
