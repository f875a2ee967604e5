/** What the simulator's desks say in hello, and the digests that they compare. */
import { createHash } from "node:crypto";
import type { VersionVector } from "../../shared/crdt/types.ts";
import { type DeviceId, type EpochMs, parseWorkspaceId, type ReplicaId } from "../../shared/ids.ts";
import { PURGES } from "../../shared/protocol/greeting.ts";
import type { Hello } from "../../shared/protocol/messages/hello.ts";
import { REPAIR_CAPABILITY } from "../../shared/protocol/repair.ts";
import { vectorText } from "../../shared/protocol/vector.ts";
import { DIGESTS_CAPABILITY } from "../../shared/protocol/vector-digests.ts";
import type { Desk } from "./desk.ts";
import { known } from "./model-store.ts";

const WORKSPACE = known(parseWorkspaceId("w".repeat(43)));

export const hash = (text: string): string => createHash("sha256").update(text).digest("base64url");

interface Surroundings {
  readonly replicas: ReadonlyMap<ReplicaId, DeviceId>;
  readonly wall: EpochMs;
  readonly repairs: boolean;
}

export const helloOf = (desk: Desk, peer: Desk, { replicas, wall, repairs }: Surroundings): Hello => ({
  kind: "hello",
  protocol: { min: 1, max: 1 },
  workspace: WORKSPACE,
  device: desk.device,
  replica: desk.store.replica,
  replicaLine: new Uint8Array(),
  app: "0.0.0",
  schema: 1,
  capabilities: [PURGES, DIGESTS_CAPABILITY, ...(repairs ? [REPAIR_CAPABILITY] : [])],
  wall,
  boot: `${desk.name}-${desk.boot}`,
  heads: [],
  linesDigest: "",
  vectorDigest: hash(vectorText(desk.node.vector)),
  seen: seenOf(
    desk,
    [...replicas].filter(([, device]) => device === peer.device).map(([replica]) => replica),
  ),
  credit: 2,
  port: 0,
});

const seenOf = ({ store, node }: Desk, replicas: readonly ReplicaId[]): VersionVector =>
  store.seen === undefined ? new Map([...node.vector].filter(([replica]) => replicas.includes(replica))) : store.seen(replicas);
