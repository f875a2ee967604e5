/**
 * An order of the demo before it has ids: what the plan decides and the edits are made of. People are indexes into the
 * lists of `people.ts`: `worker` into WORKERS, `customer` into households followed by businesses.
 */
import type { EpochMs } from "../../ids.ts";
import type { OrderStatus, Priority, VisitStatus } from "../status.ts";
import type { Job } from "./jobs.ts";

export interface VisitDraft {
  readonly worker: number;
  readonly from: EpochMs;
  readonly minutes: number;
  readonly windowFrom: EpochMs;
  readonly windowTo: EpochMs;
  readonly status: VisitStatus;
  readonly dispatchedAt?: EpochMs;
  readonly travelFrom?: EpochMs;
  readonly arrivedAt?: EpochMs;
  readonly finishedAt?: EpochMs;
  readonly changed?: true;
  readonly pinned?: true;
  readonly outcome?: string;
}

export interface OrderDraft {
  readonly job: Job;
  readonly customer: number;
  readonly status: OrderStatus;
  readonly priority: Priority;
  readonly visits: readonly VisitDraft[];
  readonly requestedFrom?: EpochMs;
  readonly requestedTo?: EpochMs;
  readonly dueBy?: EpochMs;
  readonly holdReason?: string;
  readonly heldFrom?: OrderStatus;
  readonly cancelReason?: string;
  readonly tags?: readonly string[];
  readonly note?: string;
  readonly resolution?: string;
  /** The repair that failed before. */
  readonly callBackOf?: OrderDraft;
  /** When it was booked: numbers follow this. */
  readonly bookedAt: EpochMs;
}
