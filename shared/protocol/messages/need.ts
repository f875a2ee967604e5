/** These records have no row here and came in part: send them whole. Until they have come, what named them is neither merged nor counted. */
import type { RecordId } from "../../ids.ts";
import { asList, asRecord } from "../fields.ts";
import { MAX_NEEDED } from "../limits.ts";
import type { MessageSpec } from "./spec.ts";

export interface Need {
  readonly kind: "need";
  readonly records: readonly RecordId[];
}

export const need: MessageSpec<Need> = {
  kind: "need",
  write: ({ records }) => ({ records }),
  read: (body) => ({
    kind: "need",
    records: asList(body["records"], "need.records", MAX_NEEDED).map((item) => asRecord(item, "need.records")),
  }),
};
