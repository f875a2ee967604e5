/**
 * A map guessed from a file: columns by their headers, held against what stands in them. A guess that the values contradict
 * is not made; each one that is made is said. A map that was given is only completed, by date formats it leaves out.
 */

import { BUILT_IN_TYPES } from "../../schema/builtin.ts";
import type { FieldDef } from "../../schema/types.ts";
import { parseNumber } from "./cell-values.ts";
import { guessDateFormat } from "./date-guess.ts";
import { compileDateFormat } from "./date-tokens.ts";
import { type FieldSource, type ImportMap, typeOfMap } from "./import-map.ts";
import { HEADER_WORDS, knownOption, plainWords } from "./known-words.ts";

/** The header and some rows of a file, the cells by column. */
export interface Sample {
  readonly headers: readonly string[];
  readonly columns: readonly (readonly string[])[];
  /** IANA zone that dates without one are meant in. */
  readonly zone: string;
}

export interface Guess {
  readonly map: ImportMap;
  /** What was guessed, each as a few words for a person. */
  readonly said: readonly string[];
}

/** Below this share of fitting values a column is something else than its header says. */
const LEAST_SHARE = 0.6;

const fieldsOfOrders = (): readonly FieldDef[] => BUILT_IN_TYPES.find(({ collection }) => collection === "workOrder")?.fields ?? [];

/** Says nothing inside a longer header: a street's name is no customer. */
const ALONE_ONLY: ReadonlySet<string> = new Set(["name"]);

/** What a header is worth for a field: 0 for none, more for a surer word. */
const headerScore = (header: string, field: string): number => {
  const words = plainWords(header).replace(/^(?:the|der|die|das) /, "");
  let best = 0;
  for (const [rank, known] of (HEADER_WORDS[field] ?? []).entries()) {
    const isStart = known.endsWith("*");
    const word = isStart ? known.slice(0, -1) : known;
    const sure = 1000 - rank * 10;
    if (words === word || (isStart && words.startsWith(word))) best = Math.max(best, sure);
    else if (word.length >= 4 && !ALONE_ONLY.has(word) && ` ${words} `.includes(` ${word} `)) best = Math.max(best, sure - 500);
  }
  return best;
};

interface Candidate {
  readonly score: number;
  readonly field: string;
  readonly index: number;
  readonly source: FieldSource;
  readonly said: string;
}

/** For a file of orders without a map. `key`, when a column names each row once. */
export const guessImportMap = ({ headers, columns, zone }: Sample): Guess => {
  const candidates: Candidate[] = [];
  for (const [index, header] of headers.entries()) {
    for (const field of Object.keys(HEADER_WORDS)) {
      const score = headerScore(header, field);
      const source = score > 0 ? sourceFor(field, header, columns[index] ?? [], zone) : undefined;
      if (source !== undefined) candidates.push({ score, field, index, ...source });
    }
  }
  candidates.sort((a, b) => b.score - a.score || a.index - b.index);
  const fields: Record<string, FieldSource> = {};
  const taken = new Set<number>();
  const said: string[] = [];
  let key: string | undefined;
  for (const { field, index, source, said: words } of candidates) {
    if (fields[field] !== undefined || taken.has(index)) continue;
    fields[field] = source;
    taken.add(index);
    said.push(words);
    if (field === "externalRef") key = headers[index];
  }
  return { map: { type: "workOrder", zone, ...(key === undefined ? {} : { key }), fields }, said };
};

const sourceFor = (
  field: string,
  header: string,
  cells: readonly string[],
  zone: string,
): { readonly source: FieldSource; readonly said: string } | undefined => {
  const told = cells.map((cell) => cell.trim()).filter((cell) => cell !== "");
  const share = (fits: (cell: string) => boolean): number => (told.length === 0 ? 0 : told.filter(fits).length / told.length);
  const plain = { source: { column: header }, said: `${header} is ${field}` };
  if (field === "site.lat" || field === "site.lon") {
    const most = field === "site.lat" ? 90 : 180;
    return share((cell) => Math.abs(parseNumber(cell) ?? Number.POSITIVE_INFINITY) <= most) >= LEAST_SHARE ? plain : undefined;
  }
  const def = fieldsOfOrders().find(({ id }) => id === field);
  switch (def?.kind) {
    case "instant": {
      const format = guessDateFormat(told, zone);
      return format && { source: { column: header, format: format.format }, said: `${header} is ${field}, ${format.format}` };
    }
    case "choice": {
      const values = Object.fromEntries(
        [...new Set(told)].flatMap((cell) => {
          const option = knownOption(field, def.options, cell);
          return option === undefined ? [] : [[cell, option]];
        }),
      );
      return share((cell) => Object.hasOwn(values, cell)) >= LEAST_SHARE
        ? { source: { column: header, values }, said: plain.said }
        : undefined;
    }
    case "minutes":
      return share((cell) => /^\d{1,4}$/.test(cell)) >= LEAST_SHARE ? plain : undefined;
    case undefined:
      return undefined;
    default:
      if (told.length === 0) return undefined;
      if (field === "externalRef") return new Set(told).size === told.length && told.length === cells.length ? plain : undefined;
      // A column of numbers is nobody's title, name or address.
      return share((cell) => /\p{L}/u.test(cell)) >= LEAST_SHARE ? plain : undefined;
  }
};

/** The map with a date format for each date column that has none. */
export const withDateFormats = (map: ImportMap, sample: Sample): Guess => {
  const type = typeOfMap(map);
  const said: string[] = [];
  const fields = Object.fromEntries(
    Object.entries(map.fields).map(([id, source]): [string, FieldSource] => {
      const kind = type.fields.find((field) => field.id === id)?.kind;
      if ((kind !== "instant" && kind !== "date") || !("column" in source) || source.format !== undefined) return [id, source];
      const format = guessDateFormat(sample.columns[sample.headers.indexOf(source.column)] ?? [], map.zone ?? sample.zone);
      if (format === undefined) return [id, source];
      said.push(`${source.column} is written ${format.format}`);
      return [id, { ...source, format: format.format }];
    }),
  );
  return { map: { ...map, fields }, said };
};

/** What a column is read as, in a few words: "month first", "Open → new", empty when there is nothing to say. */
export const meaningOf = (map: ImportMap, header: string): string => {
  const source = Object.values(map.fields).find((one) => "column" in one && one.column === header);
  const words: string[] = map.key === header ? ["names the row"] : [];
  if (source !== undefined && "column" in source) {
    const format = source.format === undefined ? undefined : compileDateFormat(source.format);
    if (format !== undefined && !("reason" in format)) words.push(format.order);
    const values = Object.entries(source.values ?? {});
    if (values.length > 0)
      words.push(
        values
          .slice(0, 3)
          .map(([from, to]) => `${from} → ${to}`)
          .join(", ") + (values.length > 3 ? `, ${values.length} in all` : ""),
      );
  }
  return words.join("; ");
};
