/**
 * Which character separates the values of a file: the one that cuts most records into the same number of values.
 * A first line `sep=;`, which some spreadsheets write, decides it.
 */
import { CSV_START, type CsvPlace, csvRows } from "./csv-records.ts";

export const DELIMITERS = [",", ";", "\t", "|"] as const;

/** Enough to tell, little enough to be read four times. */
const SAMPLE_CHARS = 1 << 16;
const SAMPLE_ROWS = 50;

export interface FoundDelimiter {
  readonly delimiter: string;
  /** Where the header begins: after a line `sep=;`, else at the start. */
  readonly start: CsvPlace;
}

export const findDelimiter = (text: string): FoundDelimiter => {
  const declared = /^sep=(.)(\r\n|\r|\n)/i.exec(text);
  if (declared !== null) return { delimiter: declared[1] ?? ",", start: { at: declared[0].length, line: 2 } };
  const cut = text.length > SAMPLE_CHARS ? text.slice(0, text.lastIndexOf("\n", SAMPLE_CHARS) + 1 || SAMPLE_CHARS) : text;
  let best: { readonly delimiter: string; readonly share: number; readonly width: number } = { delimiter: ",", share: 0, width: 1 };
  for (const delimiter of DELIMITERS) {
    const { share, width } = regularity(cut, delimiter);
    if (width > 1 && (share > best.share || (share === best.share && width > best.width))) best = { delimiter, share, width };
  }
  return { delimiter: best.delimiter, start: CSV_START };
};

/** The commonest number of values in a record, and the share of records that have it. */
const regularity = (text: string, delimiter: string): { readonly share: number; readonly width: number } => {
  const widths = new Map<number, number>();
  let rows = 0;
  for (const row of csvRows(text, delimiter, CSV_START)) {
    const width = row.kind === "row" ? row.cells.length : 0;
    widths.set(width, (widths.get(width) ?? 0) + 1);
    if (++rows >= SAMPLE_ROWS) break;
  }
  const [width, count] = [...widths].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [1, 0];
  return { share: rows === 0 ? 0 : count / rows, width };
};
