/**
 * An order's history in words: one line a change, the newest first; a value that lost at once is one quiet line with the
 * way to take it.
 */

import type { EpochMs } from "../../shared/ids.ts";
import type { HistoryLine } from "../../shared/ipc/answers.ts";
import { t } from "../i18n.ts";
import type { Board } from "../state/board.ts";
import { minutesText } from "../state/typed-time.ts";
import { instant, type Zone } from "../state/zone.ts";

export interface HistoryEntry {
  readonly key: string;
  readonly at: EpochMs;
  readonly who: string;
  readonly field: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly won: boolean;
  readonly value: unknown;
}

const FIELD_KEYS = {
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
} as const;

const isFieldKey = (field: string): field is keyof typeof FIELD_KEYS => Object.hasOwn(FIELD_KEYS, field);

const fieldName = (field: string): string => {
  const [first = field] = field.split("/");
  return isFieldKey(first) ? t(FIELD_KEYS[first]) : first;
};

const INSTANTS: ReadonlySet<string> = new Set(["requestedFrom", "requestedTo", "dueBy"]);

const REFERENCES = { customer: "customer", site: "site", contact: "contact" } as const;
const isReference = (field: string): field is keyof typeof REFERENCES => Object.hasOwn(REFERENCES, field);

export const valueWords = (field: string, value: unknown, board: Board, zone: Zone): string => {
  if (value === null || value === undefined || value === "") return "";
  if (field === "status" || field === "priority") return t(`${field}.${String(value)}` as "status.new", { defaultValue: String(value) });
  if (INSTANTS.has(field) && typeof value === "number") return `${zone.shortDay(zone.dateAt(instant(value)))} ${zone.time(instant(value))}`;
  if (field === "estimatedMinutes" && typeof value === "number") return minutesText(value);
  if (isReference(field) && typeof value === "string") {
    const record = field === "site" ? board.get("site", value) : undefined;
    return record?.address ?? record?.name ?? board.get("customer", value)?.name ?? board.get("contact", value)?.name ?? value;
  }
  if (value instanceof Uint8Array) return "";
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : JSON.stringify(value);
};

/** Bookkeeping cells that say nothing to a person. */
const SILENT: ReadonlySet<string> = new Set(["heldFrom", "kept", "deleted"]);

export const historyEntries = (lines: readonly HistoryLine[], board: Board, zone: Zone, ownDevice: string): readonly HistoryEntry[] =>
  lines
    .filter((line) => !SILENT.has(line.field.split("/")[0] ?? ""))
    .map((line, index) => ({
      key: `${line.at} ${line.field} ${index}`,
      at: line.at,
      who: line.device === ownDevice ? t("history.you") : line.deviceName,
      field: line.field,
      name: fieldName(line.field),
      from: valueWords(line.field, line.from, board, zone),
      to: valueWords(line.field, line.to, board, zone),
      won: line.won,
      value: line.to,
    }));
