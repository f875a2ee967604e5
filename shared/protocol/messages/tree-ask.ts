/** What lies below these nodes of your hash tree over records? `walk` numbers the asker's walks on this connection, from 1. */
import { isTreeNode, TREE_DEPTH, type TreeNode } from "../../crdt/record-tree.ts";
import { asCount, asList } from "../fields.ts";
import { MAX_TREE_NODES } from "../limits.ts";
import { garbled } from "../refusal.ts";
import type { MessageSpec } from "./spec.ts";

export interface TreeAsk {
  readonly kind: "tree-ask";
  readonly walk: number;
  readonly nodes: readonly TreeNode[];
}

export const readTreeNode = (value: unknown, what: string): TreeNode => {
  const [depth, index] = asList(value, what, 2);
  const node = { depth: asCount(depth, what, TREE_DEPTH), index: asCount(index, what) };
  if (!isTreeNode(node)) throw garbled(what);
  return node;
};

export const treeAsk: MessageSpec<TreeAsk> = {
  kind: "tree-ask",
  write: ({ walk, nodes }) => ({ walk, nodes: nodes.map(({ depth, index }) => [depth, index]) }),
  read: (body) => ({
    kind: "tree-ask",
    walk: asCount(body["walk"], "tree-ask.walk"),
    nodes: asList(body["nodes"], "tree-ask.nodes", MAX_TREE_NODES).map((item) => readTreeNode(item, "tree-ask.nodes")),
  }),
};
