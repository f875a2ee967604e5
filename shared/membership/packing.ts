/**
 * The one byte form of what is signed: MessagePack, shortest forms only, map keys ASCII and sorted. What does not come back
 * as the very same bytes is refused, so a hash or a signature never covers two readings. No floats, no negative numbers, no extensions.
 */
import { compareBytes, utf8Bytes, utf8Text } from "./text.ts";

export type Packed = null | boolean | number | string | Uint8Array | readonly Packed[] | ReadonlyMap<string, Packed>;

const MAX_DEPTH = 8;
const ASCII = /^[\u0020-\u007e]*$/;

const header = (
  out: number[],
  length: number,
  fixed: { readonly tag: number; readonly below: number } | null,
  tags: readonly number[],
): void => {
  const [byte, word, long] = tags;
  if (fixed !== null && length < fixed.below) out.push(fixed.tag | length);
  else if (byte !== undefined && byte > 0 && length < 0x100) out.push(byte, length);
  else if (word !== undefined && length < 0x10000) out.push(word, length >> 8, length & 0xff);
  else if (long !== undefined) out.push(long, length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff);
};

const writeNumber = (out: number[], value: number): void => {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`No packed form for the number ${value}.`);
  if (value < 0x80) out.push(value);
  else if (value <= 0xffffffff) header(out, value, null, [0xcc, 0xcd, 0xce]);
  else {
    out.push(0xcf);
    for (let shift = 7; shift >= 0; shift--) out.push(Math.floor(value / 2 ** (8 * shift)) % 256);
  }
};

const write = (out: number[], value: Packed): void => {
  if (value === null) out.push(0xc0);
  else if (value === false) out.push(0xc2);
  else if (value === true) out.push(0xc3);
  else if (typeof value === "number") writeNumber(out, value);
  else if (typeof value === "string") {
    const bytes = utf8Bytes(value);
    header(out, bytes.length, { tag: 0xa0, below: 32 }, [0xd9, 0xda, 0xdb]);
    for (const byte of bytes) out.push(byte);
  } else if (value instanceof Uint8Array) {
    header(out, value.length, null, [0xc4, 0xc5, 0xc6]);
    for (const byte of value) out.push(byte);
  } else if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<string, Packed>)].sort(([a], [b]) => (a < b ? -1 : 1));
    header(out, entries.length, { tag: 0x80, below: 16 }, [0, 0xde, 0xdf]);
    for (const [key, held] of entries) {
      if (!ASCII.test(key)) throw new RangeError("Keys of a packed map are ASCII.");
      write(out, key);
      write(out, held);
    }
  } else {
    const items = value as readonly Packed[];
    header(out, items.length, { tag: 0x90, below: 16 }, [0, 0xdc, 0xdd]);
    for (const item of items) write(out, item);
  }
};

/** Throws `RangeError` for numbers that are no safe integers from 0 and for keys that are not ASCII. */
export const pack = (value: Packed): Uint8Array => {
  const out: number[] = [];
  write(out, value);
  return Uint8Array.from(out);
};

class Garbled extends Error {}

const reader = (bytes: Uint8Array) => {
  let at = 0;
  const take = (count: number): Uint8Array => {
    if (count > bytes.length - at) throw new Garbled();
    at += count;
    return bytes.subarray(at - count, at);
  };
  const number = (width: number): number => take(width).reduce((sum, byte) => sum * 256 + byte, 0);
  const text = (length: number): string => {
    const read = utf8Text(take(length));
    if (read === undefined) throw new Garbled();
    return read;
  };
  const array = (length: number, depth: number): Packed => {
    if (length > bytes.length - at) throw new Garbled();
    return Array.from({ length }, () => value(depth + 1));
  };
  const map = (length: number, depth: number): Packed => {
    const read = new Map<string, Packed>();
    for (let i = 0; i < length; i++) {
      const key = value(depth + 1);
      if (typeof key !== "string") throw new Garbled();
      read.set(key, value(depth + 1));
    }
    return read;
  };
  const value = (depth: number): Packed => {
    if (depth > MAX_DEPTH) throw new Garbled();
    const tag = number(1);
    if (tag < 0x80) return tag;
    if (tag < 0x90) return map(tag & 15, depth);
    if (tag < 0xa0) return array(tag & 15, depth);
    if (tag < 0xc0) return text(tag & 31);
    switch (tag) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return take(number(1 << (tag - 0xc4))).slice();
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xcf:
        return number(1 << (tag - 0xcc));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return text(number(1 << (tag - 0xd9)));
      case 0xdc:
      case 0xdd:
        return array(number(2 << (tag - 0xdc)), depth);
      case 0xde:
      case 0xdf:
        return map(number(2 << (tag - 0xde)), depth);
      default:
        throw new Garbled();
    }
  };
  return { value, finished: () => at === bytes.length };
};

/** Undefined unless the bytes are exactly what `pack` makes of some value. Never throws; work is bounded by the length. */
export const unpack = (bytes: Uint8Array): Packed | undefined => {
  try {
    const { value, finished } = reader(bytes);
    const read = value(0);
    return finished() && compareBytes(pack(read), bytes) === 0 ? read : undefined;
  } catch (error) {
    if (error instanceof Garbled || error instanceof RangeError) return undefined;
    throw error;
  }
};
