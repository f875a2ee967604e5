/**
 * Live queries: a subscriber is told only of records that entered its query, left it or changed within it. Which records stand in the
 * query is remembered by id; each changed record is looked at once, whatever the size of the query. Fed by `Changes.onRecord`.
 */
import type { CollectionId, RecordId } from "../../shared/ids.ts";
import type { RecordRow, Store } from "../store/api.ts";
import type { Changes } from "./changes.ts";

export interface Query {
  readonly collection: CollectionId;
  /** A pure function of the row: it is asked again only when the record changes. */
  matches(row: RecordRow): boolean;
}

export type QueryChange =
  | { readonly kind: "entered" | "changed"; readonly row: RecordRow }
  /** It is deleted, or no longer as asked. */
  | { readonly kind: "left"; readonly id: RecordId };

export interface LiveQuery {
  /** What stood in the query when it began. */
  readonly rows: readonly RecordRow[];
  /** No more is told. */
  stop(): void;
}

export interface LiveQueries {
  open(query: Query, tell: (change: QueryChange) => void): LiveQuery;
}

export const createLiveQueries = (store: Store, changes: Pick<Changes, "onRecord">): LiveQueries => {
  const open = new Set<(id: RecordId, row: RecordRow | undefined) => void>();
  changes.onRecord((id, row) => {
    for (const look of open) look(id, row);
  });
  return {
    open: (query, tell) => {
      const rows = store.rows([query.collection]).filter((row) => query.matches(row));
      const standing = new Set(rows.map(({ id }) => id));
      const look = (id: RecordId, row: RecordRow | undefined): void => {
        if (row !== undefined && row.collection === query.collection && query.matches(row)) {
          const kind = standing.has(id) ? "changed" : "entered";
          standing.add(id);
          tell({ kind, row });
        } else if (standing.delete(id)) tell({ kind: "left", id });
      };
      open.add(look);
      return { rows, stop: () => void open.delete(look) };
    },
  };
};
