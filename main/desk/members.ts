/**
 * Who is a member, as this desk's copy of the signed log says; read again when the log has grown. Names of devices and what our
 * own role allows come from here. The rules are in `shared/membership`.
 */
import { AppError } from "../../shared/errors.ts";
import type { DeviceId, ReplicaId } from "../../shared/ids.ts";
import { openLog } from "../../shared/membership/log.ts";
import { signReplicaLine } from "../../shared/membership/replica-line.ts";
import { maySend } from "../../shared/membership/rights.ts";
import type { FoundOperation, Member, Membership } from "../../shared/membership/types.ts";
import type { DeskDeps } from "../host/ports.ts";
import { membershipCrypto } from "../identity/crypto.ts";

export interface Members {
  /** Undefined on a fresh profile. */
  membership(): Membership | undefined;
  found(): FoundOperation | undefined;
  /** This device; undefined while it is no member. */
  own(): Member | undefined;
  nameOf(device: DeviceId): string | undefined;
  deviceOf(replica: ReplicaId): DeviceId | undefined;
  /** The log may have grown: read it again when it is next asked. */
  refresh(): void;
  /** Throws `no_workspace` on a fresh profile and `read_only` on a viewer's or removed device. */
  requireWriter(): void;
  /** Signs the line that registers this file's replica, if it lacks one; a device whose key only the app can open does it there. */
  registerReplica(): void;
}

export const createMembers = ({ store, device, signer }: DeskDeps): Members => {
  let cached: { readonly count: number; readonly membership: Membership } | undefined;
  let stale = true;
  const membership = (): Membership | undefined => {
    const { workspace } = store;
    if (workspace === undefined) return undefined;
    if (cached !== undefined && !stale) return cached.membership;
    const operations = store.log.operations();
    if (cached?.count !== operations.length)
      cached = { count: operations.length, membership: openLog(workspace, operations, membershipCrypto, "verified").membership };
    stale = false;
    return cached.membership;
  };
  const own = (): Member | undefined => membership()?.members.get(device);
  const lines = new Map<ReplicaId, DeviceId>();
  return {
    membership,
    found: () => membership()?.found,
    own,
    nameOf: (id) => membership()?.members.get(id)?.name,
    deviceOf: (replica) => {
      if (replica === store.replica) return device;
      if (!lines.has(replica)) for (const line of store.log.replicaLines()) lines.set(line.replica, line.device);
      return lines.get(replica);
    },
    refresh: () => {
      stale = true;
    },
    requireWriter: () => {
      if (store.workspace === undefined)
        throw new AppError("no_workspace", "This desk belongs to no workspace yet. Start a new one, or join one with an invitation.");
      if (!maySend(own()))
        throw new AppError("read_only", "This device may look but not change anything. Ask an admin for the role of a dispatcher.");
    },
    registerReplica: () => {
      if (store.log.replicaLines().some(({ replica }) => replica === store.replica)) return;
      try {
        const { replica, bytes } = signReplicaLine(store.replica, signer);
        store.log.addReplicaLine({ replica, device, bytes });
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== "key_needs_app") throw error;
      }
    },
  };
};
