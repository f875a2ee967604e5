/**
 * Desks for the store's property tests: real SQLite files with both connections, a clock and randomness under the test's control,
 * and the order of two cells, written apart from the program's.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Doc, encodeStateAsUpdate } from "yjs";
import type { ReplicaStore, Store } from "../../main/store/api.ts";
import { newGate } from "../../main/store/gate.ts";
import { openReplicaStore } from "../../main/store/open-replica-store.ts";
import { openStore } from "../../main/store/open-store.ts";
import { hashCell, hashPathText, hashRecordId, hashReplicaId, hashStamp } from "../../shared/crdt/fingerprint.ts";
import { newHash } from "../../shared/crdt/hash.ts";
import type { Cell } from "../../shared/crdt/types.ts";
import {
  type ActionId,
  type CollectionId,
  type EpochMs,
  parseActionId,
  parseCollectionId,
  parseEpochMs,
  parseRecordId,
  parseWorkspaceId,
  type RecordId,
  type WorkspaceId,
} from "../../shared/ids.ts";
import type { TypeDef } from "../../shared/schema/types.ts";

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("a test id does not parse");
  return value;
};

export const collectionId = (text: string): CollectionId => must(parseCollectionId(text));
export const recordId = (text: string): RecordId => must(parseRecordId(text));
export const actionId = (text: string): ActionId => must(parseActionId(text));
export const epochMs = (ms: number): EpochMs => must(parseEpochMs(ms));
export const WORKSPACE: WorkspaceId = must(parseWorkspaceId("w".repeat(43)));

export const ORDER = collectionId("order");
/** One type with a field of every kind. */
export const ORDER_TYPE: TypeDef = {
  collection: ORDER,
  name: "Order",
  fields: [
    { id: "number", name: "Number", kind: "string" },
    { id: "title", name: "Title", kind: "string", indexed: true, searched: true },
    { id: "status", name: "Status", kind: "choice", options: ["new", "done", "held"] },
    { id: "minutes", name: "Minutes", kind: "minutes", indexed: true },
    { id: "tags", name: "Tags", kind: "set", indexed: true, searched: true },
    { id: "used", name: "Used", kind: "counter" },
    { id: "steps", name: "Steps", kind: "list", item: [{ id: "label", name: "Label", kind: "string" }] },
    { id: "notes", name: "Notes", kind: "text", searched: true },
    { id: "extra", name: "Extra", kind: "json" },
  ],
};

/** Real time that a test moves; each desk's wall clock is off it by its own error. */
export interface World {
  now: number;
}

export interface Desk {
  readonly file: string;
  readonly store: Store;
  readonly worker: ReplicaStore;
  close(): void;
}

export const openDesk = (folder: string, name: string, world: World, clockErrorMs = 0, types: readonly TypeDef[] = [ORDER_TYPE]): Desk => {
  const file = path.join(folder, `${name}.db`);
  const options = {
    file,
    types,
    wall: () => epochMs(world.now + clockErrorMs),
    random: (bytes: number) => new Uint8Array(randomBytes(bytes)),
    gate: newGate(),
    machine: "test",
  };
  const store = openStore(options);
  if (store.workspace === undefined) store.adopt(WORKSPACE, name.toUpperCase().replaceAll(/[^A-Z]/g, "") || "A");
  const worker = openReplicaStore(options);
  return {
    file,
    store,
    worker,
    close: () => {
      worker.close();
      store.close();
    },
  };
};

/** A Yjs update that types a text under a client id. */
export const updateOf = (text: string, clientId: number): Uint8Array => {
  const doc = new Doc();
  doc.clientID = clientId;
  doc.getText("t").insert(0, text);
  return encodeStateAsUpdate(doc);
};

/** A folder that is gone when `work` ends. */
export const inFolder = <T>(work: (folder: string) => T): T => {
  const folder = mkdtempSync(path.join(tmpdir(), "switchyard-store-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const REPLICA = /^[0-9a-f]{32}$/;

/** The model's own reading of the order of two cells of one path, written apart from the program's. */
export const isGreater = (a: Cell, b: Cell): boolean => {
  const owner = (a.path.length === 2 || a.path.length === 4) && REPLICA.test(a.path[1] ?? "") ? a.path[1] : undefined;
  if (owner !== undefined) return a.stamp.seq > b.stamp.seq;
  if (a.stamp.term !== b.stamp.term) return a.stamp.term > b.stamp.term;
  if (a.stamp.hlc !== b.stamp.hlc) return a.stamp.hlc > b.stamp.hlc;
  return a.stamp.replica > b.stamp.replica;
};

/** The numbers of a replica that a deletion lists. */
export const seqsOf = (list: unknown, replica: string): readonly unknown[] => {
  const seqs = list !== null && typeof list === "object" ? Object.entries(list).find(([key]) => key === replica)?.[1] : undefined;
  return Array.isArray(seqs) ? seqs : [];
};

export const hashOf = (record: RecordId, { path: cellPath, value, stamp }: Cell): Int32Array => {
  const stampHash = newHash();
  const out = newHash();
  hashStamp(hashRecordId(record), { ...stamp, replica: hashReplicaId(stamp.replica) }, stampHash);
  const text = cellPath.map((segment) => segment.replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
  hashCell(stampHash, hashPathText(text), value, out);
  return out;
};
