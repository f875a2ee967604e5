/**
 * What a person's action asks of the store, before it has a stamp. The store turns edits into the cells of one change:
 * it knows the standing cells (what a deletion lists, a counter's running total) and issues order numbers.
 */
import type { CollectionId, RecordId } from "../ids.ts";
import type { Path, Value } from "./types.ts";

interface Target {
  readonly collection: CollectionId;
  readonly record: RecordId;
}

export type Edit = Target &
  (
    | { readonly kind: "put"; readonly path: Path; readonly value: Value }
    /** Writes the replica's next number (`A-43`) into `field`; a write of `put` to that field wins over it in a later edit. */
    | { readonly kind: "number"; readonly field: string }
    /** Adds to a counter; `by` may be negative. */
    | { readonly kind: "count"; readonly field: string; readonly by: number }
    /** A Yjs update of this replica, made under the client id leased for `slot`. */
    | {
        readonly kind: "text";
        readonly field: string;
        readonly slot: number;
        readonly update: Uint8Array;
      }
    | { readonly kind: "delete" }
    | { readonly kind: "restore" }
  );
