/**
 * One order in the tray: mark and title, then number, customer and place. It is dragged like a card.
 */
import { draggable } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { type MouseEvent, memo, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { RecordId } from "../../shared/ids.ts";
import { HintLine } from "../board/CardFace.tsx";
import { orderDrag } from "../board/drag.ts";
import { useCard, useDays, useView } from "../hooks.ts";
import { openOrder, select, view } from "../state/view.ts";
import { PriorityMark } from "../ui/PriorityMark.tsx";
import { StatusMark } from "../ui/StatusMark.tsx";

export const TrayRow = memo(({ id }: { readonly id: RecordId }) => {
  const { t } = useTranslation();
  const days = useDays();
  const card = useCard(id);
  const isSelected = useView((state) => state.selected.includes(id));
  const element = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const node = element.current;
    return node === null ? undefined : draggable({ element: node, getInitialData: () => orderDrag(id) });
  }, [id]);

  if (card === undefined) return null;
  const second = [card.number, card.customer, card.place].filter((part) => part !== "").join(" · ");
  const onContextMenu = (event: MouseEvent) => {
    event.preventDefault();
    view.set({ selected: [id], ask: { kind: "menu", orders: [id], point: { x: event.clientX, y: event.clientY } } });
  };
  return (
    <div
      ref={element}
      role="option"
      className="tray-row"
      data-order={id}
      data-number={card.number}
      data-selected={isSelected ? "" : undefined}
      aria-selected={isSelected}
      tabIndex={isSelected ? 0 : -1}
      onClick={(event) => {
        select(id, event.ctrlKey || event.metaKey);
        event.currentTarget.focus({ preventScroll: true });
      }}
      onDoubleClick={() => openOrder(id)}
      onContextMenu={onContextMenu}
    >
      <StatusMark mark={card.mark} />
      <span className="tray-row-title cut">{card.title === "" ? t("order.untitled") : card.title}</span>
      <PriorityMark priority={card.priority} />
      <span className="tray-row-second cut">{second}</span>
      {card.hints.length === 0 ? null : <HintLine hints={card.hints.slice(0, 1)} board={days.board} zone={days.zone} />}
    </div>
  );
});
TrayRow.displayName = "TrayRow";
