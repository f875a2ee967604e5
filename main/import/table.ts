/**
 * A file as a table: its encoding and delimiter, its columns by name, its rows with the line where each begins. The whole text
 * is in memory (files are at most 64 MiB); rows are made as they are asked for.
 */

import { type CsvRow, csvHeader, csvRows } from "../../shared/domain/import/csv-records.ts";
import { findDelimiter } from "../../shared/domain/import/delimiter.ts";
import { AppError } from "../../shared/errors.ts";
import { decodeFile, type Encoding } from "./decode.ts";

export interface Table {
  readonly encoding: Encoding;
  readonly delimiter: string;
  /** Each name once: a second `Status` is `Status (2)`, one without a name `Column 3`. */
  readonly headers: readonly string[];
  /** The rows after the header, from the first again each time. */
  rows(): Generator<CsvRow>;
}

export interface TableOptions {
  readonly encoding?: string | undefined;
  readonly delimiter?: string | undefined;
}

/** Throws `empty_file`, `not_text`, `bad_map`, `bad_header`. */
export const openTable = (bytes: Uint8Array, { encoding: wanted, delimiter: given }: TableOptions = {}): Table => {
  const { text, encoding } = decodeFile(bytes, wanted);
  const found = findDelimiter(text);
  const delimiter = given === undefined ? found.delimiter : parseDelimiter(given);
  const header = csvHeader(text, delimiter, found.start);
  if (header === undefined) {
    if (text.trim() === "") throw new AppError("empty_file", "The file holds nothing but blank lines. There is nothing to import.");
    throw new AppError("bad_header", "The first line, which names the columns, has a quote that is not closed. Mend it and import again.");
  }
  // Columns without a name at the end are what a spreadsheet leaves of columns that were once there.
  const names = header.cells.map((cell) => cell.trim()).slice(0, header.cells.findLastIndex((cell) => cell.trim() !== "") + 1);
  return { encoding, delimiter, headers: distinct(names), rows: () => csvRows(text, delimiter, header.next, names) };
};

const parseDelimiter = (given: string): string => {
  const delimiter = given === "tab" || given === "\\t" ? "\t" : given;
  if (delimiter.length !== 1 || /["\r\n]/.test(delimiter))
    throw new AppError("bad_map", `The map cannot be used: “${given}” is no delimiter. It is one character, or tab.`);
  return delimiter;
};

const distinct = (names: readonly string[]): readonly string[] => {
  const taken = new Set<string>();
  return names.map((name, index) => {
    const plain = name === "" ? `Column ${index + 1}` : name;
    let distinctName = plain;
    for (let again = 2; taken.has(distinctName); again++) distinctName = `${plain} (${again})`;
    taken.add(distinctName);
    return distinctName;
  });
};
