/**
 * Under what a value of an indexed field is looked up. Order numbers stand with their digits first (`A-42` as `42-A`), so that
 * both the whole number and its digits alone are one range of the index.
 */
import { pathFromText } from "../../shared/crdt/paths.ts";
import type { StoredValue } from "../../shared/crdt/value.ts";
import { isNumberField, type Slot } from "./names.ts";

const NUMBER = /^(.*)-(\d+)$/;

/** The key; undefined for values that are not looked up. */
export const lookupKey = (field: string, value: StoredValue | undefined): string | number | undefined => {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  if (!isNumberField(field)) return value;
  const [, letters, digits] = NUMBER.exec(value) ?? [];
  return digits === undefined ? value : `${digits}-${letters}`;
};

/** The key of what stands at a looked-up scalar, or of an element that is in a looked-up set. */
export const keyAt = ({ field, absent }: Slot, stored: StoredValue | undefined): string | number | undefined =>
  stored === null || stored === undefined ? absent : lookupKey(field, stored);

/** All keys of what stands at a looked-up place of a document: one of a scalar, one of each element of a set. */
export const lookupKeys = (slot: Slot, stored: StoredValue | undefined): readonly (string | number)[] => {
  if (!slot.branch) {
    const key = keyAt(slot, stored);
    return key === undefined ? [] : [key];
  }
  const cells = isList(stored) ? stored : [];
  return cells.flatMap((cell, i) => (i % 2 === 0 && cells[i + 1] === true ? (pathFromText(String(cell))[0] ?? []) : []));
};

const isList = (value: StoredValue | undefined): value is readonly StoredValue[] => Array.isArray(value);
