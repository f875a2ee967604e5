/**
 * Changes of this file's earlier replicas that no peer had acknowledged when a new one began: a number of theirs may have been used twice,
 * so that no peer's vector proves that it has them (merge.md, "Forks"). They count as unseen until a peer has been found to hold all
 * that we hold.
 */
import { Meta } from "./meta.ts";
import type { Connection } from "./transaction.ts";

export interface Carried {
  count(): number;
  /** A new replica begins: what is not acknowledged of the old one is carried over. Inside a transaction. */
  carryOver(): void;
  /** A peer holds all of it. */
  seen(): void;
}

export const carriedOf = (connection: Connection): Carried => {
  const { db } = connection;
  const meta = new Meta(db);
  const acknowledged = db.prepare<[number], number | null>("SELECT max(seq) FROM peer WHERE replica = ?").pluck();
  const count = (): number => Number(meta.get("carried") ?? 0);
  return {
    count,
    carryOver: () => {
      const { replica, seq } = connection.state();
      meta.set("carried", String(count() + Math.max(0, seq - (acknowledged.get(replica) ?? 0))));
    },
    seen: () => {
      if (connection.read(count) > 0) connection.raw(() => meta.set("carried", "0"));
    },
  };
};
