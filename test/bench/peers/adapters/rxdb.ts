/** RxDB with the storage that is free in Node, which is memory: what a document database with schemas costs without a disk. */
import { createRxDatabase, type RxCollection, type RxDatabase } from "rxdb";
import { getRxStorageMemory } from "rxdb/plugins/storage-memory";
import type { Fields, FieldValue, Orders, Peer, Replica, Writes } from "../peer.ts";

type Doc = { id: string } & Record<string, FieldValue>;
let opened = 0;

const typeOf = (value: FieldValue): string => (typeof value === "number" ? "number" : typeof value === "boolean" ? "boolean" : "string");

class RxReplica implements Replica {
  #database: RxDatabase | undefined;
  #orders: RxCollection<Doc> | undefined;

  async #collection(sample: Fields): Promise<RxCollection<Doc>> {
    if (this.#orders !== undefined) return this.#orders;
    opened += 1;
    this.#database = await createRxDatabase({ name: `bench-${opened}`, storage: getRxStorageMemory(), multiInstance: false });
    const properties = Object.fromEntries(Object.entries(sample).map(([field, value]) => [field, { type: typeOf(value) }]));
    const schema = { version: 0, primaryKey: "id", type: "object", properties: { id: { type: "string", maxLength: 40 }, ...properties } };
    const { orders } = await this.#database.addCollections({ orders: { schema } });
    if (orders === undefined) throw new Error("RxDB made no collection");
    this.#orders = orders as RxCollection<Doc>;
    return this.#orders;
  }

  async write(writes: Writes): Promise<void> {
    const collection = await this.#collection(writes[0]?.[1] ?? {});
    const found = await collection.findByIds(writes.map(([id]) => id)).exec();
    const docs = writes.map(([id, fields]) => ({ ...found.get(id)?.toMutableJSON(), id, ...fields }) as Doc);
    const { error } = await collection.bulkUpsert(docs);
    if (error.length > 0) throw new Error(JSON.stringify(error[0]));
  }

  async edit(id: string, field: string, value: FieldValue): Promise<void> {
    const doc = await this.#orders?.findOne(id).exec();
    if (doc === null || doc === undefined) throw new Error(`no order ${id}`);
    await doc.incrementalModify((data) => ({ ...data, [field]: value }));
  }

  flush(): void {}

  async orders(): Promise<Orders> {
    const docs = (await this.#orders?.find().exec()) ?? [];
    return new Map(
      docs.map((doc) => {
        const { id, ...fields } = doc.toMutableJSON();
        return [id, fields as Fields];
      }),
    );
  }

  async close(): Promise<void> {
    await this.#database?.close();
  }
}

export const peer: Peer<RxReplica> = {
  name: "RxDB (memory)",
  version: "17.6.0",
  kept: "nothing: memory only",
  onDisk: false,
  open: () => new RxReplica(),
};
