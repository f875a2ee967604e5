/**
 * Who changed what, when; quiet. A value that lost against one written at the same time can be taken with one press.
 */
import { ArrowLeftRight } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import type { Visit, WorkOrder } from "../../shared/domain/records.ts";
import type { RecordId } from "../../shared/ids.ts";
import type { HistoryLine } from "../../shared/ipc/answers.ts";
import type { Input } from "../../shared/ipc/contract.ts";
import { useDays, useDesk, useToday, useVisitsOf } from "../hooks.ts";
import { adviceOf } from "../state/advice.ts";
import { refused, tell } from "../state/commands.ts";
import { call } from "../state/desk.ts";
import { say } from "../state/said.ts";
import type { OpenAt } from "../state/view.ts";
import { type HistoryEntry, historyEntries } from "./history-lines.ts";

const SHOWN = 60;
const plainValue = z.json();

/** What writes a lost value again: a field as it was, an element of a set in or out. Undefined for cells that only their desk may write. */
const takeValues = ({ path, value }: HistoryEntry): Input<"record.set">["values"] | undefined => {
  const [name = "", element, ...deeper] = path;
  if (name === "deleted" || name === "restored") return undefined;
  if (element !== undefined)
    return deeper.length === 0 && typeof value === "boolean" ? { [name]: value ? { add: [element] } : { remove: [element] } } : undefined;
  const plain = plainValue.safeParse(value);
  return plain.success ? { [name]: plain.data } : undefined;
};

const take = (record: RecordId, values: Input<"record.set">["values"]): void => {
  call("record.set", { record, values }).then((written) => tell(written), refused);
};

/** Whether the value stands now: somebody has taken it. */
const isStanding = ({ path, value }: HistoryEntry, record: WorkOrder | Visit): boolean => {
  const [name = "", element] = path;
  const now: unknown = Reflect.get(record, name);
  if (element !== undefined) return Array.isArray(now) && now.includes(element) === value;
  return JSON.stringify(now ?? null) === JSON.stringify(value ?? null);
};

export const OrderHistory = ({ order, focus }: { readonly order: WorkOrder; readonly focus: OpenAt | undefined }) => {
  const { t } = useTranslation();
  const { board, zone } = useDays();
  const today = useToday();
  const device = useDesk((state) => state.info?.device ?? "");
  const [lines, setLines] = useState<readonly HistoryLine[]>([]);
  const list = useRef<HTMLOListElement>(null);
  const visits = useVisitsOf(order.id);

  useEffect(() => {
    let isCurrent = true;
    call("record.history", { record: order.id, limit: SHOWN }).then(
      (found) => {
        if (isCurrent) setLines(found);
      },
      (error: unknown) => say(adviceOf(error)),
    );
    return () => {
      isCurrent = false;
    };
  }, [order, visits]);

  // Before its lines are there the list has no height: nothing could be scrolled to.
  const hasLines = lines.length > 0;
  useEffect(() => {
    if (focus === undefined || !hasLines) return;
    list.current?.closest("section")?.scrollIntoView({ block: "start" });
    list.current?.focus({ preventScroll: true });
  }, [focus, hasLines]);

  const entries = historyEntries(lines, board, zone, device);
  return (
    <ol ref={list} tabIndex={-1} className="history">
      {entries.map((entry) => {
        const day = zone.dateAt(entry.at);
        const time = day === today ? zone.time(entry.at) : zone.shortDay(day);
        const record = entry.visit === null ? order : board.get("visit", entry.visit);
        const values = record === undefined || isStanding(entry, record) ? undefined : takeValues(entry);
        return (
          <li key={entry.key} className="history-row">
            <span className="history-time tabular">
              {entry.won ? time : <ArrowLeftRight className="hint-icon" strokeWidth={1.75} aria-hidden="true" />}
            </span>
            {entry.won ? (
              <span>
                {entry.words ?? (
                  <>
                    {entry.name}{" "}
                    {entry.from === "" ? null : <span className="history-old">{t("history.fromTo", { from: entry.from })} </span>}
                    {entry.to === "" ? t("history.cleared") : entry.to}
                  </>
                )}
              </span>
            ) : (
              <span className="history-lost">
                {t("history.lost", { what: entry.words ?? `${entry.name} ${entry.to}`, who: entry.who, time })}
                {values === undefined ? null : (
                  <>
                    {" · "}
                    <button type="button" className="link" onClick={() => take(record?.id ?? order.id, values)}>
                      {t("history.take")}
                    </button>
                  </>
                )}
              </span>
            )}
            <span className="history-who cut">{entry.won ? entry.who : ""}</span>
          </li>
        );
      })}
    </ol>
  );
};
