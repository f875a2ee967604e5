/** PouchDB over LevelDB: a document an order; an edit is a get and a put of the whole document. */
import path from "node:path";
import LevelAdapter from "pouchdb-adapter-leveldb";
import PouchDB from "pouchdb-core";
import replication from "pouchdb-replication";
import type { Fields, FieldValue, Orders, Peer, Replica, Writes } from "../peer.ts";

PouchDB.plugin(LevelAdapter).plugin(replication);

type Doc = { _id: string; _rev?: string } & Record<string, FieldValue | undefined>;

interface Sent {
  readonly from: PouchReplica;
  /** Of the documents that are sent, whole. */
  readonly bytes: number;
}

class PouchReplica implements Replica {
  readonly db: PouchDB.Database<Doc>;
  /** Up to where its changes were sent. */
  sent: number | string = 0;

  constructor(folder: string) {
    this.db = new PouchDB(path.join(folder, "orders"), { adapter: "leveldb", revs_limit: 1 });
  }

  async write(writes: Writes): Promise<void> {
    for (let from = 0; from < writes.length; from += 1000) {
      const part = writes.slice(from, from + 1000);
      const { rows } = await this.db.allDocs({ keys: part.map(([id]) => id), include_docs: true });
      const docs = part.map(([id, fields], i) => {
        const row = rows[i];
        return { ...(row !== undefined && "doc" in row ? row.doc : {}), _id: id, ...fields };
      });
      for (const done of await this.db.bulkDocs(docs as Doc[])) if ("error" in done) throw new Error(String(done.message));
    }
  }

  async edit(id: string, field: string, value: FieldValue): Promise<void> {
    const doc = await this.db.get(id);
    await this.db.put({ ...doc, [field]: value });
  }

  async flush(): Promise<void> {
    await this.db.compact();
  }

  async orders(): Promise<Orders> {
    const { rows } = await this.db.allDocs({ include_docs: true });
    return new Map(
      rows.map(({ doc }) => {
        const { _id, _rev, ...fields } = doc as Doc;
        return [_id, fields as Fields];
      }),
    );
  }

  async close(): Promise<void> {
    await this.db.close();
  }
}

export const peer: Peer<PouchReplica> = {
  name: "PouchDB (LevelDB)",
  version: "9.0.0",
  kept: "LevelDB's log, no fsync",
  onDisk: true,
  overwritten: 1000,
  open: (folder) => new PouchReplica(folder),
  exchange: {
    fork: async (replica, folder) => {
      const other = new PouchReplica(folder);
      await replica.db.replicate.to(other.db, { batch_size: 1000 });
      other.sent = (await other.db.info()).update_seq;
      return other;
    },
    // Replication asks for what it lacks itself; this only tells how much it is.
    changes: async (from): Promise<Sent> => {
      const { results, last_seq } = await from.db.changes({ since: from.sent, include_docs: true });
      from.sent = last_seq;
      return { from, bytes: Buffer.byteLength(JSON.stringify(results.map(({ doc }) => doc))) };
    },
    merge: async (to, changes) => {
      await (changes as Sent).from.db.replicate.to(to.db, { batch_size: 1000 });
    },
    size: (changes) => (changes as Sent).bytes,
  },
};
