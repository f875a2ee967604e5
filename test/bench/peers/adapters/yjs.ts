/** Yjs: one document, a map of maps; updates appended to a file, which is rewritten as one update when it is flushed. */
import path from "node:path";
import * as Y from "yjs";
import type { Fields, FieldValue, Orders, Peer, Replica, Writes } from "../peer.ts";
import { UpdateLog } from "../update-log.ts";

class YjsReplica implements Replica {
  readonly doc = new Y.Doc();
  readonly log: UpdateLog;
  last = new Uint8Array();

  constructor(folder: string) {
    const file = path.join(folder, "updates.bin");
    const kept = UpdateLog.read(file);
    if (kept.length > 0) Y.applyUpdate(this.doc, kept.length === 1 ? kept[0]! : Y.mergeUpdates([...kept]));
    this.log = new UpdateLog(file);
    this.doc.on("update", (update: Uint8Array) => {
      this.last = update;
    });
  }

  write(writes: Writes): void {
    const orders = this.doc.getMap<Y.Map<FieldValue>>("orders");
    this.doc.transact(() => {
      for (const [id, fields] of writes) {
        let order = orders.get(id);
        if (order === undefined) orders.set(id, (order = new Y.Map<FieldValue>()));
        for (const [field, value] of Object.entries(fields)) order.set(field, value);
      }
    });
  }

  edit(id: string, field: string, value: FieldValue): void {
    this.write([[id, { [field]: value }]]);
    this.log.append(this.last);
  }

  flush(): void {
    this.log.replace(Y.encodeStateAsUpdate(this.doc));
  }

  orders(): Orders {
    return new Map(Object.entries(this.doc.getMap("orders").toJSON() as Record<string, Fields>));
  }

  close(): void {
    this.log.close();
    this.doc.destroy();
  }
}

export const peer: Peer<YjsReplica> = {
  name: "Yjs",
  version: "13.6.33",
  kept: "update appended to a file of ours, fsync",
  onDisk: true,
  open: (folder) => new YjsReplica(folder),
  exchange: {
    fork: async (replica, folder) => {
      const other = new YjsReplica(folder);
      Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(replica.doc));
      other.flush();
      return other;
    },
    changes: (from, to) => Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(to.doc)),
    live: (from) => from.last,
    merge: (to, changes) => {
      Y.applyUpdate(to.doc, changes as Uint8Array);
      to.log.append(changes as Uint8Array);
    },
    size: (changes) => (changes as Uint8Array).length,
  },
};
