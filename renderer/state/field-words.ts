/** What people call the fields of orders and visits. One that has no name here is called by its id. */
import { t } from "../i18n.ts";

const ORDER_FIELDS = {
  title: "field.title",
  priority: "field.priority",
  status: "field.status",
  customer: "field.customer",
  site: "field.site",
  contact: "field.contact",
  requestedFrom: "field.wantedFrom",
  requestedTo: "field.wantedTo",
  estimatedMinutes: "field.estimate",
  tags: "field.tags",
  notes: "field.notes",
  holdReason: "field.holdReason",
  cancelReason: "field.cancelReason",
  kind: "field.kind",
  number: "field.number",
  description: "field.description",
  dueBy: "field.dueBy",
  checklist: "field.checklist",
  assets: "field.assets",
  skills: "field.skills",
  territory: "field.territory",
  related: "field.related",
  externalRef: "field.externalRef",
  plan: "field.plan",
} as const;

const VISIT_FIELDS = {
  status: "field.visitStatus",
  plannedFrom: "field.visitTime",
  plannedMinutes: "field.visitLength",
  technicians: "field.technician",
  windowFrom: "field.visitWindow",
  windowTo: "field.visitWindow",
  outcome: "field.visitOutcome",
  pinned: "field.visitPinned",
  arrivedAt: "field.visitArrived",
  finishedAt: "field.visitFinished",
} as const;

/** What an object of words has under a name that may be any. */
export const keyIn = <Keys extends Record<string, string>>(keys: Keys, field: string): Keys[keyof Keys] | undefined =>
  Object.hasOwn(keys, field) ? keys[field as keyof Keys] : undefined;

export const orderField = (field: string): string => {
  const key = keyIn(ORDER_FIELDS, field);
  return key === undefined ? field : t(key);
};

export const visitField = (field: string): string => {
  const key = keyIn(VISIT_FIELDS, field);
  return key === undefined ? field : t(key);
};

/** Of whatever record: what undo left as it was. */
export const anyField = (field: string): string => {
  if (field === "deleted") return t("history.deleted");
  return Object.hasOwn(ORDER_FIELDS, field) ? orderField(field) : visitField(field);
};
