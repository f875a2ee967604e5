/** The answer to `tree-ask`, in the order of the question. Null: not now (something is under way here, or the tree is gone). */
import { childOf, isTreeNode, MAX_TREE_RECORDS, TREE_WAYS, type TreePart } from "../../crdt/record-tree.ts";
import { asBody, asBytes, asCount, asList, asRecord, bytesFromHex, hexFromBytes } from "../fields.ts";
import { MAX_TREE_NODES } from "../limits.ts";
import { garbled } from "../refusal.ts";
import type { MessageSpec } from "./spec.ts";
import { readTreeNode } from "./tree-ask.ts";

export interface TreeMessage {
  readonly kind: "tree";
  readonly walk: number;
  readonly parts: readonly TreePart[] | null;
}

const DIGEST_BYTES = 16;

const readDigest = (value: unknown): string => {
  const bytes = asBytes(value, "tree.digest", DIGEST_BYTES);
  if (bytes.length !== DIGEST_BYTES) throw garbled("tree.digest");
  return hexFromBytes(bytes);
};

const readPart = (value: unknown): TreePart => {
  const body = asBody(value, "tree.parts");
  const node = readTreeNode(body["node"], "tree.node");
  if (body["records"] !== undefined) {
    const records = asList(body["records"], "tree.records", MAX_TREE_RECORDS).map((item) => {
      const [record, digest] = asList(item, "tree.records", 2);
      return { record: asRecord(record, "tree.record"), digest: readDigest(digest) };
    });
    return { kind: "records", node, records };
  }
  const children = asList(body["children"], "tree.children", TREE_WAYS).map((item) => {
    const [child, digest] = asList(item, "tree.children", 2);
    return { child: asCount(child, "tree.child", TREE_WAYS - 1), digest: readDigest(digest) };
  });
  if (!isTreeNode(childOf(node, 0))) throw garbled("tree.node");
  return { kind: "children", node, children };
};

const writePart = (part: TreePart) => {
  const node = [part.node.depth, part.node.index];
  return part.kind === "records"
    ? { node, records: part.records.map(({ record, digest }) => [record, bytesFromHex(digest)]) }
    : { node, children: part.children.map(({ child, digest }) => [child, bytesFromHex(digest)]) };
};

export const tree: MessageSpec<TreeMessage> = {
  kind: "tree",
  write: ({ walk, parts }) => ({ walk, parts: parts === null ? null : parts.map(writePart) }),
  read: (body) => ({
    kind: "tree",
    walk: asCount(body["walk"], "tree.walk"),
    parts: body["parts"] === null ? null : asList(body["parts"], "tree.parts", MAX_TREE_NODES).map(readPart),
  }),
};
