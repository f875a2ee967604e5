/**
 * What the status bar and `status` say: peers by name, what no other device has seen yet, whether we are the same. From the
 * worker's last status and the file itself; without a worker (the command line that opened the file) from the file alone.
 */
import { wordsOf } from "../../shared/crdt/words.ts";
import { AppError } from "../../shared/errors.ts";
import { type EpochMs, parseEpochMs } from "../../shared/ids.ts";
import type { DeskStatus, SyncStatus } from "../../shared/ipc/answers.ts";
import type { Handlers } from "../host/ports.ts";
import type { Store } from "../store/api.ts";
import type { SyncStatus as WorkerStatus } from "../sync/port.ts";
import type { DeskContext } from "./context.ts";

const ALONE_KEY = "sync.aloneSince";

export interface Status {
  readonly handlers: Pick<Handlers, "desk.status" | "sync.status" | "sync.dial">;
  current(): SyncStatus;
  /** The worker has a new status. */
  heard(status: WorkerStatus): void;
}

export const createStatus = (context: DeskContext): Status => {
  const { store, sync, device } = context.deps;
  let connected = false;
  let aloneSince: EpochMs | null = readInstant(store.notebook.get(ALONE_KEY));

  const held = (): SyncStatus["held"] => {
    const summaries = sync.status?.held ?? store.held().map((one) => ({ ...one, device: context.members.deviceOf(one.replica) ?? null }));
    return summaries.map((one) => ({
      device: one.device,
      name: (one.device === null ? undefined : context.members.nameOf(one.device)) ?? "an unknown desk",
      changes: one.changes,
      until: one.until,
    }));
  };
  const peers = (): SyncStatus["peers"] => {
    const status = sync.status;
    if (status === null)
      return [...(context.members.membership()?.members.values() ?? [])]
        .filter((member) => member.device !== device)
        .map(({ device: id, name, role }) => ({
          device: id,
          name,
          role,
          connected: false,
          lastExchange: null,
          clockOffsetMs: null,
          version: null,
          identical: null,
          problem: null,
        }));
    return status.peers.map((peer) => ({
      device: peer.device,
      name: peer.name,
      role: peer.role,
      connected: peer.connected,
      lastExchange: peer.lastExchange,
      clockOffsetMs: peer.clockOffset === null ? null : peer.clockOffset - status.referenceOffset,
      version: peer.version,
      identical: peer.identical,
      problem: peer.problem,
    }));
  };
  const fingerprint = (): SyncStatus["fingerprint"] => {
    const hex = store.fingerprint();
    return { hex, words: wordsOf(hex) };
  };
  const current = (): SyncStatus => {
    const all = peers();
    const exchanges = all.flatMap(({ lastExchange }) => lastExchange ?? []);
    const last = exchanges.length === 0 ? undefined : parseEpochMs(Math.max(...exchanges));
    return {
      peers: all,
      unseen: store.unseen(),
      lastExchange: last ?? null,
      aloneSince: connected ? null : aloneSince,
      rejoining: sync.status?.rejoining ?? null,
      problem: sync.status?.problem ?? null,
      held: held(),
      clockOffsetMs: -(sync.status?.referenceOffset ?? 0),
      nearby: (sync.status?.nearby ?? []).map((desk) => ({
        device: desk.device,
        name: desk.name === "" ? null : desk.name,
        address: desk.addresses[0] ?? "",
        sameWorkspace: desk.sameWorkspace,
      })),
      port: sync.status?.port ?? null,
      fingerprint: fingerprint(),
    };
  };
  return {
    current,
    heard: (status) => {
      const now = status.peers.some((peer) => peer.connected);
      if (connected && !now) {
        aloneSince = context.now();
        noteAlone(store, aloneSince);
      }
      connected = now;
    },
    handlers: {
      "desk.status": (): DeskStatus => {
        const { hex, words } = fingerprint();
        return {
          workspace: store.workspace ?? null,
          device,
          replica: store.replica,
          fingerprint: hex,
          words,
          records: store.count(),
          peers: peers().map(({ device: id, name, connected: here, problem }) => ({ device: id, name, connected: here, problem })),
          unseen: store.unseen(),
          held: held(),
          rejoining: sync.status?.rejoining ?? null,
          problem: sync.status?.problem ?? null,
        };
      },
      "sync.status": current,
      "sync.dial": async ({ address }) => {
        await sync.request({ kind: "dial", address });
        return null;
      },
    },
  };
};

/** Kept over a restart. A disk that is full ends no desk: the time is then known as long as this process lives. */
const noteAlone = ({ notebook }: Pick<Store, "notebook">, since: EpochMs): void => {
  try {
    notebook.set(ALONE_KEY, String(since));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
};

const readInstant = (text: string | undefined): EpochMs | null => (text === undefined ? null : (parseEpochMs(Number(text)) ?? null));
