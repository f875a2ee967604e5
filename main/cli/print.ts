/**
 * Answers as a person reads them in a terminal: a record as lines, records as a table. Scripts take `--json`, so this may change.
 */
import type { RecordData } from "../../shared/ipc/answers.ts";

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

/** One value on one line. */
export const valueText = (value: unknown): string => {
  if (isEmpty(value)) return "";
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((element) => typeof element === "string")) return value.join(", ");
  return JSON.stringify(value);
};

/** `field  value`, one a line, without what is empty; longer texts below their field. */
export const recordText = (record: RecordData): string => {
  const shown = Object.entries(record).filter(([, value]) => !isEmpty(value));
  const width = Math.max(...shown.map(([field]) => field.length));
  return shown
    .map(([field, value]) => {
      const text = valueText(value);
      return text.includes("\n") ? `${field}\n  ${text.replaceAll("\n", "\n  ")}` : `${field.padEnd(width)}  ${text}`;
    })
    .join("\n");
};

/** Columns side by side under their names; the last one is not padded. */
export const tableText = (columns: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = columns.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join("  ");
  return [columns, ...rows].map(line).join("\n");
};

/** `1 order`, `2 orders`. */
export const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? "" : "s"}`;
