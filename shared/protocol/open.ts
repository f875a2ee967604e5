/**
 * An open session's single decision point: what each message and each fact from outside does to it. Nothing is taken from a peer
 * whose role lets it only read; whatever else it says serves as the base of what it is sent.
 */

import { heardHolds, tellHolds } from "./holds.ts";
import { changeCame, liveMerged, offer, setCongested, tellNews, wholeMergedForChange } from "./live.ts";
import type { Message } from "./messages/message.ts";
import type { Whole } from "./messages/whole.ts";
import { answered } from "./pulse.ts";
import { recordsCame, startWalk, treeAsked, treeBuilt, treeCame, treeCompared } from "./repair.ts";
import { acknowledgedOurs, seenByRound } from "./seen-of-ours.ts";
import { type Context, failed, type SessionEvent, type Step } from "./session-events.ts";
import type { Open, SyncSession } from "./session-state.ts";
import { ask, batchCame, batchMerged, sweepEnded, sweepStarted, wholeMergedInSweep, wholes } from "./sweep-in.ts";
import { asked, credited, sweepRead } from "./sweep-out.ts";
import { join, seqOf } from "./vector.ts";

const BRINGS_DATA: ReadonlySet<Message["kind"]> = new Set(["sweep-start", "batch", "sweep-end", "whole", "change"]);

/** Only members that forward a record name it, so whoever names it has it; but a tree may name what is deleted for good by now. */
const wholeCame = (session: Open, { records, absent }: Whole, context: Context): Step<SyncSession> => {
  if (absent.some((record) => session.repair.walk?.fetching.has(record) !== true)) return failed(session.device, "unexpected");
  const [next, effects] = recordsCame(session, new Set(absent), context);
  return [next, [{ kind: "merge-whole", records, seen: seenByRound(session) }, ...effects]];
};

const receive = (session: Open, message: Message, context: Context): Step<SyncSession> => {
  if (!session.peerSends && BRINGS_DATA.has(message.kind)) return failed(session.device, "may-not-send");
  switch (message.kind) {
    case "announce":
      return [{ ...session, theirs: join(session.theirs, message.vector) }, session.peerSends ? [{ kind: "consider-fetch" }] : []];
    case "ask":
      return asked(session, message, context);
    case "sweep-start":
      return sweepStarted(session, message, context);
    case "batch":
      return batchCame(session, message);
    case "sweep-end":
      return sweepEnded(session, message, context);
    case "credit":
      return credited(session, message.sweep, message.batches);
    case "need":
      return [session, context.weSend ? [{ kind: "read-whole", records: message.records }] : []];
    case "whole":
      return wholeCame(session, message, context);
    case "change":
      return changeCame(session, message.change);
    case "tree-ask":
      return treeAsked(session, message, context);
    case "tree":
      return treeCame(session, message, context);
    case "ack": {
      const seq = Math.min(message.seq, seqOf(context.vector, session.ours.replica));
      return [acknowledgedOurs(session, seq, context), [{ kind: "acknowledged", seq }]];
    }
    case "holds":
      return heardHolds(session, message.vector);
    case "membership": {
      if (message.opening) return failed(session.device, "unexpected");
      const { operations, lines, opening } = message;
      return [session, [{ kind: "take-membership", operations, lines, opening }]];
    }
    case "ping":
      return [
        session,
        [
          { kind: "send", message: { kind: "pong", n: message.n, wall: context.wall } },
          { kind: "compare", vectorDigest: message.vectorDigest, fingerprint: message.fingerprint },
        ],
      ];
    case "pong":
      return [{ ...session, pulse: answered(session.pulse, message.n, message.wall, context.now, context.wall) }, []];
    case "hello":
    case "digests":
    case "vector":
      return failed(session.device, "unexpected");
    case "error":
    case "bye":
      return [session, []]; // `session.ts` has ended it
  }
};

const acknowledge = (session: Open, { vector }: Context): Step<Open> => {
  const seq = seqOf(vector, session.peer.replica);
  return seq > session.acked ? [{ ...session, acked: seq }, [{ kind: "send", message: { kind: "ack", seq } }]] : [session, []];
};

/** One step while records flow. Ends of the connection and ticks are `session.ts`'s. */
export const stepOpen = (session: Open, event: SessionEvent, context: Context): Step<SyncSession> => {
  switch (event.kind) {
    case "received":
      return receive(session, event.message, context);
    case "offer":
      return offer(session, event.change, context);
    case "grew":
      return tellNews(session, context);
    case "fetch":
      return ask(session, event.checkpoint, context);
    case "sweep-read":
      return sweepRead(session, event, context);
    case "whole-read":
      return [session, wholes(event.asked, event.records)];
    case "batch-merged":
      return batchMerged(session, event, context);
    case "whole-merged": {
      const records = new Set(event.records);
      const [swept, sweepEffects] = wholeMergedInSweep(session, records, context);
      const [mended, repairEffects] = recordsCame(swept, records, context);
      const [next, effects] = wholeMergedForChange(mended, records);
      return [next, [...sweepEffects, ...repairEffects, ...effects]];
    }
    case "live-merged":
      return liveMerged(session, event.change, event.result);
    case "repair":
      return startWalk(session, event.ours, event.theirs, context);
    case "tree-built":
      return treeBuilt(session, context);
    case "tree-read":
      return [session, [{ kind: "send", message: { kind: "tree", walk: event.walk, parts: event.parts } }]];
    case "tree-compared":
      return treeCompared(session, event.walk, event.difference, context);
    case "synced": {
      const [told, effects] = tellHolds(session, context);
      const [next, more] = acknowledge(told, context);
      return [next, [...effects, ...more]];
    }
    case "congested":
      return setCongested(session, event.congested, context);
    case "membership-taken":
    case "standing":
      if (!event.standing.isMember) return failed(session.device, "not-a-member");
      return [{ ...session, peerSends: event.standing.maySend }, event.standing.maySend ? [{ kind: "consider-fetch" }] : []];
    case "log-grew":
      return [
        session,
        [{ kind: "send", message: { kind: "membership", operations: event.operations, lines: event.lines, opening: false } }],
      ];
    default:
      return [session, []];
  }
};
