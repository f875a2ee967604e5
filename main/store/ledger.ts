/**
 * What is stored beside the records: the notebook of this device and the membership log, as opaque bytes.
 * Each write is a transaction of its own.
 */
import { AppError } from "../../shared/errors.ts";
import { type DeviceId, parseDeviceId, parseReplicaId, type ReplicaId } from "../../shared/ids.ts";
import type { LogStore, Notebook } from "./api.ts";
import type { Connection } from "./transaction.ts";

export const notebookOf = (connection: Connection): Notebook => {
  const { db } = connection;
  const get = db.prepare<[string], string>("SELECT value FROM notebook WHERE key = ?").pluck();
  const put = db.prepare<[string, string]>(
    "INSERT INTO notebook (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
  );
  const remove = db.prepare<[string]>("DELETE FROM notebook WHERE key = ?");
  return {
    get: (key) => connection.read(() => get.get(key)),
    set: (key, value) => {
      connection.raw(() => {
        if (value === undefined) remove.run(key);
        else put.run(key, value);
      });
    },
  };
};

interface LineRow {
  readonly replica: string;
  readonly device: string;
  readonly bytes: Uint8Array;
}

export const logOf = (connection: Connection): LogStore => {
  const { db } = connection;
  const operations = db.prepare<[], Uint8Array>("SELECT bytes FROM operation ORDER BY num").pluck();
  const addOperation = db.prepare<[string, Uint8Array]>("INSERT INTO operation (hash, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING");
  const lines = db.prepare<[], LineRow>("SELECT replica, device, bytes FROM replica_line ORDER BY replica");
  const addLine = db.prepare<[string, string, Uint8Array]>(
    "INSERT INTO replica_line (replica, device, bytes) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
  );
  return {
    operations: () => connection.read(() => operations.all()),
    addOperations: (added) => {
      connection.raw(() => {
        for (const { hash, bytes } of added) addOperation.run(hash, bytes);
      });
    },
    replicaLines: () =>
      connection.read(() =>
        lines.all().map(({ replica, device, bytes }) => ({ replica: replicaOf(replica), device: deviceOf(device), bytes })),
      ),
    addReplicaLine: ({ replica, device, bytes }) => {
      connection.raw(() => {
        addLine.run(replica, device, bytes);
      });
    },
  };
};

const damaged = (what: string): AppError =>
  new AppError("database_damaged", `The database holds an impossible ${what}. Restore a backup, or join again.`);

const replicaOf = (text: string): ReplicaId => {
  const id = parseReplicaId(text);
  if (id === undefined) throw damaged("replica");
  return id;
};

const deviceOf = (text: string): DeviceId => {
  const id = parseDeviceId(text);
  if (id === undefined) throw damaged("device");
  return id;
};
