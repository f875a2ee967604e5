/**
 * The day's board kept up to date by changes equals one made afresh from the same records: places, cards, counts and tray,
 * after any sequence of changes. Nothing that an index forgot stays on a card.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createBoard } from "../../renderer/state/board.ts";
import { createDayBoard, type DayBoard } from "../../renderer/state/day-board.ts";
import { createZone } from "../../renderer/state/zone.ts";
import { COLUMNS, ORDER_STATUSES, VISIT_STATUSES } from "../../shared/domain/status.ts";
import type { RecordData } from "../../shared/ipc/answers.ts";
import { changed, DAY, gone, hour, order, record, recordId, technician, visit, ZONE } from "../unit/board-fixtures.ts";

const NUMBERS = ["A-1", "A-2", "A-3", "A-4", "A-5"];
const TECHNICIANS = ["t1", "t2"];
const zone = createZone(ZONE, "en-US");

const anOrder = fc
  .record({
    number: fc.constantFrom(...NUMBERS),
    status: fc.constantFrom(...ORDER_STATUSES),
    from: fc.constantFrom(null, 8, 10, 34),
    customer: fc.constantFrom(null, "c"),
  })
  .map(({ number, status, from, customer }) =>
    order(number, {
      status,
      customer,
      requestedFrom: from === null ? null : hour(from),
      requestedTo: from === null ? null : hour(from + 2),
    }),
  );
const aVisit = fc
  .record({
    id: fc.constantFrom("v1", "v2", "v3"),
    order: fc.constantFrom(...NUMBERS),
    technician: fc.constantFrom(...TECHNICIANS),
    status: fc.constantFrom(...VISIT_STATUSES),
    at: fc.constantFrom(null, 8, 8.5, 9, 33),
    told: fc.boolean(),
  })
  .map((each) =>
    visit(each.id, each.order, each.technician, {
      status: each.status,
      plannedFrom: each.at === null ? null : hour(each.at),
      changedSinceDispatch: each.told,
    }),
  );
const aName = fc.constantFrom("Corrigan", "Osei").map((name) => record("customer", "c", { name }));
const aTechnician = fc.constantFrom("Dana Meier", "Luis Ortega").map((name) => technician("t1", name));

type Step =
  | { readonly kind: "write"; readonly record: RecordData }
  | { readonly kind: "remove"; readonly id: string }
  | { readonly kind: "tick"; readonly at: number };
const aStep: fc.Arbitrary<Step> = fc.oneof(
  fc
    .oneof({ weight: 4, arbitrary: anOrder }, { weight: 4, arbitrary: aVisit }, aName, aTechnician)
    .map((each): Step => ({ kind: "write", record: each })),
  fc.constantFrom(...NUMBERS, "v1", "v2", "c").map((id): Step => ({ kind: "remove", id })),
  fc.constantFrom(8.2, 9.7, 11).map((at): Step => ({ kind: "tick", at: hour(at) })),
);

const seen = (days: DayBoard) => ({
  columns: COLUMNS.map((name) => days.column(name)),
  cards: NUMBERS.map((number) => days.card(recordId(number))),
  summary: days.summary(),
  tray: days.tray(),
});

test("any sequence of changes leaves the board as if it had been loaded afresh", () => {
  fc.assert(
    fc.property(fc.array(aStep, { minLength: 1, maxLength: 30 }), fc.boolean(), (steps, grouped) => {
      const records = new Map<string, RecordData>(TECHNICIANS.map((id) => [id, technician(id, `Technician ${id}`)]));
      const board = createBoard();
      board.load([...records.values()]);
      const days = createDayBoard(board, zone, hour(8));
      const options = { day: DAY, grouping: grouped ? "technicians" : "columns", chip: undefined, filter: "" } as const;
      days.configure(options);
      let now: number = hour(8);
      for (const step of steps) {
        if (step.kind === "tick") {
          now = step.at;
          days.tick(now);
        } else if (step.kind === "remove") {
          records.delete(step.id);
          board.apply(gone(step.id));
        } else {
          records.set(step.record.id, step.record);
          board.apply(changed(step.record));
        }
        seen(days);
      }
      const fresh = createBoard();
      fresh.load([...records.values()]);
      const afresh = createDayBoard(fresh, zone, now);
      afresh.configure(options);
      // Orders without a date that were finished here stay in sight; a fresh board does not know of them.
      const finished = [...records.values()].filter(
        (each) => each["requestedFrom"] === null && ["closed", "cancelled"].includes(String(each["status"])),
      );
      fc.pre(finished.length === 0);
      expect(seen(days)).toEqual(seen(afresh));
    }),
    { numRuns: 400 },
  );
});
