/**
 * Who changed what, when; quiet. A value that lost against one written at the same time can be taken with one press.
 */
import { ArrowLeftRight } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import type { WorkOrder } from "../../shared/domain/records.ts";
import type { HistoryLine } from "../../shared/ipc/answers.ts";
import type { Input } from "../../shared/ipc/contract.ts";
import { useDays, useDesk, useToday } from "../hooks.ts";
import { adviceOf } from "../state/advice.ts";
import { setOrder } from "../state/commands.ts";
import { call } from "../state/desk.ts";
import { say } from "../state/said.ts";
import { historyEntries } from "./history-lines.ts";

const SHOWN = 60;
const plainValue = z.json();

/** What writes a lost value again: a field as it was, an element of a set in or out. Undefined for cells that only their desk may write. */
const takeValues = (field: string, value: unknown): Input<"order.set">["values"] | undefined => {
  const [name = "", element, ...deeper] = field.split("/");
  if (element !== undefined)
    return deeper.length === 0 && typeof value === "boolean" ? { [name]: value ? { add: [element] } : { remove: [element] } } : undefined;
  const plain = plainValue.safeParse(value);
  return plain.success ? { [name]: plain.data } : undefined;
};

export const OrderHistory = ({ order, focus }: { readonly order: WorkOrder; readonly focus: boolean }) => {
  const { t } = useTranslation();
  const { board, zone } = useDays();
  const today = useToday();
  const device = useDesk((state) => state.info?.device ?? "");
  const [lines, setLines] = useState<readonly HistoryLine[]>([]);
  const list = useRef<HTMLOListElement>(null);

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
  }, [order]);

  useEffect(() => {
    if (!focus) return;
    list.current?.scrollIntoView({ block: "nearest" });
    list.current?.focus();
  }, [focus]);

  const entries = historyEntries(lines, board, zone, device);
  return (
    <ol ref={list} tabIndex={-1} className="history">
      {entries.map((entry) => {
        const day = zone.dateAt(entry.at);
        const time = day === today ? zone.time(entry.at) : zone.shortDay(day);
        const values = takeValues(entry.field, entry.value);
        return (
          <li key={entry.key} className="history-row">
            <span className="history-time tabular">
              {entry.won ? time : <ArrowLeftRight className="hint-icon" strokeWidth={1.75} aria-hidden="true" />}
            </span>
            {entry.won ? (
              <span>
                {entry.name} {entry.from === "" ? null : <span className="history-old">{t("history.fromTo", { from: entry.from })} </span>}
                {entry.to === "" ? t("history.cleared") : entry.to}
              </span>
            ) : (
              <span className="history-lost">
                {t("history.lost", { field: entry.name, value: entry.to, who: entry.who, time })}
                {values === undefined ? null : (
                  <>
                    {" · "}
                    <button type="button" className="link" onClick={() => void setOrder(order.id, values)}>
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
