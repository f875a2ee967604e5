/**
 * Values as JSON text: one canonical form, in which a value is stored, compared in ties and hashed.
 * Bytes become `{"$bytes":"<base64>"}`; an object that looks like that gets one more `$`, so every value comes back as it was.
 */
import type { Value } from "./types.ts";

/** What JSON can hold: the form of a value inside a stored document. */
export type StoredValue = null | boolean | number | string | readonly StoredValue[] | { readonly [key: string]: StoredValue };

const ESCAPED_KEY = /^\$+bytes$/;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const base64FromBytes = (bytes: Uint8Array): string => {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += ALPHABET.charAt(word >> 18) + ALPHABET.charAt((word >> 12) & 63);
    text += i + 1 < bytes.length ? ALPHABET.charAt((word >> 6) & 63) : "=";
    text += i + 2 < bytes.length ? ALPHABET.charAt(word & 63) : "=";
  }
  return text;
};

const bytesFromBase64 = (text: string): Uint8Array => {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let i = 0, at = 0; i < text.length; i += 4) {
    const digit = (k: number): number => Math.max(0, ALPHABET.indexOf(text.charAt(i + k)));
    const word = (digit(0) << 18) | (digit(1) << 12) | (digit(2) << 6) | digit(3);
    for (let shift = 16; shift >= 0 && at < bytes.length; shift -= 8) bytes[at++] = (word >> shift) & 255;
  }
  return bytes;
};

const storedObject = (value: { readonly [key: string]: Value }): StoredValue => {
  const keys = Object.keys(value);
  const only = keys.length === 1 ? (keys[0] ?? "") : "";
  if (ESCAPED_KEY.test(only)) return { [`$${only}`]: storedFromValue(value[only] ?? null) };
  return Object.fromEntries(keys.map((key) => [key, storedFromValue(value[key] ?? null)]));
};

/** The form in which a value stands in a document. Numbers that JSON cannot hold become null. */
export const storedFromValue = (value: Value): StoredValue => {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? (value === 0 ? 0 : value) : null;
  if (value instanceof Uint8Array) return { $bytes: base64FromBytes(value) };
  return isList(value) ? value.map(storedFromValue) : storedObject(value);
};

/** The value that `storedFromValue` stored. */
export const valueFromStored = (stored: StoredValue): Value => {
  if (stored === null || typeof stored !== "object") return stored;
  if (isStoredList(stored)) return stored.map(valueFromStored);
  const keys = Object.keys(stored);
  const only = keys.length === 1 ? (keys[0] ?? "") : "";
  if (ESCAPED_KEY.test(only)) {
    const inner = stored[only] ?? null;
    if (only === "$bytes" && typeof inner === "string") return bytesFromBase64(inner);
    return { [only.slice(1)]: valueFromStored(inner) };
  }
  return Object.fromEntries(keys.map((key) => [key, valueFromStored(stored[key] ?? null)]));
};

/** The canonical text of a value. */
export const valueText = (value: Value): string => JSON.stringify(storedFromValue(value));

const isList = (value: object): value is readonly Value[] => Array.isArray(value);
const isStoredList = (value: object): value is readonly StoredValue[] => Array.isArray(value);
