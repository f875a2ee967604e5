/**
 * Delimited text as records (RFC 4180 and what offices really send): quoted values with line breaks, quotes inside plain
 * values, blanks after a closing quote, any line end. Invariant: a broken record costs its first line at most; reading goes
 * on at the next line, so that one unclosed quote never swallows what follows.
 */

export type CsvRow =
  | { readonly kind: "row"; readonly line: number; readonly cells: readonly string[] }
  | { readonly kind: "fault"; readonly line: number; readonly fault: CsvFault };

export type CsvFault =
  /** A quote is opened and never closed. */
  | { readonly kind: "unclosed_quote" }
  /** Text follows a closing quote. */
  | { readonly kind: "stray_quote" }
  | { readonly kind: "few_fields"; readonly found: number; readonly expected: number }
  | { readonly kind: "many_fields"; readonly found: number; readonly expected: number }
  /** The header stands here again. */
  | { readonly kind: "header_again" };

interface ReadRecord {
  readonly cells: readonly string[];
  /** Where the next record begins. */
  readonly end: number;
  /** Lines that it took. */
  readonly lines: number;
  readonly broken?: "unclosed_quote" | "stray_quote";
}

/** A record that is longer has lost a quote: no order is told in a quarter of a million characters. */
const MAX_RECORD_CHARS = 1 << 18;
const QUOTE = '"';
const LF = 10;
const CR = 13;

/**
 * The records of `text`, each with the line where it begins (the first is 1). Blank lines are left out, as are records of empty
 * values alone. `header`: what the first record said; without it the records are given as they are, of any width.
 */
export function* csvRows(text: string, delimiter: string, from: CsvPlace, header?: readonly string[]): Generator<CsvRow> {
  let { at, line } = from;
  while (at < text.length) {
    const record = readRecord(text, at, delimiter);
    const fault = faultOf(record, header);
    if (record.broken !== undefined || (fault !== undefined && record.lines > 1)) {
      // Over several lines the quote that strays is only the next line's first.
      yield { kind: "fault", line, fault: { kind: record.lines > 1 ? "unclosed_quote" : (record.broken ?? "unclosed_quote") } };
      at = lineEnd(text, at);
      line += 1;
      continue;
    }
    if (record.cells.some((cell) => cell.trim() !== "")) {
      yield fault === undefined ? { kind: "row", line, cells: fitted(record.cells, header) } : { kind: "fault", line, fault };
    }
    at = record.end;
    line += record.lines;
  }
}

/** Where reading begins: the place in the text and the number of its line. */
export interface CsvPlace {
  readonly at: number;
  readonly line: number;
}

export const CSV_START: CsvPlace = { at: 0, line: 1 };

/** The first record that says anything, and where the next one begins; undefined when there is none or it is broken. */
export const csvHeader = (
  text: string,
  delimiter: string,
  from: CsvPlace,
): { readonly cells: readonly string[]; readonly next: CsvPlace } | undefined => {
  let { at, line } = from;
  while (at < text.length) {
    const record = readRecord(text, at, delimiter);
    if (record.broken !== undefined) return undefined;
    at = record.end;
    line += record.lines;
    if (record.cells.some((cell) => cell.trim() !== "")) return { cells: record.cells, next: { at, line } };
  }
  return undefined;
};

const faultOf = ({ cells }: ReadRecord, header: readonly string[] | undefined): CsvFault | undefined => {
  if (header === undefined) return undefined;
  const expected = header.length;
  const found = cells.length;
  if (found > expected && cells.slice(expected).some((cell) => cell.trim() !== "")) return { kind: "many_fields", found, expected };
  if (found < expected && cells.some((cell) => cell.trim() !== "")) return { kind: "few_fields", found, expected };
  if (found >= expected && header.every((name, index) => cells[index]?.trim() === name.trim())) return { kind: "header_again" };
  return undefined;
};

/** Empty values beyond the header are what a spreadsheet leaves of columns that were once there. */
const fitted = (cells: readonly string[], header: readonly string[] | undefined): readonly string[] =>
  header === undefined || cells.length <= header.length ? cells : cells.slice(0, header.length);

const readRecord = (text: string, start: number, delimiter: string): ReadRecord => {
  const cells: string[] = [];
  let at = start;
  let lines = 1;
  for (;;) {
    if (text[at] === QUOTE) {
      const value = readQuoted(text, at, start);
      if (value === undefined) return { cells, end: text.length, lines, broken: "unclosed_quote" };
      lines += breaksIn(value.text);
      cells.push(value.text);
      at = skipBlanks(text, value.end, delimiter);
      if (at < text.length && !text.startsWith(delimiter, at) && !isBreak(text.charCodeAt(at))) {
        return { cells, end: at, lines, broken: "stray_quote" };
      }
    } else {
      const end = valueEnd(text, at, delimiter);
      cells.push(text.slice(at, end));
      at = end;
    }
    if (at < text.length && text.startsWith(delimiter, at)) at += delimiter.length;
    else return { cells, end: lineEnd(text, at), lines };
  }
};

const readQuoted = (text: string, at: number, recordStart: number): { readonly text: string; readonly end: number } | undefined => {
  let value = "";
  let from = at + 1;
  for (;;) {
    const close = text.indexOf(QUOTE, from);
    if (close < 0 || close - recordStart > MAX_RECORD_CHARS) return undefined;
    value += text.slice(from, close);
    if (text[close + 1] !== QUOTE) return { text: value, end: close + 1 };
    value += QUOTE;
    from = close + 2;
  }
};

const isBreak = (code: number): boolean => code === LF || code === CR;

const valueEnd = (text: string, at: number, delimiter: string): number => {
  const stop = delimiter.charCodeAt(0);
  let end = at;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (isBreak(code) || (code === stop && text.startsWith(delimiter, end))) break;
  }
  return end;
};

const skipBlanks = (text: string, at: number, delimiter: string): number => {
  let end = at;
  while ((text[end] === " " || text[end] === "\t") && text[end] !== delimiter) end++;
  return end;
};

/** The place after the line end that follows `at`, or the text's end. */
const lineEnd = (text: string, at: number): number => {
  let end = at;
  while (end < text.length && !isBreak(text.charCodeAt(end))) end++;
  if (text.charCodeAt(end) === CR && text.charCodeAt(end + 1) === LF) return end + 2;
  return Math.min(text.length, end + 1);
};

const breaksIn = (value: string): number => (value.match(/\r\n|\r|\n/g) ?? []).length;
