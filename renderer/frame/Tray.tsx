/**
 * The tray beside every board: what has no technician, what is on hold, what needs attention. A drop here takes an order's
 * visit back. Folded it keeps its counts in sight.
 */
import { dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronLeft, ChevronRight, Inbox, Search } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { RecordId } from "../../shared/ids.ts";
import { draggedOrder, draggedVisit } from "../board/drag.ts";
import { useDays, useSummary, useTray, useView } from "../hooks.ts";
import { unassign, visitMeant } from "../state/commands.ts";
import { type TrayTab, view } from "../state/view.ts";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { TextField } from "../ui/Field.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { StatusMark } from "../ui/StatusMark.tsx";
import { Tabs } from "../ui/Tabs.tsx";
import { isTrayFolded } from "./folding.ts";
import { TrayRow } from "./TrayRow.tsx";
import { trayRows } from "./tray-rows.ts";
import "./tray.css";

const ROW_SIZE = 55;
const HEAD_SIZE = 27;
/** A search is offered once there is more than a screenful. */
const SEARCH_FROM = 8;

/** Five digits do not fit a folded tray: `22K`. */
const compact = (count: number): string =>
  new Intl.NumberFormat("en", { notation: count > 999 ? "compact" : "standard", maximumFractionDigits: 0 }).format(count);

const FoldedTray = () => {
  const { t } = useTranslation();
  const summary = useSummary();
  const open = (trayTab: TrayTab) => () => view.set({ tray: true, trayTab });
  return (
    <aside className="tray" data-folded="" aria-label={t("tray.title")}>
      <IconButton label={t("tray.unfold")} aria-expanded={false} onClick={() => view.set({ tray: true })}>
        <ChevronRight size="1.15em" aria-hidden="true" />
      </IconButton>
      <button type="button" className="tray-fold-count" aria-label={t("tray.openCount", { count: summary.open })} onClick={open("open")}>
        <Inbox className="hint-icon" strokeWidth={1.75} aria-hidden="true" />
        <span className="tabular">{compact(summary.open)}</span>
      </button>
      <button type="button" className="tray-fold-count" aria-label={t("tray.holdCount", { count: summary.hold })} onClick={open("hold")}>
        <StatusMark mark="hold" />
        <span className="tabular">{compact(summary.hold)}</span>
      </button>
      <button
        type="button"
        className="tray-fold-count"
        data-tone={summary.alerts > 0 ? "late" : undefined}
        aria-label={t("tray.alertsCount", { count: summary.alerts })}
        onClick={open("alerts")}
      >
        <StatusMark mark="late" />
        <span className="tabular">{compact(summary.alerts)}</span>
      </button>
    </aside>
  );
};

const TrayBody = ({ tab }: { readonly tab: TrayTab }) => {
  const { t } = useTranslation();
  const days = useDays();
  const lists = useTray();
  const search = useView((state) => state.traySearch);
  const scroll = useRef<HTMLDivElement>(null);
  const { rows, hidden, closed } = useMemo(() => trayRows(days, lists, tab, search), [days, lists, tab, search]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => (rows[index]?.kind === "head" ? HEAD_SIZE : ROW_SIZE),
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : row.kind === "head" ? row.group : row.id;
    },
    overscan: 8,
    useFlushSync: false,
  });
  return (
    <>
      {rows.length + hidden > SEARCH_FROM || search !== "" ? (
        <div className="tray-search">
          <TextField
            value={search}
            aria-label={t("tray.search")}
            placeholder={t("tray.search")}
            icon={<Search size="1.15em" strokeWidth={1.75} aria-hidden="true" />}
            onText={(text) => view.set({ traySearch: text })}
            onKeyDown={(event) => {
              if (event.key !== "Escape" || search === "") return;
              event.stopPropagation();
              view.set({ traySearch: "" });
            }}
          />
        </div>
      ) : null}
      {rows.length === 0 && search !== "" ? (
        <EmptyState
          title={t("tray.noMatch", { search })}
          words={[t("tray.hidden", { count: hidden }), closed > 0 ? t("tray.closedMatch", { count: closed }) : ""]
            .filter((part) => part !== "")
            .join(" ")}
        >
          <Button hint="Esc" onClick={() => view.set({ traySearch: "" })}>
            {t("tray.clear")}
          </Button>
          {closed > 0 ? (
            <Button onClick={() => view.set({ view: "list", filter: search, filterShown: true })}>{t("tray.showClosed")}</Button>
          ) : null}
        </EmptyState>
      ) : null}
      {rows.length === 0 && search === "" ? <EmptyState title={t(`trayEmpty.${tab}`)} /> : null}
      <div ref={scroll} className="tray-rows" role="listbox" aria-label={t(`tray.${tab}`)} tabIndex={0}>
        <div className="tray-list" role="presentation" style={{ blockSize: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                role="presentation"
                className="tray-virtual"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {row.kind === "head" ? (
                  <div className="tray-group" role="presentation">
                    <span>{t(`trayGroup.${row.group}`)}</span>
                    <span className="tabular">{row.count}</span>
                  </div>
                ) : (
                  <TrayRow id={row.id} />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
};

/** A bar's visit, or the visit that a card speaks of. */
const visitInHand = (data: Record<string | symbol, unknown>): RecordId | undefined => {
  const order = draggedOrder(data);
  return draggedVisit(data) ?? (order === undefined ? undefined : visitMeant(order));
};

export const Tray = () => {
  const { t } = useTranslation();
  const folded = useView(isTrayFolded);
  const tab = useView((state) => state.trayTab);
  const summary = useSummary();
  const aside = useRef<HTMLElement>(null);

  useEffect(() => {
    const node = aside.current;
    if (node === null) return undefined;
    return dropTargetForElements({
      element: node,
      canDrop: ({ source }) => visitInHand(source.data) !== undefined,
      onDrop: ({ source }) => {
        const visit = visitInHand(source.data);
        if (visit !== undefined) unassign(visit);
      },
    });
  }, [folded]);

  if (folded) return <FoldedTray />;
  return (
    <aside ref={aside} className="tray" aria-label={t("tray.title")}>
      <div className="tray-head">
        <h2 className="tray-title">{t("tray.title")}</h2>
        <span className="tray-count tabular">{summary.open}</span>
        <IconButton label={t("tray.fold")} aria-expanded={true} onClick={() => view.set({ tray: false })}>
          <ChevronLeft size="1.15em" aria-hidden="true" />
        </IconButton>
      </div>
      <Tabs
        label={t("tray.title")}
        value={tab}
        options={[
          { value: "open", label: t("tray.open"), count: summary.open },
          { value: "hold", label: t("tray.hold"), count: summary.hold },
          { value: "alerts", label: t("tray.alerts"), count: summary.alerts, tone: "late" },
        ]}
        onChange={(trayTab) => view.set({ trayTab })}
      >
        <TrayBody tab={tab} />
      </Tabs>
    </aside>
  );
};
