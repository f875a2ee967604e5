/**
 * Starting sync for a host: the worker with the profile's key, and the port that is kept from the first start on. A port that was asked
 * for and is taken is an error; a kept one that is taken moves, and the person is told once. Source: contracts.md, "Profiles".
 */
import type { Notice } from "../../shared/ipc/answers.ts";
import { BUILT_IN_TYPES } from "../../shared/schema/builtin.ts";
import type { Identity } from "../identity/identity.ts";
import type { Store } from "../store/api.ts";
import { type SyncService, startSyncService } from "../sync/sync-service.ts";
import { VERSION } from "./version.ts";

const HEARTBEAT_MS = 5_000;
const PORT_NOTE = "sync.port";

export interface SyncOptions {
  readonly worker: URL;
  /** Undefined: the kept port, at the first start a free one. 0: a free one. */
  readonly port: number | undefined;
  readonly mdns: boolean;
}

interface SyncedStore {
  readonly store: Store;
  readonly file: string;
  readonly gate: SharedArrayBuffer;
}

export const startSync = (
  { worker, port, mdns }: SyncOptions,
  identity: Identity,
  name: string,
  { store, file, gate }: SyncedStore,
): SyncService =>
  startSyncService(worker, {
    identity: { keyPem: identity.keyPem, storage: identity.storage },
    name,
    workspace: store.workspace,
    file,
    types: BUILT_IN_TYPES,
    gate,
    port: port ?? Number(store.notebook.get(PORT_NOTE) ?? 0),
    portFixed: port !== undefined && port !== 0,
    host: null,
    mdns,
    appVersion: VERSION,
    heartbeatMs: HEARTBEAT_MS,
  });

/** From now on this port is tried first, so that peers find us where they did; what to tell of it. */
export const keepPort = (
  { port, portMoved }: { readonly port: number; readonly portMoved: boolean },
  { notebook }: Store,
): readonly Notice[] => {
  const kept = notebook.get(PORT_NOTE);
  if (kept !== String(port)) notebook.set(PORT_NOTE, String(port));
  if (!portMoved || kept === undefined) return [];
  const text = `Port ${kept}, where other desks used to find this one, is taken by another program. Switchyard now uses ${port}; a firewall rule may have to follow.`;
  return [{ code: "port_moved", text }];
};
