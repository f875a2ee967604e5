/**
 * Undo and redo of this desk's own actions, also those of before a restart. The store decides what may be taken back and does it
 * change by change; here it is said in people's words and told to the board, with a breath between the steps of a long one.
 */
import { setImmediate as breath } from "node:timers/promises";
import { textIn } from "../../shared/domain/read.ts";
import { AppError } from "../../shared/errors.ts";
import { parseActionId, type RecordId } from "../../shared/ids.ts";
import type { Undone } from "../../shared/ipc/answers.ts";
import type { Handlers } from "../host/ports.ts";
import type { DeskContext } from "./context.ts";

/** In `import.progress`, for an undo that takes more than one step. */
const TOKEN = "undo";

type Kept = { readonly record: RecordId; readonly field: string };

export const createUndo = (context: DeskContext): Pick<Handlers, "undo" | "redo"> => {
  const { store } = context.deps;
  const numberOf = (record: RecordId): string | null => textIn(store.row(record, { deleted: true })?.["number"]);
  const answer = (label: string, records: Iterable<RecordId>, kept: readonly Kept[]): Undone => ({
    undone: true,
    label,
    records: [...records],
    kept: kept.map(({ record, field }) => ({ record, number: numberOf(record), field })),
  });
  const nothing: Undone = { undone: false, label: "", records: [], kept: [] };

  return {
    undo: async ({ action }) => {
      context.members.requireWriter();
      const target = action === undefined ? undefined : parseActionId(action);
      if (action !== undefined && target === undefined) throw new AppError("unusable_value", "This is no action's id.");
      const steps = store.undoSteps({ action: context.newAction(), ...(target === undefined ? {} : { target }) });
      const records = new Set<RecordId>();
      const kept = new Map<string, Kept>();
      let label: string | undefined;
      for (const step of steps) {
        label = step.label;
        context.committed(step.committed);
        for (const { records: touched } of step.committed) for (const id of touched) records.add(id);
        for (const cell of step.kept) kept.set(`${cell.field} ${cell.record}`, cell);
        if (step.total === 1) continue;
        context.emit("import.progress", { token: TOKEN, phase: "undoing", done: step.done, total: step.total });
        await breath();
      }
      return label === undefined ? nothing : answer(label, records, [...kept.values()]);
    },
    redo: () => {
      context.members.requireWriter();
      const outcome = store.redo({ action: context.newAction() });
      if (outcome.kind === "nothing") return nothing;
      context.committed(outcome.committed);
      return answer(outcome.label, new Set(outcome.committed.flatMap(({ records }) => records)), outcome.kept);
    },
  };
};
