/**
 * Our own changes that no peer is known to have: those of this replica beyond what was acknowledged, and what is carried over of this
 * file's earlier ones. A number of theirs may have been used twice, so that no peer's vector proves that it has them (merge.md, "Forks"):
 * they count until a peer has been found to hold all that we hold.
 */
import { Meta } from "./meta.ts";
import type { Connection } from "./transaction.ts";

export interface Unseen {
  count(): number;
  /** A new replica begins: what is unseen of the old one is carried over. Inside a transaction. */
  carryOver(): void;
  /** A peer holds all that we hold: nothing is carried any more. */
  carriedSeen(): void;
}

export const unseenOf = (connection: Connection): Unseen => {
  const { db } = connection;
  const meta = new Meta(db);
  const acknowledged = db.prepare<[number], number | null>("SELECT max(seq) FROM peer WHERE replica = ?").pluck();
  const carried = (): number => Number(meta.get("carried") ?? 0);
  const count = (): number => {
    const { replica, seq } = connection.state();
    return Math.max(0, seq - (acknowledged.get(replica) ?? 0)) + carried();
  };
  return {
    count: () => connection.read(count),
    carryOver: () => meta.set("carried", String(count())),
    carriedSeen: () => {
      if (connection.read(carried) > 0) connection.raw(() => meta.set("carried", "0"));
    },
  };
};
