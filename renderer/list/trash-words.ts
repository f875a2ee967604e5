/**
 * What stands in a row of the trash and what is said when it comes back. The desk names it (`called`, `belongsTo`); the kind is said here.
 */
import type { Output } from "../../shared/ipc/contract.ts";
import { t } from "../i18n.ts";

export type TrashRow = Output<"trash.list">[number];

export interface TrashLineWords {
  readonly kind: string;
  /** Of an order; empty for all else. */
  readonly number: string;
  readonly called: string;
  readonly belongsTo: string;
}

const KINDS: Readonly<Record<string, () => string>> = {
  workOrder: () => t("trashKind.workOrder"),
  visit: () => t("trashKind.visit"),
  technician: () => t("trashKind.technician"),
  absence: () => t("trashKind.absence"),
  customer: () => t("trashKind.customer"),
  contact: () => t("trashKind.contact"),
  site: () => t("trashKind.site"),
  asset: () => t("trashKind.asset"),
  part: () => t("trashKind.part"),
  partUse: () => t("trashKind.partUse"),
  timeEntry: () => t("trashKind.timeEntry"),
  template: () => t("trashKind.template"),
  plan: () => t("trashKind.plan"),
  comment: () => t("trashKind.comment"),
  savedView: () => t("trashKind.savedView"),
};

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** A collection that this version does not know goes by its own name. */
export const trashLine = (row: TrashRow): TrashLineWords => ({
  kind: KINDS[row.collection]?.() ?? row.collection,
  number: textOf(row["number"]),
  called: textOf(row["called"]),
  belongsTo: textOf(row["belongsTo"]),
});

/** `A-12 “Boiler” is back.` · `Filter “Mine” is back.` */
export const trashSentence = (row: TrashRow): string => {
  const { kind, number, called } = trashLine(row);
  const named = called === "" ? "" : ` “${called}”`;
  return t("trash.back", { what: `${number === "" ? kind : number}${named}` });
};
