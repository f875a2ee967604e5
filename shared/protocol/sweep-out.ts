/**
 * The sending half of a catch-up: all records in id order, each with the cells beyond the asker's vector, as they stand when their turn
 * comes; as many batches at once as the asker gave credit for. Up to an asker's checkpoint the base is joined with what the checkpoint
 * holds, so a catch-up that was cut sends the rest only. Source: merge.md, "Vector, live changes, catch-up".
 */
import type { RecordCells } from "../crdt/types.ts";
import type { RecordId } from "../ids.ts";
import { tellNews } from "./live.ts";
import type { Ask } from "./messages/ask.ts";
import { compareRecordIds } from "./record-order.ts";
import type { Context, SessionEffect, Step } from "./session-events.ts";
import type { Open, SweepOut } from "./session-state.ts";
import { beyond, join } from "./vector.ts";

const isBeforeCheckpoint = ({ cursor, checkpoint }: SweepOut): boolean =>
  checkpoint !== null && (cursor === null || compareRecordIds(cursor, checkpoint.cursor) < 0);

const read = (out: SweepOut): SessionEffect => ({
  kind: "read-sweep",
  sweep: out.sweep,
  base: isBeforeCheckpoint(out) && out.checkpoint !== null ? join(out.base, out.checkpoint.vector) : out.base,
  cursor: out.cursor,
});

const start = (session: Open, checkpoint: Ask["checkpoint"], { vector }: Context): Step<Open> => {
  const sweep = session.sweeps + 1;
  const out: SweepOut = { sweep, base: session.theirs, checkpoint, vector, cursor: null, credit: session.peer.credit };
  const news = beyond(vector, out.base);
  return [
    { ...session, sweeps: sweep, out, again: null },
    [{ kind: "send", message: { kind: "sweep-start", sweep, vector: news } }, read(out)],
  ];
};

/** The peer asks for a round. One that comes while another is under way is served after it, from what the peer has then. */
export const asked = (session: Open, message: Ask, context: Context): Step<Open> => {
  const told = { ...session, theirs: join(session.theirs, message.vector) };
  if (!context.weSend) return [told, []];
  if (told.out !== null) return [{ ...told, again: { checkpoint: message.checkpoint } }, []];
  return start(told, message.checkpoint, context);
};

const finish = (session: Open, out: SweepOut, context: Context): Step<Open> => {
  const end: SessionEffect = { kind: "send", message: { kind: "sweep-end", sweep: out.sweep, purge: context.purge } };
  // What is sent from here on arrives after the end, when the receiver has taken the vector in.
  const done: Open = { ...session, out: null, sent: join(session.sent, out.vector), told: join(session.told, out.vector) };
  const [next, effects] = done.again === null ? tellNews(done, context) : start(done, done.again.checkpoint, context);
  return [next, [end, ...effects]];
};

/** What the store gave for `read-sweep`. */
export const sweepRead = (
  session: Open,
  { sweep, records, cursor }: { readonly sweep: number; readonly records: readonly RecordCells[]; readonly cursor: RecordId | null },
  context: Context,
): Step<Open> => {
  const { out } = session;
  if (out === null || out.sweep !== sweep) return [session, []];
  const { checkpoint } = out;
  // The read knew only one base: what lies beyond the checkpoint is read again with the other.
  const isCrossing = checkpoint !== null && isBeforeCheckpoint(out) && (cursor === null || compareRecordIds(cursor, checkpoint.cursor) > 0);
  const ready = isCrossing ? records.filter(({ record }) => compareRecordIds(record, checkpoint.cursor) <= 0) : records;
  const reached = isCrossing ? checkpoint.cursor : cursor;
  const credit = ready.length > 0 ? out.credit - 1 : out.credit;
  const moved: SweepOut = { ...out, cursor: reached, credit };
  const sends: readonly SessionEffect[] =
    ready.length > 0 ? [{ kind: "send", message: { kind: "batch", sweep, records: ready, cursor: reached } }] : [];
  if (reached === null) {
    const [next, effects] = finish(session, moved, context);
    return [next, [...sends, ...effects]];
  }
  return [{ ...session, out: moved }, credit > 0 ? [...sends, read(moved)] : sends];
};

/** The receiver has merged some batches. */
export const credited = (session: Open, sweep: number, batches: number): Step<Open> => {
  const { out } = session;
  if (out === null || out.sweep !== sweep || batches === 0) return [session, []];
  const credit = Math.min(out.credit + batches, session.peer.credit);
  const resumed = { ...out, credit };
  return [{ ...session, out: resumed }, out.credit === 0 ? [read(resumed)] : []];
};
