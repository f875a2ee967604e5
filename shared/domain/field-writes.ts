/**
 * What one field's given value comes down to, before it has a record, and what reading it needs to know. Types, and the one refusal.
 */
import type { Path, Value } from "../crdt/types.ts";
import { AppError } from "../errors.ts";
import type { CollectionId, EpochMs, RecordId } from "../ids.ts";
import type { FieldDef } from "../schema/types.ts";

export type FieldWrite =
  | { readonly kind: "put"; readonly path: Path; readonly value: Value }
  | { readonly kind: "count"; readonly field: string; readonly by: number }
  /** A merging text that is to read like this. */
  | { readonly kind: "text"; readonly field: string; readonly text: string };

export interface ValueContext {
  /** IANA zone of times without an offset. */
  readonly zone: string;
  readonly now: EpochMs;
  /** The record of this collection that an id, a number or a name means. Throws `unusable_value` where none or several do. */
  readonly find: (collection: CollectionId, text: string, field: FieldDef) => RecordId;
  /** An id for a new item of a list. */
  readonly newItem: () => string;
  /** The record as it stands; undefined for one to be made. */
  readonly current: Readonly<Record<string, unknown>> | undefined;
}

/** Refuses a value: names the field and what is allowed. */
export const unusable = (field: { readonly id: string; readonly name: string }, why: string): AppError =>
  new AppError("unusable_value", `${field.name} (${field.id}): ${why}`);

/** A write of one scalar field. */
export const put = (field: string, value: Value): FieldWrite => ({ kind: "put", path: [field], value });

/** The field that a write belongs to. */
export const fieldOf = (write: FieldWrite): string => (write.kind === "put" ? (write.path[0] ?? "") : write.field);
