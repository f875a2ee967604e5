/**
 * A fast 128-bit hash without secrets: MurmurHash3 x86_128 (Austin Appleby, public domain), over bytes or over a text's
 * UTF-16 code units (equal to hashing its UTF-16LE bytes). Not against forgery: members are trusted for data (trust.md).
 * Results are four 32-bit words in an array that the caller owns, so that the hot path allocates nothing.
 */

/** Four 32-bit words, most significant first. */
export type Hash = Int32Array;

const C1 = 0x239b961b;
const C2 = 0xab0e9789 | 0;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93 | 0;

const fmix = (start: number): number => {
  let h = start ^ (start >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
};

const k1 = (word: number): number => {
  const k = Math.imul(word, C1);
  return Math.imul((k << 15) | (k >>> 17), C2);
};
const k2 = (word: number): number => {
  const k = Math.imul(word, C2);
  return Math.imul((k << 16) | (k >>> 16), C3);
};
const k3 = (word: number): number => {
  const k = Math.imul(word, C3);
  return Math.imul((k << 17) | (k >>> 15), C4);
};
const k4 = (word: number): number => {
  const k = Math.imul(word, C4);
  return Math.imul((k << 18) | (k >>> 14), C1);
};

/** One block of 16 bytes as four little-endian words. */
const block = (h: Hash, a: number, b: number, c: number, d: number): void => {
  let h1 = (h[0] ?? 0) ^ k1(a);
  let h2 = h[1] ?? 0;
  let h3 = h[2] ?? 0;
  let h4 = h[3] ?? 0;
  h1 = (h1 << 19) | (h1 >>> 13);
  h1 = (Math.imul(h1 + h2, 5) + 0x561ccd1b) | 0;
  h2 ^= k2(b);
  h2 = (h2 << 17) | (h2 >>> 15);
  h2 = (Math.imul(h2 + h3, 5) + 0x0bcaa747) | 0;
  h3 ^= k3(c);
  h3 = (h3 << 15) | (h3 >>> 17);
  h3 = (Math.imul(h3 + h4, 5) + 0x96cd1c35) | 0;
  h4 ^= k4(d);
  h4 = (h4 << 13) | (h4 >>> 19);
  h4 = (Math.imul(h4 + h1, 5) + 0x32ac3b17) | 0;
  h[0] = h1;
  h[1] = h2;
  h[2] = h3;
  h[3] = h4;
};

/** The last, incomplete block. */
const tail = (h: Hash, a: number, b: number, c: number, d: number): void => {
  if (d !== 0) h[3] = (h[3] ?? 0) ^ k4(d);
  if (c !== 0) h[2] = (h[2] ?? 0) ^ k3(c);
  if (b !== 0) h[1] = (h[1] ?? 0) ^ k2(b);
  if (a !== 0) h[0] = (h[0] ?? 0) ^ k1(a);
};

const finish = (h: Hash, byteLength: number): void => {
  let h1 = (h[0] ?? 0) ^ byteLength;
  let h2 = (h[1] ?? 0) ^ byteLength;
  let h3 = (h[2] ?? 0) ^ byteLength;
  let h4 = (h[3] ?? 0) ^ byteLength;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = fmix((h2 + h1) | 0);
  h3 = fmix((h3 + h1) | 0);
  h4 = fmix((h4 + h1) | 0);
  h1 = fmix(h1);
  h1 = (h1 + h2 + h3 + h4) | 0;
  h[0] = h1;
  h[1] = (h2 + h1) | 0;
  h[2] = (h3 + h1) | 0;
  h[3] = (h4 + h1) | 0;
};

/** Hashes a text's UTF-16 code units into `out`. */
export const hashText = (text: string, seed: number, out: Hash): void => {
  out.fill(seed);
  const length = text.length;
  const whole = length & ~7;
  const pair = (i: number): number => text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16);
  for (let i = 0; i < whole; i += 8) block(out, pair(i), pair(i + 2), pair(i + 4), pair(i + 6));
  if (whole < length) {
    const rest = (i: number): number => (i + 1 < length ? pair(i) : i < length ? text.charCodeAt(i) : 0);
    tail(out, rest(whole), rest(whole + 2), rest(whole + 4), rest(whole + 6));
  }
  finish(out, length * 2);
};

/** Hashes bytes into `out`. */
export const hashBytes = (bytes: Uint8Array, seed: number, out: Hash): void => {
  out.fill(seed);
  const length = bytes.length;
  const whole = length & ~15;
  const word = (i: number): number =>
    (bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8) | ((bytes[i + 2] ?? 0) << 16) | ((bytes[i + 3] ?? 0) << 24);
  for (let i = 0; i < whole; i += 16) block(out, word(i), word(i + 4), word(i + 8), word(i + 12));
  if (whole < length) tail(out, word(whole), word(whole + 4), word(whole + 8), word(whole + 12));
  finish(out, length);
};

/** Hashes hashes and four words more: how the parts of a cell, each hashed once, become one. */
export const hashParts = (a: Hash, b: Hash, w0: number, w1: number, w2: number, w3: number, out: Hash): void => {
  out.fill(0x5117c4a2);
  block(out, a[0] ?? 0, a[1] ?? 0, a[2] ?? 0, a[3] ?? 0);
  block(out, b[0] ?? 0, b[1] ?? 0, b[2] ?? 0, b[3] ?? 0);
  block(out, w0, w1, w2, w3);
  finish(out, 48);
};
