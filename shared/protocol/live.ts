/**
 * Live changes of an open session: n+1 goes out to a peer that has n, at once; what cannot go is announced, and the peer asks for a
 * round. Incoming ones are merged in order; one that names a record which is not here waits, with all after it, until that has come whole.
 */
import type { Change } from "../crdt/types.ts";
import type { RecordId } from "../ids.ts";
import { MAX_WAITING_CHANGES } from "./limits.ts";
import { roundCame, seenNow } from "./seen-of-ours.ts";
import type { Context, LiveResult, SessionEffect, Step } from "./session-events.ts";
import type { Open } from "./session-state.ts";
import { needs } from "./sweep-in.ts";
import { advanced, beyond, join, seqOf } from "./vector.ts";

/** Tells the peer what we hold that it neither has, nor is being sent, nor was told of; later, if it could not use it now. */
export const tellNews = (session: Open, { vector, weSend }: Context): Step<Open> => {
  if (!weSend) return [session, []];
  if (session.out !== null || session.congested) return [{ ...session, behind: true }, []];
  const news = beyond(beyond(beyond(vector, session.told), session.sent), session.theirs);
  const settled = { ...session, behind: false };
  if (news.size === 0) return [settled, []];
  return [{ ...settled, told: join(session.told, news) }, [{ kind: "send", message: { kind: "announce", vector: news } }]];
};

/** A change that this replica has learned, from its own person or another peer. */
export const offer = (session: Open, change: Change, context: Context): Step<Open> => {
  if (!context.weSend) return [session, []];
  const { replica, seq, hlc } = change.stamp;
  const known = Math.max(seqOf(session.theirs, replica), seqOf(session.sent, replica));
  if (seq <= known) return [session, []];
  if (session.congested || seq !== known + 1) return tellNews(session, context);
  return [
    { ...session, sent: advanced(session.sent, replica, seq, hlc), told: advanced(session.told, replica, seq, hlc) },
    [{ kind: "send", message: { kind: "change", change } }],
  ];
};

/** The line is full (changes wait in memory) or free again. */
export const setCongested = (session: Open, congested: boolean, context: Context): Step<Open> => {
  const next = { ...session, congested };
  return !congested && next.behind ? tellNews(next, context) : [next, []];
};

const mergeLive = (session: Open, change: Change): SessionEffect => ({ kind: "merge-live", change, seen: seenNow(session) });

/** A change from a peer that may send. */
export const changeCame = (session: Open, change: Change): Step<Open> => {
  const { replica, seq, hlc } = change.stamp;
  const heard = { ...session, theirs: advanced(session.theirs, replica, seq, hlc) };
  if (session.waiting.length === 0) return [heard, [mergeLive(session, change)]];
  if (session.waiting.length < MAX_WAITING_CHANGES) return [{ ...heard, waiting: [...session.waiting, change] }, []];
  // Too many wait: a round brings them all.
  return [{ ...heard, waiting: [], needed: new Set() }, [{ kind: "consider-fetch" }]];
};

/** What the store said to `merge-live`. */
export const liveMerged = (session: Open, change: Change, result: LiveResult): Step<Open> => {
  const isHead = session.waiting[0] === change;
  if (result.kind === "missing") {
    const waiting = isHead ? session.waiting : [change, ...session.waiting];
    return [{ ...session, waiting, needed: new Set(result.records) }, needs(result.records)];
  }
  const waiting = isHead ? session.waiting.slice(1) : session.waiting;
  const next = waiting[0];
  const effects: SessionEffect[] = [];
  if (result.kind === "merged") effects.push({ kind: "learned", change });
  if (result.kind === "gap") effects.push({ kind: "consider-fetch" });
  if (isHead && next !== undefined) effects.push(mergeLive(session, next));
  // Its next change was ours to take at once: what it wrote before it met us is here.
  const heard = result.kind === "merged" ? roundCame(session) : session;
  return [{ ...heard, waiting, needed: new Set() }, effects];
};

/** Records that were asked for are here: the change that waited for them may go on. */
export const wholeMergedForChange = (session: Open, records: ReadonlySet<RecordId>): Step<Open> => {
  const [first] = session.waiting;
  if (first === undefined) return [session, []];
  const needed = new Set([...session.needed].filter((record) => !records.has(record)));
  return [{ ...session, needed }, needed.size === 0 && session.needed.size > 0 ? [mergeLive(session, first)] : []];
};
