/**
 * One column: its head with count and hours, its cards in a virtual list, and the line that shows where a drop will stand.
 */
import { dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Column as ColumnName, columnOf } from "../../shared/domain/status.ts";
import type { RecordId } from "../../shared/ids.ts";
import { useColumn, useDays, useFiltered, useLookForFilter, useView } from "../hooks.ts";
import { FilterNote } from "../search/FilterNote.tsx";
import { type Mark, StatusMark } from "../ui/StatusMark.tsx";
import { Card } from "./Card.tsx";
import { draggedOrder } from "./drag.ts";
import { dropOn } from "./drop.ts";
import { rowsOf } from "./rows.ts";

const HEAD_MARKS: Readonly<Record<ColumnName, Mark>> = {
  new: "new",
  scheduled: "planned",
  in_progress: "working",
  on_hold: "hold",
  done: "done",
};

/** Before it is measured: three lines, and what a hint adds. */
const CARD_SIZE = 82;
const HINT_SIZE = 23;
const HEAD_SIZE = 28;
/** The line lies in the middle of the gap before a card. */
const LINE_BACK = 4;

export const Column = memo(({ name }: { readonly name: ColumnName }) => {
  const { t } = useTranslation();
  const days = useDays();
  const { ids, minutes } = useColumn(name);
  const grouped = useView((state) => state.grouping === "technicians");
  const filtered = useFiltered();
  useLookForFilter();
  const leading = useView((state) => state.selected.at(-1));
  const scroll = useRef<HTMLDivElement>(null);
  const column = useRef<HTMLElement>(null);
  const [over, setOver] = useState<RecordId>();
  const rows = useMemo(() => rowsOf(ids, grouped ? days.groupOf : undefined), [ids, grouped, days]);

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => {
      const row = rows[index];
      if (row === undefined || row.kind === "head") return HEAD_SIZE;
      return CARD_SIZE + ((days.card(row.id)?.hints.length ?? 0) > 0 ? HINT_SIZE : 0);
    },
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : row.kind === "card" ? row.id : `head ${row.group}`;
    },
    overscan: 6,
    paddingStart: 8,
    paddingEnd: 8,
    useFlushSync: false,
  });

  const leadingIndex = leading === undefined ? -1 : rows.findIndex((row) => row.kind === "card" && row.id === leading);
  useEffect(() => {
    if (leadingIndex >= 0) virtual.scrollToIndex(leadingIndex, { align: "auto" });
    // Only when another card leads, not when the list moves under it.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [leading]);

  /** Brings the place of a drop into sight. */
  const show = useRef<(order: RecordId) => void>(() => undefined);
  useEffect(() => {
    show.current = (order) => {
      const index = rowBefore(order);
      if (rows.length > 0) virtual.scrollToIndex(index < 0 ? rows.length - 1 : index, { align: "auto" });
    };
  });

  useEffect(() => {
    const area = column.current;
    if (area === null) return undefined;
    return dropTargetForElements({
      element: area,
      canDrop: ({ source }) => {
        const order = draggedOrder(source.data);
        return order !== undefined && columnOf(days.board.get("workOrder", order)?.status ?? "new") !== name;
      },
      getData: () => ({ kind: "column", column: name }),
      onDragEnter: ({ source }) => {
        const order = draggedOrder(source.data);
        setOver(order);
        if (order !== undefined) show.current(order);
      },
      onDragLeave: () => setOver(undefined),
      onDrop: ({ source }) => {
        setOver(undefined);
        const order = draggedOrder(source.data);
        if (order !== undefined) dropOn(name, order);
      },
    });
  }, [name, days]);

  /** The row before which the order in the hand will stand, -1 for the end: lists are sorted, so a drop goes to its place, not to the pointer. */
  const rowBefore = (order: RecordId): number => {
    const before = ids[days.dropIndex(order, name)];
    return before === undefined ? -1 : rows.findIndex((row) => row.kind === "card" && row.id === before);
  };
  const lineAt = (order: RecordId): number => {
    const index = rowBefore(order);
    return index < 0 ? virtual.getTotalSize() - LINE_BACK : (virtual.measurementsCache[index]?.start ?? 0) - LINE_BACK;
  };

  return (
    <section
      ref={column}
      className="column"
      data-column={name}
      data-over={over === undefined ? undefined : ""}
      aria-label={t(`column.${name}`)}
    >
      <header className="column-head">
        <StatusMark mark={HEAD_MARKS[name]} />
        <h2 className="column-name">{t(`column.${name}`)}</h2>
        <span className="column-count tabular">{ids.length}</span>
        {minutes >= 30 && name !== "done" && name !== "on_hold" ? (
          <span className="column-hours tabular">{t("time.hours", { count: Math.round(minutes / 60) })}</span>
        ) : null}
      </header>
      {filtered.isOn && filtered.firstEmpty === name ? (
        <FilterNote title={t("columnEmpty.filtered")} hidden={t("filter.hidden", { count: filtered.hidden })} />
      ) : null}
      <div
        ref={scroll}
        className="column-scroll"
        role="listbox"
        aria-multiselectable="true"
        aria-label={t(`column.${name}`)}
        tabIndex={leadingIndex >= 0 ? -1 : 0}
        data-column-list={name}
      >
        {rows.length > 0 || (filtered.isOn && filtered.firstEmpty === name) ? null : (
          <p className="column-empty">{t(`columnEmpty.${filtered.isOn ? "filtered" : name}`)}</p>
        )}
        <div className="column-rows" role="presentation" style={{ blockSize: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                role="presentation"
                className="column-row"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {row.kind === "card" ? (
                  <Card id={row.id} />
                ) : (
                  <div className="column-group" role="presentation">
                    <b className="cut">{row.group === "" ? t("grouping.nobody") : row.group}</b>
                    <span className="tabular">{row.count}</span>
                  </div>
                )}
              </div>
            );
          })}
          {over === undefined ? null : <div className="drop-line" style={{ insetBlockStart: lineAt(over) }} />}
        </div>
      </div>
    </section>
  );
});
Column.displayName = "Column";
