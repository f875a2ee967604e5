/**
 * The schedule of one day: technicians as rows, hours across, the tray beside it is the frame's. Reacts to the day's board;
 * drags show where they would land and how it fits before anything is written.
 */
import { ChevronDown, ChevronRight } from "lucide-react";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { parseRecordId, type RecordId } from "../../shared/ids.ts";
import { useDays, useFiltered, useLookForFilter, useStore, useView } from "../hooks.ts";
import { FilterNote } from "../search/FilterNote.tsx";
import { openOrder, select, view } from "../state/view.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import * as actions from "./actions.ts";
import type { BarModel } from "./bars.ts";
import { type Dragged, drag, type Ghost, ghostAt } from "./ghost.ts";
import { HourHead } from "./HourHead.tsx";
import { barCommand } from "./keys.ts";
import { createScheduleModel, type ScheduleModel } from "./model.ts";
import type { RowHandlers } from "./ScheduleRow.tsx";
import { ScheduleRow } from "./ScheduleRow.tsx";
import { minuteAtPoint, percentOf } from "./scale.ts";
import { TimeAsk } from "./TimeAsk.tsx";
import { type BarPlace, firstBar, neighbourRow, walk } from "./walk.ts";
import "./schedule.css";

const recordIn = (value: unknown): RecordId | undefined => (typeof value === "string" ? parseRecordId(value) : undefined);

/** Reads what a drag carries: a bar of the schedule, or a card or tray row that names an order. */
const draggedFrom = (data: Readonly<Record<string | symbol, unknown>>): Dragged | undefined => {
  const visit = recordIn(data["visit"]);
  if (data["kind"] === "visit" && visit !== undefined) {
    const grab = data["grabMinutes"];
    return { kind: "visit", visit, from: recordIn(data["from"]), grabMinutes: typeof grab === "number" ? grab : 0 };
  }
  const order = recordIn(data["order"]);
  return order === undefined ? undefined : { kind: "order", order };
};

/** The model, and the way to read the newest one from a handler. */
const useModel = (): readonly [ScheduleModel, () => ScheduleModel] => {
  const days = useDays();
  const read = useMemo(() => createScheduleModel(days), [days]);
  const subscribe = useMemo(
    () => (changed: () => void) => {
      const stops = [
        days.onLists(changed),
        ...(["visit", "technician", "absence", "workOrder", "customer", "site"] as const).map((name) =>
          days.board.onCollection(name, changed),
        ),
      ];
      return () => stops.forEach((stop) => stop());
    },
    [days],
  );
  return [useSyncExternalStore(subscribe, read), read];
};

const barElement = (container: HTMLElement | null, place: BarPlace): HTMLElement | undefined => {
  const row = container?.querySelector(`[data-technician="${CSS.escape(place.technician)}"]`);
  return row?.querySelector<HTMLElement>(`[data-visit="${CSS.escape(place.visit)}"]`) ?? undefined;
};

const focusBar = (container: HTMLElement | null, place: BarPlace): void => barElement(container, place)?.focus();

export const ScheduleView = () => {
  const { t } = useTranslation();
  const days = useDays();
  const [model, read] = useModel();
  const container = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<BarPlace | undefined>();
  /** A bar handed over by key: it is drawn anew on the other row, and the focus goes with it. */
  const following = useRef<BarPlace | undefined>(undefined);
  const [asking, setAsking] = useState<BarPlace | undefined>();
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const selected = useView((state) => state.selected);
  const { dragged, ghost } = useStore(drag, (state) => state);
  const { isOn } = useFiltered();
  useLookForFilter();

  useEffect(() => {
    const next = following.current;
    if (next === undefined || barElement(container.current, next) === undefined) return;
    following.current = undefined;
    if (document.activeElement === document.body) focusBar(container.current, next);
  }, [model]);

  const handlers = useMemo<RowHandlers>(() => {
    const goTo = (next: BarPlace | undefined): void => {
      if (next === undefined) return;
      setPlace(next);
      focusBar(container.current, next);
    };
    const selectBar = (technician: RecordId, bar: BarModel, add: boolean): void => {
      setPlace({ technician, visit: bar.visit });
      if (bar.order !== undefined) select(bar.order, add);
    };
    const ghostOf = (dragged: Dragged, technician: RecordId, x: number, width: number): Ghost | undefined => {
      const minute = minuteAtPoint(read().scale, x, width);
      return ghostAt({ board: days.board, zone: days.zone, day: days.day(), dragged, technician, minute });
    };
    return {
      pick: (technician, bar, event) => selectBar(technician, bar, event.ctrlKey || event.metaKey),
      open: (bar) => bar.order !== undefined && openOrder(bar.order),
      menu: (technician, bar, event) => {
        event.preventDefault();
        selectBar(technician, bar, false);
        if (bar.order !== undefined)
          view.set({ ask: { kind: "menu", orders: [bar.order], point: { x: event.clientX, y: event.clientY } } });
      },
      key: (technician, bar, event) => {
        const command = barCommand(event);
        if (command === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        switch (command.kind) {
          case "walk":
            return goTo(walk(read(), { technician, visit: bar.visit }, command.to));
          case "shift":
            return actions.shift(bar.visit, command.steps);
          case "resize":
            return actions.resizeBy(bar.visit, command.steps);
          case "hand": {
            const to = neighbourRow(read(), technician, command.to);
            if (to === undefined) return undefined;
            setPlace({ technician: to, visit: bar.visit });
            following.current = { technician: to, visit: bar.visit };
            return actions.handTo(bar.visit, technician, to);
          }
          case "open":
            return bar.order === undefined ? undefined : openOrder(bar.order);
          case "time":
            return setAsking({ technician, visit: bar.visit });
          case "dispatch":
            return actions.dispatch(bar.visit);
          case "tray":
            return actions.toTray(bar.visit);
        }
      },
      over: (technician, data, x, width) => {
        const what = draggedFrom(data);
        if (what === undefined) return;
        const next = ghostOf(what, technician, x, width);
        const before = drag.get().ghost;
        if (
          before?.technician === next?.technician &&
          before?.fromMinute === next?.fromMinute &&
          next !== undefined &&
          before !== undefined
        )
          return;
        drag.set({ dragged: what, ghost: next });
      },
      leave: () => drag.set({ ghost: undefined }),
      drop: (technician, data, x, width) => {
        const what = draggedFrom(data);
        const ghost = what === undefined ? undefined : ghostOf(what, technician, x, width);
        if (what !== undefined && ghost !== undefined) actions.drop(what, ghost);
        drag.set({ dragged: undefined, ghost: undefined });
      },
    };
  }, [days, read]);

  if (model.rows === 0) return <EmptyState title={t("schedule.empty")} words={t("schedule.emptyNext")} />;
  const focusable = place ?? firstBar(model);
  const toggle = (team: string): void =>
    setFolded((teams) => new Set(teams.has(team) ? [...teams].filter((each) => each !== team) : [...teams, team]));
  const isSelected = (bar: BarModel): boolean => bar.order !== undefined && selected.includes(bar.order);
  return (
    <div className="schedule" ref={container}>
      <div className="schedule-top">
        <div className="schedule-corner">
          <span>{t("schedule.technicians", { count: model.rows })}</span>
          <span>{t("schedule.load")}</span>
        </div>
        <HourHead scale={model.scale} now={model.now} />
      </div>
      {isOn && model.dimmed === model.visits ? (
        <div className="schedule-filter">
          <FilterNote title={t("schedule.filtered")} hidden={t("schedule.dimmed", { count: model.dimmed })} />
        </div>
      ) : null}
      <div className="schedule-body" style={{ "--hours": (model.scale.to - model.scale.from) / 60 }}>
        {model.now !== undefined && model.now >= model.scale.from && model.now <= model.scale.to && (
          <div className="schedule-now-lane" aria-hidden="true">
            <span className="schedule-now" style={{ insetInlineStart: percentOf(model.scale, model.now) }} />
          </div>
        )}
        {model.groups.map((group) => (
          <div key={group.team} className="schedule-group">
            <button type="button" className="schedule-team" aria-expanded={!folded.has(group.team)} onClick={() => toggle(group.team)}>
              {folded.has(group.team) ? <ChevronRight aria-hidden="true" /> : <ChevronDown aria-hidden="true" />}
              <span className="schedule-team-name">{group.team === "" ? t("schedule.noTeam") : group.team}</span>
              <span className="schedule-team-load">
                {t("schedule.teamSize", { count: group.rows.length })}
                {group.load === undefined ? "" : ` · ${t("schedule.percent", { load: group.load })}`}
              </span>
            </button>
            {!folded.has(group.team) &&
              group.rows.map((row) => {
                const { technician } = row.row;
                return (
                  <ScheduleRow
                    key={technician}
                    model={row}
                    scale={model.scale}
                    now={row.bars.some((bar) => bar.startedAt !== undefined) ? model.now : undefined}
                    ghost={ghost?.technician === technician ? ghost : undefined}
                    selected={row.bars.find(isSelected)?.visit}
                    dragged={dragged?.kind === "visit" && dragged.from === technician ? dragged.visit : undefined}
                    focusable={focusable?.technician === technician ? focusable.visit : undefined}
                    handlers={handlers}
                  />
                );
              })}
          </div>
        ))}
      </div>
      {asking !== undefined && (
        <TimeAsk
          visit={asking.visit}
          onClose={() => {
            setAsking(undefined);
            focusBar(container.current, asking);
          }}
        />
      )}
    </div>
  );
};
