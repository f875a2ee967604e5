/**
 * What one record's cells add to the fingerprint and take from it while it is written: the record and each of its stamps are hashed once.
 * Hashes of stamps are taken from a stock and given back, since making a typed array costs as much as the hash itself.
 */
import { hashCell, hashRecordInto, hashStamp } from "../../shared/crdt/fingerprint.ts";
import { type Hash, newHash } from "../../shared/crdt/hash.ts";
import type { Value } from "../../shared/crdt/types.ts";
import type { Image } from "./image.ts";
import type { Transaction } from "./transaction.ts";

const stock: Hash[] = [];
const STOCK = 4096;
const cellHash = newHash();

export class CellHashes {
  readonly #tx: Transaction;
  readonly #image: Image;
  readonly #stamps: (Hash | undefined)[] = [];
  #record: Hash | undefined;

  constructor(tx: Transaction, image: Image) {
    this.#tx = tx;
    this.#image = image;
  }

  /** The record's own part of each hash. */
  get record(): Hash {
    if (this.#record !== undefined) return this.#record;
    this.#record = stock.pop() ?? newHash();
    hashRecordInto(this.#image.id, this.#record);
    return this.#record;
  }

  /** Adds one cell with the stamp of this index to the transaction's sum, or takes it away. */
  count(path: Hash, value: Value, index: number, sign: 1 | -1): void {
    hashCell(this.#stampOf(index), path, value, cellHash);
    if (sign === 1) this.#tx.sum.add(cellHash);
    else this.#tx.sum.subtract(cellHash);
  }

  /** Gives back what was taken; nothing may be counted afterwards. */
  close(): void {
    for (const hash of this.#stamps) if (hash !== undefined && stock.length < STOCK) stock.push(hash);
    this.#stamps.length = 0;
    if (this.#record !== undefined && stock.length < STOCK) stock.push(this.#record);
    this.#record = undefined;
  }

  #stampOf(index: number): Hash {
    const known = this.#stamps[index];
    if (known !== undefined) return known;
    const { replica, seq, hlc, term } = this.#image.stamps;
    const out = stock.pop() ?? newHash();
    const stamp = {
      replica: this.#tx.names.replicaOf(replica[index] ?? 0).hash,
      term: term[index] ?? 0,
      hlc: hlc[index] ?? 0,
      seq: seq[index] ?? 0,
    };
    hashStamp(this.record, stamp, out);
    this.#stamps[index] = out;
    return out;
  }
}
