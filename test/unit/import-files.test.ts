/**
 * Whole files: encodings, columns, guessed maps, the eight faults, and the real files of Boston and Zurich (excerpts always,
 * the whole ones where `../shared/sample-data` is).
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type PassOptions, prepare, previewOf, requireTitle } from "../../main/import/passes.ts";
import { openTable } from "../../main/import/table.ts";
import { parseRecordId, type RecordId } from "../../shared/ids.ts";
import type { ImportPreview } from "../../shared/ipc/answers.ts";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const fixture = (name: string): Uint8Array => readFileSync(path(`../fixtures/import/${name}`));
const wholePath = (name: string): string => path(`../../../shared/sample-data/${name}`);
const BOSTON = "boston-311-2019.csv";
const ZUERICH = "zuerich-meldungen-2024-2025.csv";

const ZUERICH_MAP = {
  type: "workOrder",
  encoding: "windows-1252",
  delimiter: ";",
  zone: "Europe/Zurich",
  fields: {
    title: { template: "{Kategorie} {Meldedatum}" },
    tags: { column: "Kategorie" },
    requestedFrom: { column: "Meldedatum", format: "dd.MM.yyyy" },
  },
};

const check = (bytes: Uint8Array, map: unknown, zone = "UTC"): Promise<ImportPreview> => {
  let made = 0;
  const newRecord = (): RecordId => {
    const id = parseRecordId(`r-${++made}`);
    if (id === undefined) throw new Error("no id");
    return id;
  };
  const options: PassOptions = { bytes, map, zone, known: { named: () => undefined, byReference: () => undefined }, newRecord };
  return previewOf(prepare(options), options);
};
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("encodings", () => {
  const text = "Straße;Größe\r\nGrünau;5\r\n";
  it.each([
    ["utf-8", utf8(text)],
    ["utf-8", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), utf8(text)])],
    ["windows-1252", Buffer.from(text, "latin1")],
    ["utf-16le", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")])],
    ["utf-16be", Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, "utf16le").swap16()])],
  ])("%s is found and read without its mark", (encoding, bytes) => {
    const table = openTable(bytes);
    expect(table.encoding).toBe(encoding);
    expect(table.headers).toEqual(["Straße", "Größe"]);
    expect([...table.rows()]).toEqual([{ kind: "row", line: 2, cells: ["Grünau", "5"] }]);
  });

  it.each([
    ["an empty file", new Uint8Array(), {}, "empty_file"],
    ["blank lines", utf8("\n \n"), {}, "empty_file"],
    ["a workbook", Buffer.from([0x50, 0x4b, 3, 4, 20, 0]), {}, "not_text"],
    ["an image", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]), {}, "not_text"],
    ["a header with an open quote", utf8('"a,b\n1,2\n'), {}, "bad_header"],
    ["a wrong encoding in the map", Buffer.from(text, "latin1"), { encoding: "utf-8" }, "bad_map"],
    ["an unknown encoding in the map", utf8(text), { encoding: "ebcdic" }, "bad_map"],
    ["a delimiter of two characters", utf8(text), { delimiter: ";;" }, "bad_map"],
  ])("%s is refused with what to do", (_, bytes, options, code) => {
    expect(() => openTable(bytes, options)).toThrow(expect.objectContaining({ code, advice: expect.stringMatching(/\w{3,}.*\./) }));
  });
});

describe("columns", () => {
  it("have each name once, also those without one", () => {
    expect(openTable(utf8("Status,,Status,Status (2),,\n1,2,3,4\n")).headers).toEqual([
      "Status",
      "Column 2",
      "Status (2)",
      "Status (2) (2)",
    ]);
  });
});

describe("a guessed map", () => {
  it("knows the columns of Boston, says so, and takes the unique one as key", async () => {
    const { map, guessed, columns } = await check(fixture("boston-excerpt.csv"), null, "America/New_York");
    expect(map).toMatchObject({
      type: "workOrder",
      encoding: "utf-8",
      delimiter: ",",
      zone: "America/New_York",
      key: "case_enquiry_id",
      fields: {
        title: { column: "case_title" },
        externalRef: { column: "case_enquiry_id" },
        status: { column: "case_status", values: { Open: "new", Closed: "closed" } },
        site: { column: "location" },
        "site.lat": { column: "latitude" },
        "site.lon": { column: "longitude" },
        requestedFrom: { column: "open_dt", format: "yyyy-MM-dd HH:mm:ss" },
        dueBy: { column: "sla_target_dt", format: "yyyy-MM-dd HH:mm:ss" },
        resolution: { column: "closure_reason" },
        territory: { column: "neighborhood" },
      },
    });
    // The name of a street (location_street_name) is no customer.
    expect(Object.keys((map as { readonly fields: object }).fields)).not.toContain("customer");
    expect(guessed).toContain("case_title is title");
    expect(columns.find(({ header }) => header === "case_status")).toMatchObject({ field: "status", first: "Closed" });
    expect(columns.find(({ header }) => header === "ward")).toMatchObject({ field: null, meaning: "" });
  });

  it("knows German headers, and dates written day first", async () => {
    const text =
      "Auftragsnr.;Betreff;Kunde;Straße;Priorität;Zustand;Fällig am;Dauer (Min);Bemerkung\nM-1;Heizung kalt;Meier;Bahnhofstr. 3;hoch;in Bearbeitung;3.12.2026;45;Klingel defekt\nM-2;Hahn tropft;Graf;Seeweg 1;dringend;offen;24.11.2026;30;\n";
    const { map, ready, bad, preview, columns } = await check(utf8(text), null, "Europe/Zurich");
    expect(map).toMatchObject({
      fields: {
        title: { column: "Betreff" },
        customer: { column: "Kunde" },
        site: { column: "Straße" },
        priority: { column: "Priorität", values: { hoch: "high", dringend: "urgent" } },
        status: { column: "Zustand", values: { "in Bearbeitung": "in_progress", offen: "new" } },
        dueBy: { column: "Fällig am", format: "dd.MM.yyyy" },
        estimatedMinutes: { column: "Dauer (Min)" },
        notes: { column: "Bemerkung" },
      },
    });
    expect([ready, bad]).toEqual([2, []]);
    expect(preview[0]).toMatchObject({
      line: 2,
      title: "Heizung kalt",
      will: "make",
      values: { dueBy: "2026-12-03 23:59", status: "in_progress" },
    });
    expect(columns.find(({ header }) => header === "Fällig am")?.meaning).toBe("day first");
  });

  it("is not made of columns whose values contradict it", async () => {
    const { map } = await check(utf8("Title,Status,Due,Priority\nPump,colourful,soon,red\nPipe,plain,later,blue\n"), null);
    expect(map).toMatchObject({ fields: { title: { column: "Title" } } });
    expect(Object.keys((map as { fields: object }).fields)).toEqual(["title"]);
  });

  it("without a title is refused for the command line, and names the columns", () => {
    const prepared = prepare({ bytes: fixture("zuerich-excerpt.csv"), map: null, zone: "Europe/Zurich" });
    expect(() => requireTitle(prepared)).toThrow(
      expect.objectContaining({ code: "no_title", advice: expect.stringContaining("“Kategorie”") }),
    );
  });

  it("completes a given map by the date formats it leaves out", async () => {
    const map = { fields: { title: { column: "Kategorie" }, requestedFrom: { column: "Meldedatum" } } };
    expect((await check(fixture("zuerich-excerpt.csv"), map, "Europe/Zurich")).map).toMatchObject({
      fields: { requestedFrom: { column: "Meldedatum", format: "dd.MM.yyyy" } },
    });
  });
});

describe("the eight faults", () => {
  it.each(["eight-faults.csv", "eight-faults-utf16.csv"])("of %s are named by line, and the other rows are ready", async (name) => {
    const { map, rows, ready, bad, preview } = await check(fixture(name), null, "America/New_York");
    expect(bad).toEqual([
      { line: 5, column: "", reason: "a quote is opened and not closed" },
      { line: 7, column: "", reason: "6 of 8 fields: the line ends early" },
      { line: 9, column: "", reason: "9 fields instead of 8" },
      { line: 10, column: "Due", reason: "“27.11.2026” is not of the form MM/dd/yyyy" },
      { line: 11, column: "", reason: "the header stands here again" },
    ]);
    expect([rows, ready]).toEqual([10, 5]);
    expect(preview.map(({ line, title }) => [line, title])).toEqual([
      [2, "Water heater leaking"],
      [3, "No hot water in the west wing"],
      [6, 'Pipe 3/4" weeps'],
      [8, "Thermostat blank"],
      [12, "Backflow test"],
    ]);
    expect(map).toMatchObject({
      encoding: name.includes("utf16") ? "utf-16le" : "utf-8",
      key: "Ticket",
      fields: { customer: { column: "Customer" }, status: { column: "Status" }, priority: { column: "Priority" } },
    });
  });
});

describe("the file of Zurich", () => {
  it("with the map of the contract gives every row, umlauts and equal rows included", async () => {
    const { rows, ready, bad, preview } = await check(fixture("zuerich-excerpt.csv"), ZUERICH_MAP);
    expect([rows, ready, bad]).toEqual([32, 32, []]);
    expect(preview.some(({ title }) => title.startsWith("Grünflächen/Spielplätze "))).toBe(true);
    expect(preview.every(({ title }) => /^[\p{L}/]+ \d\d\.\d\d\.\d{4}$/u.test(title))).toBe(true);
  });

  it.skipIf(!existsSync(wholePath(ZUERICH)))("as a whole: 22,364 rows, none bad", { timeout: 60_000 }, async () => {
    const { rows, ready, bad } = await check(readFileSync(wholePath(ZUERICH)), ZUERICH_MAP);
    expect([rows, ready, bad.length]).toEqual([22_364, 22_364, 0]);
  });
});

describe("the file of Boston", () => {
  it.skipIf(!existsSync(wholePath(BOSTON)))(
    "as a whole: 8,928 rows; only hours that the clocks skipped are bad",
    { timeout: 60_000 },
    async () => {
      const { rows, ready, bad } = await check(readFileSync(wholePath(BOSTON)), null, "America/New_York");
      expect(rows).toBe(8_928);
      expect(bad.filter(({ reason }) => !/^the clocks of America\/New_York skipped 0[23]:\d\d on 2019-03-10$/.test(reason))).toEqual([]);
      expect(ready + new Set(bad.map(({ line }) => line)).size).toBe(8_928);
      expect(ready).toBeGreaterThan(8_900);
    },
  );
});
