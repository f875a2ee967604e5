/**
 * What a person does to visits on the schedule, by pointer or key: each is one request, answered when durable. Hints come
 * back as words and stop nothing; a failure is said with what to do.
 */
import type { EpochMs, RecordId } from "../../shared/ids.ts";
import type { Written } from "../../shared/ipc/answers.ts";
import { refused, tell, unassign } from "../state/commands.ts";
import { call, desk } from "../state/desk.ts";
import { instant } from "../state/zone.ts";
import type { Dragged, Ghost } from "./ghost.ts";
import { STEP_MINUTES } from "./scale.ts";

const run = (request: Promise<Written>): void => void request.then((written) => tell(written), refused);

interface Place {
  readonly plannedFrom?: EpochMs;
  readonly plannedMinutes?: number;
  readonly technicians?: RecordId[];
}

/** What was asked of a visit and has not been answered yet: a key pressed meanwhile goes on from there, so that no step is lost. */
const asked = new Map<RecordId, { readonly place: Place; readonly open: number }>();

const visitOf = (id: RecordId) => {
  const visit = desk.get().days?.board.get("visit", id);
  return visit === undefined ? undefined : { ...visit, ...asked.get(id)?.place };
};

const move = (id: RecordId, place: Place): void => {
  const before = asked.get(id);
  asked.set(id, { place: { ...before?.place, ...place }, open: (before?.open ?? 0) + 1 });
  const answered = (): void => {
    const now = asked.get(id);
    if (now === undefined || now.open === 1) asked.delete(id);
    else asked.set(id, { ...now, open: now.open - 1 });
  };
  run(call("visit.move", { visit: id, ...place }).finally(answered));
};

/** Drops what was dragged where its ghost lies. A visit of a crew keeps its others: only the row it came from is handed over. */
export const drop = (dragged: Dragged, ghost: Ghost): void => {
  if (dragged.kind === "order") {
    run(call("order.assign", { order: dragged.order, technician: ghost.technician, at: ghost.at, minutes: ghost.minutes }));
    return;
  }
  const visit = visitOf(dragged.visit);
  if (visit === undefined) return;
  const handed = handOver(visit.technicians, dragged.from, ghost.technician);
  if (visit.plannedFrom === ghost.at && handed === undefined) return;
  move(visit.id, { plannedFrom: ghost.at, ...(handed === undefined ? {} : { technicians: handed }) });
};

/** The crew after a hand-over; undefined when it stays as it is. */
const handOver = (technicians: readonly string[], from: RecordId | undefined, to: RecordId): RecordId[] | undefined => {
  if (from === to) return undefined;
  const board = desk.get().days?.board;
  const known = technicians.flatMap((id) => board?.get("technician", id)?.id ?? []);
  return [...new Set([...known.filter((id) => id !== from), to])];
};

export const shift = (id: RecordId, steps: number): void => {
  const visit = visitOf(id);
  if (visit?.plannedFrom == null) return;
  move(id, { plannedFrom: instant(visit.plannedFrom + steps * STEP_MINUTES * 60_000) });
};

export const resizeTo = (id: RecordId, minutes: number): void => {
  const visit = visitOf(id);
  if (visit === undefined || minutes < STEP_MINUTES || minutes === visit.plannedMinutes) return;
  move(id, { plannedMinutes: minutes });
};

export const resizeBy = (id: RecordId, steps: number): void => {
  const minutes = visitOf(id)?.plannedMinutes ?? 60;
  resizeTo(id, Math.max(STEP_MINUTES, minutes + steps * STEP_MINUTES));
};

export const handTo = (id: RecordId, from: RecordId, to: RecordId): void => {
  const visit = visitOf(id);
  const technicians = visit === undefined ? undefined : handOver(visit.technicians, from, to);
  if (technicians !== undefined) move(id, { technicians });
};

/** To a typed time of the shown day. */
export const moveTo = (id: RecordId, at: number): void => move(id, { plannedFrom: instant(at) });

export const toTray = unassign;

export const dispatch = (id: RecordId): void => run(call("visit.setStatus", { visit: id, status: "dispatched" }));
