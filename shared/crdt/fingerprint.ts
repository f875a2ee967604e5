/**
 * The fingerprint of a state: the sum modulo 2^128 of the hashes of its cells, so a commit adds what it wrote and takes away
 * what it replaced. A cell's hash covers record, path, stamp and value as the author wrote it (merge.md); local numbers are
 * left out, so replicas agree. Parts that repeat (record, path, replica) are hashed once by the caller and kept.
 */
import type { RecordId, ReplicaId } from "../ids.ts";
import { absorbBytes, absorbHash, absorbText, absorbWords, finish, type Hash, hashOfText, hashTextInto } from "./hash.ts";
import type { Value } from "./types.ts";
import { storedFromValue } from "./value.ts";

const WORD = 4_294_967_296;
/** Seeds of parts and marks of values: equal bytes of different kinds differ. */
const SEED = { record: 1, path: 2, replica: 3 } as const;
const MARK = { text: 0, number: 1 << 28, constant: 2 << 28, json: 3 << 28, bytes: 4 << 28 } as const;

export const hashRecordId = (record: RecordId): Hash => hashOfText(record, SEED.record);
/** `hashRecordId` into a hash of the caller's. */
export const hashRecordInto = (record: RecordId, out: Hash): void => hashTextInto(record, SEED.record, out);
export const hashReplicaId = (replica: ReplicaId): Hash => hashOfText(replica, SEED.replica);
/** `text` is a path's text form. */
export const hashPathText = (text: string): Hash => hashOfText(text, SEED.path);

const double = new Float64Array(1);
const doubleWords = new Int32Array(double.buffer);

/** A record's hash and a stamp as one part: `out` serves for all cells that this stamp wrote in the record. */
export const hashStamp = (
  record: Hash,
  stamp: { readonly replica: Hash; readonly term: number; readonly hlc: number; readonly seq: number },
  out: Hash,
): void => {
  const { replica, term, hlc, seq } = stamp;
  out.set(record);
  absorbHash(out, replica);
  absorbWords(out, hlc | 0, Math.floor(hlc / WORD), seq | 0, Math.floor(seq / WORD));
  finish(out, term);
};

const absorbNumber = (out: Hash, value: number): void => {
  double[0] = value;
  absorbWords(out, doubleWords[0] ?? 0, doubleWords[1] ?? 0, 0, 0);
  finish(out, MARK.number);
};

const absorbConstant = (out: Hash, value: number): void => finish(out, MARK.constant | value);

const absorbMarkedText = (out: Hash, text: string, mark: number): void => {
  absorbText(out, text);
  finish(out, text.length ^ mark);
};

/** The hash of one cell: the part that `hashStamp` made, its path's, and its value as the author wrote it. */
export const hashCell = (stamp: Hash, path: Hash, value: Value, out: Hash): void => {
  out[0] = stamp[0] ?? 0;
  out[1] = stamp[1] ?? 0;
  out[2] = stamp[2] ?? 0;
  out[3] = stamp[3] ?? 0;
  absorbHash(out, path);
  if (typeof value === "string") absorbMarkedText(out, value, MARK.text);
  else if (typeof value === "number" && Number.isFinite(value)) absorbNumber(out, value === 0 ? 0 : value);
  else if (value === null || typeof value !== "object") absorbConstant(out, value === true ? 1 : value === false ? 2 : 0);
  else if (value instanceof Uint8Array) {
    absorbBytes(out, value);
    finish(out, value.length ^ MARK.bytes);
  } else absorbMarkedText(out, JSON.stringify(storedFromValue(value)), MARK.json);
};

/** A running sum; holds up to a million hashes between two calls of `total`. */
export class FingerprintSum {
  readonly #words = new Float64Array(4);

  add(hash: Hash): void {
    const words = this.#words;
    words[0] = (words[0] ?? 0) + ((hash[0] ?? 0) >>> 0);
    words[1] = (words[1] ?? 0) + ((hash[1] ?? 0) >>> 0);
    words[2] = (words[2] ?? 0) + ((hash[2] ?? 0) >>> 0);
    words[3] = (words[3] ?? 0) + ((hash[3] ?? 0) >>> 0);
  }

  subtract(hash: Hash): void {
    const words = this.#words;
    words[0] = (words[0] ?? 0) - ((hash[0] ?? 0) >>> 0);
    words[1] = (words[1] ?? 0) - ((hash[1] ?? 0) >>> 0);
    words[2] = (words[2] ?? 0) - ((hash[2] ?? 0) >>> 0);
    words[3] = (words[3] ?? 0) - ((hash[3] ?? 0) >>> 0);
  }

  /** Adds another sum, or takes it away. */
  combine(other: FingerprintSum, sign: 1 | -1): void {
    const words = other.total();
    for (let i = 0; i < 4; i++) this.#words[i] = (this.#words[i] ?? 0) + sign * (words[i] ?? 0);
  }

  /** `fingerprint` plus this sum, as four words below 2^32, most significant first. */
  total(fingerprint: ArrayLike<number> = [0, 0, 0, 0]): number[] {
    const words = [0, 0, 0, 0];
    let carry = 0;
    for (let i = 3; i >= 0; i--) {
      const sum = (fingerprint[i] ?? 0) + (this.#words[i] ?? 0) + carry;
      carry = Math.floor(sum / WORD);
      words[i] = sum - carry * WORD;
    }
    return words;
  }

  clear(): void {
    this.#words.fill(0);
  }
}

/** 32 hex characters. */
export const fingerprintText = (words: readonly number[]): string => words.map((word) => word.toString(16).padStart(8, "0")).join("");
