/**
 * The built-in types: the collections and fields of dispatch work. Field ids never change and stored documents
 * follow this order, so fields are only appended. Sources of the fields: the domain page's section 3.
 */
import { type CollectionId, parseCollectionId } from "../ids.ts";
import type { FieldDef, TypeDef } from "./types.ts";

const to = (name: string): CollectionId => {
  const id = parseCollectionId(name);
  if (id === undefined) throw new Error(`${name} is no collection id`);
  return id;
};

const workOrder: readonly FieldDef[] = [
  { id: "number", name: "Number", kind: "string", searched: true },
  { id: "title", name: "Title", kind: "string", required: true, searched: true },
  { id: "description", name: "Description", kind: "text", searched: true },
  { id: "kind", name: "Kind", kind: "choice", options: ["repair", "maintenance", "install", "inspection", "call_back", "quote"] },
  { id: "priority", name: "Priority", kind: "choice", options: ["low", "normal", "high", "urgent"], default: "normal" },
  {
    id: "status",
    name: "Status",
    kind: "choice",
    options: ["new", "scheduled", "in_progress", "on_hold", "done", "closed", "cancelled"],
    default: "new",
    indexed: true,
  },
  { id: "holdReason", name: "Hold reason", kind: "string" },
  { id: "cancelReason", name: "Cancel reason", kind: "string" },
  { id: "heldFrom", name: "Status before the hold", kind: "string" },
  { id: "customer", name: "Customer", kind: "reference", to: to("customer"), indexed: true },
  { id: "site", name: "Site", kind: "reference", to: to("site"), indexed: true },
  { id: "contact", name: "Contact", kind: "reference", to: to("contact"), indexed: true },
  { id: "assets", name: "Assets", kind: "set", to: to("asset") },
  { id: "requestedFrom", name: "Wanted from", kind: "instant", indexed: true },
  { id: "requestedTo", name: "Wanted until", kind: "instant" },
  { id: "dueBy", name: "Due by", kind: "instant", indexed: true },
  { id: "estimatedMinutes", name: "Estimate", kind: "minutes" },
  { id: "skills", name: "Skills", kind: "set" },
  { id: "territory", name: "Territory", kind: "string", searched: true },
  { id: "tags", name: "Tags", kind: "set", searched: true },
  {
    id: "checklist",
    name: "Checklist",
    kind: "list",
    item: [
      { id: "label", name: "Label", kind: "string" },
      { id: "kind", name: "Kind", kind: "choice", options: ["tick", "number", "text", "pass_fail", "choice", "meter"], default: "tick" },
      { id: "required", name: "Required", kind: "boolean" },
      { id: "value", name: "Value", kind: "json" },
      { id: "doneBy", name: "Done by", kind: "string" },
      { id: "doneAt", name: "Done at", kind: "instant" },
    ],
  },
  { id: "notes", name: "Notes", kind: "text", searched: true },
  { id: "resolution", name: "Resolution", kind: "text", searched: true },
  { id: "related", name: "Related", kind: "set", to: to("workOrder") },
  { id: "plan", name: "Plan", kind: "reference", to: to("plan") },
  { id: "externalRef", name: "External reference", kind: "string", indexed: true, searched: true },
];

const visit: readonly FieldDef[] = [
  { id: "workOrder", name: "Work order", kind: "reference", to: to("workOrder"), indexed: true },
  { id: "technicians", name: "Technicians", kind: "set", to: to("technician"), indexed: true },
  { id: "lead", name: "Lead", kind: "reference", to: to("technician") },
  {
    id: "status",
    name: "Status",
    kind: "choice",
    options: ["planned", "confirmed", "dispatched", "travelling", "working", "paused", "done", "no_access", "cancelled"],
    default: "planned",
  },
  { id: "windowFrom", name: "Window from", kind: "instant" },
  { id: "windowTo", name: "Window to", kind: "instant" },
  { id: "plannedFrom", name: "Planned from", kind: "instant", indexed: true },
  { id: "plannedMinutes", name: "Planned minutes", kind: "minutes" },
  { id: "pinned", name: "Pinned", kind: "boolean" },
  { id: "dispatchedAt", name: "Dispatched at", kind: "instant" },
  { id: "changedSinceDispatch", name: "Changed since dispatch", kind: "boolean" },
  { id: "travelFrom", name: "Travel from", kind: "instant" },
  { id: "arrivedAt", name: "Arrived at", kind: "instant" },
  { id: "finishedAt", name: "Finished at", kind: "instant" },
  { id: "outcome", name: "Outcome", kind: "string" },
  { id: "signature", name: "Signature", kind: "json" },
];

const technician: readonly FieldDef[] = [
  { id: "name", name: "Name", kind: "string", required: true, searched: true },
  { id: "phone", name: "Phone", kind: "string" },
  { id: "team", name: "Team", kind: "string" },
  { id: "territories", name: "Territories", kind: "set" },
  {
    id: "skills",
    name: "Skills",
    kind: "list",
    item: [
      { id: "skill", name: "Skill", kind: "string" },
      { id: "level", name: "Level", kind: "number" },
      { id: "expiry", name: "Expiry", kind: "date" },
    ],
  },
  { id: "workingHours", name: "Working hours", kind: "json" },
  { id: "base", name: "Base", kind: "reference", to: to("site") },
  { id: "vehicle", name: "Vehicle", kind: "string" },
  { id: "active", name: "Active", kind: "boolean", default: true },
];

const absence: readonly FieldDef[] = [
  { id: "technicians", name: "Technicians", kind: "set", to: to("technician"), indexed: true },
  { id: "from", name: "From", kind: "instant", indexed: true },
  { id: "to", name: "To", kind: "instant" },
  { id: "kind", name: "Kind", kind: "choice", options: ["leave", "sick", "training", "break", "meeting"] },
  { id: "note", name: "Note", kind: "string" },
];

const customer: readonly FieldDef[] = [
  { id: "name", name: "Name", kind: "string", required: true, searched: true },
  { id: "phones", name: "Phones", kind: "set", searched: true },
  { id: "mail", name: "Mail", kind: "string", searched: true },
  { id: "terms", name: "Terms", kind: "string" },
];

const contact: readonly FieldDef[] = [
  { id: "name", name: "Name", kind: "string", required: true, searched: true },
  { id: "phone", name: "Phone", kind: "string", searched: true },
  { id: "role", name: "Role", kind: "string" },
  { id: "customer", name: "Customer", kind: "reference", to: to("customer"), indexed: true },
];

const site: readonly FieldDef[] = [
  { id: "customer", name: "Customer", kind: "reference", to: to("customer"), indexed: true },
  { id: "name", name: "Name", kind: "string", searched: true },
  { id: "address", name: "Address", kind: "string", indexed: true, searched: true },
  { id: "lat", name: "Latitude", kind: "number" },
  { id: "lon", name: "Longitude", kind: "number" },
  { id: "directions", name: "Directions", kind: "text" },
  { id: "accessNotes", name: "Access notes", kind: "text", searched: true },
  { id: "hours", name: "Hours", kind: "string" },
  { id: "territory", name: "Territory", kind: "string" },
  { id: "parent", name: "Parent", kind: "reference", to: to("site") },
];

const asset: readonly FieldDef[] = [
  { id: "site", name: "Site", kind: "reference", to: to("site") },
  { id: "parent", name: "Parent", kind: "reference", to: to("asset") },
  { id: "name", name: "Name", kind: "string" },
  { id: "make", name: "Make", kind: "string" },
  { id: "model", name: "Model", kind: "string" },
  { id: "serial", name: "Serial", kind: "string" },
  { id: "barcode", name: "Barcode", kind: "string" },
  { id: "inService", name: "In service", kind: "date" },
  { id: "warrantyTo", name: "Warranty to", kind: "date" },
  { id: "state", name: "State", kind: "choice", options: ["up", "standby", "down"], default: "up" },
  {
    id: "meters",
    name: "Meters",
    kind: "list",
    item: [
      { id: "name", name: "Name", kind: "string" },
      { id: "unit", name: "Unit", kind: "string" },
      { id: "value", name: "Value", kind: "number" },
      { id: "readAt", name: "Read at", kind: "instant" },
    ],
  },
];

const part: readonly FieldDef[] = [
  { id: "sku", name: "Sku", kind: "string" },
  { id: "name", name: "Name", kind: "string", required: true },
  { id: "unit", name: "Unit", kind: "string" },
  { id: "minStock", name: "Min stock", kind: "number" },
  { id: "barcode", name: "Barcode", kind: "string" },
];

const partUse: readonly FieldDef[] = [
  { id: "workOrder", name: "Work order", kind: "reference", to: to("workOrder"), indexed: true },
  { id: "part", name: "Part", kind: "reference", to: to("part") },
  { id: "quantity", name: "Quantity", kind: "counter" },
  { id: "from", name: "From", kind: "choice", options: ["truck", "store"] },
];

const timeEntry: readonly FieldDef[] = [
  { id: "workOrder", name: "Work order", kind: "reference", to: to("workOrder"), indexed: true },
  { id: "visit", name: "Visit", kind: "reference", to: to("visit") },
  { id: "technician", name: "Technician", kind: "reference", to: to("technician") },
  { id: "kind", name: "Kind", kind: "choice", options: ["travel", "work", "break"] },
  { id: "from", name: "From", kind: "instant" },
  { id: "to", name: "To", kind: "instant" },
  { id: "billable", name: "Billable", kind: "boolean" },
];

const template: readonly FieldDef[] = [
  { id: "kind", name: "Kind", kind: "string" },
  { id: "title", name: "Title", kind: "string", required: true },
  { id: "minutes", name: "Minutes", kind: "minutes" },
  { id: "skills", name: "Skills", kind: "set" },
  {
    id: "checklist",
    name: "Checklist",
    kind: "list",
    item: [
      { id: "label", name: "Label", kind: "string" },
      { id: "kind", name: "Kind", kind: "choice", options: ["tick", "number", "text", "pass_fail", "choice", "meter"], default: "tick" },
      { id: "required", name: "Required", kind: "boolean" },
    ],
  },
];

const plan: readonly FieldDef[] = [
  { id: "site", name: "Site", kind: "reference", to: to("site") },
  { id: "assets", name: "Assets", kind: "set", to: to("asset") },
  { id: "template", name: "Template", kind: "reference", to: to("template") },
  { id: "rule", name: "Rule", kind: "string" },
  { id: "countedFrom", name: "Counted from", kind: "choice", options: ["schedule", "completion"] },
  { id: "next", name: "Next", kind: "date" },
];

const comment: readonly FieldDef[] = [
  { id: "workOrder", name: "Work order", kind: "reference", to: to("workOrder"), indexed: true },
  { id: "author", name: "Author", kind: "string" },
  { id: "text", name: "Text", kind: "string" },
  { id: "at", name: "At", kind: "instant" },
];

const savedView: readonly FieldDef[] = [
  { id: "name", name: "Name", kind: "string", required: true },
  { id: "kind", name: "Kind", kind: "string" },
  { id: "filter", name: "Filter", kind: "json" },
  { id: "sort", name: "Sort", kind: "json" },
  { id: "columns", name: "Columns", kind: "json" },
  { id: "sharedWith", name: "Shared with", kind: "set" },
];

const type = (collection: string, name: string, fields: readonly FieldDef[]): TypeDef => ({
  collection: to(collection),
  name,
  fields,
  // Orders, their visits and what is booked on them are many; all else can be listed.
  listed: !["workOrder", "visit", "partUse", "timeEntry", "comment"].includes(collection),
});

/** Every workspace has these. */
export const BUILT_IN_TYPES: readonly TypeDef[] = [
  type("workOrder", "Work order", workOrder),
  type("visit", "Visit", visit),
  type("technician", "Technician", technician),
  type("absence", "Absence", absence),
  type("customer", "Customer", customer),
  type("contact", "Contact", contact),
  type("site", "Site", site),
  type("asset", "Asset", asset),
  type("part", "Part", part),
  type("partUse", "Part use", partUse),
  type("timeEntry", "Time entry", timeEntry),
  type("template", "Template", template),
  type("plan", "Plan", plan),
  type("comment", "Comment", comment),
  type("savedView", "Saved view", savedView),
];
