/**
 * How a visit fits where it now stands, in words: overlap, hours, absence, skills, promise. From records kept in memory and
 * followed change by change, since asking the file for every visit at each drag would cost more than the write.
 */
import { absenceIn, orderIn, technicianIn, visitIn } from "../../shared/domain/read.ts";
import type { Absence, Visit } from "../../shared/domain/records.ts";
import { type Misfit, misfits, spanOf } from "../../shared/domain/schedule/fit.ts";
import { parseRecordId, type RecordId } from "../../shared/ids.ts";
import type { Hint } from "../../shared/ipc/answers.ts";
import type { RecordRow, Store } from "../store/api.ts";
import type { Changes } from "./changes.ts";
import { ABSENCE, TECHNICIAN, VISIT } from "./context.ts";

export interface Fit {
  /** All live visits and absences. */
  board(): { readonly visits: readonly Visit[]; readonly absences: readonly Absence[] };
  /** What is odd about a visit's place, worst first. */
  hintsOf(visit: RecordId): readonly Hint[];
}

export const createFit = (store: Store, changes: Changes, zone: () => string): Fit => {
  let held: { readonly visits: Map<RecordId, Visit>; readonly absences: Map<RecordId, Absence> } | undefined;
  const board = () => {
    held ??= {
      visits: new Map(store.rows([VISIT]).map((row) => [row.id, visitIn(row)])),
      absences: new Map(store.rows([ABSENCE]).map((row) => [row.id, absenceIn(row)])),
    };
    return held;
  };
  const follow = (id: RecordId, row: RecordRow | undefined): void => {
    if (held === undefined) return;
    held.visits.delete(id);
    held.absences.delete(id);
    if (row?.collection === VISIT) held.visits.set(id, visitIn(row));
    if (row?.collection === ABSENCE) held.absences.set(id, absenceIn(row));
  };
  changes.onRecord(follow);

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
    board: () => {
      const { visits, absences } = board();
      return { visits: [...visits.values()], absences: [...absences.values()] };
    },
    hintsOf: (id) => {
      const { visits, absences } = board();
      const visit = visits.get(id);
      const span = visit === undefined ? undefined : spanOf(visit);
      if (visit === undefined || span === undefined) return [];
      const order = visit.workOrder === null ? undefined : store.row(visit.workOrder);
      const near = [...visits.values()].filter((other) => {
        const otherSpan = spanOf(other);
        return otherSpan !== undefined && otherSpan.from < span.to && span.from < otherSpan.to;
      });
      const hints = visit.technicians.flatMap((one) => {
        const technician = parseRecordId(one);
        const row = technician === undefined ? undefined : store.row(technician);
        if (row?.collection !== TECHNICIAN) return [];
        const question = {
          span,
          technician: technicianIn(row),
          order: order === undefined ? undefined : orderIn(order),
          visitId: visit.id,
          visits: near,
          absences: [...absences.values()],
          zone: zone(),
        };
        return misfits(question).map((misfit) => words(misfit, question.technician.name ?? "The technician"));
      });
      // What is true of the visit whoever goes is said once.
      return hints.filter((hint, index) => hints.findIndex(({ text }) => text === hint.text) === index);
    },
  };
};
