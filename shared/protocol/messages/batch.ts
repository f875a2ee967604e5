/**
 * Some records of a sweep; its body is compressed by the codec. Each takes one credit of the receiver, who gives it back once it is
 * merged. `cursor` is the last record looked at: all up to it was sent.
 */
import type { RecordCells } from "../../crdt/types.ts";
import type { RecordId } from "../../ids.ts";
import { asCount, asRecord } from "../fields.ts";
import { packRecords, readRecords } from "../records.ts";
import type { MessageSpec } from "./spec.ts";

export interface Batch {
  readonly kind: "batch";
  readonly sweep: number;
  readonly records: readonly RecordCells[];
  /** Null: the sweep has looked at all; `sweep-end` follows. */
  readonly cursor: RecordId | null;
}

export const batch: MessageSpec<Batch> = {
  kind: "batch",
  write: ({ sweep, records, cursor }) => ({ sweep, cursor, records: packRecords(records) }),
  read: (body) => ({
    kind: "batch",
    sweep: asCount(body["sweep"], "batch.sweep"),
    records: readRecords(body["records"]),
    cursor: body["cursor"] === null ? null : asRecord(body["cursor"], "batch.cursor"),
  }),
};
