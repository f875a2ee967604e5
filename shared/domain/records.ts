/**
 * The built-in collections in read form, as the board and the command line see them: flat, `null` where absent.
 * Values come from replicas of any version, so readers accept what is missing; statuses they do not know read as the first.
 */
import type { CollectionId, EpochMs, RecordId } from "../ids.ts";
import type { OrderStatus, Priority, VisitStatus } from "./status.ts";

interface Row {
  readonly id: RecordId;
  readonly collection: CollectionId;
}

export interface ChecklistItem {
  readonly id: string;
  readonly label: string | null;
  readonly kind: "tick" | "number" | "text" | "pass_fail" | "choice" | "meter" | null;
  readonly required: boolean | null;
  readonly value: unknown;
  readonly doneBy: string | null;
  readonly doneAt: EpochMs | null;
}

export interface WorkOrder extends Row {
  readonly number: string | null;
  readonly title: string | null;
  readonly kind: string | null;
  readonly priority: Priority | null;
  readonly status: OrderStatus | null;
  readonly holdReason: string | null;
  readonly cancelReason: string | null;
  readonly heldFrom: OrderStatus | null;
  readonly customer: RecordId | null;
  readonly site: RecordId | null;
  readonly contact: RecordId | null;
  readonly assets: readonly string[];
  readonly requestedFrom: EpochMs | null;
  readonly requestedTo: EpochMs | null;
  readonly dueBy: EpochMs | null;
  readonly estimatedMinutes: number | null;
  readonly skills: readonly string[];
  readonly territory: string | null;
  readonly tags: readonly string[];
  readonly checklist: readonly ChecklistItem[];
  readonly related: readonly string[];
  readonly plan: RecordId | null;
  readonly externalRef: string | null;
}

export interface Visit extends Row {
  readonly workOrder: RecordId | null;
  readonly technicians: readonly string[];
  readonly lead: RecordId | null;
  readonly status: VisitStatus | null;
  readonly windowFrom: EpochMs | null;
  readonly windowTo: EpochMs | null;
  readonly plannedFrom: EpochMs | null;
  readonly plannedMinutes: number | null;
  readonly pinned: boolean | null;
  readonly dispatchedAt: EpochMs | null;
  readonly changedSinceDispatch: boolean | null;
  readonly travelFrom: EpochMs | null;
  readonly arrivedAt: EpochMs | null;
  readonly finishedAt: EpochMs | null;
  readonly outcome: string | null;
}

/** Minutes after midnight, `[from, to]`, by ISO weekday 1 (Monday) to 7; a day that is missing is off. */
export type WorkingHours = Readonly<Record<string, readonly [number, number]>>;

export interface Technician extends Row {
  readonly name: string | null;
  readonly phone: string | null;
  readonly team: string | null;
  readonly territories: readonly string[];
  readonly skills: readonly {
    readonly id: string;
    readonly skill: string | null;
    readonly level: number | null;
    readonly expiry: string | null;
  }[];
  readonly workingHours: WorkingHours | null;
  readonly base: RecordId | null;
  readonly vehicle: string | null;
  readonly active: boolean | null;
}

export interface Absence extends Row {
  readonly technicians: readonly string[];
  readonly from: EpochMs | null;
  readonly to: EpochMs | null;
  readonly kind: "leave" | "sick" | "training" | "break" | "meeting" | null;
  readonly note: string | null;
}

export interface Customer extends Row {
  readonly name: string | null;
  readonly phones: readonly string[];
  readonly mail: string | null;
  readonly terms: string | null;
}

export interface Contact extends Row {
  readonly name: string | null;
  readonly phone: string | null;
  readonly role: string | null;
  readonly customer: RecordId | null;
}

export interface Site extends Row {
  readonly customer: RecordId | null;
  readonly name: string | null;
  readonly address: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly hours: string | null;
  readonly territory: string | null;
}

/** A filter that somebody named; everybody of the workspace has it. */
export interface SavedView extends Row {
  readonly name: string | null;
  /** What it is for; the board shows those of `orders`. */
  readonly kind: string | null;
  readonly filter: { readonly text: string; readonly chip: string | null };
}

/** What the board holds live, in every view. */
export const BOARD_COLLECTIONS = ["workOrder", "visit", "technician", "absence", "customer", "contact", "site", "savedView"] as const;
export type BoardCollection = (typeof BOARD_COLLECTIONS)[number];
