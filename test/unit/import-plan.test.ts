/**
 * From rows to what is written: cells as values, customers and sites made once, a second import that changes instead of
 * doubling, and a reason for each cell that cannot be.
 */
import { describe, expect, it } from "vitest";
import type { FieldWrite } from "../../shared/domain/field-writes.ts";
import { parseNumber } from "../../shared/domain/import/cell-values.ts";
import { checkImportMap, parseImportMap } from "../../shared/domain/import/import-map.ts";
import { type ImportRow, type Known, type KnownOrder, rowPlanner, sameText } from "../../shared/domain/import/row-plan.ts";
import { columnsOfTemplate, filledTemplate } from "../../shared/domain/import/template.ts";
import { type CollectionId, parseCollectionId, parseRecordId, type RecordId } from "../../shared/ids.ts";

const id = (text: string): RecordId => {
  const record = parseRecordId(text);
  if (record === undefined) throw new Error(text);
  return record;
};
const ORDER = parseCollectionId("workOrder");
if (ORDER === undefined) throw new Error("no collection");
const WORK_ORDER: CollectionId = ORDER;

const HEADERS = ["Id", "What", "Who", "Where", "When", "State", "Tags", "Long"];
interface Setting {
  readonly fields?: unknown;
  readonly key?: string;
  readonly known?: Partial<Known>;
}
const planner = ({ fields, key, known }: Setting) => {
  const map = parseImportMap({
    type: "workOrder",
    zone: "Europe/Zurich",
    ...(key === undefined ? {} : { key }),
    fields: fields ?? { title: { column: "What" } },
  });
  checkImportMap(map, HEADERS);
  let made = 0;
  const plan = rowPlanner({
    map,
    headers: HEADERS,
    zone: "UTC",
    known: { named: () => undefined, byReference: () => undefined, ...known },
    newRecord: () => id(`new-${++made}`),
  });
  let line = 1;
  return (cells: Readonly<Record<string, string>>): ImportRow =>
    plan({ kind: "row", line: ++line, cells: HEADERS.map((header) => cells[header] ?? "") });
};
const plain = (write: FieldWrite): readonly [string, unknown] =>
  write.kind === "put" ? [write.path.join("/"), write.value] : write.kind === "text" ? [write.field, write.text] : [write.field, write.by];
const written = (row: ImportRow, collection = "workOrder"): Readonly<Record<string, unknown>> =>
  row.kind === "bad"
    ? { bad: row.bad }
    : Object.fromEntries(row.records.filter((one) => one.collection === collection).flatMap(({ writes }) => writes.map(plain)));

const FULL = {
  title: { column: "What" },
  customer: { column: "Who" },
  site: { column: "Where" },
  requestedFrom: { column: "When", format: "dd.MM.yyyy HH:mm" },
  status: { column: "State", values: { Erl: "done" } },
  tags: { column: "Tags" },
  description: { column: "Long" },
};

describe("a new order", () => {
  it("has the values of its row, the defaults of its type, and the next number", () => {
    const row = planner({ fields: FULL })({
      What: "  Boiler   loud ",
      Who: "Abrams",
      Where: "12 Foundry Lane",
      When: "24.11.2026 14:30",
      State: "erl",
      Tags: "heat, urgent ;",
      Long: "two\nlines",
    });
    expect(row).toMatchObject({ kind: "ready", will: "make", title: "Boiler loud" });
    expect(row.kind === "ready" && row.shown()).toMatchObject({ requestedFrom: "2026-11-24 14:30", customer: "Abrams", status: "done" });
    expect(written(row)).toEqual({
      title: "Boiler loud",
      priority: "normal",
      status: "done",
      customer: "new-1",
      site: "new-2",
      requestedFrom: Date.UTC(2026, 10, 24, 13, 30),
      "tags/heat": true,
      "tags/urgent": true,
      description: "two\nlines",
    });
    expect(written(row, "site")).toEqual({ address: "12 Foundry Lane", customer: "new-1" });
    expect(row.kind === "ready" && row.records.map(({ isNumbered }) => isNumbered)).toEqual([false, false, true]);
  });

  it("uses the customer and the site again that another row made or that are known", () => {
    const plan = planner({
      fields: FULL,
      known: { named: (of, name) => (of === "customer" && sameText(name) === "cho" ? id("known") : undefined) },
    });
    const one = plan({ What: "a", Who: "Abrams", Where: "12 Foundry  Lane" });
    const two = plan({ What: "b", Who: "ABRAMS ", Where: "12 foundry lane," });
    expect(written(two)).toMatchObject({ customer: written(one)["customer"], site: written(one)["site"] });
    expect(two.kind === "ready" && two.records).toHaveLength(1);
    expect(written(plan({ What: "c", Who: "Cho" }))).toMatchObject({ customer: "known" });
  });

  it("is wanted any time of a day that is told without a time", () => {
    const row = planner({ fields: { title: { column: "What" }, requestedFrom: { column: "When", format: "dd.MM.yyyy" } } })({
      What: "x",
      When: "24.11.2026",
    });
    expect(written(row)).toMatchObject({ requestedFrom: Date.UTC(2026, 10, 23, 23), requestedTo: Date.UTC(2026, 10, 24, 22, 59) });
  });

  it("on hold remembers where it came from", () => {
    expect(written(planner({ fields: FULL })({ What: "x", State: "wartend" }))).toMatchObject({ status: "on_hold", heldFrom: "new" });
  });

  it("can have a title put together of columns", () => {
    expect(
      written(planner({ fields: { title: { template: "{What} {When}" } } })({ What: "Grünflächen/Spielplätze", When: "01.02.2024" })),
    ).toMatchObject({
      title: "Grünflächen/Spielplätze 01.02.2024",
    });
  });
});

describe("a row that cannot be", () => {
  it("is told each column with its reason", () => {
    expect(planner({ fields: FULL })({ What: " ", When: "31.02.2026 10:00", State: "foo" })).toEqual({
      kind: "bad",
      line: 2,
      bad: [
        { column: "When", reason: "February 2026 has no day 31" },
        {
          column: "State",
          reason: "“foo” is not among the map's values and none of new, scheduled, in_progress, on_hold, done, closed, cancelled",
        },
        { column: "What", reason: "Title must not be empty" },
      ],
    });
  });

  it("makes no customer or site for a later row to use", () => {
    const plan = planner({ fields: { ...FULL, assets: { column: "Tags" } } });
    expect(written(plan({ What: "a", Who: "Abrams", Where: "1 Old Road", Tags: "Boiler 7" }))).toEqual({
      bad: [{ column: "Tags", reason: "there is no asset “Boiler 7”" }],
    });
    const row = plan({ What: "b", Who: "Abrams", Where: "1 Old Road" });
    expect(row.kind === "ready" && row.records.map(({ collection }) => collection)).toEqual(["customer", "site", "workOrder"]);
  });

  it("is the second with one key, and the one without", () => {
    const plan = planner({ key: "Id" });
    expect(plan({ Id: "7", What: "a" }).kind).toBe("ready");
    expect(written(plan({ Id: "7", What: "b" }))).toEqual({ bad: [{ column: "Id", reason: "“7” is already on line 2" }] });
    expect(written(plan({ What: "c" }))).toEqual({ bad: [{ column: "Id", reason: "the column that names the row is empty" }] });
  });

  it("says so once where no column goes to the title", () => {
    expect(written(planner({ fields: { description: { column: "Long" } } })({ Long: "x" }))).toEqual({
      bad: [{ column: "", reason: "no column goes to Title" }],
    });
  });
});

describe("a second import", () => {
  const standing: KnownOrder = {
    row: {
      id: id("order-7"),
      collection: WORK_ORDER,
      title: "Boiler loud",
      status: "on_hold",
      heldFrom: "scheduled",
      holdReason: "parts",
      tags: ["heat"],
      externalRef: "7",
      priority: "high",
    },
    visits: [],
    text: (field) => (field === "description" ? "told by phone" : ""),
  };
  const plan = () =>
    planner({
      fields: { ...FULL, notes: { column: "Long" } },
      key: "Id",
      known: { byReference: (reference) => (reference === "7" ? standing : undefined) },
    });

  it("changes what differs and nothing else", () => {
    const row = plan()({ Id: "7", What: "Boiler loud", Tags: "heat;noise", State: "wartend" });
    expect(row).toMatchObject({ kind: "ready", will: "change" });
    expect(written(row)).toEqual({ "tags/noise": true });
    expect(row.kind === "ready" && row.records[0]).toMatchObject({ record: "order-7", isNumbered: false });
  });

  it("leaves empty cells and written texts alone, and clears what a hold left", () => {
    expect(written(plan()({ Id: "7", State: "Erl", Long: "from the file" }))).toEqual({
      status: "done",
      heldFrom: null,
      holdReason: null,
      notes: "from the file",
    });
  });

  it("makes orders that are not known yet", () => {
    expect(written(plan()({ Id: "8", What: "New one" }))).toMatchObject({ externalRef: "8", title: "New one", status: "new" });
  });
});

describe("a map", () => {
  const check = (map: unknown) => () => checkImportMap(parseImportMap(map), HEADERS);
  it.each([
    [{ fields: { title: { column: "Nope" } } }, /the file has no column “Nope”\. It has “Id”/],
    [{ fields: { title: { template: "{What} {Nope}" } } }, /the file has no column “Nope”/],
    [{ fields: { colour: { column: "What" } } }, /there is no field “colour”/],
    [{ fields: { number: { column: "Id" } } }, /order numbers are given by the desk/],
    [{ fields: { checklist: { column: "Id" } } }, /there is no field “checklist” to import into/],
    [{ fields: { dueBy: { column: "When", format: "mm/dd/yyyy" } } }, /dueBy: “mm\/dd\/yyyy” lacks/],
    [{ fields: {}, zone: "Mars/Base" }, /there is no time zone “Mars\/Base”/],
    [{ fields: {}, key: "Nope" }, /the file has no column “Nope”/],
    [{ type: "rocket", fields: {} }, /there is no type “rocket”/],
    [{ type: "customer", fields: {}, key: "Id" }, /has no external reference/],
    [{ fields: { title: "What" } }, /fields\.title/],
    [{ fields: {}, filds: {} }, /it: /],
    ["text", /it: /],
  ])("%j is refused in words", (map, message) => {
    expect(check(map)).toThrow(message);
    expect(check(map)).toThrow(expect.objectContaining({ code: "bad_map" }));
  });

  it("of another type makes its records, without a number", () => {
    const map = parseImportMap({ type: "technician", fields: { name: { column: "What" }, active: { column: "State" } } });
    checkImportMap(map, HEADERS);
    const plan = rowPlanner({
      map,
      headers: HEADERS,
      zone: "UTC",
      known: { named: () => undefined, byReference: () => undefined },
      newRecord: () => id("t-1"),
    });
    const row = plan({ kind: "row", line: 2, cells: ["", "Rosa Delaney", "", "", "", "nein", "", ""] });
    expect(written(row, "technician")).toEqual({ name: "Rosa Delaney", active: false });
    expect(row.kind === "ready" && row.records[0]?.isNumbered).toBe(false);
  });
});

describe("numbers and templates", () => {
  it.each([
    ["1,234.5", 1234.5],
    ["1'234.50", 1234.5],
    ["1.234,5", 1234.5],
    ["2,5", 2.5],
    ["1,234", 1234],
    ["-71.0763905612779", -71.0763905612779],
    ["1.234.567", 1_234_567],
    ["2682447", 2_682_447],
    ["12a", undefined],
    ["", undefined],
  ])("%j is the number %j", (text, number) => {
    expect(parseNumber(text)).toBe(number);
  });

  it("a template names its columns, closes up empty ones, and can hold a brace", () => {
    expect(columnsOfTemplate("{Kategorie} {Meldedatum} {{x}}")).toEqual(["Kategorie", "Meldedatum"]);
    expect(filledTemplate("{a} {b} {{{c}}}", (name) => (name === "b" ? "" : name.toUpperCase()))).toBe("A {C}");
  });
});
