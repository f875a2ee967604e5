/** TinyBase: a mergeable store with its file persister, which writes the whole store as JSON at each save. */
import path from "node:path";
import { createMergeableStore, type MergeableStore } from "tinybase";
import { createFilePersister } from "tinybase/persisters/persister-file";
import type { Fields, FieldValue, Orders, Peer, Replica, Writes } from "../peer.ts";

type Changes = ReturnType<MergeableStore["getTransactionMergeableChanges"]>;

class TinyBaseReplica implements Replica {
  readonly store: MergeableStore;
  readonly #persister: ReturnType<typeof createFilePersister>;
  /** What the last transaction changed. */
  changed: Changes | undefined;

  constructor(store: MergeableStore, folder: string) {
    this.store = store;
    this.#persister = createFilePersister(store, path.join(folder, "store.json"));
    store.addDidFinishTransactionListener(() => {
      this.changed = store.getTransactionMergeableChanges();
    });
  }

  async load(): Promise<void> {
    await this.#persister.load();
  }

  write(writes: Writes): void {
    this.store.transaction(() => {
      for (const [id, fields] of writes) this.store.setPartialRow("orders", id, { ...fields });
    });
  }

  async edit(id: string, field: string, value: FieldValue): Promise<void> {
    this.store.setCell("orders", id, field, value);
    await this.flush();
  }

  async flush(): Promise<void> {
    await this.#persister.save();
  }

  orders(): Orders {
    return new Map(Object.entries(this.store.getTable("orders") as Record<string, Fields>));
  }

  async close(): Promise<void> {
    await this.#persister.destroy();
  }
}

const opened = async (folder: string): Promise<TinyBaseReplica> => {
  const replica = new TinyBaseReplica(createMergeableStore(), folder);
  await replica.load();
  return replica;
};

export const peer: Peer<TinyBaseReplica> = {
  name: "TinyBase",
  version: "10.0.1",
  kept: "whole store rewritten as JSON, no fsync",
  onDisk: true,
  overwritten: 1000,
  edits: 20,
  open: opened,
  exchange: {
    fork: async (replica, folder) => {
      const other = await opened(folder);
      other.store.merge(replica.store);
      await other.flush();
      return other;
    },
    // What it changed in one transaction is what its synchronizers send.
    changes: (from) => from.changed,
    merge: async (to, changes) => {
      to.store.applyMergeableChanges(changes as Changes);
      await to.flush();
    },
    size: (changes) => Buffer.byteLength(JSON.stringify(changes)),
  },
};
