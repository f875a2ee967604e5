/**
 * One connection with a peer as a pure reducer: `step(session, event, context)` gives the next session and what is to be done.
 * No socket, no store, no clock in here; the worker and the simulator drive the same code. Invariants: nothing follows `closed`;
 * every phase ends by itself when the peer falls silent or does not open in time.
 */
import type { VersionVector } from "../crdt/types.ts";
import type { DeviceId } from "../ids.ts";
import { claimIn, judgeClaim } from "./fork.ts";
import { stepOpening } from "./greeting.ts";
import { tellHolds } from "./holds.ts";
import { GREETING_MS } from "./limits.ts";
import type { Hello } from "./messages/hello.ts";
import { stepOpen } from "./open.ts";
import { duePing, excused, heard, isSilent, pulseDeadline, startPulse } from "./pulse.ts";
import { type Context, failed, type SessionEvent, type Step } from "./session-events.ts";
import type { Closed, CloseReason, Greeting, SyncSession } from "./session-state.ts";

export interface SessionStart {
  /** Of the pinned certificate. */
  readonly device: DeviceId;
  /** True when we dialled. */
  readonly dialled: boolean;
  readonly hello: Hello;
  /** What `hello.vectorDigest` is the digest of. */
  readonly vector: VersionVector;
  readonly heartbeatMs: number;
  /** Monotonic milliseconds. */
  readonly now: number;
}

/** A session whose first event is `started`. */
export const startSession = ({ device, dialled, hello, vector, heartbeatMs, now }: SessionStart): Greeting => ({
  phase: "greeting",
  device,
  dialled,
  ours: hello,
  oursVector: vector,
  pulse: startPulse(now, heartbeatMs),
  deadline: now + GREETING_MS,
});

const close = (session: SyncSession, reason: CloseReason): Step<Closed> => [
  { phase: "closed", device: session.device, reason },
  [{ kind: "closed", reason }],
];

const tick = (session: Exclude<SyncSession, Closed>, lateMs: number, context: Context): Step<SyncSession> => {
  const { now } = context;
  if (session.phase !== "open") return now >= session.deadline ? failed(session.device, "timeout") : [session, []];
  const pulse = excused(session.pulse, lateMs, now);
  if (isSilent(pulse, now)) return close(session, { kind: "silent" });
  const pinged = duePing(pulse, now);
  if (pinged === null) return [{ ...session, pulse }, []];
  const [told, effects] = tellHolds({ ...session, pulse: pinged }, context);
  return [told, [{ kind: "send-ping", n: pinged.n }, ...effects]];
};

const stepPhase = (session: Exclude<SyncSession, Closed>, event: SessionEvent, context: Context): Step<SyncSession> =>
  session.phase === "open" ? stepOpen(session, event, context) : stepOpening(session, event, context);

/** Whatever a message says of our own replica is held against what we know before it is used. */
const receive = (
  session: Exclude<SyncSession, Closed>,
  event: Extract<SessionEvent, { readonly kind: "received" }>,
  context: Context,
): Step<SyncSession> => {
  const { replica } = session.ours;
  const claim = judgeClaim(replica, context.vector, claimIn(replica, event.message));
  if (claim.kind === "forked") return failed(session.device, "other", [{ kind: "forked" }]);
  const [next, effects] = stepPhase(session, event, context);
  return [next, [...claim.effects, ...effects]];
};

/** One step with a peer. Time comes in the context; sends, merges and reads go out as effects. */
export const step = (session: SyncSession, event: SessionEvent, context: Context): Step<SyncSession> => {
  if (session.phase === "closed") return [session, []];
  switch (event.kind) {
    case "lost":
      return close(session, { kind: "lost" });
    case "end": {
      const [closed, effects] = close(session, event.reason);
      const { reason } = event;
      const last = reason.kind === "error" ? { kind: reason.kind, code: reason.code } : { kind: reason.kind, reason: reason.reason };
      return [closed, [{ kind: "send", message: last }, ...effects]];
    }
    case "own-differs":
      return failed(session.device, "other", [{ kind: "forked" }]);
    case "heard":
      return [{ ...session, pulse: heard(session.pulse, context.now) }, []];
    case "tick":
      return tick(session, event.lateMs, context);
    case "received":
      if (event.message.kind === "error") return close(session, { kind: "error", code: event.message.code, by: "them" });
      if (event.message.kind === "bye") return close(session, { kind: "bye", reason: event.message.reason, by: "them" });
      return receive(session, event, context);
    default:
      return stepPhase(session, event, context);
  }
};

/** When `tick` has something to do next, monotonic; Infinity when never. */
export const deadlineOf = (session: SyncSession): number =>
  session.phase === "closed" ? Number.POSITIVE_INFINITY : session.phase === "open" ? pulseDeadline(session.pulse) : session.deadline;
