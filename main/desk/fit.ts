/**
 * How a visit fits where it now stands, in words: overlap, hours, absence, skills, promise. Asks the store for the technician's visits
 * around it, so that it costs the same however many visits there ever were.
 */
import { LONGEST_VISIT_MS } from "../../shared/domain/board-days.ts";
import { absenceIn, orderIn, technicianIn, visitIn } from "../../shared/domain/read.ts";
import type { Absence, Visit } from "../../shared/domain/records.ts";
import { type Misfit, misfits, spanOf } from "../../shared/domain/schedule/fit.ts";
import { parseRecordId, type RecordId } from "../../shared/ids.ts";
import type { Hint } from "../../shared/ipc/answers.ts";
import type { Store } from "../store/api.ts";
import { ABSENCE, TECHNICIAN, VISIT } from "./context.ts";

/** What takes a technician's time. */
export interface Busy {
  readonly visits: readonly Visit[];
  readonly absences: readonly Absence[];
}

export interface Fit {
  /** From a time on, and before another. */
  busy(technician: RecordId, from: number, to?: number): Busy;
  /** What is odd about a visit's place, worst first. */
  hintsOf(visit: RecordId): readonly Hint[];
}

export const createFit = (store: Store, zone: () => string): Fit => {
  const busy = (technician: RecordId, from: number, to = Number.MAX_SAFE_INTEGER): Busy => {
    const and = { field: "technicians", value: technician };
    return {
      visits: store.rowsBy(VISIT, "plannedFrom", { kind: "within", from: from - LONGEST_VISIT_MS, to, and }).map(visitIn),
      absences: store.rowsBy(ABSENCE, "technicians", { kind: "in", values: [technician] }).map(absenceIn),
    };
  };

  const numberOf = (visit: Visit): string => {
    const order = visit.workOrder === null ? undefined : store.row(visit.workOrder);
    return (order === undefined ? null : orderIn(order).number) ?? "another visit";
  };
  const words = (misfit: Misfit, name: string): Hint => {
    switch (misfit.code) {
      case "overlap":
        return { code: "overlap", text: `${name}: overlaps ${numberOf(misfit.visit)} by ${misfit.minutes} min.` };
      case "absent":
        return { code: "absent", text: `${name} is away then (${misfit.absence.kind ?? "absent"}).` };
      case "outside_hours":
        return { code: "outside_hours", text: `${name}: outside working hours.` };
      case "skill_missing":
        return { code: "skill_missing", text: `${name} lacks ${misfit.skills.join(", ")}.` };
      case "window_missed":
        return { code: "window_missed", text: "Outside what the customer was promised." };
    }
  };
  return {
    busy,
    hintsOf: (id) => {
      const found = store.row(id);
      const visit = found?.collection === VISIT ? visitIn(found) : undefined;
      const span = visit === undefined ? undefined : spanOf(visit);
      if (visit === undefined || span === undefined) return [];
      const order = visit.workOrder === null ? undefined : store.row(visit.workOrder);
      const hints = visit.technicians.flatMap((one) => {
        const technician = parseRecordId(one);
        const row = technician === undefined ? undefined : store.row(technician);
        if (technician === undefined || row?.collection !== TECHNICIAN) return [];
        const question = {
          span,
          technician: technicianIn(row),
          order: order === undefined ? undefined : orderIn(order),
          visitId: visit.id,
          ...busy(technician, span.from, span.to),
          zone: zone(),
        };
        return misfits(question).map((misfit) => words(misfit, question.technician.name ?? "The technician"));
      });
      // What is true of the visit whoever goes is said once.
      return hints.filter((hint, index) => hints.findIndex(({ text }) => text === hint.text) === index);
    },
  };
};
