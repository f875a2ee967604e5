/**
 * Visits: assigned, moved, taken off, their status set. The order follows in the same change (`shared/domain/visits.ts`).
 * What does not fit (overlap, hours, absence) is said as a hint and never stops anything.
 */
import type { Edit } from "../../shared/crdt/edit.ts";
import type { FieldWrite } from "../../shared/domain/field-writes.ts";
import { firstFree } from "../../shared/domain/free-time.ts";
import { type OrderFacts, orderIn, technicianIn, textIn, visitIn } from "../../shared/domain/read.ts";
import type { Visit } from "../../shared/domain/records.ts";
import { DEFAULT_VISIT_MINUTES } from "../../shared/domain/schedule/fit.ts";
import { parseInstant } from "../../shared/domain/typed-time.ts";
import {
  type Moved,
  moveVisit,
  newVisitWrites,
  orderFollows,
  parseVisitStatus,
  setVisitStatus,
  statusesWith,
  unassignVisit,
  visitToAssign,
} from "../../shared/domain/visits.ts";
import { AppError } from "../../shared/errors.ts";
import { type EpochMs, parseRecordId, type RecordId } from "../../shared/ids.ts";
import type { Parsed } from "../../shared/ipc/contract.ts";
import type { Handlers } from "../host/ports.ts";
import { type DeskContext, ORDER, VISIT } from "./context.ts";
import type { Fit } from "./fit.ts";
import type { Notes } from "./notes.ts";
import { visitsOf } from "./reads.ts";
import { liveRow, nameOf, orderOf, technicianOf } from "./refs.ts";
import { commitAndAnswer, editsOf } from "./writes.ts";

type VisitHandlers = Pick<Handlers, "order.assign" | "visit.move" | "visit.unassign" | "visit.setStatus">;

export const createVisits = (context: DeskContext, notes: Notes, fit: Fit): VisitHandlers => {
  const { store } = context.deps;

  const liveVisit = (id: RecordId): Visit => {
    const row = liveRow(store, id);
    if (row.collection !== VISIT) throw new AppError("not_found", `There is no visit "${id}" here.`);
    return visitIn(row);
  };
  const orderFor = (visit: Visit): OrderFacts | undefined => {
    const row = visit.workOrder === null ? undefined : store.row(visit.workOrder);
    return row?.collection === ORDER ? orderIn(row) : undefined;
  };
  const visitEdits = (record: RecordId, writes: readonly FieldWrite[]): readonly Edit[] =>
    editsOf({ collection: VISIT, record }, writes, notes);
  const followEdits = (order: OrderFacts, changed: RecordId, moved: Pick<Moved, "status">): readonly Edit[] => {
    const statuses = statusesWith(visitsOf(store, order.id), changed, moved.status);
    return editsOf({ collection: ORDER, record: order.id }, orderFollows(order, statuses), notes);
  };

  /** When: as asked, else the start of what was promised, else the technician's first free time today. */
  const startFor = (order: OrderFacts, technician: RecordId, at: EpochMs | string | undefined, minutes: number): EpochMs => {
    if (typeof at === "number") return at;
    const now = context.now();
    if (at !== undefined) {
      const typed = parseInstant(at, context.zone(), now);
      if (typed === undefined)
        throw new AppError("unusable_value", `"${at}" is no time. Write 14:30, tomorrow 9:00, 2026-11-24 14:30 or 2026-11-24T14:30Z.`);
      return typed;
    }
    if (order.requestedFrom !== null && order.requestedFrom >= now) return order.requestedFrom;
    const free = { technician: technicianIn(liveRow(store, technician)), minutes, now, zone: context.zone() };
    return firstFree({ ...free, ...fit.busy(technician, now) });
  };

  const assign = ({ order: ref, technician: typed, at, minutes, visit: which }: Parsed<"order.assign">) => {
    const order = orderIn(orderOf(store, ref));
    const adds = typed.startsWith("+");
    const technician = technicianOf(context, adds ? typed.slice(1) : typed);
    const held = which === "new" ? undefined : which === undefined ? visitToAssign(visitsOf(store, order.id)) : liveVisit(which);
    const length = minutes ?? held?.plannedMinutes ?? order.estimatedMinutes ?? DEFAULT_VISIT_MINUTES;
    const label = `Assign ${order.number ?? order.id} to ${nameOf(technician)}`;
    if (held === undefined) {
      const record = context.newRecord();
      const plannedFrom = startFor(order, technician.id, at, length);
      const writes = newVisitWrites(order, { technicians: [technician.id], plannedFrom, plannedMinutes: length });
      const edits = [...visitEdits(record, writes), ...followEdits(order, record, { status: "planned" })];
      return { edits, record: order.id, visit: record, label, hints: [] };
    }
    const technicians = adds ? [...held.technicians.flatMap((id) => parseRecordId(id) ?? []), technician.id] : [technician.id];
    const moved = moveVisit(held, {
      technicians: [...new Set(technicians)],
      ...(at !== undefined || held.plannedFrom === null ? { plannedFrom: startFor(order, technician.id, at, length) } : {}),
      plannedMinutes: length,
    });
    const edits = [...visitEdits(held.id, moved.writes), ...followEdits(order, held.id, moved)];
    return { edits, record: order.id, visit: held.id, label, hints: moved.hints };
  };

  const change = (visit: Visit, order: OrderFacts | undefined, moved: Moved, label: string) => {
    const edits = visitEdits(visit.id, moved.writes);
    return {
      edits: order === undefined || edits.length === 0 ? edits : [...edits, ...followEdits(order, visit.id, moved)],
      record: visit.id,
      label,
      hints: moved.hints,
    };
  };

  return {
    "order.assign": (input) => {
      const { edits, visit, ...about } = assign(input);
      const written = commitAndAnswer(context, edits, about);
      return { ...written, hints: [...written.hints, ...fit.hintsOf(visit)] };
    },
    "visit.move": ({ visit: id, plannedFrom, plannedMinutes, technicians }) => {
      const visit = liveVisit(id);
      for (const technician of technicians ?? []) technicianOf(context, technician);
      const moved = moveVisit(visit, {
        ...(plannedFrom === undefined ? {} : { plannedFrom }),
        ...(plannedMinutes === undefined ? {} : { plannedMinutes }),
        ...(technicians === undefined ? {} : { technicians: [...new Set(technicians)] }),
      });
      const order = orderFor(visit);
      const { edits, ...about } = change(visit, order, moved, `Move the visit of ${order?.number ?? "an order"}`);
      const written = commitAndAnswer(context, edits, about);
      return { ...written, hints: [...written.hints, ...fit.hintsOf(id)] };
    },
    "visit.unassign": ({ visit: id }) => {
      const visit = liveVisit(id);
      const order = orderFor(visit);
      const { edits, ...about } = change(visit, order, unassignVisit(visit), `Unassign ${order?.number ?? "a visit"}`);
      return commitAndAnswer(context, edits, about);
    },
    "visit.setStatus": ({ visit: id, status: typed }) => {
      const visit = liveVisit(id);
      const order = orderFor(visit);
      const status = parseVisitStatus(typed);
      const moved = setVisitStatus(visit, status, context.now(), order === undefined ? null : textIn(order.number));
      const label = `Visit of ${order?.number ?? "an order"} to ${status.replaceAll("_", " ")}`;
      const { edits, ...about } = change(visit, order, moved, label);
      return commitAndAnswer(context, edits, about);
    },
  };
};
