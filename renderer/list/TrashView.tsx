/**
 * What was deleted and can come back, the newest first: what it is (an order by its number, all else by its kind), what it is called, what
 * it belongs to. It is read when opened and after each change.
 */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Output } from "../../shared/ipc/contract.ts";
import { timeWords } from "../frame/sync-words.ts";
import { useDays, useNow } from "../hooks.ts";
import { adviceOf } from "../state/advice.ts";
import { refused, tell } from "../state/commands.ts";
import { call } from "../state/desk.ts";
import { say } from "../state/said.ts";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { OrderNumber } from "../ui/OrderNumber.tsx";
import { type TrashRow, trashLine, trashSentence } from "./trash-words.ts";
import "./list.css";

const restore = (row: TrashRow): void => {
  call("record.restore", { record: row.id }).then((written) => tell(written, trashSentence(row)), refused);
};

const TrashLine = ({ row, when }: { readonly row: TrashRow; readonly when: string }) => {
  const { t } = useTranslation();
  const { kind, number, called, belongsTo } = trashLine(row);
  return (
    <div role="listitem" className="trash-row" data-record={row.id}>
      {number === "" ? <span className="trash-kind cut">{kind}</span> : <OrderNumber number={number} />}
      {/* A block, since a flex box ends in no ellipsis. */}
      <span className="trash-name cut" title={called}>
        {called === "" ? t("trash.noName") : called}
      </span>
      <span className="table-second cut" title={belongsTo}>
        {belongsTo}
      </span>
      <span className="page-side tabular">{when}</span>
      <Button aria-label={t("trash.restoreOf", { what: number || `${kind} ${called}`.trim() })} onClick={() => restore(row)}>
        {t("trash.restore")}
      </Button>
    </div>
  );
};

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

  const { zone } = days;
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
          <TrashLine key={row.id} row={row} when={t("trash.deleted", { time: timeWords(row.deletedAt, now, zone) })} />
        ))}
      </div>
    </div>
  );
};
