/**
 * From given values to one durable change of one record, and the answer to whoever asked. The rules are in `shared/domain`;
 * here they meet the store.
 */
import type { Edit } from "../../shared/crdt/edit.ts";
import type { FieldWrite, ValueContext } from "../../shared/domain/field-writes.ts";
import type { ActionId, CollectionId, RecordId } from "../../shared/ids.ts";
import type { Hint, Written } from "../../shared/ipc/answers.ts";
import type { DeskContext } from "./context.ts";
import type { Notes } from "./notes.ts";
import { fullRecord } from "./reads.ts";
import { findFor } from "./refs.ts";

/** What reading given values needs to know. `current`: the record as it stands. */
export const valueContext = (context: DeskContext, current: ValueContext["current"]): ValueContext => ({
  zone: context.zone(),
  now: context.now(),
  find: findFor(context.deps.store),
  newItem: context.newToken,
  current,
});

export interface Target {
  readonly collection: CollectionId;
  readonly record: RecordId;
}

/** Writes of one record as edits. Texts become updates under a client id that is leased for this moment. */
export const editsOf = (target: Target, writes: readonly FieldWrite[], notes: Notes): readonly Edit[] =>
  writes.flatMap((write): readonly Edit[] => {
    switch (write.kind) {
      case "put":
        return [{ ...target, kind: "put", path: write.path, value: write.value }];
      case "count":
        return [{ ...target, kind: "count", field: write.field, by: write.by }];
      case "text":
        return notes.editsToRead(target, write.field, write.text);
    }
  });

/** Commits, if there is anything to write, and answers with the record as it now stands. */
export const commitAndAnswer = (
  context: DeskContext,
  edits: readonly Edit[],
  about: { readonly record: RecordId; readonly label: string; readonly hints: readonly Hint[]; readonly action?: ActionId },
): Written => {
  const action = about.action ?? context.newAction();
  if (edits.length > 0) context.commit(edits, about.label, action);
  return { record: fullRecord(context, about.record), action, hints: about.hints };
};
