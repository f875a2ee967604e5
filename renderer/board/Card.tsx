/**
 * One order on the board. It renders again only when its own words, its selection or its drag change; `data-renders` counts
 * the times, for the test that an edit of one of 200 orders draws one card.
 */
import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import { draggable } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { setCustomNativeDragPreview } from "@atlaskit/pragmatic-drag-and-drop/element/set-custom-native-drag-preview";
import { ArrowRight } from "lucide-react";
import { type MouseEvent, memo, useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import type { RecordId } from "../../shared/ids.ts";
import { useCard, useDays, useView } from "../hooks.ts";
import { openOrder, select, view } from "../state/view.ts";
import { CardFace } from "./CardFace.tsx";
import { orderDrag } from "./drag.ts";
import "./card.css";

export const Card = memo(({ id }: { readonly id: RecordId }) => {
  const { t } = useTranslation();
  const days = useDays();
  const card = useCard(id);
  const isSelected = useView((state) => state.selected.includes(id));
  const isLeading = useView((state) => state.selected.at(-1) === id);
  const element = useRef<HTMLDivElement>(null);
  const [preview, setPreview] = useState<HTMLElement>();
  const [isDragged, setDragged] = useState(false);

  useEffect(() => {
    const node = element.current;
    if (node !== null) node.dataset["renders"] = String(Number(node.dataset["renders"] ?? 0) + 1);
  });

  useEffect(() => {
    const node = element.current;
    if (node === null) return undefined;
    return combine(
      draggable({
        element: node,
        getInitialData: () => orderDrag(id),
        onGenerateDragPreview: ({ nativeSetDragImage, location }) => {
          const box = node.getBoundingClientRect();
          setCustomNativeDragPreview({
            nativeSetDragImage,
            getOffset: () => ({ x: location.current.input.clientX - box.x, y: location.current.input.clientY - box.y }),
            render: ({ container }) => {
              setPreview(container);
              return () => setPreview(undefined);
            },
          });
        },
        onDragStart: () => {
          setDragged(true);
          view.set({ ask: undefined });
        },
        onDrop: () => setDragged(false),
      }),
    );
  }, [id]);

  useEffect(() => {
    const holder = document.activeElement;
    const isFree = holder === null || holder === document.body || holder.closest("[data-board]") !== null;
    if (isLeading && isFree && view.get().ask === undefined) element.current?.focus({ preventScroll: true });
  }, [isLeading]);

  if (card === undefined) return null;
  const onContextMenu = (event: MouseEvent) => {
    event.preventDefault();
    if (!isSelected) view.set({ selected: [id] });
    view.set((state) => ({ ask: { kind: "menu", orders: state.selected, point: { x: event.clientX, y: event.clientY } } }));
  };
  return (
    <>
      <div
        ref={element}
        role="option"
        className="card"
        data-order={id}
        data-number={card.number}
        data-edge={card.mark}
        data-selected={isSelected ? "" : undefined}
        data-dragged={isDragged ? "" : undefined}
        aria-selected={isSelected}
        tabIndex={isLeading ? 0 : -1}
        onClick={(event) => {
          select(id, event.ctrlKey || event.metaKey);
          event.currentTarget.focus({ preventScroll: true });
        }}
        onDoubleClick={() => openOrder(id)}
        onContextMenu={onContextMenu}
      >
        <CardFace card={card} board={days.board} zone={days.zone} />
      </div>
      {preview === undefined
        ? null
        : createPortal(
            <div className="card card-float" data-edge={card.mark}>
              <CardFace card={{ ...card, hints: [] }} board={days.board} zone={days.zone} />
              {card.status === "new" ? (
                <div className="card-hints">
                  <span className="hint">
                    <ArrowRight aria-hidden="true" />
                    <span className="hint-words cut">{t("drag.thenAsks")}</span>
                  </span>
                </div>
              ) : null}
            </div>,
            preview,
          )}
    </>
  );
});
Card.displayName = "Card";
