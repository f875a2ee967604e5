/**
 * Delimited text as records: what RFC 4180 says (held against csv-parse on random tables), what offices send beyond it, and
 * that a broken record never takes another one with it.
 */
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CSV_START, type CsvRow, csvHeader, csvRows } from "../../shared/domain/import/csv-records.ts";
import { findDelimiter } from "../../shared/domain/import/delimiter.ts";

const read = (text: string, delimiter = ","): readonly CsvRow[] => {
  const header = csvHeader(text, delimiter, CSV_START);
  return header === undefined ? [] : [...csvRows(text, delimiter, header.next, header.cells)];
};
const row = (line: number, ...cells: readonly string[]): CsvRow => ({ kind: "row", line, cells });

describe("records", () => {
  it.each(["\n", "\r\n", "\r"])("end with %j, and are told by the line where they begin", (end) => {
    expect(read(["a,b", "1,2", "", '"x', 'y",3', ",", "4,5"].join(end))).toEqual([
      row(2, "1", "2"),
      row(4, `x${end}y`, "3"),
      row(7, "4", "5"),
    ]);
  });

  it("take quotes in the middle of a plain value, and doubled ones inside quotes", () => {
    expect(read('a,b\n3/4" pipe,"said ""no"""\n')).toEqual([row(2, '3/4" pipe', 'said "no"')]);
  });

  it("read past blanks and tabs after a closing quote", () => {
    expect(read('"a","b"\t\n"1" ,"2"\t\n')).toEqual([row(2, "1", "2")]);
    expect(read('"a"\t"b"\n"1"\t"2"\n', "\t")).toEqual([row(2, "1", "2")]);
  });

  it("let empty values beyond the header pass", () => {
    expect(read("a,b\n1,2,,\n")).toEqual([row(2, "1", "2")]);
  });

  it("name a row that is too short, too long, or the header again", () => {
    expect(read("a,b,c\n1,2\n1,2,3,4\na,b,c\n1,2,3")).toEqual([
      { kind: "fault", line: 2, fault: { kind: "few_fields", found: 2, expected: 3 } },
      { kind: "fault", line: 3, fault: { kind: "many_fields", found: 4, expected: 3 } },
      { kind: "fault", line: 4, fault: { kind: "header_again" } },
      row(5, "1", "2", "3"),
    ]);
  });

  it("go on at the next line after a quote that is never closed", () => {
    const lines = ["a,b", "1,2", '3,"4', "5,6", '7,"8"', "9,10"];
    expect(read(lines.join("\n"))).toEqual([
      row(2, "1", "2"),
      { kind: "fault", line: 3, fault: { kind: "unclosed_quote" } },
      row(4, "5", "6"),
      row(5, "7", "8"),
      row(6, "9", "10"),
    ]);
  });

  it("name text after a closing quote, and lose that line alone", () => {
    expect(read('a,b\n"1" or 2,3\n4,5')).toEqual([{ kind: "fault", line: 2, fault: { kind: "stray_quote" } }, row(3, "4", "5")]);
  });

  it("stay fast on a file that is full of unclosed quotes", () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `${i},"open ${i}`);
    const rows = read(`a,b\n${lines.join("\n")}`);
    expect(rows.length).toBe(20_000);
    expect(rows.every(({ kind }) => kind === "fault")).toBe(true);
  });

  it("are those of csv-parse for any well-formed table", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "ü", '"', ",", "\n", "\r\n", " ", ";", "1"), maxLength: 6 });
    const tables = fc
      .integer({ min: 2, max: 4 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }));
    fc.assert(
      fc.property(tables, (table) => {
        const text = table.map((cells) => cells.map((value) => `"${value.replaceAll('"', '""')}"`).join(",")).join("\n");
        const ours = [...csvRows(text, ",", CSV_START)].map((one) => (one.kind === "row" ? one.cells : ["fault"]));
        const theirs: string[][] = parse(text);
        expect(ours).toEqual(theirs.filter((cells) => cells.some((value) => value.trim() !== "")));
      }),
    );
  });

  it("never end early and never repeat, whatever the text", () => {
    const text = fc.string({ unit: fc.constantFrom('"', ",", "\n", "a", "\t"), maxLength: 60 });
    fc.assert(
      fc.property(text, (given) => {
        const lines = [...csvRows(given, ",", CSV_START, ["a", "b"])].map(({ line }) => line);
        expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b));
        expect(lines.at(-1) ?? 0).toBeLessThanOrEqual(given.split("\n").length);
      }),
    );
  });
});

describe("the delimiter", () => {
  it.each([
    ["a,b\n1,2\n", ","],
    ["a;b;c\n1,5;2,5;x\n3,5;4;y\n", ";"],
    ["a\tb\n1\t2\n", "\t"],
    ["a|b\n1|2\n", "|"],
    ['a;b\n"x;y,z,w";2\n', ";"],
    ["only\none\n", ","],
  ])("of %j is %j", (text, delimiter) => {
    expect(findDelimiter(text).delimiter).toBe(delimiter);
  });

  it("is what a first line says that a spreadsheet wrote", () => {
    const { delimiter, start } = findDelimiter("sep=;\r\na,x;b\r\n1,2;3\r\n");
    expect(delimiter).toBe(";");
    expect(csvHeader("sep=;\r\na,x;b\r\n1,2;3\r\n", delimiter, start)?.cells).toEqual(["a,x", "b"]);
  });
});
