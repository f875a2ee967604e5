/** The receiver of a sweep has merged so many batches and takes as many more. */
import { asCount } from "../fields.ts";
import type { MessageSpec } from "./spec.ts";

export interface Credit {
  readonly kind: "credit";
  readonly sweep: number;
  readonly batches: number;
}

export const credit: MessageSpec<Credit> = {
  kind: "credit",
  write: ({ sweep, batches }) => ({ sweep, batches }),
  read: (body) => ({
    kind: "credit",
    sweep: asCount(body["sweep"], "credit.sweep"),
    batches: asCount(body["batches"], "credit.batches", 1_000),
  }),
};
