/**
 * The receiving half of a catch-up: batches are merged as they come, the vector moves only at the end. A record that came in part and
 * has no row here is asked for whole; until it has come the checkpoint's cursor stands and the end waits. Source: merge.md.
 */
import type { RecordCells } from "../crdt/types.ts";
import type { RecordId } from "../ids.ts";
import { BATCH_BYTES, MAX_NEEDED } from "./limits.ts";
import type { Checkpoint } from "./messages/ask.ts";
import type { Batch } from "./messages/batch.ts";
import type { SweepEnd } from "./messages/sweep-end.ts";
import type { SweepStart } from "./messages/sweep-start.ts";
import { recordBytes } from "./record-size.ts";
import { roundCame, seenByRound } from "./seen-of-ours.ts";
import { type Context, failed, parted, type SessionEffect, type Step } from "./session-events.ts";
import type { Open, SweepIn, SyncSession } from "./session-state.ts";
import { beyond, covers, EMPTY_VECTOR, join } from "./vector.ts";

/** This peer was chosen: ask it for a round. */
export const ask = (session: Open, checkpoint: Checkpoint | null, { vector, now }: Context): Step<Open> => {
  if (session.in !== null) return [session, []];
  const news = beyond(vector, session.told);
  return [
    {
      ...session,
      told: join(session.told, news),
      in: { sweep: null, vector: EMPTY_VECTOR, cursor: null, missing: new Set(), ended: false, purge: EMPTY_VECTOR, movedAt: now },
    },
    [{ kind: "send", message: { kind: "ask", vector: news, checkpoint } }],
  ];
};

export const sweepStarted = (session: Open, { sweep, vector }: SweepStart, { now }: Context): Step<SyncSession> => {
  if (session.in === null || session.in.sweep !== null) return failed(session.device, "unexpected");
  return [{ ...session, theirs: join(session.theirs, vector), in: { ...session.in, sweep, vector, movedAt: now } }, []];
};

export const batchCame = (session: Open, { sweep, records, cursor }: Batch): Step<SyncSession> => {
  if (session.in === null || session.in.sweep !== sweep || session.in.ended) return failed(session.device, "unexpected");
  return [session, [{ kind: "merge-batch", sweep, cursor, records, seen: seenByRound(session) }]];
};

/** Asks for records in messages of bounded length. */
export const needs = (records: readonly RecordId[]): readonly SessionEffect[] => {
  const effects: SessionEffect[] = [];
  for (let at = 0; at < records.length; at += MAX_NEEDED) {
    effects.push({ kind: "send", message: { kind: "need", records: records.slice(at, at + MAX_NEEDED) } });
  }
  return effects;
};

const checkpointOf = ({ cursor, missing, vector }: SweepIn): readonly SessionEffect[] =>
  cursor === null || missing.size > 0 ? [] : [{ kind: "checkpoint", checkpoint: { cursor, vector } }];

/** All has come and nothing is missing: the vector is taken in. */
const settle = (session: Open, sweep: SweepIn): Step<Open> => {
  if (!sweep.ended || sweep.missing.size > 0) return [{ ...session, in: sweep }, checkpointOf(sweep)];
  return [{ ...roundCame(session), in: null }, [{ kind: "take-vector", vector: sweep.vector, purge: sweep.purge }]];
};

export const batchMerged = (
  session: Open,
  event: { readonly sweep: number; readonly cursor: RecordId | null; readonly missing: readonly RecordId[] },
  { now }: Context,
): Step<Open> => {
  if (session.in === null || session.in.sweep !== event.sweep) return [session, []];
  const missing = new Set([...session.in.missing, ...event.missing]);
  const [next, effects] = settle(session, { ...session.in, cursor: event.cursor ?? session.in.cursor, missing, movedAt: now });
  return [next, [...needs(event.missing), { kind: "send", message: { kind: "credit", sweep: event.sweep, batches: 1 } }, ...effects]];
};

export const sweepEnded = (session: Open, { sweep, purge }: SweepEnd, { now, vector, first }: Context): Step<SyncSession> => {
  if (session.in === null || session.in.sweep !== sweep || session.in.ended) return failed(session.device, "unexpected");
  // It was purged since the session opened, and not sent: only a first copy may do without.
  if (first?.kind !== "from" && !covers(vector, purge)) return parted(session.device, "purged");
  return settle(session, { ...session.in, ended: true, purge, movedAt: now });
};

/** Records that were asked for have been merged whole. */
export const wholeMergedInSweep = (session: Open, records: ReadonlySet<RecordId>, { now }: Context): Step<Open> => {
  if (session.in === null || session.in.missing.size === 0) return [session, []];
  const missing = new Set([...session.in.missing].filter((record) => !records.has(record)));
  return settle(session, { ...session.in, missing, movedAt: now });
};

/** `whole` messages of the length of a batch, unless one record is larger: what was asked for, and what of it there is nothing of. */
export const wholes = (asked: readonly RecordId[], records: readonly RecordCells[]): readonly SessionEffect[] => {
  const held = new Set(records.map(({ record }) => record));
  const effects: SessionEffect[] = [];
  let part: RecordCells[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = recordBytes(record);
    if (part.length > 0 && bytes + size > BATCH_BYTES) {
      effects.push({ kind: "send", message: { kind: "whole", records: part, absent: [] } });
      part = [];
      bytes = 0;
    }
    part.push(record);
    bytes += size;
  }
  const absent = asked.filter((record) => !held.has(record));
  if (part.length > 0 || absent.length > 0) effects.push({ kind: "send", message: { kind: "whole", records: part, absent } });
  return effects;
};
