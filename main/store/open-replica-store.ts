/**
 * The sync worker's store: connection 2, which merges, sweeps and does all checkpoints (`synchronous=NORMAL`; the vector stands in
 * the same transaction as what it claims, so a crash takes both back). Opened after the main thread's, which settles the replica.
 */
import { AppError } from "../../shared/errors.ts";
import type { OpenOptions, ReplicaStore } from "./api.ts";
import { commonOf } from "./both-handles.ts";
import { checkpoint, syncLog } from "./checkpoint.ts";
import { mergeGate } from "./gate.ts";
import { mergeBatch, mergeDue, mergeLive, takeVector } from "./merge.ts";
import { openDatabase } from "./open.ts";
import { SearchIndex } from "./search-index.ts";
import { Sightings } from "./seen.ts";
import { Sweeper } from "./sweep.ts";
import { Connection } from "./transaction.ts";
import { TreeKeeper } from "./tree.ts";
import { trimHistory } from "./trim-history.ts";
import { unseenOf } from "./unseen.ts";

/** Opens it. Throws what `openStore` throws, and `store_not_ready` when the main thread has not settled the file yet. */
export const openReplicaStore = (options: OpenOptions): ReplicaStore => {
  const { file, types, wall } = options;
  const { db } = openDatabase({ file, synchronous: "NORMAL", wall });
  try {
    const connection = new Connection({ db, file, gate: mergeGate(options.gate), types, keepHistory: options.keepHistory ?? true });
    if (!connection.hasState()) throw new AppError("store_not_ready", "The database has not been set up yet. Start Switchyard again.");
    return replicaStoreOf(connection);
  } catch (error) {
    db.close();
    throw error;
  }
};

/** What is held is asked for with each status; it moves when this connection holds or merges some, or the other drops what lost. */
const heldWhenItMoves = (connection: Connection, held: ReplicaStore["held"]): ReplicaStore["held"] => {
  let last = "";
  let summary: ReturnType<typeof held> = [];
  return () => {
    const now = `${connection.due.version} ${connection.read(() => connection.state().held)}`;
    if (now !== last) summary = held();
    last = now;
    return summary;
  };
};

const replicaStoreOf = (connection: Connection): ReplicaStore => {
  const sweeper = new Sweeper(connection);
  const sightings = new Sightings(connection);
  const index = new SearchIndex(connection);
  const acknowledge = connection.db.prepare<[string, number, number]>(
    "INSERT INTO peer (device, replica, seq) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET seq = CASE replica WHEN excluded.replica THEN max(seq, excluded.seq) ELSE excluded.seq END, replica = excluded.replica",
  );
  const common = commonOf(connection);
  const unseen = unseenOf(connection);
  return {
    ...common,
    tree: new TreeKeeper(connection),
    held: heldWhenItMoves(connection, common.held),
    sweep: (base, cursor, maxBytes) => sweeper.sweep(base, cursor, maxBytes),
    whole: (records) => sweeper.whole(records),
    mergeBatch: (records, limit, seen) => mergeBatch(connection, records, limit, seen),
    isEmpty: () => connection.read(() => connection.state().records === 0) && common.vector().size === 0,
    takeVector: (vector, purge) => takeVector(connection, vector, purge),
    mergeLive: (change, limit, seen) => mergeLive(connection, change, limit, seen),
    seen: (replicas) => sightings.of(replicas),
    ownHlc: (seq) => sightings.ownHlc(seq),
    mergeDue: (limit) => mergeDue(connection, limit),
    acknowledge: (device, seq) => {
      connection.raw(() => {
        acknowledge.run(device, connection.state().replica, seq);
      });
    },
    carriedSeen: () => unseen.carriedSeen(),
    trimHistory: (limits) => trimHistory(connection, limits),
    updateSearch: (records) => index.update(records),
    sync: () => syncLog(connection),
    checkpoint: () => checkpoint(connection),
    close: () => connection.close(),
  };
};
