/** The hash tree over real files: its sums are the fingerprint's, and walking it finds exactly the records that differ, held work too. */
import { describe, expect, it } from "vitest";
import type { ReplicaStore } from "../../main/store/api.ts";
import { RecordTreeBuilder, TREE_DEPTH, TREE_ROOT, type TreeNode } from "../../shared/crdt/record-tree.ts";
import type { RecordId } from "../../shared/ids.ts";
import { EMPTY_VECTOR } from "../../shared/protocol/vector.ts";
import { type Desk, ORDER, recordId } from "../property/store-rig.ts";
import { put, R1, R2, useDesk } from "./store-desk.ts";

const t = useDesk();
const order = (n: number): RecordId => recordId(`order-${n}`);
const built = ({ tree }: ReplicaStore): ReplicaStore["tree"] => {
  while (!tree.build(70));
  return tree;
};

/** What `seeker` would fetch of `teller`. */
const walk = (seeker: Desk, teller: Desk): { readonly records: readonly RecordId[]; readonly asked: number } => {
  const [ours, theirs] = [built(seeker.worker), built(teller.worker)];
  const records: RecordId[] = [];
  let nodes: readonly TreeNode[] = [TREE_ROOT];
  let asked = 0;
  while (nodes.length > 0) {
    asked += nodes.length;
    const difference = ours.compare(theirs.read(nodes) ?? []);
    if (difference === null) throw new Error("no tree");
    records.push(...difference.records);
    nodes = difference.nodes;
  }
  return { records: records.toSorted(), asked };
};

const sumOf = (hex: readonly string[]): string =>
  (hex.reduce((sum, each) => sum + BigInt(`0x${each}`), 0n) % (1n << 128n)).toString(16).padStart(32, "0");

describe("the tree", () => {
  it("sums up to the fingerprint, with held and deleted records among them", () => {
    for (let n = 0; n < 300; n++) t.commit(put(order(n), ["title"], `Order ${n}`));
    t.commit({ kind: "delete", collection: ORDER, record: order(3) });
    t.desk.worker.mergeLive(t.other("f", 86_400_000).store.commit([put(R1, ["title"], "tomorrow")], t.options()).change, t.limit());
    const [part] = built(t.desk.worker).read([TREE_ROOT]) ?? [];
    expect(part?.kind).toBe("children");
    const digests = part?.kind === "children" ? part.children.map(({ digest }) => digest) : [];
    expect(sumOf(digests)).toBe(t.desk.store.fingerprint());
  });

  it("leads to the records that differ, and to no others", () => {
    const other = t.other("b");
    for (let n = 0; n < 500; n++) t.commit(put(order(n), ["title"], `Order ${n}`));
    const { records } = t.desk.worker.sweep(EMPTY_VECTOR, null, 1e9);
    other.worker.mergeBatch(records, t.limit());
    expect(walk(t.desk, other)).toEqual({ records: [], asked: 1 });
    // What came and went here alone is no difference.
    t.commit(put(R1, ["title"], "Gone"));
    t.commit({ kind: "delete", collection: ORDER, record: R1 });
    expect(walk(other, t.desk).records).toEqual([]);
    t.commit(put(order(77), ["status"], "done"));
    t.commit({ kind: "delete", collection: ORDER, record: order(78) });
    t.commit(put(R2, ["title"], "Only here"));
    // What is deleted on one side alone, too: each hears of the other's.
    expect(walk(other, t.desk).records).toEqual([R2, order(77), order(78)].toSorted());
    expect(walk(t.desk, other).records).toEqual([order(77), order(78)]);
    expect(walk(other, t.desk).asked).toBeLessThan(10);
  });

  it("counts held work like what stands", () => {
    const [future, third] = [t.other("f", 86_400_000), t.other("t")];
    const created = t.commit(put(R1, ["title"], "now")).change;
    const ahead = future.store.commit([put(R1, ["title"], "tomorrow")], t.options()).change;
    for (const desk of [t.desk, third]) desk.worker.mergeLive(ahead, t.limit());
    expect(walk(t.desk, third).records).toEqual([]);
    expect(walk(third, t.desk).records).toEqual([]);
    third.worker.mergeLive(created, t.limit());
    expect(third.worker.whole([R1])[0]?.cells).toHaveLength(2);
  });

  it("is made again only when the state has moved, and is gone when dropped", () => {
    t.commit(put(R1, ["title"], "one"));
    const { tree } = t.desk.worker;
    expect(tree.read([TREE_ROOT])).toBeNull();
    expect(tree.build(0)).toBe(false);
    expect([tree.build(1), tree.build(0)]).toEqual([true, true]);
    t.commit(put(R2, ["title"], "two"));
    expect([tree.build(1), tree.build(1)]).toEqual([false, true]);
    expect(tree.read([TREE_ROOT])?.[0]).toMatchObject({ kind: "records", records: [{}, {}] });
    tree.drop();
    expect([tree.read([TREE_ROOT]), tree.compare([])]).toEqual([null, null]);
  });

  it("counts a row that cannot be read as equal: merging could not mend it", () => {
    const builder = new RecordTreeBuilder();
    builder.addUnreadable(R1);
    builder.add(R2, 2, [1, 2, 3, 4]);
    const found = builder.finish().differing(
      {
        kind: "records",
        node: { depth: TREE_DEPTH, index: 0 },
        records: [
          { record: R1, digest: "f".repeat(32) },
          { record: R2, digest: "f".repeat(32) },
        ],
      },
      (num) => (num === 2 ? R2 : undefined),
    );
    expect(found.records).toEqual([R2]);
  });
});
