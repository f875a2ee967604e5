/**
 * Under what a value of an indexed field is looked up. Order numbers stand with their digits first (`A-42` as `42-A`), so that
 * both the whole number and its digits alone are one range of the index.
 */
import type { StoredValue } from "../../shared/crdt/value.ts";
import { isNumberField } from "./names.ts";

const NUMBER = /^(.*)-(\d+)$/;

/** The key; undefined for values that are not looked up. */
export const lookupKey = (field: string, value: StoredValue | undefined): string | number | undefined => {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  if (!isNumberField(field)) return value;
  const [, letters, digits] = NUMBER.exec(value) ?? [];
  return digits === undefined ? value : `${digits}-${letters}`;
};
