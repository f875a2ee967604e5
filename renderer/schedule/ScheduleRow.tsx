/**
 * One technician's day: name, skills and load at the left, hours and bars on lanes at the right. Memoised over its model:
 * a change of one visit draws its row again, no other.
 */
import { dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { CalendarX2, Copy } from "lucide-react";
import { type CSSProperties, memo, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { AbsenceBlock } from "../../shared/domain/schedule/layout.ts";
import type { RecordId } from "../../shared/ids.ts";
import type { Ghost } from "./ghost.ts";
import type { RowModel } from "./model.ts";
import { type BarHandlers, ScheduleBar } from "./ScheduleBar.tsx";
import { ScheduleGhost } from "./ScheduleGhost.tsx";
import { clockText, percentOf, type Scale, widthPercent } from "./scale.ts";

export interface RowHandlers extends BarHandlers {
  /** The pointer of a drag is over the row, `x` pixels from its left edge of `width`. */
  readonly over: (technician: RecordId, data: Readonly<Record<string | symbol, unknown>>, x: number, width: number) => void;
  readonly leave: () => void;
  /** Let go there. The drag's own data counts: the bar in the hand has already forgotten that it was dragged. */
  readonly drop: (technician: RecordId, data: Readonly<Record<string | symbol, unknown>>, x: number, width: number) => void;
}

export interface ScheduleRowProps {
  readonly model: RowModel;
  readonly scale: Scale;
  readonly now: number | undefined;
  readonly ghost: Ghost | undefined;
  /** What of this row is selected, dragged and in the tab order. */
  readonly selected: RecordId | undefined;
  readonly dragged: RecordId | undefined;
  readonly focusable: RecordId | undefined;
  readonly handlers: RowHandlers;
}

const Stretch = ({
  className,
  scale,
  from,
  to,
}: {
  readonly className: string;
  readonly scale: Scale;
  readonly from: number;
  readonly to: number;
}) =>
  to <= from ? null : (
    <span className={className} style={{ insetInlineStart: percentOf(scale, from), inlineSize: widthPercent(scale, to - from) }} />
  );

const OffHours = ({ hours, scale }: { readonly hours: readonly [number, number] | undefined; readonly scale: Scale }) =>
  hours === undefined ? (
    <Stretch className="schedule-off" scale={scale} from={scale.from} to={scale.to} />
  ) : (
    <>
      <Stretch className="schedule-off" scale={scale} from={scale.from} to={hours[0]} />
      <Stretch className="schedule-off" scale={scale} from={hours[1]} to={scale.to} />
    </>
  );

const AbsenceMark = ({ absence, scale }: { readonly absence: AbsenceBlock; readonly scale: Scale }) => {
  const { t } = useTranslation();
  const from = Math.max(scale.from, absence.from);
  const to = Math.min(scale.to, absence.to);
  if (to <= from) return null;
  const kind = t(`absence.${absence.kind ?? "leave"}`);
  return (
    <div className="schedule-absence" style={{ insetInlineStart: percentOf(scale, from), inlineSize: widthPercent(scale, to - from) }}>
      <span className="schedule-absence-words">
        <CalendarX2 aria-hidden="true" />
        {absence.to < scale.to ? t("schedule.absenceUntil", { kind, time: clockText(absence.to) }) : kind}
      </span>
    </div>
  );
};

const Load = ({ load }: { readonly load: number | undefined }) => {
  const { t } = useTranslation();
  const percent = load === undefined ? undefined : Math.round(load * 100);
  const full = (percent ?? 0) >= 95 || undefined;
  return (
    <>
      <span className="schedule-load-track" aria-hidden="true">
        <span className="schedule-load-fill" style={{ inlineSize: `${Math.min(100, percent ?? 0)}%` }} data-full={full} />
      </span>
      <span className="schedule-load" data-full={full}>
        {percent === undefined ? t("schedule.off") : t("schedule.percent", { load: percent })}
      </span>
    </>
  );
};

/** After the overlap's end; before its start where the row ends soon, so that the words are never cut. */
const overlapPlace = (scale: Scale, { from, to }: { readonly from: number; readonly to: number }): CSSProperties =>
  to > scale.to - (scale.to - scale.from) / 6
    ? { insetInlineEnd: percentOf({ from: scale.to, to: scale.from }, from) }
    : { insetInlineStart: percentOf(scale, to) };

export const ScheduleRow = memo(({ model, scale, now, ghost, selected, dragged, focusable, handlers }: ScheduleRowProps) => {
  const { t } = useTranslation();
  const track = useRef<HTMLDivElement>(null);
  const { row, name, skills, bars, overlap } = model;
  const { technician } = row;
  useEffect(() => {
    const element = track.current;
    if (element === null) return undefined;
    const tell =
      (handler: RowHandlers["over"]) =>
      (data: Readonly<Record<string | symbol, unknown>>, clientX: number): void => {
        const box = element.getBoundingClientRect();
        handler(technician, data, clientX - box.left, box.width);
      };
    const follow = tell(handlers.over);
    const drop = tell(handlers.drop);
    return dropTargetForElements({
      element,
      getData: () => ({ kind: "technician", technician }),
      onDragEnter: ({ source, location }) => follow(source.data, location.current.input.clientX),
      onDrag: ({ source, location }) => follow(source.data, location.current.input.clientX),
      onDragLeave: handlers.leave,
      onDrop: ({ source, location }) => drop(source.data, location.current.input.clientX),
    });
  }, [technician, handlers]);
  return (
    <section className="schedule-row" aria-label={name} data-technician={technician} style={{ "--lanes": row.lanes }}>
      <div className="schedule-head">
        <div className="schedule-who">
          <span className="schedule-name">{name}</span>
          <span className="schedule-skills">{skills}</span>
        </div>
        <Load load={row.load} />
      </div>
      <div className="schedule-track" ref={track} data-over={ghost !== undefined || undefined}>
        <OffHours hours={row.hours} scale={scale} />
        {row.absences.map((absence) => (
          <AbsenceMark key={absence.absence} absence={absence} scale={scale} />
        ))}
        {bars.map((bar) => (
          <ScheduleBar
            key={bar.visit}
            bar={bar}
            scale={scale}
            technician={technician}
            technicianName={name}
            now={now}
            selected={selected === bar.visit}
            dragged={dragged === bar.visit}
            focusable={focusable === bar.visit}
            handlers={handlers}
          />
        ))}
        {overlap !== undefined && (
          <span className="schedule-overlap" style={overlapPlace(scale, overlap)}>
            <Copy aria-hidden="true" />
            {t("schedule.overlap", { minutes: overlap.minutes })}
          </span>
        )}
        {ghost !== undefined && <ScheduleGhost ghost={ghost} scale={scale} />}
      </div>
    </section>
  );
});
