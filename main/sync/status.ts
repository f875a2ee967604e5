/** The status as the main thread is told it: put together from what the parts of the worker know, changing none of them. */

import { AppError } from "../../shared/errors.ts";
import { type DeviceId, type EpochMs, parseEpochMs } from "../../shared/ids.ts";
import { addressText } from "../../shared/membership/invitation.ts";
import type { ReplicaStore } from "../store/api.ts";
import type { Dialler } from "./dialler.ts";
import { workspaceTag } from "./digest.ts";
import type { NearbyPeer } from "./discovery/discovery.ts";
import type { LogKeeper } from "./log-keeper.ts";
import type { PeerLinks } from "./peer-links.ts";
import type { SyncStatus } from "./port.ts";
import type { Problems } from "./problems.ts";

export interface StatusSources {
  readonly device: DeviceId;
  readonly port: number;
  readonly store: ReplicaStore;
  /** Null without a workspace. */
  readonly keeper: LogKeeper | null;
  readonly links: PeerLinks | null;
  readonly dialler: Dialler;
  readonly problems: Problems;
  readonly nearby: readonly NearbyPeer[];
  readonly referenceOffset: number;
  readonly rejoining: string | null;
}

/** A number of milliseconds as an instant; rounds. */
export const epoch = (ms: number): EpochMs => {
  const parsed = parseEpochMs(Math.round(ms));
  if (parsed === undefined) throw new AppError("unreachable", `${ms} is no instant.`);
  return parsed;
};

export const statusOf = (sources: StatusSources): SyncStatus => {
  const { device: own, port, store, keeper, links, dialler, problems, nearby, referenceOffset } = sources;
  const sessions = [...(links?.sessions.values() ?? [])];
  const open = new Map(sessions.flatMap((session) => (session.phase === "open" ? [[session.device, session] as const] : [])));
  const ownTag = keeper === null ? "" : workspaceTag(keeper.workspace);
  const members = [...(keeper?.members.values() ?? [])].filter(({ device }) => device !== own);
  return {
    port,
    peers: members.map(({ device, name, role }) => {
      const session = open.get(device);
      return {
        device,
        name,
        role,
        connected: session !== undefined,
        lastExchange: links?.heardAt(device) ?? null,
        address: dialler.addressOf(device),
        clockOffset: session?.pulse.clockOffset ?? null,
        version: session?.peer.app ?? null,
        identical: session === undefined ? null : (links?.isIdentical(device) ?? null),
        problem: problems.of(device),
      };
    }),
    unseen: store.unseen(),
    held: store.held().map((held) => ({ ...held, device: keeper?.replicas.get(held.replica) ?? null })),
    nearby: nearby.map(({ device, name, addresses, workspaceTag: tag }) => ({
      device,
      name: name ?? "",
      addresses: addresses.map(addressText),
      sameWorkspace: tag !== "" && tag === ownTag,
    })),
    referenceOffset,
    rejoining: sources.rejoining,
    problem: problems.own,
    receiving: sessions.some((session) => session.phase === "open" && session.in !== null),
  };
};
