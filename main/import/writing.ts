/**
 * Planned rows into the store, as one action in many changes. A row that the store refuses is named and left out like any other
 * bad row: the portion that failed is written again row by row. What is written stays when it is stopped half-way.
 */
import type { Edit } from "../../shared/crdt/edit.ts";
import type { ImportRow, PlannedRecord } from "../../shared/domain/import/row-plan.ts";
import { AppError } from "../../shared/errors.ts";
import type { BadRow } from "../../shared/ipc/answers.ts";
import { badRowsOf, type PassOptions, type Prepared, planPortions } from "./passes.ts";

export interface Writer {
  readonly editsOf: (record: PlannedRecord) => readonly Edit[];
  /** Commits groups of edits in order, each group in one change; tells how many are durable. */
  readonly commit: (groups: readonly (() => readonly Edit[])[], durable: (groups: number) => void) => Promise<void>;
}

export interface WrittenRows {
  readonly rows: number;
  readonly imported: number;
  readonly bad: readonly BadRow[];
}

type ReadyRow = Extract<ImportRow, { readonly kind: "ready" }>;

/** What the store says of one row's values, as opposed to being unable to write at all. */
const ROW_REFUSALS: ReadonlySet<string> = new Set(["invalid_value", "unknown_field", "unknown_type", "change_too_large", "unusable_value"]);

export const writeRows = async (prepared: Prepared, options: PassOptions, writer: Writer): Promise<WrittenRows> => {
  const bad: BadRow[] = [];
  let imported = 0;
  const editsOf = (row: ReadyRow) => (): readonly Edit[] => row.records.flatMap(writer.editsOf);

  const write = async (rows: readonly ReadyRow[]): Promise<void> => {
    let durable = 0;
    try {
      await writer.commit(rows.map(editsOf), (groups) => {
        durable = groups;
      });
      imported += durable;
    } catch (error) {
      if (!(error instanceof AppError) || !ROW_REFUSALS.has(error.code)) throw error;
      imported += durable;
      const [first, ...others] = rows.slice(durable);
      if (rows.length === 1 && first !== undefined) bad.push({ line: first.line, column: "", reason: error.advice });
      else for (const row of first === undefined ? [] : [first, ...others]) await write([row]);
    }
  };

  const rows = await planPortions(prepared, options, async (planned) => {
    bad.push(...badRowsOf(planned));
    await write(planned.flatMap((row) => (row.kind === "ready" ? [row] : [])));
  });
  return { rows, imported, bad: bad.sort((a, b) => a.line - b.line) };
};
