/** Automerge: one document, a map of maps; incremental saves appended to a file, which is rewritten whole when it is flushed. */
import path from "node:path";
import * as A from "@automerge/automerge";
import type { Fields, FieldValue, Orders, Peer, Replica, Writes } from "../peer.ts";
import { UpdateLog } from "../update-log.ts";

interface Shape {
  orders: Record<string, Record<string, FieldValue>>;
}

class AutomergeReplica implements Replica {
  doc: A.Doc<Shape>;
  readonly log: UpdateLog;

  constructor(folder: string, from?: A.Doc<Shape>) {
    const file = path.join(folder, "changes.bin");
    const kept = UpdateLog.read(file);
    this.doc = from ?? (kept.length > 0 ? A.load<Shape>(Buffer.concat(kept)) : A.from<Shape>({ orders: {} }));
    this.log = new UpdateLog(file);
  }

  write(writes: Writes): void {
    this.doc = A.change(this.doc, ({ orders }) => {
      for (const [id, fields] of writes) {
        const order = orders[id];
        if (order === undefined) orders[id] = { ...fields };
        else Object.assign(order, fields);
      }
    });
  }

  edit(id: string, field: string, value: FieldValue): void {
    this.write([[id, { [field]: value }]]);
    this.log.append(A.saveIncremental(this.doc));
  }

  flush(): void {
    this.log.replace(A.save(this.doc));
  }

  orders(): Orders {
    return new Map(Object.entries(A.toJS(this.doc).orders as Record<string, Fields>));
  }

  close(): void {
    this.log.close();
    A.free(this.doc);
  }
}

export const peer: Peer<AutomergeReplica> = {
  name: "Automerge",
  version: "3.5.0",
  kept: "change appended to a file of ours, fsync",
  onDisk: true,
  orders: 1000,
  open: (folder) => new AutomergeReplica(folder),
  exchange: {
    fork: async (replica, folder) => {
      const other = new AutomergeReplica(folder, A.clone(replica.doc));
      other.flush();
      return other;
    },
    changes: (from, to) => A.getChanges(to.doc, from.doc),
    merge: (to, changes) => {
      [to.doc] = A.applyChanges(to.doc, changes as A.Change[]);
      to.log.append(A.saveIncremental(to.doc));
    },
    size: (changes) => (changes as A.Change[]).reduce((sum, change) => sum + change.length, 0),
  },
};
