/** The answer to `need`: all that the sender has of each record, and those of which it has nothing. */
import type { RecordCells } from "../../crdt/types.ts";
import type { RecordId } from "../../ids.ts";
import { asList, asRecord } from "../fields.ts";
import { MAX_NEEDED } from "../limits.ts";
import { packRecords, readRecords } from "../records.ts";
import type { MessageSpec } from "./spec.ts";

export interface Whole {
  readonly kind: "whole";
  readonly records: readonly RecordCells[];
  readonly absent: readonly RecordId[];
}

export const whole: MessageSpec<Whole> = {
  kind: "whole",
  write: ({ records, absent }) => ({ records: packRecords(records), absent }),
  read: (body) => ({
    kind: "whole",
    records: readRecords(body["records"]),
    absent: asList(body["absent"], "whole.absent", MAX_NEEDED).map((item) => asRecord(item, "whole.absent")),
  }),
};
