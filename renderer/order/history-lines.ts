/**
 * An order's history in words: one line a change of it or its visits, the newest first; a value that lost to one written at the same time
 * is one quiet line with the way to take it.
 */
import { pathFromText } from "../../shared/crdt/paths.ts";
import type { EpochMs, RecordId } from "../../shared/ids.ts";
import type { HistoryLine } from "../../shared/ipc/answers.ts";
import { t } from "../i18n.ts";
import type { Board } from "../state/board.ts";
import { keyIn, orderField, visitField } from "../state/field-words.ts";
import { minutesText } from "../state/typed-time.ts";
import { instant, type Zone } from "../state/zone.ts";

export interface HistoryEntry {
  /** The same line keeps it, whatever lines come in before it. */
  readonly key: string;
  readonly at: EpochMs;
  readonly who: string;
  readonly visit: RecordId | null;
  readonly path: readonly string[];
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** The whole line in words, where "from … to …" says less. */
  readonly words: string | undefined;
  readonly won: boolean;
  readonly value: unknown;
}

const nameOf = (line: HistoryLine, field: string): string => (line.visit === null ? orderField(field) : visitField(field));

const INSTANTS: ReadonlySet<string> = new Set([
  "requestedFrom",
  "requestedTo",
  "dueBy",
  "plannedFrom",
  "windowFrom",
  "windowTo",
  "arrivedAt",
  "finishedAt",
]);
const MINUTES: ReadonlySet<string> = new Set(["estimatedMinutes", "plannedMinutes"]);
/** Fields whose values have words of their own, by the group of those words. */
const WORDED = { status: "status", priority: "priority", kind: "kind", holdReason: "hold", cancelReason: "cancelReason" } as const;

const recordName = (field: string, id: string, board: Board): string => {
  const site = field === "site" ? board.get("site", id) : undefined;
  return (
    site?.address ??
    site?.name ??
    board.get("customer", id)?.name ??
    board.get("contact", id)?.name ??
    board.get("technician", id)?.name ??
    board.get("workOrder", id)?.number ??
    id
  );
};

export const valueWords = (field: string, value: unknown, board: Board, zone: Zone, isVisit = false): string => {
  if (value === null || value === undefined || value === "") return "";
  const group = isVisit && field === "status" ? "visitStatus" : keyIn(WORDED, field);
  if (group !== undefined) return t(`${group}.${String(value)}` as "status.new", { defaultValue: String(value) });
  if (INSTANTS.has(field) && typeof value === "number") return `${zone.shortDay(zone.dateAt(instant(value)))} ${zone.time(instant(value))}`;
  if (MINUTES.has(field) && typeof value === "number") return minutesText(value);
  if (value instanceof Uint8Array) return "";
  if (typeof value === "string") return recordName(field, value, board);
  if (typeof value === "boolean") return t(value ? "history.yes" : "history.no");
  return typeof value === "number" ? String(value) : JSON.stringify(value);
};

/** Bookkeeping cells that say nothing to a person. A list's places are among them: what moved is seen where it stands. */
const SILENT: ReadonlySet<string> = new Set(["heldFrom", "lead", "workOrder", "dispatchedAt", "changedSinceDispatch", "travelFrom", "pos"]);
const isSilent = (path: readonly string[]): boolean => SILENT.has(path[0] ?? "") || (path.length > 2 && SILENT.has(path.at(-1) ?? ""));

const TEXTS: ReadonlySet<string> = new Set(["notes", "description"]);

/** A text that was edited, a set's element that came or went, a record that was deleted or brought back. */
const wordsOf = (line: HistoryLine, [field = "", element, ...deeper]: readonly string[], board: Board): string | undefined => {
  if (field === "deleted") return t(line.visit === null ? "history.deleted" : "history.visitDeleted");
  if (field === "restored") return t(line.visit === null ? "history.restored" : "history.visitRestored");
  if (TEXTS.has(field)) return t("history.edited", { field: nameOf(line, field) });
  if (element === undefined || deeper.length > 0 || typeof line.to !== "boolean") return undefined;
  const name = recordName(field, element, board);
  return `${nameOf(line, field)} ${t(line.to ? "history.added" : "history.removed", { name })}`;
};

/** `lines`: the newest first. */
export const historyEntries = (lines: readonly HistoryLine[], board: Board, zone: Zone, ownDevice: string): readonly HistoryEntry[] => {
  const seen = new Map<string, number>();
  const keyOf = (line: HistoryLine): string => {
    const key = [line.at, line.device, line.visit, line.field, line.won].join(" ");
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return `${key} ${times}`;
  };
  // The oldest first: what comes in later does not change the keys of what stands.
  return lines
    .toReversed()
    .map((line) => ({ line, path: pathFromText(line.field) }))
    .filter(({ path }) => !isSilent(path))
    .map(({ line, path }): HistoryEntry => {
      const [field = "", ...below] = path;
      const isVisit = line.visit !== null;
      return {
        key: keyOf(line),
        at: line.at,
        who: line.device === ownDevice ? t("history.you") : line.deviceName,
        visit: line.visit,
        path,
        name: nameOf(line, field),
        from: valueWords(below.at(-1) ?? field, line.from, board, zone, isVisit),
        to: valueWords(below.at(-1) ?? field, line.to, board, zone, isVisit),
        words: wordsOf(line, path, board),
        won: line.won,
        value: line.to,
      };
    })
    .toReversed();
};
