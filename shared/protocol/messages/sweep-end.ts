/** All records were looked at: the receiver takes in the vector that the sweep began with. */
import { asCount } from "../fields.ts";
import type { MessageSpec } from "./spec.ts";

export interface SweepEnd {
  readonly kind: "sweep-end";
  readonly sweep: number;
}

export const sweepEnd: MessageSpec<SweepEnd> = {
  kind: "sweep-end",
  write: ({ sweep }) => ({ sweep }),
  read: (body) => ({ kind: "sweep-end", sweep: asCount(body["sweep"], "sweep-end.sweep") }),
};
