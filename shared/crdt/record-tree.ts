/**
 * A hash tree over the records of one desk, 64 ways a level, by the hash of the record's id: a node's digest is the sum of what its
 * records add to the fingerprint, so the root's is the fingerprint. Two desks that walk it find what differs without sending the rest.
 * A deleted record adds nothing, yet is named: whoever holds it alive must hear of it. Made from the rows when it is needed and thrown
 * away after. Source: merge.md.
 */
import type { RecordId } from "../ids.ts";
import { FingerprintSum, fingerprintText, hashRecordId } from "./fingerprint.ts";

/** The root is depth 0, index 0; the children of (d, i) are (d + 1, 64 i) to (d + 1, 64 i + 63). */
export interface TreeNode {
  readonly depth: number;
  readonly index: number;
}

/** What a desk holds below a node: digests of its children, or, where they are few, of the records themselves. What it has not is left out. */
export type TreePart =
  | {
      readonly kind: "children";
      readonly node: TreeNode;
      readonly children: readonly { readonly child: number; readonly digest: string }[];
    }
  | {
      readonly kind: "records";
      readonly node: TreeNode;
      readonly records: readonly { readonly record: RecordId; readonly digest: string }[];
    };

/** Where another desk's part differs from ours: nodes to ask on, records to fetch. */
export interface TreeDifference {
  readonly nodes: readonly TreeNode[];
  readonly records: readonly RecordId[];
}

export const TREE_ROOT: TreeNode = { depth: 0, index: 0 };
export const TREE_WAYS = 64;
export const TREE_DEPTH = 5;
/** A node with no more records than this is told record by record. */
const FEW = 32;
/** Only ids made to collide come to more at the greatest depth: the rest is left to later walks. */
export const MAX_TREE_RECORDS = 1_024;

/** The digest of what is deleted, and of what there is nothing of. */
const NOTHING = "0".repeat(32);
/** Leaves of the whole tree: 64^5. */
const PLACES = TREE_WAYS ** TREE_DEPTH;

export const childOf = ({ depth, index }: TreeNode, child: number): TreeNode => ({ depth: depth + 1, index: index * TREE_WAYS + child });

export const isTreeNode = ({ depth, index }: TreeNode): boolean => depth <= TREE_DEPTH && index < TREE_WAYS ** depth;

/** The place of a record among the leaves. */
const placeOf = (record: RecordId): number => ((hashRecordId(record)[0] ?? 0) >>> 0) >>> 2;

const placesOf = ({ depth, index }: TreeNode): { readonly from: number; readonly to: number } => {
  const width = PLACES / TREE_WAYS ** depth;
  return { from: index * width, to: (index + 1) * width };
};

/** Gives a record's id by the number under which it was added. */
export type IdOf = (num: number) => RecordId | undefined;

/** Collects records in any order. */
export class RecordTreeBuilder {
  #places = new Uint32Array(1024);
  #nums = new Float64Array(1024);
  #shares = new Uint32Array(4 * 1024);
  #size = 0;
  readonly #unreadable = new Set<RecordId>();

  /** `num` names the record here; `share`: its words of the fingerprint, zero for one that is deleted. */
  add(record: RecordId, num: number, share: readonly number[]): void {
    if (this.#size === this.#places.length) this.#grow();
    this.#places[this.#size] = placeOf(record);
    this.#nums[this.#size] = num;
    this.#shares.set(share, 4 * this.#size);
    this.#size += 1;
  }

  /** A record that cannot be read, so cannot be mended by merging either: it counts as equal. */
  addUnreadable(record: RecordId): void {
    this.#unreadable.add(record);
  }

  finish(): RecordTree {
    const size = this.#size;
    // Sorted by place, then by order of coming: one number for both.
    const order = Float64Array.from({ length: size }, (_, at) => (this.#places[at] ?? 0) * 2 ** 23 + at).sort();
    const places = new Uint32Array(size);
    const nums = new Float64Array(size);
    const shares = new Uint32Array(4 * size);
    for (let i = 0; i < size; i++) {
      const at = (order[i] ?? 0) % 2 ** 23;
      places[i] = this.#places[at] ?? 0;
      nums[i] = this.#nums[at] ?? 0;
      shares.set(this.#shares.subarray(4 * at, 4 * at + 4), 4 * i);
    }
    return new RecordTree(places, nums, shares, this.#unreadable);
  }

  #grow(): void {
    const places = new Uint32Array(2 * this.#places.length);
    places.set(this.#places);
    this.#places = places;
    const nums = new Float64Array(2 * this.#nums.length);
    nums.set(this.#nums);
    this.#nums = nums;
    const shares = new Uint32Array(2 * this.#shares.length);
    shares.set(this.#shares);
    this.#shares = shares;
  }
}

export class RecordTree {
  readonly #places: Uint32Array;
  readonly #nums: Float64Array;
  readonly #shares: Uint32Array;
  readonly #unreadable: ReadonlySet<RecordId>;

  constructor(places: Uint32Array, nums: Float64Array, shares: Uint32Array, unreadable: ReadonlySet<RecordId>) {
    this.#places = places;
    this.#nums = nums;
    this.#shares = shares;
    this.#unreadable = unreadable;
  }

  /** What lies below a node, for another desk. */
  read(node: TreeNode, idOf: IdOf): TreePart {
    const { from, to } = this.#range(node);
    if (to - from > FEW && node.depth < TREE_DEPTH) {
      const children = Array.from({ length: TREE_WAYS }, (_, child) => ({ child, digest: this.#digest(childOf(node, child)) }));
      return { kind: "children", node, children: children.flatMap(({ child, digest }) => (digest === null ? [] : [{ child, digest }])) };
    }
    const records: { record: RecordId; digest: string }[] = [];
    for (let at = from; at < to && records.length < MAX_TREE_RECORDS; at++) {
      const record = idOf(this.#nums[at] ?? 0);
      if (record !== undefined) records.push({ record, digest: this.#share(at) });
    }
    return { kind: "records", node, records };
  }

  /** What of another desk's part is not as it is here. What it does not name it has nothing of: that is for its own walk to find. */
  differing(part: TreePart, idOf: IdOf): TreeDifference {
    if (part.kind === "children") {
      const nodes = part.children.map(({ child, digest }) => ({ node: childOf(part.node, child), digest }));
      return { nodes: nodes.filter(({ node, digest }) => (this.#digest(node) ?? NOTHING) !== digest).map(({ node }) => node), records: [] };
    }
    const differs = part.records.filter(
      ({ record, digest }) => !this.#unreadable.has(record) && (this.#shareOf(record, idOf) ?? NOTHING) !== digest,
    );
    return { nodes: [], records: differs.map(({ record }) => record) };
  }

  /** Null where nothing lies below. */
  #digest(node: TreeNode): string | null {
    const { from, to } = this.#range(node);
    if (from === to) return null;
    const sum = new FingerprintSum();
    for (let at = from; at < to; at++) sum.add(new Int32Array(this.#shares.buffer, 16 * at, 4));
    return fingerprintText(sum.total());
  }

  #share(at: number): string {
    return fingerprintText([...this.#shares.subarray(4 * at, 4 * at + 4)]);
  }

  #shareOf(record: RecordId, idOf: IdOf): string | null {
    const place = placeOf(record);
    for (let at = this.#lower(place); this.#places[at] === place; at++) {
      if (idOf(this.#nums[at] ?? 0) === record) return this.#share(at);
    }
    return null;
  }

  #range(node: TreeNode): { readonly from: number; readonly to: number } {
    const { from, to } = placesOf(node);
    return { from: this.#lower(from), to: this.#lower(to) };
  }

  /** The first position at or after a place. */
  #lower(place: number): number {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#places[middle] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
