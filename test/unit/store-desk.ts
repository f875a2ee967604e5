/**
 * A desk for the store's unit tests: one real file with both connections and a clock that the test moves, made anew for each test.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { Committed, UndoOutcome } from "../../main/store/api.ts";
import { holdLimit } from "../../shared/clock/hlc.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import type { Hlc, Path, Value } from "../../shared/crdt/types.ts";
import type { RecordId } from "../../shared/ids.ts";
import { actionId, type Desk, epochMs, ORDER, openDesk, recordId, type World } from "../property/store-rig.ts";

export const R1 = recordId("0198a000-0000-7000-8000-000000000001");
export const R2 = recordId("0198a000-0001-7000-8000-000000000002");
const START = Date.UTC(2026, 10, 24);

export const put = (record: RecordId, cell: Path, value: Value): Edit => ({ kind: "put", collection: ORDER, record, path: cell, value });

export interface TestDesk {
  readonly world: World;
  readonly desk: Desk;
  /** Another desk of the same world, its clock off by so much; closed with the first. */
  other(name: string, clockErrorMs?: number): Desk;
  /** Closes and opens the desk's file. */
  restart(): void;
  /** A fresh action's options. */
  options(label?: string): { readonly action: ReturnType<typeof actionId>; readonly label: string };
  /** Commits one millisecond later. */
  commit(...edits: Edit[]): Committed;
  undo(): UndoOutcome;
  redo(): UndoOutcome;
  /** What merges now; what is later is held. */
  limit(): Hlc;
}

/** Call at the top of a describe or a file. */
export const useDesk = (): TestDesk => {
  let folder = "";
  let world: World = { now: START };
  let open: Desk | undefined;
  let others: Desk[] = [];
  let actions = 0;
  const desk = (): Desk => {
    if (open === undefined) throw new Error("no test runs");
    return open;
  };
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "switchyard-store-"));
    world = { now: START };
    open = openDesk(folder, "a", world);
    others = [];
  });
  afterEach(() => {
    for (const each of [...others, desk()]) each.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const options = (label = "test") => ({ action: actionId(`act-${++actions}`), label });
  return {
    get world() {
      return world;
    },
    get desk() {
      return desk();
    },
    other: (name, clockErrorMs = 0) => {
      const made = openDesk(folder, name, world, clockErrorMs);
      others.push(made);
      return made;
    },
    restart: () => {
      desk().close();
      open = openDesk(folder, "a", world);
    },
    options,
    commit: (...edits) => {
      world.now += 1;
      return desk().store.commit(edits, options());
    },
    undo: () => desk().store.undo({ action: options().action }),
    redo: () => desk().store.redo({ action: options().action }),
    limit: () => holdLimit(epochMs(world.now)),
  };
};
