/**
 * What was deleted and can come back, the newest first. It is read when opened and after each change.
 */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Output } from "../../shared/ipc/contract.ts";
import { timeWords } from "../frame/sync-words.ts";
import { useDays, useNow } from "../hooks.ts";
import { adviceOf } from "../state/advice.ts";
import { restoreRecord } from "../state/commands.ts";
import { call } from "../state/desk.ts";
import { say } from "../state/said.ts";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { OrderNumber } from "../ui/OrderNumber.tsx";
import "./list.css";

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

export const TrashView = () => {
  const { t } = useTranslation();
  const days = useDays();
  const now = useNow();
  const [rows, setRows] = useState<Output<"trash.list">>();

  useEffect(() => {
    let isCurrent = true;
    const read = () => {
      call("trash.list", {}).then(
        (found) => {
          if (isCurrent) setRows(found);
        },
        (error: unknown) => say(adviceOf(error)),
      );
    };
    read();
    const stop = days.onLists(read);
    return () => {
      isCurrent = false;
      stop();
    };
  }, [days]);

  const { board, zone } = days;
  return (
    <div className="table-view">
      <header className="page-head">
        <h1 className="page-title">{t("view.trash")}</h1>
        <span className="page-side">{rows === undefined ? "" : t("trash.count", { count: rows.length })}</span>
      </header>
      {rows?.length === 0 ? <EmptyState title={t("trash.empty")} words={t("trash.emptyWords")} /> : null}
      {/* The keyboard scrolls what the wheel scrolls. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="table-scroll" role="list" tabIndex={rows === undefined || rows.length === 0 ? -1 : 0} aria-label={t("view.trash")}>
        {rows?.map((row) => (
          <div key={row.id} role="listitem" className="trash-row" data-record={row.id}>
            <OrderNumber number={textOf(row["number"])} />
            <span className="table-title cut">{textOf(row["title"]) || textOf(row["name"])}</span>
            <span className="table-second cut">{board.get("customer", textOf(row["customer"]))?.name}</span>
            <span className="page-side">{t("trash.deleted", { time: timeWords(row.deletedAt, now, zone) })}</span>
            <Button onClick={() => restoreRecord(row.id)}>{t("trash.restore")}</Button>
          </div>
        ))}
      </div>
    </div>
  );
};
