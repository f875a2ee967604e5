/** What both handles of the store offer: the version vector, the fingerprint, held work, the notebook and the log. */
import { msOfHlc } from "../../shared/clock/hlc.ts";
import { fingerprintText } from "../../shared/crdt/fingerprint.ts";
import type { VectorEntry, VersionVector } from "../../shared/crdt/types.ts";
import type { ReplicaId } from "../../shared/ids.ts";
import type { HeldSummary, Store } from "./api.ts";
import { logOf, notebookOf } from "./ledger.ts";
import { purgingOf } from "./purging.ts";
import type { Connection } from "./transaction.ts";
import { unseenOf } from "./unseen.ts";

type Common = Pick<Store, "replica" | "purging" | "notebook" | "log" | "vector" | "fingerprint" | "held" | "unseen">;

export const commonOf = (connection: Connection): Common => {
  const { db, names } = connection;
  const entries = db.prepare<[], [number, number, number]>("SELECT num, seq, hlc FROM replica WHERE seq > 0 ORDER BY id").raw();
  const held = db.prepare<[], [number, number, number]>("SELECT replica, count(DISTINCT seq), max(hlc) FROM held GROUP BY replica").raw();
  const unseen = unseenOf(connection);

  const vector = (): VersionVector => {
    const state = connection.state();
    const result = new Map<ReplicaId, VectorEntry>();
    for (const [num, seq, hlc] of entries.all())
      if (num !== state.replica) result.set(names.replicaOf(num).id, { seq, hlc: connection.hlc(hlc) });
    if (state.seq > 0) result.set(names.replicaOf(state.replica).id, { seq: state.seq, hlc: state.seqHlc });
    return result;
  };

  const summary = (): HeldSummary[] =>
    held.all().map(([num, changes, until]) => ({ replica: names.replicaOf(num).id, changes, until: msOfHlc(connection.hlc(until)) }));

  return {
    replica: names.replicaOf(connection.state().replica).id,
    purging: purgingOf(connection),
    notebook: notebookOf(connection),
    log: logOf(connection),
    vector: () => connection.read(() => db.transaction(vector)()),
    fingerprint: () => connection.read(() => fingerprintText(connection.state().fingerprint)),
    held: () => connection.read(summary),
    unseen: () => unseen.count(),
  };
};
