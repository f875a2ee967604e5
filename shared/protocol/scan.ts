/**
 * Walks MessagePack bytes before they are decoded: every length lies inside the bytes, nothing is nested too deep, keys are text and
 * never `__proto__`, no extension types, nothing trails. So the decoder allocates no more than the bytes can hold.
 * Source: the MessagePack specification (github.com/msgpack/msgpack/blob/master/spec.md).
 */
import { MAX_DEPTH } from "./limits.ts";
import { garbled, tooLarge } from "./refusal.ts";

const PROTO = Array.from("__proto__", (letter) => letter.charCodeAt(0));

const isProto = (bytes: Uint8Array, start: number, length: number): boolean =>
  length === PROTO.length && PROTO.every((code, at) => bytes[start + at] === code);

const big = (bytes: Uint8Array, at: number, width: number): number => {
  if (at + width > bytes.length) throw garbled("cut short");
  let value = 0;
  for (let i = 0; i < width; i++) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
};

/** Throws a Refusal unless the bytes are one well-formed value within the bounds. Linear, no recursion, constant memory. */
export const scan = (bytes: Uint8Array): void => {
  /** Values still to come at each level; maps count keys and values, and `keyed` says which levels are maps. */
  const open = new Float64Array(MAX_DEPTH + 1);
  const keyed = new Uint8Array(MAX_DEPTH + 1);
  let depth = 0;
  let at = 0;
  open[0] = 1;

  while (depth >= 0) {
    const left = open[depth] ?? 0;
    if (left === 0) {
      depth--;
      continue;
    }
    open[depth] = left - 1;
    const isKey = keyed[depth] === 1 && left % 2 === 0;
    const tag = bytes[at];
    if (tag === undefined) throw garbled("cut short");
    at++;

    let skip = 0;
    let children = -1;
    let isMap = false;
    let isText = false;
    if (tag < 0x80 || tag >= 0xe0) {
      // a small integer, all in its tag
    } else if (tag < 0x90) {
      children = 2 * (tag & 15);
      isMap = true;
    } else if (tag < 0xa0) {
      children = tag & 15;
    } else if (tag < 0xc0) {
      skip = tag & 31;
      isText = true;
    } else {
      switch (tag) {
        case 0xc0:
        case 0xc2:
        case 0xc3:
          break;
        case 0xc4:
        case 0xc5:
        case 0xc6:
        case 0xd9:
        case 0xda:
        case 0xdb: {
          isText = tag >= 0xd9;
          const width = 1 << (tag - (isText ? 0xd9 : 0xc4));
          skip = big(bytes, at, width);
          at += width;
          break;
        }
        case 0xca:
          skip = 4;
          break;
        case 0xcb:
          skip = 8;
          break;
        case 0xcc:
        case 0xcd:
        case 0xce:
        case 0xcf:
          skip = 1 << (tag - 0xcc);
          break;
        case 0xd0:
        case 0xd1:
        case 0xd2:
        case 0xd3:
          skip = 1 << (tag - 0xd0);
          break;
        case 0xdc:
        case 0xdd:
        case 0xde:
        case 0xdf: {
          isMap = tag >= 0xde;
          const width = 2 << (tag - (isMap ? 0xde : 0xdc));
          children = big(bytes, at, width) * (isMap ? 2 : 1);
          at += width;
          break;
        }
        default:
          throw garbled(`type 0x${tag.toString(16)}`);
      }
    }

    if (isKey && !isText) throw garbled("a key that is no text");
    if (skip > bytes.length - at) throw garbled("cut short");
    if (isKey && isProto(bytes, at, skip)) throw garbled("a forbidden key");
    at += skip;
    if (children >= 0) {
      // Each value takes a byte at least, so a longer count is a lie.
      if (children > bytes.length - at) throw garbled("cut short");
      if (depth === MAX_DEPTH) throw tooLarge("nesting");
      depth++;
      open[depth] = children;
      keyed[depth] = isMap ? 1 : 0;
    }
  }
  if (at !== bytes.length) throw garbled("bytes after the end");
};
