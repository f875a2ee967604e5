/**
 * One desk as a process of its own for the sync tests: the real store, the real worker, the real listener on loopback, driven over the
 * process's message channel. Started by `sync-desks.ts`. Knows nothing of boards or the command line.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import process from "node:process";
import { createRecoverySheet, membershipCrypto } from "../../main/identity/crypto.ts";
import { openDeviceKey } from "../../main/identity/device-key.ts";
import type { Store } from "../../main/store/api.ts";
import { newGate } from "../../main/store/gate.ts";
import { openStore } from "../../main/store/open-store.ts";
import { removeToken } from "../../main/store/token.ts";
import type { SyncStatus } from "../../main/sync/port.ts";
import { startSyncService } from "../../main/sync/sync-service.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import { AppError } from "../../shared/errors.ts";
import { parseActionId, parseCollectionId, parseEpochMs, parseRecordId, type RecordId } from "../../shared/ids.ts";
import { FOUNDER_LETTERS } from "../../shared/membership/letters.ts";
import { foundWorkspace } from "../../shared/membership/log.ts";
import { signReplicaLine } from "../../shared/membership/replica-line.ts";
import type { Role } from "../../shared/membership/types.ts";
import { BUILT_IN_TYPES } from "../../shared/schema/builtin.ts";

/** What a test may ask of a desk. */
export type Command =
  | { readonly do: "found" }
  | { readonly do: "invite"; readonly role: Role }
  | { readonly do: "join"; readonly code: string; readonly address: string | undefined }
  | { readonly do: "dial"; readonly address: string }
  /** Creates orders `prefix-0` to `prefix-(count-1)`. */
  | { readonly do: "fill"; readonly prefix: string; readonly count: number }
  | { readonly do: "put"; readonly record: string; readonly field: string; readonly value: string }
  | { readonly do: "row"; readonly record: string }
  | { readonly do: "state" }
  | { readonly do: "stop" };

export interface DeskState {
  readonly device: string;
  readonly port: number;
  readonly records: number;
  readonly fingerprint: string;
  readonly unseen: number;
  readonly replica: string;
  readonly status: SyncStatus | null;
  readonly log: readonly string[];
  readonly forked: boolean;
  readonly fatal: string | null;
}

const sure = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("a test's id is none");
  return value;
};

/** `lan`: listens on all interfaces and is found by mDNS; `loopback`: neither. */
const [folder = ".", heartbeat = "400", name = "desk", place = "loopback"] = process.argv.slice(2);
const RECORDS_A_CHANGE = 20;
const LONG_TEXT = "Replace the pump in the cellar and check the pressure afterwards. ".repeat(4);
const wall = () => sure(parseEpochMs(Date.now()));
const orders = sure(parseCollectionId("workOrder"));

const main = async (): Promise<void> => {
  const identity = await openDeviceKey({ folder });
  const file = join(folder, "store.db");
  const gate = newGate();
  const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
  const store: Store = openStore({ file, types: BUILT_IN_TYPES, wall, random, gate });
  const kept = Number(store.notebook.get("sync.port") ?? 0);
  const sync = startSyncService(new URL("../../main/sync-worker.ts", import.meta.url), {
    identity: { keyPem: identity.keyPem, storage: identity.storage },
    name,
    workspace: store.workspace,
    file,
    types: BUILT_IN_TYPES,
    gate,
    port: kept,
    portFixed: false,
    host: place === "lan" ? null : "127.0.0.1",
    mdns: place === "lan",
    appVersion: "0.0.0-test",
    heartbeatMs: Number(heartbeat),
  });
  const { port } = await sync.ready;
  store.notebook.set("sync.port", String(port));
  const log: string[] = [];
  let forked = false;
  let fatal: string | null = null;
  sync.on("log", ({ message, details }) => log.push(`${message} ${JSON.stringify(details)}`));
  sync.on("forked", () => {
    // As the host does; the test starts the desk again.
    removeToken(file);
    forked = true;
  });
  sync.on("fatal", (error) => {
    fatal = `${error.code}: ${error.advice}`;
  });

  const commit = (edits: readonly Edit[]): void => {
    const action = sure(parseActionId(randomBytes(8).toString("hex")));
    const { change } = store.commit(edits, { action, label: "test" });
    sync.committed(change);
  };
  const record = (text: string): RecordId => sure(parseRecordId(text));
  const adopt = (workspace: Parameters<Store["adopt"]>[0], letters: string): void => {
    store.adopt(workspace, letters);
    const line = signReplicaLine(store.replica, identity);
    store.log.addReplicaLine({ replica: store.replica, device: identity.device, bytes: line.bytes });
    sync.workspaceChanged(workspace);
    sync.membershipChanged();
  };
  const obey = async (command: Command): Promise<unknown> => {
    switch (command.do) {
      case "found": {
        const founding = { signer: identity, deviceName: name, nonce: random(16), workspaceName: "Test", zone: "Europe/Berlin" };
        const operation = foundWorkspace({ ...founding, recoveryKey: createRecoverySheet().publicKey }, membershipCrypto);
        store.log.addOperations([{ hash: operation.id, bytes: operation.bytes }]);
        adopt(operation.workspace, FOUNDER_LETTERS);
        return null;
      }
      case "invite":
        return (await sync.request({ kind: "invite", role: command.role, long: command.role === "admin", confirmed: true })).code;
      case "join": {
        const joined = await sync.request({ kind: "join", code: command.code, address: command.address, name });
        adopt(joined.workspace, joined.letters);
        return joined;
      }
      case "dial":
        return sync.request({ kind: "dial", address: command.address });
      case "fill":
        for (let from = 0; from < command.count; from += RECORDS_A_CHANGE) {
          const numbers = Array.from({ length: Math.min(RECORDS_A_CHANGE, command.count - from) }, (_, i) => from + i);
          commit(
            numbers.flatMap((n): readonly Edit[] => {
              const target = { kind: "put" as const, collection: orders, record: record(`${command.prefix}-${n}`) };
              return [
                { ...target, path: ["title"], value: `${command.prefix} ${n}` },
                { ...target, path: ["status"], value: "new" },
                { ...target, path: ["holdReason"], value: `${n} ${LONG_TEXT}` },
              ];
            }),
          );
          // Messages to the worker must not pile up while this loop holds the thread.
          await new Promise((resolve) => setImmediate(resolve));
        }
        return null;
      case "put":
        commit([{ kind: "put", collection: orders, record: record(command.record), path: [command.field], value: command.value }]);
        return null;
      case "row":
        return store.row(record(command.record)) ?? null;
      case "state": {
        const { status } = sync;
        const { device } = identity;
        const state: DeskState = {
          device,
          port,
          records: store.count(),
          fingerprint: store.fingerprint(),
          unseen: store.unseen(),
          replica: store.replica,
          status,
          log,
          forked,
          fatal,
        };
        return state;
      }
      case "stop":
        await sync.stop();
        store.close();
        return null;
    }
  };
  process.on("message", (message: { readonly id: number; readonly command: Command }) => {
    const { id, command } = message;
    obey(command).then(
      (value) => {
        process.send?.({ id, value });
        if (command.do === "stop") process.disconnect();
      },
      (error: unknown) => process.send?.({ id, error: error instanceof AppError ? error.code : String(error) }),
    );
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({ id: 0, value: { device: identity.device, port } });
};

await main();
