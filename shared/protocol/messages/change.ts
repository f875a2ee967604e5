/**
 * One change, live and whole: taken only as n+1 on n of its replica. Forwarded as it was received, losers included.
 * `creates` says which records did not exist before for their writer.
 */
import type { Change } from "../../crdt/types.ts";
import { type ActionId, parseActionId } from "../../ids.ts";
import { asBody, asCollection, asFlag, asList, asRecord, asText, bytesFromHex } from "../fields.ts";
import { MAX_CHANGE_CELLS } from "../limits.ts";
import { readPath, readStamp, readValue } from "../records.ts";
import { garbled, tooLarge } from "../refusal.ts";
import type { MessageSpec } from "./spec.ts";

export interface ChangeMessage {
  readonly kind: "change";
  readonly change: Change;
}

const readAction = (value: unknown): ActionId => {
  const action = parseActionId(asText(value, "change.action", 64));
  if (action === undefined) throw garbled("change.action");
  return action;
};

const readWrites = (value: unknown): Change["records"][number] => {
  const body = asBody(value, "change.records");
  const cells = asList(body["cells"], "change.cells", MAX_CHANGE_CELLS).map((item) => {
    const cell = asList(item, "change.cells", 2);
    if (cell.length !== 2) throw garbled("change.cells");
    return { path: readPath(cell[0]), value: readValue(cell[1]) };
  });
  return {
    record: asRecord(body["record"], "change.record"),
    collection: asCollection(body["collection"], "change.collection"),
    creates: asFlag(body["creates"], "change.creates"),
    cells,
  };
};

export const change: MessageSpec<ChangeMessage> = {
  kind: "change",
  write: ({ change: { stamp, action, records } }) => ({
    stamp: [bytesFromHex(stamp.replica), stamp.seq, stamp.hlc, ...(stamp.term === 0 ? [] : [stamp.term])],
    action,
    records: records.map(({ record, collection, creates, cells }) => ({
      record,
      collection,
      creates,
      cells: cells.map(({ path, value }) => [path, value]),
    })),
  }),
  read: (body) => {
    const [replica, seq, hlc, term] = asList(body["stamp"], "change.stamp", 4);
    const records = asList(body["records"], "change.records", MAX_CHANGE_CELLS).map(readWrites);
    if (records.reduce((sum, { cells }) => sum + cells.length, 0) > MAX_CHANGE_CELLS) throw tooLarge("change.cells");
    if (new Set(records.map(({ record }) => record)).size < records.length) throw garbled("change.records");
    return { kind: "change", change: { stamp: readStamp(replica, seq, hlc, term), action: readAction(body["action"]), records } };
  },
};
