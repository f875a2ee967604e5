/**
 * A stored record's state by the cells that stand in it; the rule is `shared/crdt/deletion.ts`'s. Records without any deletion
 * (nearly all) cost nothing.
 */
import { liveness } from "../../shared/crdt/deletion.ts";
import { isClockOrdered } from "../../shared/crdt/merge.ts";
import { isDeletionPath, isKeptPath } from "../../shared/crdt/paths.ts";
import type { StampSource } from "../../shared/crdt/stamp-table.ts";
import type { Value } from "../../shared/crdt/types.ts";
import { valueFromStored } from "../../shared/crdt/value.ts";
import { eachCell, type Image, STATE } from "./image.ts";
import type { Names } from "./names.ts";

export interface Seen {
  readonly deletions: readonly Value[];
  readonly others: readonly StampSource[];
  readonly kept: readonly StampSource[];
}

/** The stamps of all standing cells, deletions apart; each stamp once. */
export const seenIn = (image: Image, names: Names): Seen => {
  const deletions: Value[] = [];
  const others = new Set<number>();
  const kept = new Set<number>();
  eachCell(image, (path, stored, stamp) => {
    if (isDeletionPath(path)) deletions.push(valueFromStored(stored));
    else others.add(stamp);
    if (isKeptPath(path)) kept.add(stamp);
  });
  const source = (index: number): StampSource => ({
    replica: names.replicaOf(image.stamps.replica[index] ?? 0).id,
    seq: image.stamps.seq[index] ?? 0,
  });
  return { deletions, others: [...others].map(source), kept: [...kept].map(source) };
};

const hasDeletion = (image: Image): boolean => {
  for (let i = 0; i < image.aside.length; i += 2) if (String(image.aside[i]).startsWith("deleted/")) return true;
  return false;
};

/** Nothing of it goes by the clock: what is here of a record whose creation is held are counters and notes without anything to show. */
const awaitsCreation = (image: Image, names: Names): boolean => {
  let shown = 0;
  eachCell(image, (path, _stored, stamp) => {
    if (isClockOrdered(path, names.replicaOf(image.stamps.replica[stamp] ?? 0).id)) shown += 1;
  });
  return shown === 0;
};

/** The value of `record.state`. */
export const livenessOf = (image: Image, names: Names, hasHeld: boolean): number => {
  if (hasHeld && awaitsCreation(image, names)) return STATE.held;
  if (image.aside.length === 0 || !hasDeletion(image)) return STATE.live;
  const { deletions, others, kept } = seenIn(image, names);
  if (deletions.length === 0) return STATE.live;
  const outcome = liveness(deletions, others, kept);
  return outcome === "deleted" ? STATE.deleted : outcome === "unseen" ? STATE.unseen : STATE.restored;
};
