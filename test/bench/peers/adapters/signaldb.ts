/** SignalDB: a collection in memory; a persistence adapter of ours writes the whole collection as JSON, as its own for files does. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Collection, createPersistenceAdapter } from "@signaldb/core";
import type { Fields, FieldValue, Orders, Peer, Replica, Writes } from "../peer.ts";

type Item = { id: string } & Record<string, FieldValue>;

class SignalDbReplica implements Replica {
  readonly collection: Collection<Item>;
  readonly #file: string;

  constructor(folder: string) {
    const file = path.join(folder, "orders.json");
    this.#file = file;
    this.collection = new Collection<Item>({
      persistence: createPersistenceAdapter<Item, string>({
        register: () => Promise.resolve(),
        load: () => Promise.resolve({ items: existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Item[]) : [] }),
        // The replica writes when it is told to, so that an edit waits for its own write and no other.
        save: () => Promise.resolve(),
      }),
    });
  }

  write(writes: Writes): void {
    this.collection.batch(() => {
      for (const [id, fields] of writes) {
        if (this.collection.findOne({ id }, { reactive: false }) === undefined) this.collection.insert({ id, ...fields });
        else this.collection.updateOne({ id }, { $set: { ...fields } });
      }
    });
  }

  edit(id: string, field: string, value: FieldValue): void {
    this.write([[id, { [field]: value }]]);
    this.flush();
  }

  flush(): void {
    writeFileSync(this.#file, JSON.stringify(this.collection.find({}, { reactive: false }).fetch()));
  }

  orders(): Orders {
    return new Map(
      this.collection
        .find({}, { reactive: false })
        .fetch()
        .map(({ id, ...fields }) => [id, fields as Fields]),
    );
  }

  async close(): Promise<void> {
    // It saves once more a moment after it has loaded, also when nothing changed, and must not be gone then.
    await new Promise((resolve) => setTimeout(resolve, 20));
    await this.collection.dispose();
  }
}

export const peer: Peer<SignalDbReplica> = {
  name: "SignalDB",
  version: "1.8.1",
  kept: "whole collection rewritten as JSON, no fsync",
  onDisk: true,
  edits: 20,
  open: async (folder) => {
    const replica = new SignalDbReplica(folder);
    await replica.collection.isReady();
    return replica;
  },
};
