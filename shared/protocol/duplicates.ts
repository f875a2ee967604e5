/**
 * Which of two connections between the same devices stays: the one dialled by the smaller device id; of two in one direction the
 * newer. Two processes with one key are refused: the newer connection goes. Both ends decide alike. Sources: contracts.md, trust.md.
 */
import type { DeviceId } from "../ids.ts";
import type { ConnectionId } from "./node-state.ts";
import type { Agreeing, Open, SyncSession } from "./session-state.ts";

export type Duplicate =
  | { readonly kind: "none" }
  | { readonly kind: "key-in-use-twice" }
  /** These connections go. */
  | { readonly kind: "close"; readonly ids: readonly ConnectionId[] };

const isGreeted = (session: SyncSession): session is Agreeing | Open => session.phase === "agreeing" || session.phase === "open";

/** To be asked once the hello on connection `id` is in order. An older one that was silent for a heartbeat is taken for dead. */
export const settleDuplicates = (
  self: DeviceId,
  sessions: ReadonlyMap<ConnectionId, SyncSession>,
  id: ConnectionId,
  now: number,
): Duplicate => {
  const session = sessions.get(id);
  if (session === undefined || !isGreeted(session)) return { kind: "none" };
  const close: ConnectionId[] = [];
  for (const [otherId, other] of sessions) {
    if (otherId === id || other.device !== session.device || !isGreeted(other)) continue;
    if (other.peer.boot !== session.peer.boot) {
      if (now - other.pulse.heardAt < other.pulse.everyMs) return { kind: "key-in-use-twice" };
      close.push(otherId);
      continue;
    }
    const weDialWins = self < session.device;
    const staysNew = other.dialled === session.dialled || session.dialled === weDialWins;
    close.push(staysNew ? otherId : id);
  }
  return close.length === 0 ? { kind: "none" } : { kind: "close", ids: close };
};
