/**
 * What of a table a guess looks at: its first rows by column. Rows that are broken or empty say nothing.
 */
import type { Sample } from "../../shared/domain/import/guess.ts";
import type { Table } from "./table.ts";

const SAMPLE_ROWS = 2_000;

export const sampleOf = (table: Table, zone: string): Sample => {
  const columns = table.headers.map((): string[] => []);
  let rows = 0;
  for (const row of table.rows()) {
    if (row.kind === "fault") continue;
    for (const [index, column] of columns.entries()) column.push(row.cells[index] ?? "");
    if (++rows >= SAMPLE_ROWS) break;
  }
  return { headers: table.headers, columns, zone };
};
