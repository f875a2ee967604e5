/**
 * The fingerprint of a state: the sum modulo 2^128 of the hashes of its cells, so a commit adds what it wrote and takes away
 * what it replaced. A cell's hash covers record, path, stamp and value as the author wrote it (merge.md); local numbers are
 * left out, so replicas agree. Parts that repeat (record, path, replica) are hashed once by the caller and kept.
 */
import type { RecordId, ReplicaId } from "../ids.ts";
import { type Hash, hashBytes, hashParts, hashText } from "./hash.ts";
import { storedFromValue } from "./value.ts";
import type { Value } from "./types.ts";

const WORD = 4_294_967_296;
/** What is hashed: a number of its own for each kind of part, so that equal bytes of different kinds differ. */
const SEED = { record: 1, path: 2, replica: 3, text: 4, number: 5, constant: 6, json: 7, bytes: 8 } as const;

export const newHash = (): Hash => new Int32Array(4);

const hashed = (text: string, seed: number): Hash => {
  const out = newHash();
  hashText(text, seed, out);
  return out;
};

export const hashRecordId = (record: RecordId): Hash => hashed(record, SEED.record);
export const hashReplicaId = (replica: ReplicaId): Hash => hashed(replica, SEED.replica);
/** `text` is a path's text form. */
export const hashPathText = (text: string): Hash => hashed(text, SEED.path);

const double = new Float64Array(1);
const doubleBytes = new Uint8Array(double.buffer);

/** Hashes a value into `out`. */
export const hashValue = (value: Value, out: Hash): void => {
  if (typeof value === "string") hashText(value, SEED.text, out);
  else if (typeof value === "number" && Number.isFinite(value)) {
    double[0] = value === 0 ? 0 : value;
    hashBytes(doubleBytes, SEED.number, out);
  } else if (value === null || typeof value !== "object")
    hashText(value === true ? "true" : value === false ? "false" : "null", SEED.constant, out);
  else if (value instanceof Uint8Array) hashBytes(value, SEED.bytes, out);
  else hashText(JSON.stringify(storedFromValue(value)), SEED.json, out);
};

/** A record's hash and a stamp as one part: `out` serves for all cells that this stamp wrote in the record. */
export const hashStamp = (record: Hash, replica: Hash, term: number, hlc: number, seq: number, out: Hash): void =>
  hashParts(record, replica, hlc | 0, Math.floor(hlc / WORD) | (term << 21), seq | 0, Math.floor(seq / WORD) | 0, out);

/** The hash of one cell from its parts. */
export const hashCell = (stamp: Hash, path: Hash, value: Hash, out: Hash): void =>
  hashParts(stamp, path, value[0] ?? 0, value[1] ?? 0, value[2] ?? 0, value[3] ?? 0, out);

/** A running sum; holds up to a million hashes between two calls of `total`. */
export class FingerprintSum {
  readonly #words = new Float64Array(4);

  add(hash: Hash): void {
    for (let i = 0; i < 4; i++) this.#words[i] = (this.#words[i] ?? 0) + ((hash[i] ?? 0) >>> 0);
  }

  subtract(hash: Hash): void {
    for (let i = 0; i < 4; i++) this.#words[i] = (this.#words[i] ?? 0) - ((hash[i] ?? 0) >>> 0);
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
