/**
 * One visit on the schedule: neutral, with an edge and a mark of its status. Line 2 takes what line 1 could not hold.
 * Narrow bars drop parts whole (letters of the number first), by container width, never by shrinking letters.
 */
import { draggable } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { Megaphone, Pin } from "lucide-react";
import { type KeyboardEvent, type MouseEvent, memo, type PointerEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RecordId } from "../../shared/ids.ts";
import { StatusMark } from "../ui/StatusMark.tsx";
import { resizeTo } from "./actions.ts";
import type { BarModel } from "./bars.ts";
import { drag } from "./ghost.ts";
import { clockText, minuteAtPoint, percentOf, type Scale, STEP_MINUTES, snapMinute, widthPercent } from "./scale.ts";
import "./bar.css";

export interface BarHandlers {
  readonly pick: (technician: RecordId, bar: BarModel, event: MouseEvent) => void;
  readonly open: (bar: BarModel) => void;
  readonly menu: (technician: RecordId, bar: BarModel, event: MouseEvent) => void;
  readonly key: (technician: RecordId, bar: BarModel, event: KeyboardEvent<HTMLButtonElement>) => void;
}

export interface ScheduleBarProps {
  readonly bar: BarModel;
  readonly scale: Scale;
  readonly technician: RecordId;
  readonly technicianName: string;
  readonly now: number | undefined;
  readonly selected: boolean;
  readonly dragged: boolean;
  readonly focusable: boolean;
  readonly handlers: BarHandlers;
}

/** `A-1042` → `A-` and `1042`: the letters are what a narrow bar gives up first. */
const splitNumber = (number: string): readonly [string, string] => {
  const dash = number.lastIndexOf("-");
  return dash === -1 ? ["", number] : [number.slice(0, dash + 1), number.slice(dash + 1)];
};

const isOnHandle = (x: number, y: number): boolean => document.elementFromPoint(x, y)?.closest("[data-resize]") != null;

/** The minute under the pointer, from the box of the bar's track. */
const minuteUnder = (element: HTMLElement, scale: Scale, clientX: number): number => {
  const box = (element.closest(".schedule-track") ?? element).getBoundingClientRect();
  return minuteAtPoint(scale, clientX - box.left, box.width);
};

export const ScheduleBar = memo((props: ScheduleBarProps) => {
  const { bar, scale, technician, technicianName, now, selected, dragged, focusable, handlers } = props;
  const { t } = useTranslation();
  const element = useRef<HTMLButtonElement>(null);
  const [resizing, setResizing] = useState<number | undefined>();
  useEffect(() => {
    const button = element.current;
    if (button === null) return undefined;
    return draggable({
      element: button,
      canDrag: ({ input }) => !isOnHandle(input.clientX, input.clientY),
      getInitialData: ({ input }) => ({
        kind: "visit",
        visit: bar.visit,
        from: technician,
        grabMinutes: minuteUnder(button, scale, input.clientX) - bar.from,
      }),
      onDrop: () => drag.set({ dragged: undefined, ghost: undefined }),
    });
  }, [bar.visit, bar.from, technician, scale]);

  const follow = (event: PointerEvent<HTMLSpanElement>): number =>
    Math.max(STEP_MINUTES, snapMinute(minuteUnder(event.currentTarget, scale, event.clientX)) - bar.from);
  const [letters, digits] = splitNumber(bar.number);
  const from = Math.max(bar.from, scale.from);
  const to = Math.min(resizing === undefined ? bar.to : bar.from + resizing, scale.to);
  const trackEnd = bar.startedAt === undefined || now === undefined ? undefined : Math.min(to, now);
  return (
    <button
      type="button"
      ref={element}
      className="schedule-bar"
      data-visit={bar.visit}
      data-bar-mark={bar.mark}
      data-selected={selected || undefined}
      data-dragged={dragged || undefined}
      data-finished={bar.finished || undefined}
      data-dimmed={bar.dimmed || undefined}
      tabIndex={focusable ? 0 : -1}
      aria-label={t(bar.dimmed ? "schedule.barNameDimmed" : "schedule.barName", {
        number: bar.number,
        customer: bar.customer,
        second: bar.second,
        from: clockText(bar.from),
        to: clockText(bar.to),
        technician: technicianName,
        status: t(`visitStatus.${bar.status}`),
      })}
      title={[bar.title, bar.second].filter((part) => part !== "").join("\n")}
      style={{ insetInlineStart: percentOf(scale, from), inlineSize: widthPercent(scale, to - from), "--lane": bar.lane }}
      onClick={(event) => handlers.pick(technician, bar, event)}
      onDoubleClick={() => handlers.open(bar)}
      onContextMenu={(event) => handlers.menu(technician, bar, event)}
      onKeyDown={(event) => handlers.key(technician, bar, event)}
    >
      <span className="schedule-bar-line">
        <StatusMark mark={bar.mark} />
        <span className="schedule-bar-number">
          <span className="schedule-bar-letters">{letters}</span>
          {digits}
        </span>{" "}
        <span className="schedule-bar-customer">{bar.customer}</span>
        {bar.changed && <Megaphone className="schedule-bar-icon" aria-hidden="true" />}
        {bar.pinned && <Pin className="schedule-bar-icon" aria-hidden="true" />}
      </span>{" "}
      <span className="schedule-bar-second">
        <span className="schedule-bar-narrow-customer">{bar.customer}</span> <span className="schedule-bar-place">{bar.second}</span>
      </span>
      {trackEnd !== undefined && trackEnd > from && (
        <span className="schedule-bar-track" style={{ inlineSize: `${(((trackEnd - from) / (to - from)) * 100).toFixed(2)}%` }} />
      )}
      <span
        className="schedule-bar-resize"
        data-resize=""
        aria-hidden="true"
        onPointerDown={(event) => {
          event.preventDefault();
          event.currentTarget.setPointerCapture(event.pointerId);
          setResizing(bar.to - bar.from);
        }}
        onPointerMove={(event) => resizing !== undefined && setResizing(follow(event))}
        onPointerUp={(event) => {
          resizeTo(bar.visit, follow(event));
          setResizing(undefined);
        }}
        onPointerCancel={() => setResizing(undefined)}
        onClick={(event) => event.stopPropagation()}
      />
    </button>
  );
});
