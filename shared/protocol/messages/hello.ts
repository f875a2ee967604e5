/**
 * The first message each way, sent without waiting for the other's: who speaks, what it can, and digests of what it holds,
 * so that a reconnect without news ends here. `seen` finds rolled-back and copied files (merge.md, "Forks").
 */
import type { VersionVector } from "../../crdt/types.ts";
import type { DeviceId, EpochMs, ReplicaId, WorkspaceId } from "../../ids.ts";
import { asBody, asBytes, asCount, asDevice, asEpochMs, asList, asReplica, asText, asWorkspace, bytesFromHex } from "../fields.ts";
import { MAX_HEADS } from "../limits.ts";
import { packVector, readVector } from "../vector.ts";
import type { MessageSpec } from "./spec.ts";

export interface Hello {
  readonly kind: "hello";
  /** The versions of this protocol that the sender speaks, both included. */
  readonly protocol: { readonly min: number; readonly max: number };
  readonly workspace: WorkspaceId;
  readonly device: DeviceId;
  readonly replica: ReplicaId;
  /** The line that registers the replica, signed by the device: opaque here. */
  readonly replicaLine: Uint8Array;
  /** The app's version, for people. */
  readonly app: string;
  /** Version of the built-in types. */
  readonly schema: number;
  readonly capabilities: readonly string[];
  readonly wall: EpochMs;
  /** Random for each start of the process, hex: two at once mean a key in use twice. */
  readonly boot: string;
  /** Heads of the membership log. */
  readonly heads: readonly string[];
  /** Digests of the replica lines and of the version vector, text. */
  readonly linesDigest: string;
  readonly vectorDigest: string;
  /** For each replica of the receiving device: the highest seq seen anywhere, with its HLC. */
  readonly seen: VersionVector;
  /** How many batches the sender of this takes unacknowledged. */
  readonly credit: number;
  /** Where the sender listens, so that it can be dialled later; 0 when it does not. */
  readonly port: number;
}

export const hello: MessageSpec<Hello> = {
  kind: "hello",
  write: ({ kind: _, replica, seen, ...rest }) => ({
    ...rest,
    replica: bytesFromHex(replica),
    seen: packVector(seen),
  }),
  read: (body) => {
    const protocol = asBody(body["protocol"], "hello.protocol");
    return {
      kind: "hello",
      protocol: { min: asCount(protocol["min"], "hello.protocol"), max: asCount(protocol["max"], "hello.protocol") },
      workspace: asWorkspace(body["workspace"], "hello.workspace"),
      device: asDevice(body["device"], "hello.device"),
      replica: asReplica(body["replica"], "hello.replica"),
      replicaLine: asBytes(body["replicaLine"], "hello.replicaLine", 1024),
      app: asText(body["app"], "hello.app", 64),
      schema: asCount(body["schema"], "hello.schema"),
      capabilities: asList(body["capabilities"], "hello.capabilities", 64).map((item) => asText(item, "hello.capabilities", 64)),
      wall: asEpochMs(body["wall"], "hello.wall"),
      boot: asText(body["boot"], "hello.boot", 64),
      heads: asList(body["heads"], "hello.heads", MAX_HEADS).map((item) => asText(item, "hello.heads", 64)),
      linesDigest: asText(body["linesDigest"], "hello.linesDigest", 64),
      vectorDigest: asText(body["vectorDigest"], "hello.vectorDigest", 64),
      seen: readVector(body["seen"] ?? [], "hello.seen"),
      credit: Math.max(1, asCount(body["credit"], "hello.credit", 1_000)),
      port: asCount(body["port"], "hello.port", 65_535),
    };
  },
};
