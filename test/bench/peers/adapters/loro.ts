/** Loro: one document, a map of maps; updates appended to a file, which is rewritten as a shallow snapshot when it is flushed. */
import path from "node:path";
import { LoroDoc, LoroMap } from "loro-crdt";
import type { Fields, FieldValue, Orders, Peer, Replica, Writes } from "../peer.ts";
import { UpdateLog } from "../update-log.ts";

class LoroReplica implements Replica {
  readonly doc = new LoroDoc();
  readonly log: UpdateLog;

  constructor(folder: string) {
    const file = path.join(folder, "updates.bin");
    for (const update of UpdateLog.read(file)) this.doc.import(update);
    this.log = new UpdateLog(file);
  }

  write(writes: Writes): void {
    const orders = this.doc.getMap("orders");
    for (const [id, fields] of writes) {
      const order = orders.getOrCreateContainer(id, new LoroMap());
      for (const [field, value] of Object.entries(fields)) order.set(field, value);
    }
    this.doc.commit();
  }

  edit(id: string, field: string, value: FieldValue): void {
    const before = this.doc.version();
    this.write([[id, { [field]: value }]]);
    this.log.append(this.doc.export({ mode: "update", from: before }));
  }

  /** Shallow: without the operations before, the smallest that Loro offers. */
  flush(): void {
    this.log.replace(this.doc.export({ mode: "shallow-snapshot", frontiers: this.doc.frontiers() }));
  }

  orders(): Orders {
    return new Map(Object.entries(this.doc.getMap("orders").toJSON() as Record<string, Fields>));
  }

  close(): void {
    this.log.close();
    this.doc.free();
  }
}

export const peer: Peer<LoroReplica> = {
  name: "Loro",
  version: "1.17.1",
  kept: "update appended to a file of ours, fsync",
  onDisk: true,
  open: (folder) => new LoroReplica(folder),
  exchange: {
    fork: async (replica, folder) => {
      const other = new LoroReplica(folder);
      other.doc.import(replica.doc.export({ mode: "snapshot" }));
      other.log.replace(other.doc.export({ mode: "snapshot" }));
      return other;
    },
    changes: (from, to) => from.doc.export({ mode: "update", from: to.doc.version() }),
    merge: (to, changes) => {
      to.doc.import(changes as Uint8Array);
      to.log.append(changes as Uint8Array);
    },
    size: (changes) => (changes as Uint8Array).length,
  },
};
