/**
 * What a type is: fields with an id that never changes, a name for people, a kind and its constraints.
 * Types are data (`$type` records, later); the built-in ones are in `builtin.ts`. The kinds are those of design.md, "Merge".
 */
import type { CollectionId } from "../ids.ts";

/** A register each: one value, last writer wins. */
export type ScalarKind =
  | {
      readonly kind: "string";
      readonly maxLength?: number;
      /** What the whole text must look like; see `pattern.ts` for what it may hold. */
      readonly pattern?: string;
    }
  | {
      readonly kind: "number";
      readonly min?: number;
      readonly max?: number;
      readonly integer?: boolean;
    }
  /** Minor units (cents) as an integer. */
  | { readonly kind: "money"; readonly currency: string }
  | { readonly kind: "boolean" }
  /** `2026-11-24`. */
  | { readonly kind: "date" }
  /** Milliseconds since 1970 UTC. */
  | { readonly kind: "instant" }
  /** A local time with its zone, `2026-11-24T14:30:00+01:00[Europe/Berlin]`: what was agreed on stands though the zone's rules change. */
  | { readonly kind: "zoned" }
  /** Minutes, an integer of at least 0. */
  | { readonly kind: "minutes" }
  | { readonly kind: "choice"; readonly options: readonly string[] }
  | { readonly kind: "reference"; readonly to: CollectionId }
  /** Any JSON value, opaque to queries (working hours, a signature). */
  | { readonly kind: "json" };

export type FieldKind =
  | ScalarKind
  /** Elements are texts of at most 256 bytes; `to` names the collection they refer to. */
  | { readonly kind: "set"; readonly to?: CollectionId }
  | { readonly kind: "counter" }
  /** Items with a position and fields of their own. */
  | { readonly kind: "list"; readonly item: readonly FieldDef[] }
  /** Merging text (Yjs). */
  | { readonly kind: "text" };

export type FieldDef = {
  /** Never changes: what cells and files name. */
  readonly id: string;
  /** For people, English; translated by the board where it knows a translation. */
  readonly name: string;
  readonly required?: boolean;
  readonly default?: string | number | boolean;
  /** Kept as an index by the store. */
  readonly indexed?: boolean;
  /** Its words are found by search. */
  readonly searched?: boolean;
} & FieldKind;

export interface TypeDef {
  readonly collection: CollectionId;
  readonly name: string;
  /** All its live records can be had without looking at any others: for collections that are few beside orders. */
  readonly listed?: boolean;
  /** In the order that stored documents use; only ever appended to. */
  readonly fields: readonly FieldDef[];
}
