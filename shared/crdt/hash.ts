/**
 * A fast 128-bit hash without secrets: MurmurHash3 x86_128 (Austin Appleby, public domain), over bytes or over a text's
 * UTF-16 code units (equal to hashing its UTF-16LE bytes). Not against forgery: members are trusted for data (trust.md).
 * A hash is taken in by steps on a state that the caller owns, so that the hot path allocates nothing: begin (a seed, or another
 * hash's words), absorb whole blocks or one last piece, finish with the length.
 */

/** Four 32-bit words, most significant first; while absorbing, the running state. */
export type Hash = Int32Array;

const C1 = 0x239b961b;
const C2 = 0xab0e9789 | 0;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93 | 0;

export const newHash = (): Hash => new Int32Array(4);

const fmix = (start: number): number => {
  let h = start ^ (start >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
};

const scrambleA = (word: number): number => {
  const k = Math.imul(word, C1);
  return Math.imul((k << 15) | (k >>> 17), C2);
};
const scrambleB = (word: number): number => {
  const k = Math.imul(word, C2);
  return Math.imul((k << 16) | (k >>> 16), C3);
};
const scrambleC = (word: number): number => {
  const k = Math.imul(word, C3);
  return Math.imul((k << 17) | (k >>> 15), C4);
};
const scrambleD = (word: number): number => {
  const k = Math.imul(word, C4);
  return Math.imul((k << 18) | (k >>> 14), C1);
};

const unit = (text: string, i: number, length: number): number => (i < length ? text.charCodeAt(i) : 0);
const pair = (text: string, i: number, length: number): number => unit(text, i, length) | (unit(text, i + 1, length) << 16);

/** Takes in one block of 16 bytes as four little-endian words. */
export const absorbWords = (state: Hash, a: number, b: number, c: number, d: number): void => {
  let h1 = (state[0] ?? 0) ^ scrambleA(a);
  let h2 = state[1] ?? 0;
  let h3 = state[2] ?? 0;
  let h4 = state[3] ?? 0;
  h1 = (Math.imul(((h1 << 19) | (h1 >>> 13)) + h2, 5) + 0x561ccd1b) | 0;
  h2 ^= scrambleB(b);
  h2 = (Math.imul(((h2 << 17) | (h2 >>> 15)) + h3, 5) + 0x0bcaa747) | 0;
  h3 ^= scrambleC(c);
  h3 = (Math.imul(((h3 << 15) | (h3 >>> 17)) + h4, 5) + 0x96cd1c35) | 0;
  h4 ^= scrambleD(d);
  h4 = (Math.imul(((h4 << 13) | (h4 >>> 19)) + h1, 5) + 0x32ac3b17) | 0;
  state[0] = h1;
  state[1] = h2;
  state[2] = h3;
  state[3] = h4;
};

/** Takes in another hash as one block. */
export const absorbHash = (state: Hash, other: Hash): void =>
  absorbWords(state, other[0] ?? 0, other[1] ?? 0, other[2] ?? 0, other[3] ?? 0);

/** Takes in the last, incomplete block. */
const absorbTail = (state: Hash, a: number, b: number, c: number, d: number): void => {
  state[0] = (state[0] ?? 0) ^ scrambleA(a);
  state[1] = (state[1] ?? 0) ^ scrambleB(b);
  state[2] = (state[2] ?? 0) ^ scrambleC(c);
  state[3] = (state[3] ?? 0) ^ scrambleD(d);
};

/** Takes in a text; nothing may follow it but `finish`. */
export const absorbText = (state: Hash, text: string): void => {
  const { length } = text;
  let i = 0;
  for (; i + 8 <= length; i += 8) {
    absorbWords(
      state,
      text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16),
      text.charCodeAt(i + 2) | (text.charCodeAt(i + 3) << 16),
      text.charCodeAt(i + 4) | (text.charCodeAt(i + 5) << 16),
      text.charCodeAt(i + 6) | (text.charCodeAt(i + 7) << 16),
    );
  }
  if (i < length) absorbTail(state, pair(text, i, length), pair(text, i + 2, length), pair(text, i + 4, length), pair(text, i + 6, length));
};

const word = (bytes: Uint8Array, i: number): number =>
  (bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8) | ((bytes[i + 2] ?? 0) << 16) | ((bytes[i + 3] ?? 0) << 24);

/** Takes in bytes; nothing may follow them but `finish`. */
export const absorbBytes = (state: Hash, bytes: Uint8Array): void => {
  let i = 0;
  for (; i + 16 <= bytes.length; i += 16) absorbWords(state, word(bytes, i), word(bytes, i + 4), word(bytes, i + 8), word(bytes, i + 12));
  if (i < bytes.length) absorbTail(state, word(bytes, i), word(bytes, i + 4), word(bytes, i + 8), word(bytes, i + 12));
};

/** Ends a hash: `length` is that of all that was taken in, or any number that tells kinds of it apart. */
export const finish = (state: Hash, length: number): void => {
  let h1 = (state[0] ?? 0) ^ length;
  let h2 = (state[1] ?? 0) ^ length;
  let h3 = (state[2] ?? 0) ^ length;
  let h4 = (state[3] ?? 0) ^ length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = fmix((h2 + h1) | 0);
  h3 = fmix((h3 + h1) | 0);
  h4 = fmix((h4 + h1) | 0);
  h1 = fmix(h1);
  h1 = (h1 + h2 + h3 + h4) | 0;
  state[0] = h1;
  state[1] = (h2 + h1) | 0;
  state[2] = (h3 + h1) | 0;
  state[3] = (h4 + h1) | 0;
};

/** The plain MurmurHash3 of bytes. */
export const hashOfBytes = (bytes: Uint8Array, seed: number): Hash => {
  const state = newHash().fill(seed);
  absorbBytes(state, bytes);
  finish(state, bytes.length);
  return state;
};

/** The plain MurmurHash3 of a text's UTF-16LE bytes, into `out`. */
export const hashTextInto = (text: string, seed: number, out: Hash): void => {
  out.fill(seed);
  absorbText(out, text);
  finish(out, text.length * 2);
};

/** The plain MurmurHash3 of a text's UTF-16LE bytes. */
export const hashOfText = (text: string, seed: number): Hash => {
  const state = newHash();
  hashTextInto(text, seed, state);
  return state;
};
