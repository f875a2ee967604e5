/**
 * What the workspace holds already, as an import asks for it: orders by external reference, customers, sites and others by
 * name. Collections are read once, when first asked for; one of these serves one pass over a file.
 */
import { readNote } from "../../shared/crdt/notes/doc.ts";
import { type Known, sameText } from "../../shared/domain/import/row-plan.ts";
import { textIn, visitIn } from "../../shared/domain/read.ts";
import { AppError } from "../../shared/errors.ts";
import { type CollectionId, parseCollectionId, type RecordId } from "../../shared/ids.ts";
import type { RecordRow, Store } from "../store/api.ts";

const collection = (name: string): CollectionId => {
  const id = parseCollectionId(name);
  if (id === undefined) throw new AppError("unreachable", `${name} is no collection.`);
  return id;
};
const ORDER = collection("workOrder");
const VISIT = collection("visit");

/** What a record is called in a file: a site by its address. */
const nameOf = (row: RecordRow): string | null =>
  (row.collection === "site" ? textIn(row["address"]) : null) ?? textIn(row["name"]) ?? textIn(row["number"]) ?? textIn(row["title"]);

export const knownRecords = (store: Store): Known => {
  const names = new Map<CollectionId, Map<string, RecordId>>();
  const namesIn = (of: CollectionId): Map<string, RecordId> => {
    const known = names.get(of);
    if (known !== undefined) return known;
    const made = new Map<string, RecordId>();
    // Of two with one name the older stands first and is taken.
    for (const row of store.rows([of])) {
      const name = nameOf(row);
      if (name !== null && !made.has(sameText(name))) made.set(sameText(name), row.id);
    }
    names.set(of, made);
    return made;
  };
  return {
    named: (of, name) => namesIn(of).get(sameText(name)),
    byReference: (reference) => {
      const row = store
        .where(ORDER, "externalRef", reference)
        .map((id) => store.row(id))
        .find((one) => one !== undefined);
      if (row === undefined) return undefined;
      return {
        row,
        visits: store
          .where(VISIT, "workOrder", row.id)
          .flatMap((id) => store.row(id) ?? [])
          .map(visitIn),
        text: (field) => readNote(store.text(row.id, field).updates),
      };
    },
  };
};
