/**
 * A pass over a file's rows, with a breath between portions so that the board stays live: checking all rows for a preview, or
 * planning them one after another for writing.
 */
import { setImmediate as breath } from "node:timers/promises";
import { type Guess, guessImportMap, meaningOf, withDateFormats } from "../../shared/domain/import/guess.ts";
import { checkImportMap, type ImportMap, parseImportMap } from "../../shared/domain/import/import-map.ts";
import { type ImportRow, type Known, rowPlanner } from "../../shared/domain/import/row-plan.ts";
import { AppError } from "../../shared/errors.ts";
import type { RecordId } from "../../shared/ids.ts";
import type { BadRow, ImportPreview } from "../../shared/ipc/answers.ts";
import { sampleOf } from "./sample.ts";
import { openTable, type Table } from "./table.ts";

const PORTION_ROWS = 200;
const PREVIEW_ROWS = 20;

export interface PassOptions {
  readonly bytes: Uint8Array;
  /** A map in the map file's form, or null: guess. */
  readonly map: unknown;
  /** The workspace's IANA zone. */
  readonly zone: string;
  readonly known: Known;
  readonly newRecord: () => RecordId;
  readonly signal?: AbortSignal;
  /** Rows looked at so far. */
  readonly progress?: (done: number, total: number) => void;
}

export interface Prepared {
  readonly table: Table;
  readonly guess: Guess;
}

/** Opens the file as its map says and completes the map. Throws `bad_map` and what `openTable` throws. */
export const prepare = ({ bytes, map: given, zone }: Pick<PassOptions, "bytes" | "map" | "zone">): Prepared => {
  const asked = given === null || given === undefined ? undefined : parseImportMap(given);
  const table = openTable(bytes, { encoding: asked?.encoding, delimiter: asked?.delimiter });
  if (asked !== undefined) checkImportMap(asked, table.headers);
  const sample = sampleOf(table, asked?.zone ?? zone);
  const guess = asked === undefined ? guessImportMap(sample) : withDateFormats(asked, sample);
  const map: ImportMap = { ...guess.map, encoding: table.encoding, delimiter: table.delimiter, zone: guess.map.zone ?? zone };
  return { table, guess: { map, said: guess.said } };
};

/** Refuses a map that leaves every new order without a title. Throws `no_title`. */
export const requireTitle = ({ table, guess: { map } }: Prepared): void => {
  if (map.type !== "workOrder" || map.fields["title"] !== undefined) return;
  const columns = table.headers.map((header) => `“${header}”`).join(", ");
  throw new AppError("no_title", `No column goes to the title. Say in a map which one does, or a template of ${columns}.`);
};

export const countRows = async (table: Table): Promise<number> => {
  let rows = 0;
  for (const _ of table.rows()) if (++rows % (PORTION_ROWS * 20) === 0) await breath();
  return rows;
};

/** Plans the rows in their order, a portion at a time, each awaited. Ends early when the signal says so; the rows that were planned. */
export const planPortions = async (
  { table, guess }: Prepared,
  options: PassOptions,
  each: (rows: readonly ImportRow[]) => void | Promise<void>,
): Promise<number> => {
  const plan = rowPlanner({
    map: guess.map,
    headers: table.headers,
    zone: options.zone,
    known: options.known,
    newRecord: options.newRecord,
  });
  const total = await countRows(table);
  let done = 0;
  let portion: ImportRow[] = [];
  const close = async (): Promise<void> => {
    if (portion.length === 0) return;
    await each(portion);
    done += portion.length;
    portion = [];
    options.progress?.(done, total);
    await breath();
  };
  for (const row of table.rows()) {
    portion.push(plan(row));
    if (portion.length < PORTION_ROWS) continue;
    await close();
    if (options.signal?.aborted === true) return done;
  }
  await close();
  return done;
};

export const badRowsOf = (planned: readonly ImportRow[]): readonly BadRow[] =>
  planned.flatMap((row) => (row.kind === "bad" ? row.bad.map(({ column, reason }) => ({ line: row.line, column, reason })) : []));

/** What the file would become, nothing written. */
export const previewOf = async (prepared: Prepared, options: PassOptions): Promise<ImportPreview> => {
  const { table, guess } = prepared;
  const bad: BadRow[] = [];
  const preview: ImportPreview["preview"][number][] = [];
  let ready = 0;
  const rows = await planPortions(prepared, options, (planned) => {
    for (const row of planned) {
      if (row.kind === "bad") continue;
      if (ready++ < PREVIEW_ROWS) preview.push({ line: row.line, title: row.title, values: row.shown(), will: row.will });
    }
    bad.push(...badRowsOf(planned));
  });
  const [first] = table.rows();
  const cells = first?.kind === "row" ? first.cells : [];
  const columns = table.headers.map((header, index) => ({
    header,
    first: cells[index]?.trim() ?? "",
    field: fieldOfColumn(guess.map, header),
    meaning: meaningOf(guess.map, header),
  }));
  return { map: guess.map, guessed: guess.said, columns, rows, ready, preview, bad };
};

const fieldOfColumn = (map: ImportMap, header: string): string | null =>
  Object.entries(map.fields).find(([, source]) => "column" in source && source.column === header)?.[0] ??
  (map.key === header ? "externalRef" : null);
