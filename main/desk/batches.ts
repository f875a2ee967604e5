/**
 * Long work: one action in several changes, each within what one change may hold, with a breath between them so that the board
 * stays live. What is written stays written when it is stopped half-way; one undo takes the whole action back.
 */
import { setImmediate as breath } from "node:timers/promises";
import type { Edit } from "../../shared/crdt/edit.ts";
import type { ActionId } from "../../shared/ids.ts";
import { MAX_BYTES, MAX_CELLS } from "../store/commit.ts";
import type { DeskContext } from "./context.ts";

/** Room for what stamps and paths add to the values. */
const BYTES_AIMED_AT = MAX_BYTES * 0.75;
const CELL_BYTES = 16;

const sizeOf = (edit: Edit): number => {
  switch (edit.kind) {
    case "put":
      return CELL_BYTES + edit.path.join("/").length + (JSON.stringify(edit.value)?.length ?? 0) * 2;
    case "text":
      return CELL_BYTES + edit.update.byteLength;
    default:
      return CELL_BYTES;
  }
};

export interface LongWork {
  readonly action: ActionId;
  readonly label: string;
  /** Groups written so far. */
  readonly progress?: (done: number) => void;
  readonly signal?: AbortSignal;
  /** False: undo passes it over. */
  readonly undoable?: boolean;
}

/** Edits that must stay in one change, made when their turn comes: they rest on what then stands. */
export type EditGroup = () => readonly Edit[];

/** Commits the groups in order; the number of groups that were written. */
export const commitMany = async (context: DeskContext, groups: readonly EditGroup[], work: LongWork): Promise<number> => {
  let done = 0;
  while (done < groups.length && work.signal?.aborted !== true) {
    const edits: Edit[] = [];
    let bytes = 0;
    let taken = 0;
    for (const group of groups.slice(done, done + MAX_CELLS)) {
      const next = group();
      const size = next.reduce((sum, edit) => sum + sizeOf(edit), 0);
      if (taken > 0 && (edits.length + next.length > MAX_CELLS || bytes + size > BYTES_AIMED_AT)) break;
      edits.push(...next);
      bytes += size;
      taken++;
    }
    if (edits.length > 0) context.commit(edits, work.label, work.action, work.undoable);
    done += taken;
    work.progress?.(done);
    await breath();
  }
  return done;
};
