/**
 * Every order in one table, the newest number first. The filter narrows it; nothing else is hidden. Older orders are fetched as somebody
 * scrolls to them; until then it ends where what was fetched ends. What fits a filter the desk looks for.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { WorkOrder } from "../../shared/domain/records.ts";
import type { RecordId } from "../../shared/ids.ts";
import { compareRecordIds } from "../../shared/protocol/record-order.ts";
import { useAll, useCard, useDays, useFound, useListEnd, useToday, useView } from "../hooks.ts";
import { beyond, fetched } from "../state/desk.ts";
import { orderFilter } from "../state/search.ts";
import { clearFilter, openOrder, select, view } from "../state/view.ts";
import { windowWords } from "../state/words.ts";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { OrderNumber } from "../ui/OrderNumber.tsx";
import { PriorityMark } from "../ui/PriorityMark.tsx";
import { StatusMark } from "../ui/StatusMark.tsx";
import "./list.css";

const ROW_SIZE = 32;
/** So many rows before the end older orders are fetched. */
const NEAR_END = 60;

const Row = memo(({ id, start }: { readonly id: RecordId; readonly start: number }) => {
  const { t } = useTranslation();
  const card = useCard(id);
  const isSelected = useView((state) => state.selected.includes(id));
  const isLeading = useView((state) => state.selected.at(-1) === id);
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const holder = document.activeElement;
    if (isLeading && (holder === document.body || holder?.closest(".table-view") != null)) element.current?.focus({ preventScroll: true });
  }, [isLeading]);
  if (card === undefined) return null;
  return (
    <div
      ref={element}
      role="row"
      className="table-row"
      data-order={id}
      data-number={card.number}
      data-selected={isSelected ? "" : undefined}
      aria-selected={isSelected}
      tabIndex={isLeading ? 0 : -1}
      style={{ transform: `translateY(${start}px)` }}
      onClick={(event) => select(id, event.ctrlKey || event.metaKey)}
      onDoubleClick={() => openOrder(id)}
      onContextMenu={(event) => {
        event.preventDefault();
        view.set({ selected: [id], ask: { kind: "menu", orders: [id], point: { x: event.clientX, y: event.clientY } } });
      }}
    >
      <span role="cell" className="table-number">
        <StatusMark mark={card.mark} />
        <OrderNumber number={card.number} />
      </span>
      <span role="cell" className="table-title">
        <span className="cut">{card.title}</span>
        <PriorityMark priority={card.priority} name={t(`priority.${card.priority}`)} />
      </span>
      <span role="cell" className="table-second cut">
        {card.customer}
      </span>
      <span role="cell" className="table-second cut">
        {card.place}
      </span>
      <span role="cell" className="cut">
        {card.people.map((person) => person.name).join(", ")}
      </span>
      <span role="cell" className="tabular cut">
        {windowWords(card.window)}
      </span>
      <span role="cell" className="cut">
        {t(`status.${card.status}`)}
      </span>
    </div>
  );
});
Row.displayName = "Row";

const numberKey = (order: WorkOrder): number => Number(/(\d+)$/.exec(order.number ?? "")?.[1] ?? 0);

export const ListView = () => {
  const { t } = useTranslation();
  const { board, zone } = useDays();
  const today = useToday();
  const orders = useAll("workOrder");
  // Technicians and days of a filter are those of visits.
  const visits = useAll("visit");
  const filter = useView((state) => state.filter);
  const leading = useView((state) => state.selected.at(-1));
  const scroll = useRef<HTMLDivElement>(null);
  const end = useListEnd();
  const isFiltered = filter.trim() !== "";
  const found = useFound(filter);
  const isCut = isFiltered && found.text === filter.trim() && !found.isAll;
  const ids = useMemo(() => {
    const keeps = orderFilter(board, zone, today, filter);
    const isWhole = isFiltered || end == null;
    return orders
      .filter((order) => (isWhole || compareRecordIds(order.id, end) >= 0) && keeps(order))
      .sort((a, b) => numberKey(b) - numberKey(a))
      .map((order) => order.id);
    // The filter reads visits and names through the board.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [orders, visits, filter, isFiltered, board, zone, today, end]);
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_SIZE,
    getItemKey: (index) => ids[index] ?? index,
    overscan: 12,
    useFlushSync: false,
  });
  const last = virtual.getVirtualItems().at(-1)?.index ?? 0;
  useEffect(() => {
    // A filter that leaves few would have one page after the other fetched, to the first order ever.
    if (!isFiltered && end !== null && last >= ids.length - NEAR_END) fetched(beyond.older());
  }, [isFiltered, end, last, ids.length]);
  const move = (step: number) => {
    const at = leading === undefined ? -1 : ids.indexOf(leading);
    const next = ids[Math.max(0, Math.min(ids.length - 1, at + step))];
    if (next === undefined) return;
    view.set({ selected: [next] });
    virtual.scrollToIndex(ids.indexOf(next), { align: "auto" });
  };
  const columns = ["number", "title", "customer", "site", "technician", "promised", "status"] as const;
  return (
    <div className="table-view" role="table" aria-label={t("view.list")} aria-rowcount={ids.length + 1}>
      <div role="row" className="table-head">
        {columns.map((column) => (
          <span key={column} role="columnheader" className="cut">
            {t(`field.${column}`)}
          </span>
        ))}
      </div>
      {ids.length === 0 ? (
        <EmptyState
          title={filter === "" ? t("list.empty") : t("list.noMatch", { filter })}
          words={filter === "" ? "" : t("list.hidden", { count: orders.length })}
        >
          {filter === "" ? null : (
            <Button hint="Esc" onClick={clearFilter}>
              {t("tray.clear")}
            </Button>
          )}
        </EmptyState>
      ) : null}
      <div
        ref={scroll}
        className="table-scroll"
        role="rowgroup"
        // Arrows move the row that leads; the rows themselves take the focus.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20 }[event.key];
          if (step === undefined) return;
          event.preventDefault();
          event.stopPropagation();
          move(step);
        }}
      >
        <div className="table-rows" role="presentation" style={{ blockSize: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const id = ids[item.index];
            return id === undefined ? null : <Row key={item.key} id={id} start={item.start} />;
          })}
        </div>
        {isCut ? <p className="table-cut">{t("list.cut")}</p> : null}
      </div>
    </div>
  );
};
