/**
 * The hash tree over this file's records that repairs walk (`shared/crdt/record-tree.ts`): made from the rows in steps, so that the worker
 * can do other things between them; kept in memory alone, and only while it is used. What is edited meanwhile shows as a difference at
 * most, which costs a record sent for nothing.
 */
import { fingerprintText } from "../../shared/crdt/fingerprint.ts";
import { type RecordTree, RecordTreeBuilder, type TreeDifference, type TreeNode, type TreePart } from "../../shared/crdt/record-tree.ts";
import type { RecordTreeStore } from "./api.ts";
import type { Connection, Transaction } from "./transaction.ts";
import { RecordWriter } from "./writer.ts";

interface Building {
  readonly builder: RecordTreeBuilder;
  readonly fingerprint: string;
  next: number;
}

export class TreeKeeper implements RecordTreeStore {
  readonly #connection: Connection;
  #tree: RecordTree | undefined;
  /** Of the state that the tree was made of; none if that moved while it was made. */
  #fingerprint: string | undefined;
  #building: Building | undefined;
  uses = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  build(records: number): boolean {
    return this.#connection.view((tx) => {
      const fingerprint = fingerprintText(tx.state.fingerprint);
      if (this.#building === undefined && this.#tree !== undefined && this.#fingerprint === fingerprint) return true;
      const building = (this.#building ??= { builder: new RecordTreeBuilder(), fingerprint, next: 1 });
      for (let left = records; left > 0 && building.next <= tx.state.records; left--) addRecord(tx, building.builder, building.next++);
      if (building.next <= tx.state.records) return false;
      this.#tree = building.builder.finish();
      this.#fingerprint = building.fingerprint === fingerprint ? fingerprint : undefined;
      this.#building = undefined;
      return true;
    });
  }

  read(nodes: readonly TreeNode[]): readonly TreePart[] | null {
    const tree = this.#tree;
    if (tree === undefined) return null;
    this.uses += 1;
    return this.#connection.view((tx) => nodes.map((node) => tree.read(node, (num) => tx.sql.idOfNum.get(num))));
  }

  compare(parts: readonly TreePart[]): TreeDifference | null {
    const tree = this.#tree;
    if (tree === undefined) return null;
    this.uses += 1;
    return this.#connection.view((tx) => {
      const found = parts.map((part) => tree.differing(part, (num) => tx.sql.idOfNum.get(num)));
      return { nodes: found.flatMap(({ nodes }) => nodes), records: found.flatMap(({ records }) => records) };
    });
  }

  drop(): void {
    this.#tree = undefined;
    this.#building = undefined;
  }
}

const addRecord = (tx: Transaction, builder: RecordTreeBuilder, num: number): void => {
  const id = tx.sql.idOfNum.get(num);
  if (id === undefined) return;
  let share: readonly number[];
  try {
    share = RecordWriter.find(tx, id)?.share().total() ?? [];
  } catch {
    // A damaged row is the business of `verify`, which names it; another desk's state of it could not be merged into it.
    builder.addUnreadable(id);
    return;
  }
  builder.add(id, num, share);
};
