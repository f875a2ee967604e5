/**
 * The opening of a connection: hello both ways, then the membership (before any record), then the vectors, unless the digests in
 * the hellos say that there is nothing to tell. Both sides compare the same two hellos, so they agree on which steps there are.
 */
import type { VersionVector } from "../crdt/types.ts";
import { FORKED, judgeClaim } from "./fork.ts";
import { startHoldings } from "./holds.ts";
import type { Digests } from "./messages/digests.ts";
import type { ErrorCode } from "./messages/error.ts";
import type { Hello } from "./messages/hello.ts";
import type { Message } from "./messages/message.ts";
import type { VectorMessage } from "./messages/vector.ts";
import { meet } from "./reach.ts";
import { NO_REPAIR } from "./repair.ts";
import { startSeen } from "./seen-of-ours.ts";
import { type Context, failed, parted, type SessionEffect, type SessionEvent, type Step } from "./session-events.ts";
import type { Agreeing, Greeting, Open, Standing, SyncSession } from "./session-state.ts";
import { EMPTY_VECTOR } from "./vector.ts";
import { DIGESTS_CAPABILITY, digestsOf, filledUp, unlike } from "./vector-digests.ts";

type Opening = Greeting | Agreeing;

/** The capability of those that know what was purged, and say so. */
export const PURGES = "purge";

const hasSameMembership = (ours: Hello, theirs: Hello): boolean =>
  [...ours.heads].sort().join(" ") === [...theirs.heads].sort().join(" ") && ours.linesDigest === theirs.linesDigest;

/** What is wrong with the peer's hello, if anything. */
const faultOf = (session: Greeting, peer: Hello): ErrorCode | null => {
  const { ours, device } = session;
  if (peer.protocol.max < ours.protocol.min) return "update-yours";
  if (peer.protocol.min > ours.protocol.max) return "update-mine";
  if (peer.workspace !== ours.workspace) return "other-workspace";
  return peer.device === device ? null : "bad-replica";
};

const greet = (session: Greeting, peer: Hello, context: Context): Step<SyncSession> => {
  const fault = faultOf(session, peer);
  if (fault !== null) return failed(session.device, fault);
  const { replica } = session.ours;
  const claim = peer.replica === replica ? FORKED : judgeClaim(replica, context.vector, peer.seen.get(replica));
  if (claim.kind === "forked") return failed(session.device, "other", [{ kind: "forked" }]);
  // A first guess of the peer's clock, until the heartbeats measure it: what it brings is judged by reference time at once.
  const pulse = { ...session.pulse, clockOffset: peer.wall - context.wall };
  return [
    {
      ...session,
      phase: "agreeing",
      pulse,
      peer,
      awaits: "line",
      standing: null,
      told: EMPTY_VECTOR,
      toldPurge: EMPTY_VECTOR,
      digests: null,
    },
    [...claim.effects, { kind: "greeted" }, { kind: "take-membership", operations: [], lines: [peer.replicaLine], opening: true }],
  ];
};

const openedEffects: readonly SessionEffect[] = [{ kind: "opened" }, { kind: "consider-fetch" }];

const open = ({ device, dialled, ours, pulse, peer }: Agreeing, standing: Standing, theirs: VersionVector, told: VersionVector): Open => ({
  phase: "open",
  device,
  dialled,
  ours,
  pulse,
  peer,
  peerSends: standing.maySend,
  theirs,
  sent: EMPTY_VECTOR,
  told,
  sweeps: 0,
  out: null,
  again: null,
  in: null,
  waiting: [],
  needed: new Set(),
  behind: false,
  congested: false,
  acked: 0,
  seenOfOurs: startSeen(ours.replica, theirs),
  holdings: startHoldings(told, theirs),
  repair: NO_REPAIR,
});

const compareVectors = (session: Agreeing, standing: Standing, context: Context): Step<SyncSession> => {
  const { ours, peer, oursVector } = session;
  if (ours.vectorDigest === peer.vectorDigest) return [open(session, standing, oursVector, oursVector), openedEffects];
  const { vector, purge } = context;
  if (purge.size > 0 && !peer.capabilities.includes(PURGES)) return failed(session.device, "update-yours");
  const told: Agreeing = { ...session, told: vector, toldPurge: purge };
  if (!peer.capabilities.includes(DIGESTS_CAPABILITY))
    return [{ ...told, awaits: "vector" }, [{ kind: "send", message: { kind: "vector", vector, purge } }]];
  return [
    { ...told, awaits: "digests" },
    [{ kind: "send", message: { kind: "digests", vector: digestsOf(vector), purge: digestsOf(purge) } }],
  ];
};

/** Of both vectors only what differs is told. */
const digestsCame = (session: Agreeing, digests: Digests): Step<SyncSession> => {
  const vector = unlike(session.told, digests.vector);
  const purge = unlike(session.toldPurge, digests.purge);
  return [{ ...session, awaits: "vector", digests }, [{ kind: "send", message: { kind: "vector", vector, purge } }]];
};

/** Both vectors are told: may records flow? */
const vectorCame = (session: Agreeing, standing: Standing, message: VectorMessage, { weSend, first }: Context): Step<SyncSession> => {
  const { device, told, toldPurge, digests } = session;
  const ours = { device: session.ours.device, vector: told, purge: toldPurge, sends: weSend };
  const vector = digests === null ? message.vector : filledUp(told, digests.vector, message.vector);
  const purge = digests === null ? message.purge : filledUp(toldPurge, digests.purge, message.purge);
  const meeting = meet(ours, { device, vector, purge, sends: standing.maySend }, first);
  switch (meeting.kind) {
    case "open":
      return [open(session, standing, vector, told), openedEffects];
    case "first-copy":
      return [open(session, standing, vector, told), [{ kind: "first-copy", purge }, ...openedEffects]];
    case "rejoin":
      return failed(device, "rejoin-mine", [{ kind: "must-rejoin" }]);
    case "they-rejoin":
      return failed(device, "rejoin-yours");
    case "wait":
      return parted(device, "copying");
  }
};

/** The answer to our own `take-membership`: first for the line of the hello, then for the peer's log. */
const afterMembership = (before: Agreeing, standing: Standing, context: Context): Step<SyncSession> => {
  const session = { ...before, standing };
  if (session.awaits === "line" && !hasSameMembership(session.ours, session.peer)) {
    return [{ ...session, awaits: "membership" }, [{ kind: "read-log", heads: session.peer.heads }]];
  }
  if (!standing.isMember) return failed(session.device, "not-a-member");
  if (!standing.replicaKnown) return failed(session.device, "bad-replica");
  return compareVectors(session, standing, context);
};

/** The membership changed on the way. Before the logs are exchanged it may only be us who has not heard yet. */
const judge = (session: Agreeing, standing: Standing): Step<SyncSession> =>
  !standing.isMember && (session.awaits === "digests" || session.awaits === "vector")
    ? failed(session.device, "not-a-member")
    : [{ ...session, standing }, []];

const receive = (session: Opening, message: Message, context: Context): Step<SyncSession> => {
  if (message.kind === "hello" && session.phase === "greeting") return greet(session, message, context);
  if (message.kind === "ping") return [session, [{ kind: "send", message: { kind: "pong", n: message.n, wall: context.wall } }]];
  if (message.kind === "pong") return [session, []];
  if (session.phase === "agreeing") {
    const { awaits, standing } = session;
    if (message.kind === "membership" && (awaits === "membership" || !message.opening)) {
      const { operations, lines, opening } = message;
      return [session, [{ kind: "take-membership", operations, lines, opening }]];
    }
    if (message.kind === "digests" && awaits === "digests") return digestsCame(session, message);
    if (message.kind === "vector" && awaits === "vector" && standing !== null) {
      return vectorCame(session, standing, message, context);
    }
  }
  return failed(session.device, "unexpected");
};

/** One step before records may flow. Ends of the connection and ticks are `session.ts`'s. */
export const stepOpening = (session: Opening, event: SessionEvent, context: Context): Step<SyncSession> => {
  switch (event.kind) {
    case "started":
      return [session, [{ kind: "send", message: session.ours }]];
    case "received":
      return receive(session, event.message, context);
    case "membership-taken":
      if (session.phase !== "agreeing") return [session, []];
      return event.opening ? afterMembership(session, event.standing, context) : judge(session, event.standing);
    case "standing":
      return session.phase === "agreeing" ? judge(session, event.standing) : [session, []];
    case "log-read":
      return [
        session,
        [{ kind: "send", message: { kind: "membership", operations: event.operations, lines: event.lines, opening: true } }],
      ];
    case "log-grew":
      // The peer has our hello with the older heads: it hears of the rest now, in any phase.
      return [
        session,
        [{ kind: "send", message: { kind: "membership", operations: event.operations, lines: event.lines, opening: false } }],
      ];
    default:
      return [session, []];
  }
};
