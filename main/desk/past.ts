/** An order as it was at an earlier time, read only: its fields and visits by the history that this desk keeps. */
import { readNote } from "../../shared/crdt/notes/doc.ts";
import { parseInstant } from "../../shared/domain/typed-time.ts";
import { AppError } from "../../shared/errors.ts";
import type { EpochMs } from "../../shared/ids.ts";
import type { PastOrder } from "../../shared/ipc/answers.ts";
import type { Handlers } from "../host/ports.ts";
import { type DeskContext, ORDER, VISIT } from "./context.ts";
import { nameOf, orderOf } from "./refs.ts";

export const createPast = (context: DeskContext): Pick<Handlers, "order.asOf"> => {
  const { store } = context.deps;
  const instantOf = (given: EpochMs | string): EpochMs => {
    const at = typeof given === "number" ? given : parseInstant(given, context.zone(), context.now());
    if (at === undefined)
      throw new AppError("unusable_value", `"${given}" is no time. Write 14:30, 2026-11-24 14:30 or 2026-11-24T14:30Z.`);
    if (at > context.now()) throw new AppError("unusable_value", `${new Date(at).toISOString()} has not come yet.`);
    return at;
  };
  return {
    "order.asOf": ({ order: ref, at: given }): PastOrder => {
      const at = instantOf(given);
      const present = orderOf(store, ref, { deleted: true });
      const past = store.asOf(at);
      const row = past.row(present.id);
      if (row === undefined)
        throw new AppError("not_yet", `${nameOf(present)} did not exist at ${new Date(at).toISOString()}, as far as this desk knows.`);
      const unknown = new Set(row.unknown);
      const texts = context
        .typeOf(ORDER)
        .fields.filter(({ kind }) => kind === "text")
        .map(({ id }) => [id, unknown.has(id) ? null : readNote(store.text(present.id, id).updates)] as const);
      const visits = store
        .where(VISIT, "workOrder", present.id, { deleted: true })
        .flatMap((id) => past.row(id) ?? [])
        .filter((visit) => visit["workOrder"] === present.id && !visit.deleted);
      return { ...row, ...Object.fromEntries(texts), visits, asOf: at, deleted: row.deleted, unknown: row.unknown };
    },
  };
};
