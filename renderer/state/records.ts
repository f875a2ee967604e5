/**
 * Records as they come, read into the shapes of `shared/domain/records.ts`. Values may be of any version's making, so what
 * is missing or of another kind reads as absent, and a status that is not known as the first.
 */
import type {
  Absence,
  ChecklistItem,
  Contact,
  Customer,
  Site,
  Technician,
  Visit,
  WorkingHours,
  WorkOrder,
} from "../../shared/domain/records.ts";
import { ORDER_STATUSES, PRIORITIES, VISIT_STATUSES } from "../../shared/domain/status.ts";
import { type EpochMs, parseEpochMs, parseRecordId, type RecordId } from "../../shared/ids.ts";
import type { RecordData } from "../../shared/ipc/answers.ts";

const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
const number = (value: unknown): number | null => (typeof value === "number" && Number.isFinite(value) ? value : null);
const flag = (value: unknown): boolean | null => (typeof value === "boolean" ? value : null);
const moment = (value: unknown): EpochMs | null => (typeof value === "number" ? (parseEpochMs(value) ?? null) : null);
const reference = (value: unknown): RecordId | null => (typeof value === "string" ? (parseRecordId(value) ?? null) : null);
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === "string") : [];
const objects = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter((entry): entry is Record<string, unknown> => typeof entry === "object" && entry !== null) : [];
const oneOf = <Value extends string>(known: readonly Value[], value: unknown): Value | null =>
  known.find((entry) => entry === value) ?? null;

const ITEM_KINDS = ["tick", "number", "text", "pass_fail", "choice", "meter"] as const;
const ABSENCE_KINDS = ["leave", "sick", "training", "break", "meeting"] as const;

/** An order, and whether it stands only because it was edited while someone deleted it. */
export interface BoardOrder extends WorkOrder {
  readonly editedWhileDeleted: boolean;
}

export const orderFrom = (data: RecordData): BoardOrder => ({
  id: data.id,
  collection: data.collection,
  number: text(data["number"]),
  title: text(data["title"]),
  kind: text(data["kind"]),
  priority: oneOf(PRIORITIES, data["priority"]) ?? "normal",
  status: oneOf(ORDER_STATUSES, data["status"]) ?? "new",
  holdReason: text(data["holdReason"]),
  cancelReason: text(data["cancelReason"]),
  heldFrom: oneOf(ORDER_STATUSES, data["heldFrom"]),
  customer: reference(data["customer"]),
  site: reference(data["site"]),
  contact: reference(data["contact"]),
  assets: texts(data["assets"]),
  requestedFrom: moment(data["requestedFrom"]),
  requestedTo: moment(data["requestedTo"]),
  dueBy: moment(data["dueBy"]),
  estimatedMinutes: number(data["estimatedMinutes"]),
  skills: texts(data["skills"]),
  territory: text(data["territory"]),
  tags: texts(data["tags"]),
  checklist: objects(data["checklist"]).map(
    (item): ChecklistItem => ({
      id: text(item["id"]) ?? "",
      label: text(item["label"]),
      kind: oneOf(ITEM_KINDS, item["kind"]),
      required: flag(item["required"]),
      value: item["value"] ?? null,
      doneBy: text(item["doneBy"]),
      doneAt: moment(item["doneAt"]),
    }),
  ),
  related: texts(data["related"]),
  plan: reference(data["plan"]),
  externalRef: text(data["externalRef"]),
  editedWhileDeleted: data["editedWhileDeleted"] === true,
});

export const visitFrom = (data: RecordData): Visit => ({
  id: data.id,
  collection: data.collection,
  workOrder: reference(data["workOrder"]),
  technicians: texts(data["technicians"]),
  lead: reference(data["lead"]),
  status: oneOf(VISIT_STATUSES, data["status"]) ?? "planned",
  windowFrom: moment(data["windowFrom"]),
  windowTo: moment(data["windowTo"]),
  plannedFrom: moment(data["plannedFrom"]),
  plannedMinutes: number(data["plannedMinutes"]),
  pinned: flag(data["pinned"]),
  dispatchedAt: moment(data["dispatchedAt"]),
  changedSinceDispatch: flag(data["changedSinceDispatch"]),
  travelFrom: moment(data["travelFrom"]),
  arrivedAt: moment(data["arrivedAt"]),
  finishedAt: moment(data["finishedAt"]),
  outcome: text(data["outcome"]),
});

const hoursFrom = (value: unknown): WorkingHours | null => {
  if (typeof value !== "object" || value === null) return null;
  const hours: Record<string, readonly [number, number]> = {};
  for (const [weekday, span] of Object.entries(value)) {
    const [from, to] = Array.isArray(span) ? span : [];
    if (typeof from === "number" && typeof to === "number") hours[weekday] = [from, to];
  }
  return hours;
};

export const technicianFrom = (data: RecordData): Technician => ({
  id: data.id,
  collection: data.collection,
  name: text(data["name"]),
  phone: text(data["phone"]),
  team: text(data["team"]),
  territories: texts(data["territories"]),
  skills: objects(data["skills"]).map((item) => ({
    id: text(item["id"]) ?? "",
    skill: text(item["skill"]),
    level: number(item["level"]),
    expiry: text(item["expiry"]),
  })),
  workingHours: hoursFrom(data["workingHours"]),
  base: reference(data["base"]),
  vehicle: text(data["vehicle"]),
  active: flag(data["active"]) ?? true,
});

export const absenceFrom = (data: RecordData): Absence => ({
  id: data.id,
  collection: data.collection,
  technicians: texts(data["technicians"]),
  from: moment(data["from"]),
  to: moment(data["to"]),
  kind: oneOf(ABSENCE_KINDS, data["kind"]),
  note: text(data["note"]),
});

export const customerFrom = (data: RecordData): Customer => ({
  id: data.id,
  collection: data.collection,
  name: text(data["name"]),
  phones: texts(data["phones"]),
  mail: text(data["mail"]),
  terms: text(data["terms"]),
});

export const contactFrom = (data: RecordData): Contact => ({
  id: data.id,
  collection: data.collection,
  name: text(data["name"]),
  phone: text(data["phone"]),
  role: text(data["role"]),
  customer: reference(data["customer"]),
});

export const siteFrom = (data: RecordData): Site => ({
  id: data.id,
  collection: data.collection,
  customer: reference(data["customer"]),
  name: text(data["name"]),
  address: text(data["address"]),
  lat: number(data["lat"]),
  lon: number(data["lon"]),
  hours: text(data["hours"]),
  territory: text(data["territory"]),
});
