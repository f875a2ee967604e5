/**
 * Records as they come, read into the shapes that the rules of orders and visits work on. Values may be of any version's
 * making, so what is missing or of another kind reads as absent, and a status that is not known as the first.
 */
import { type CollectionId, type EpochMs, parseEpochMs, parseRecordId, type RecordId } from "../ids.ts";
import type { Absence, Contact, Customer, SavedView, Site, Technician, Visit, WorkingHours, WorkOrder } from "./records.ts";
import { ORDER_STATUSES, PRIORITIES, VISIT_STATUSES } from "./status.ts";

/** A record in read form, as the store and the contract have it. */
export interface FlatRecord {
  readonly id: RecordId;
  readonly collection: CollectionId;
  readonly [field: string]: unknown;
}

export const textIn = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
export const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === "string") : [];
const numberIn = (value: unknown): number | null => (typeof value === "number" && Number.isFinite(value) ? value : null);
const flagIn = (value: unknown): boolean | null => (typeof value === "boolean" ? value : null);
const momentIn = (value: unknown): EpochMs | null => (typeof value === "number" ? (parseEpochMs(value) ?? null) : null);
/** A record that is referred to; null for none. */
export const referenceIn = (value: unknown): RecordId | null => (typeof value === "string" ? (parseRecordId(value) ?? null) : null);
const oneOf = <Value extends string>(known: readonly Value[], value: unknown): Value | null =>
  known.find((entry) => entry === value) ?? null;
export const objectsIn = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter((entry): entry is Record<string, unknown> => typeof entry === "object" && entry !== null) : [];

/** What the rules need of an order; its checklist and texts are not among it. */
export type OrderFacts = Omit<WorkOrder, "checklist" | "plan">;

const ITEM_KINDS = ["tick", "number", "text", "pass_fail", "choice", "meter"] as const;

export const orderIn = (row: FlatRecord): WorkOrder => ({
  id: row.id,
  collection: row.collection,
  number: textIn(row["number"]),
  title: textIn(row["title"]),
  kind: textIn(row["kind"]),
  priority: oneOf(PRIORITIES, row["priority"]) ?? "normal",
  status: oneOf(ORDER_STATUSES, row["status"]) ?? "new",
  holdReason: textIn(row["holdReason"]),
  cancelReason: textIn(row["cancelReason"]),
  heldFrom: oneOf(ORDER_STATUSES, row["heldFrom"]),
  customer: referenceIn(row["customer"]),
  site: referenceIn(row["site"]),
  contact: referenceIn(row["contact"]),
  assets: textsIn(row["assets"]),
  requestedFrom: momentIn(row["requestedFrom"]),
  requestedTo: momentIn(row["requestedTo"]),
  dueBy: momentIn(row["dueBy"]),
  estimatedMinutes: numberIn(row["estimatedMinutes"]),
  skills: textsIn(row["skills"]),
  territory: textIn(row["territory"]),
  tags: textsIn(row["tags"]),
  checklist: objectsIn(row["checklist"]).map((item) => ({
    id: textIn(item["id"]) ?? "",
    label: textIn(item["label"]),
    kind: oneOf(ITEM_KINDS, item["kind"]),
    required: flagIn(item["required"]),
    value: item["value"] ?? null,
    doneBy: textIn(item["doneBy"]),
    doneAt: momentIn(item["doneAt"]),
  })),
  related: textsIn(row["related"]),
  plan: referenceIn(row["plan"]),
  externalRef: textIn(row["externalRef"]),
});

export const visitIn = (row: FlatRecord): Visit => ({
  id: row.id,
  collection: row.collection,
  workOrder: referenceIn(row["workOrder"]),
  technicians: textsIn(row["technicians"]),
  lead: referenceIn(row["lead"]),
  status: oneOf(VISIT_STATUSES, row["status"]) ?? "planned",
  windowFrom: momentIn(row["windowFrom"]),
  windowTo: momentIn(row["windowTo"]),
  plannedFrom: momentIn(row["plannedFrom"]),
  plannedMinutes: numberIn(row["plannedMinutes"]),
  pinned: flagIn(row["pinned"]),
  dispatchedAt: momentIn(row["dispatchedAt"]),
  changedSinceDispatch: flagIn(row["changedSinceDispatch"]),
  travelFrom: momentIn(row["travelFrom"]),
  arrivedAt: momentIn(row["arrivedAt"]),
  finishedAt: momentIn(row["finishedAt"]),
  outcome: textIn(row["outcome"]),
});

const hoursIn = (value: unknown): WorkingHours | null => {
  if (typeof value !== "object" || value === null) return null;
  const hours: Record<string, readonly [number, number]> = {};
  for (const [weekday, span] of Object.entries(value)) {
    const [from, to] = Array.isArray(span) ? span : [];
    if (typeof from === "number" && typeof to === "number") hours[weekday] = [from, to];
  }
  return hours;
};

export const technicianIn = (row: FlatRecord): Technician => ({
  id: row.id,
  collection: row.collection,
  name: textIn(row["name"]),
  phone: textIn(row["phone"]),
  team: textIn(row["team"]),
  territories: textsIn(row["territories"]),
  skills: objectsIn(row["skills"]).map((item) => ({
    id: textIn(item["id"]) ?? "",
    skill: textIn(item["skill"]),
    level: numberIn(item["level"]),
    expiry: textIn(item["expiry"]),
  })),
  workingHours: hoursIn(row["workingHours"]),
  base: referenceIn(row["base"]),
  vehicle: textIn(row["vehicle"]),
  active: flagIn(row["active"]) ?? true,
});

const ABSENCE_KINDS = ["leave", "sick", "training", "break", "meeting"] as const;

export const absenceIn = (row: FlatRecord): Absence => ({
  id: row.id,
  collection: row.collection,
  technicians: textsIn(row["technicians"]),
  from: momentIn(row["from"]),
  to: momentIn(row["to"]),
  kind: oneOf(ABSENCE_KINDS, row["kind"]),
  note: textIn(row["note"]),
});

export const customerIn = (row: FlatRecord): Customer => ({
  id: row.id,
  collection: row.collection,
  name: textIn(row["name"]),
  phones: textsIn(row["phones"]),
  mail: textIn(row["mail"]),
  terms: textIn(row["terms"]),
});

export const contactIn = (row: FlatRecord): Contact => ({
  id: row.id,
  collection: row.collection,
  name: textIn(row["name"]),
  phone: textIn(row["phone"]),
  role: textIn(row["role"]),
  customer: referenceIn(row["customer"]),
});

export const siteIn = (row: FlatRecord): Site => ({
  id: row.id,
  collection: row.collection,
  customer: referenceIn(row["customer"]),
  name: textIn(row["name"]),
  address: textIn(row["address"]),
  lat: numberIn(row["lat"]),
  lon: numberIn(row["lon"]),
  hours: textIn(row["hours"]),
  territory: textIn(row["territory"]),
});

export const savedViewIn = (row: FlatRecord): SavedView => {
  const [filter = {}] = objectsIn([row["filter"]]);
  return {
    id: row.id,
    collection: row.collection,
    name: textIn(row["name"]),
    kind: textIn(row["kind"]),
    filter: { text: textIn(filter["text"]) ?? "", chip: textIn(filter["chip"]) },
  };
};
