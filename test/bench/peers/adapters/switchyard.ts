/** Our own store as a desk uses it: commits on connection 1, merges on connection 2. */
import { existsSync } from "node:fs";
import path from "node:path";
import { openReplicaStore } from "../../../../main/store/open-replica-store.ts";
import { openStore } from "../../../../main/store/open-store.ts";
import { hlcAt } from "../../../../shared/clock/hlc.ts";
import type { Edit } from "../../../../shared/crdt/edit.ts";
import type { Change, RecordCells, VersionVector } from "../../../../shared/crdt/types.ts";
import { parseEpochMs, parseRecordId, parseWorkspaceId, type RecordId } from "../../../../shared/ids.ts";
import { encode } from "../../../../shared/protocol/codec.ts";
import { ACTION, ORDERS, storeOptions } from "../../orders.ts";
import type { Fields, FieldValue, Orders, Peer, Replica, Writes } from "../peer.ts";

interface Sent {
  readonly records: readonly RecordCells[];
  readonly vector: VersionVector;
  readonly last: Change | undefined;
}

/** A change holds at most 500 cells. */
const CELLS_A_CHANGE = 500;

const idOf = (text: string): RecordId => {
  const id = parseRecordId(text);
  if (id === undefined) throw new Error(`no record id: ${text}`);
  return id;
};

class OurReplica implements Replica {
  readonly store: ReturnType<typeof openStore>;
  readonly worker: ReturnType<typeof openReplicaStore>;
  last: Change | undefined;

  constructor(folder: string, keepHistory: boolean) {
    const options = storeOptions(folder, "orders", keepHistory);
    const fresh = !existsSync(path.join(folder, "orders.db"));
    this.store = openStore(options);
    const workspace = parseWorkspaceId("b".repeat(43));
    if (fresh && workspace !== undefined) this.store.adopt(workspace, "A");
    this.worker = openReplicaStore(options);
  }

  write(writes: Writes): void {
    let edits: Edit[] = [];
    for (const [id, fields] of writes) {
      const record = idOf(id);
      const more = Object.entries(fields).map(
        ([field, value]): Edit => ({ kind: "put", collection: ORDERS, record, path: [field], value }),
      );
      if (edits.length + more.length > CELLS_A_CHANGE) {
        this.#commit(edits);
        edits = [];
      }
      edits.push(...more);
    }
    this.#commit(edits);
  }

  #commit(edits: readonly Edit[]): void {
    this.last = this.store.commit(edits, { action: ACTION, label: "write" }).change;
    // A desk's worker does this every few seconds.
    if (this.store.ownSeq() % 200 === 0) this.worker.checkpoint();
  }

  edit(id: string, field: string, value: FieldValue): void {
    this.#commit([{ kind: "put", collection: ORDERS, record: idOf(id), path: [field], value }]);
  }

  flush(): void {
    this.worker.checkpoint();
  }

  orders(): Orders {
    return new Map(this.store.rows([ORDERS]).map(({ id, collection: _, ...fields }) => [id, fields as Fields]));
  }

  close(): void {
    this.worker.close();
    this.store.close();
  }
}

const merge = (to: OurReplica, { records, vector }: Sent): void => {
  const now = parseEpochMs(Date.now() + 300_000);
  if (now === undefined) throw new Error("no instant");
  to.worker.mergeBatch(records, hlcAt(now));
  to.worker.takeVector(vector);
  to.worker.sync();
};

const lacking = (from: OurReplica, to: OurReplica): Sent => ({
  records: from.worker.sweep(to.worker.vector(), null, Number.MAX_SAFE_INTEGER).records,
  vector: from.worker.vector(),
  last: from.last,
});

const plainly = { compress: (bytes: Uint8Array): Uint8Array => bytes, expand: (bytes: Uint8Array): Uint8Array => bytes };

/** With its history, from which undo and the past are read, or without. */
export const ourPeer = (keepHistory: boolean): Peer<OurReplica> => ({
  name: keepHistory ? "Switchyard" : "Switchyard, no history",
  version: "",
  kept: `SQLite, synchronous=FULL${keepHistory ? "; what it replaced, too" : ""}`,
  onDisk: true,
  open: (folder) => new OurReplica(folder, keepHistory),
  exchange: {
    fork: async (replica, folder) => {
      const other = new OurReplica(folder, keepHistory);
      merge(other, lacking(replica, other));
      return other;
    },
    changes: lacking,
    merge: (to, changes) => merge(to, changes as Sent),
    size: (changes) => {
      const { last } = changes as Sent;
      if (last === undefined) throw new Error("nothing was written");
      return encode({ kind: "change", change: last }, "plain", plainly).reduce((sum, frame) => sum + frame.length, 0);
    },
  },
});

export const peer = ourPeer(true);
