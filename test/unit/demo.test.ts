/**
 * The demo workspace at many hours, days and zones: what guides and tests rely on (200 orders, A-42 scheduled today, twelve
 * technicians), and that it is such a board as an office would have, with one of each oddity and no accidental ones.
 */
import { describe, expect, it } from "vitest";
import type { Edit } from "../../shared/crdt/edit.ts";
import { readNote } from "../../shared/crdt/notes/doc.ts";
import { type DemoOptions, demoWorkspace } from "../../shared/domain/demo.ts";
import type { Absence, Technician, Visit, WorkOrder } from "../../shared/domain/records.ts";
import { dateAt } from "../../shared/domain/schedule/day.ts";
import { misfits, spanOf } from "../../shared/domain/schedule/fit.ts";
import { orderStatusFromVisits, type VisitStatus } from "../../shared/domain/status.ts";
import { type EpochMs, parseEpochMs, parseReplicaId } from "../../shared/ids.ts";
import { BUILT_IN_TYPES } from "../../shared/schema/builtin.ts";
import type { FieldKind } from "../../shared/schema/types.ts";

const at = (text: string): EpochMs => {
  const ms = parseEpochMs(Date.parse(text));
  if (ms === undefined) throw new Error(text);
  return ms;
};
const replica = parseReplicaId("0a".repeat(16));
if (replica === undefined) throw new Error("not a replica id");

/** A record as plain data: enough of the store's read form for what is asserted here. */
interface Plain {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly collection: string;
}

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

const readRecords = (edits: readonly Edit[]): readonly Plain[] => {
  const records = new Map<string, Record<string, unknown>>();
  let number = 0;
  for (const edit of edits) {
    const record = records.get(edit.record) ?? { ...emptyFields(edit.collection), id: edit.record, collection: edit.collection };
    records.set(edit.record, record);
    if (edit.kind === "number") record[edit.field] = `A-${++number}`;
    else if (edit.kind === "text") record[edit.field] = readNote([edit.update]);
    else if (edit.kind === "put") {
      const [field = "", element, part] = edit.path;
      const held = record[field];
      if (element === undefined) record[field] = edit.value;
      else if (part === undefined) record[field] = [...(Array.isArray(held) ? held : []), element];
      else {
        const items: Record<string, unknown>[] = Array.isArray(held) ? held.filter(isMap) : [];
        const item = items.find(({ id }) => id === element) ?? { id: element };
        item[part] = edit.value;
        record[field] = items.includes(item) ? items : [...items, item];
      }
    } else throw new Error(`unexpected ${edit.kind}`);
  }
  return [...records.values()].map((record) => ({ ...record, id: String(record["id"]), collection: String(record["collection"]) }));
};

const emptyFields = (collection: string): Record<string, unknown> =>
  Object.fromEntries(
    (BUILT_IN_TYPES.find((type) => type.collection === collection)?.fields ?? []).map(({ id, kind }) => [
      id,
      kind === "set" || kind === "list" ? [] : null,
    ]),
  );

const demo = (options: Partial<DemoOptions> = {}) => {
  const full: DemoOptions = { now: at("2026-11-24T15:42:00Z"), zone: "America/New_York", replica, seed: 7, ...options };
  const actions = demoWorkspace(full);
  const records = readRecords(actions.flatMap(({ edits }) => edits));
  const all = <Row>(collection: string): readonly Row[] =>
    records.filter((record) => record.collection === collection) as readonly unknown[] as readonly Row[];
  const today = dateAt(full.now, full.zone);
  return {
    ...full,
    actions,
    records,
    orders: all<WorkOrder & { readonly notes: string | null }>("workOrder"),
    visits: all<Visit>("visit"),
    technicians: all<Technician>("technician"),
    absences: all<Absence>("absence"),
    isToday: (visit: Visit) => visit.plannedFrom !== null && dateAt(visit.plannedFrom, full.zone) === today,
  };
};

/** Mid-shift, early, late, around midnight, a weekend, the days on which clocks change, and other zones. */
const MOMENTS: readonly (readonly [now: string, zone: string])[] = [
  ["2026-11-24T15:42:00Z", "America/New_York"],
  ["2026-11-24T11:05:00Z", "America/New_York"],
  ["2026-11-24T23:30:00Z", "America/New_York"],
  ["2026-11-25T04:55:00Z", "America/New_York"],
  ["2026-11-24T00:10:00Z", "UTC"],
  ["2026-11-24T18:20:00Z", "UTC"],
  ["2026-11-28T13:00:00Z", "Europe/Zurich"],
  ["2026-11-29T21:00:00Z", "Asia/Kolkata"],
  ["2026-11-01T15:00:00Z", "America/New_York"],
  ["2026-03-29T10:00:00Z", "Europe/Berlin"],
];

describe.each(MOMENTS)("the demo made at %s in %s", (now, zone) => {
  const made = demo({ now: at(now), zone });
  const { orders, visits, technicians, absences, isToday } = made;
  const visitsOf = (order: WorkOrder) => visits.filter((visit) => visit.workOrder === order.id);

  it("has 200 orders and 12 technicians in 3 teams", () => {
    expect(orders.map(({ number }) => number)).toEqual(Array.from({ length: 200 }, (_, i) => `A-${i + 1}`));
    expect(technicians).toHaveLength(12);
    expect(new Set(technicians.map(({ team }) => team)).size).toBe(3);
  });

  it("has A-42 scheduled with one visit today that is not over", () => {
    const order = orders[41];
    const [visit, ...others] = order === undefined ? [] : visitsOf(order);
    expect(order).toMatchObject({ number: "A-42", status: "scheduled", notes: null });
    expect(others).toEqual([]);
    expect(visit && isToday(visit)).toBe(true);
    expect((visit?.plannedFrom ?? 0) + (visit?.plannedMinutes ?? 0) * 60_000).toBeGreaterThan(made.now);
  });

  it("keeps each change within its limits", () => {
    for (const { edits } of made.actions) {
      expect(edits.length).toBeLessThanOrEqual(500);
      const bytes = edits.reduce((sum, edit) => sum + JSON.stringify(edit).length + (edit.kind === "text" ? edit.update.length : 0), 0);
      expect(bytes).toBeLessThan(128 * 1024);
    }
  });

  it("has orders whose status is what their visits say", () => {
    for (const order of orders) {
      const mine = visitsOf(order);
      if (order.status === "on_hold" || order.status === "cancelled" || order.status === "closed" || mine.length === 0) continue;
      const statuses = mine.map(({ status }): VisitStatus => status ?? "planned");
      expect([order.number, order.status]).toEqual([order.number, orderStatusFromVisits(statuses)]);
    }
  });

  it("overlaps once, and otherwise fits hours, absences and skills but where it says so", () => {
    const odd: readonly string[] = visits.flatMap((visit) => {
      const technician = technicians.find(({ id }) => id === visit.lead);
      const span = spanOf(visit);
      if (technician === undefined || span === undefined || visit.status === "cancelled") return [];
      const order = orders.find(({ id }) => id === visit.workOrder);
      const found = misfits({ span, technician, order, visitId: visit.id, visits, absences, zone });
      return found.flatMap(({ code }) => (code === "skill_missing" ? [] : [`${code} ${technician.name}`]));
    });
    const late = odd.filter((line) => line.startsWith("outside_hours Rosa"));
    // Made at night, A-42 lies after the shift rather than in the past.
    expect(late.length).toBeLessThanOrEqual(1);
    expect(odd.filter((line) => !late.includes(line))).toEqual(["overlap Lily Tran", "overlap Lily Tran"]);
  });

  it("shows every column, with work under way and the odd ones that a dispatcher meets", () => {
    const lively = (status: string): number =>
      orders.filter((order) => order.status === status && (status === "on_hold" || status === "new" || visitsOf(order).some(isToday)))
        .length;
    expect(lively("new")).toBeGreaterThanOrEqual(15);
    expect(lively("scheduled")).toBeGreaterThanOrEqual(1);
    expect(lively("on_hold")).toBeGreaterThanOrEqual(5);
    expect(lively("in_progress")).toBeGreaterThanOrEqual(1);
    expect(orders.filter(({ priority }) => priority === "urgent").length).toBe(2);
    const callBacks = orders.filter(({ kind }) => kind === "call_back");
    expect(callBacks).toHaveLength(3);
    for (const order of callBacks) {
      const failed = orders.find(({ id }) => id === order.related[0]);
      expect([failed?.customer, failed?.kind]).toEqual([order.customer, "repair"]);
    }
    expect(absences.map(({ kind }) => kind).sort()).toEqual(["leave", "meeting", "sick", "training"]);
    expect(orders.filter(({ notes }) => notes !== null).length).toBeGreaterThan(10);
    expect(orders.filter(({ checklist }) => checklist.length > 0).length).toBeGreaterThan(20);
  });

  it("stamps nothing in the future", () => {
    for (const { dispatchedAt, travelFrom, arrivedAt, finishedAt } of visits)
      for (const stamp of [dispatchedAt, travelFrom, arrivedAt, finishedAt]) expect(stamp ?? 0).toBeLessThanOrEqual(made.now);
  });

  it("writes values of the kinds that the types name", () => {
    const fits = (kind: FieldKind, value: unknown): boolean => {
      switch (kind.kind) {
        case "string":
        case "reference":
        case "date":
          return typeof value === "string" && value !== "";
        case "instant":
        case "minutes":
          return Number.isSafeInteger(value);
        case "number":
          return typeof value === "number";
        case "boolean":
          return typeof value === "boolean";
        case "choice":
          return kind.options.some((option) => option === value);
        default:
          return kind.kind === "json";
      }
    };
    for (const edit of made.actions.flatMap(({ edits }) => edits)) {
      if (edit.kind !== "put") continue;
      const field = BUILT_IN_TYPES.find((type) => type.collection === edit.collection)?.fields.find(({ id }) => id === edit.path[0]);
      const item = field?.kind === "list" && edit.path[2] !== "pos" ? field.item.find(({ id }) => id === edit.path[2]) : undefined;
      const isGood =
        field !== undefined &&
        (field.kind === "set"
          ? edit.value === true && edit.path.length === 2
          : field.kind !== "list"
            ? fits(field, edit.value)
            : edit.path[2] === "pos" || item !== undefined);
      expect([edit.path.join("/"), isGood]).toEqual([edit.path.join("/"), true]);
    }
  });
});

describe("the demo in the middle of a shift", () => {
  const { orders, visits, isToday, now } = demo();

  it("has one visit late, one over its time and one changed since it was dispatched", () => {
    const mine = visits.filter(isToday);
    const waiting = new Set(["planned", "confirmed", "dispatched"]);
    expect(mine.filter((visit) => waiting.has(visit.status ?? "") && (visit.windowFrom ?? 0) < now)).toHaveLength(1);
    expect(mine.filter((visit) => visit.status === "working" && (spanOf(visit)?.to ?? now) < now)).toHaveLength(1);
    expect(visits.filter(({ changedSinceDispatch }) => changedSinceDispatch === true)).toHaveLength(1);
  });

  it("has full columns today", () => {
    const today = new Set(visits.filter(isToday).map(({ workOrder }) => workOrder));
    const count = (status: string): number => orders.filter((order) => order.status === status && today.has(order.id)).length;
    expect(count("scheduled")).toBeGreaterThanOrEqual(12);
    expect(count("in_progress")).toBeGreaterThanOrEqual(6);
    expect(count("done")).toBeGreaterThanOrEqual(6);
  });

  it("never gives two customers one address", () => {
    const addresses = demo()
      .records.filter(({ collection }) => collection === "site")
      .map((site) => site["address"]);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it("is the same for the same seed, and other work for another", () => {
    expect(demo().actions).toEqual(demo().actions);
    expect(demo({ seed: 8 }).orders.map(({ title }) => title)).not.toEqual(orders.map(({ title }) => title));
  });

  it.each(Array.from({ length: 40 }, (_, i) => i * 7919))("has its 200 orders with seed %i", (seed) => {
    expect(demo({ seed }).orders).toHaveLength(200);
  });
});
