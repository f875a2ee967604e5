/**
 * One end of the LAN benchmark: our desk (store, sync worker, listener on loopback) with a full-grown log, and beside it the floor's
 * plain table. The same for both processes; who asks and who answers is theirs.
 */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { identityFromKey } from "../../main/identity/identity.ts";
import { openStore } from "../../main/store/open-store.ts";
import { startSyncService } from "../../main/sync/sync-service.ts";
import { parseRecordId, type RecordId, type WorkspaceId } from "../../shared/ids.ts";
import { signReplicaLine } from "../../shared/membership/replica-line.ts";
import { ACTION, IDS, idOf, ORDERS, openPlain, RECORDS, storeOptions } from "./orders.ts";

/** Orders that questions and answers are written to. */
export const PINGS = 200;
const GROWN_BYTES = 20 << 20;

export const pingId = (n: number): RecordId => {
  const id = parseRecordId(`ping-${n % PINGS}`);
  if (id === undefined) throw new Error("no id");
  return id;
};

export const openLanDesk = async (folder: string, name: string) => {
  const own = path.join(folder, name);
  mkdirSync(own);
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const identity = identityFromKey({ keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(), storage: "file" });
  const options = storeOptions(own, "ours", true);
  const store = openStore(options);
  const write = (record: RecordId, field: string, value: string) =>
    store.commit([{ kind: "put", collection: ORDERS, record, path: [field], value }], { action: ACTION, label: "ping" });
  const sync = startSyncService(new URL("../../main/sync-worker.ts", import.meta.url), {
    identity: { keyPem: identity.keyPem, storage: identity.storage },
    name,
    workspace: undefined,
    file: options.file,
    types: options.types,
    gate: options.gate,
    port: 0,
    portFixed: false,
    host: "127.0.0.1",
    mdns: false,
    appVersion: "bench",
    heartbeatMs: 5_000,
  });
  const { port } = await sync.ready;
  const plain = openPlain(own, "FULL");
  const update = plain.db.prepare<[string, string]>("UPDATE orders SET f2 = ? WHERE id = ?");
  const read = plain.db.prepare<[string], string>("SELECT f2 FROM orders WHERE id = ?").pluck();
  return {
    store,
    sync,
    port,
    identity,
    adopt: (workspace: WorkspaceId, letters: string): void => {
      store.adopt(workspace, letters);
      const { bytes } = signReplicaLine(store.replica, identity);
      store.log.addReplicaLine({ replica: store.replica, device: identity.device, bytes });
      sync.workspaceChanged(workspace);
      sync.membershipChanged();
    },
    /** Writes until the log has the size of a desk's daily life; the worker then lets it be used again from its start. */
    growLog: async (): Promise<void> => {
      for (let n = 0; statSync(`${options.file}-wal`).size < GROWN_BYTES; n++) {
        store.commit(
          Array.from({ length: 100 }, (_, i) => ({
            kind: "put" as const,
            collection: ORDERS,
            record: pingId(n * 100 + i),
            path: ["f5"],
            value: `${name} ${n} ${randomBytes(400).toString("hex")}`,
          })),
          { action: ACTION, label: "grow" },
        );
      }
      await new Promise((resolve) => setImmediate(resolve));
    },
    /** Durable, then on its way to the other desk. */
    commit: (record: RecordId, field: string, value: string): void => {
      sync.committed(write(record, field, value).change);
    },
    /** The floor's durable commit. */
    update: (n: number, value: string): void => {
      update.run(value, idOf(n % RECORDS));
    },
    plainValue: (n: number): string | undefined => read.get(IDS[n % RECORDS] ?? ""),
    checkpointPlain: (): void => void plain.db.pragma("wal_checkpoint(PASSIVE)"),
    close: async (): Promise<void> => {
      await sync.stop();
      store.close();
      plain.db.close();
    },
  };
};
