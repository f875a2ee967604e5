/**
 * The views, with counts, and this desk at the foot. Folded to icons it keeps names as tooltips.
 */
import { ChartGantt, FileInput, List, type LucideIcon, Monitor, Search, SquareKanban, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useDesk, useSummary, useView } from "../hooks.ts";
import { type ViewName, view } from "../state/view.ts";
import { Hint } from "../ui/Tooltip.tsx";
import { isSidebarFolded } from "./folding.ts";
import { deskWords } from "./sync-words.ts";

interface Item {
  readonly name: ViewName;
  readonly icon: LucideIcon;
  readonly keys?: string;
  readonly count?: number;
}

export const Sidebar = () => {
  const { t } = useTranslation();
  const folded = useView(isSidebarFolded);
  const current = useView((state) => state.view);
  const summary = useSummary();
  const deskName = useDesk((state) => state.info?.deviceName ?? "");
  const sync = useDesk((state) => state.sync);
  const items: readonly Item[] = [
    { name: "board", icon: SquareKanban, keys: "G+B", count: summary.today },
    { name: "schedule", icon: ChartGantt, keys: "G+S", count: summary.visits },
    { name: "list", icon: List, keys: "G+L" },
    { name: "import", icon: FileInput },
    { name: "trash", icon: Trash2 },
  ];
  return (
    <nav className="sidebar" data-folded={folded ? "" : undefined} aria-label={t("frame.views")}>
      <div className="nav">
        {items.map(({ name, icon: Icon, keys, count }) => {
          const button = (
            <button
              key={name}
              type="button"
              className="nav-item"
              aria-label={folded ? t(`view.${name}`) : undefined}
              aria-current={current === name ? "page" : undefined}
              onClick={() => view.set({ view: name, sync: false })}
            >
              <Icon size="1.15em" strokeWidth={1.75} aria-hidden="true" />
              {folded ? null : <span>{t(`view.${name}`)}</span>}
              {folded || count === undefined ? null : <span className="nav-count tabular">{count}</span>}
            </button>
          );
          return folded ? (
            <Hint key={name} words={t(`view.${name}`)} {...(keys === undefined ? {} : { keys })}>
              {button}
            </Hint>
          ) : (
            button
          );
        })}
        <button
          type="button"
          className="nav-item"
          aria-label={folded ? t("view.search") : undefined}
          onClick={() => view.set({ palette: true })}
        >
          <Search size="1.15em" strokeWidth={1.75} aria-hidden="true" />
          {folded ? null : <span>{t("view.search")}</span>}
        </button>
      </div>
      <button
        type="button"
        className="nav-item desk-item"
        aria-label={folded ? t("menu.sync") : undefined}
        onClick={() => view.set({ sync: true, open: undefined })}
      >
        <Monitor size="1.15em" strokeWidth={1.75} aria-hidden="true" />
        {folded ? null : (
          <span className="desk-words">
            <span className="desk-name cut">{deskName}</span>
            <span className="cut">{deskWords(sync)}</span>
          </span>
        )}
      </button>
    </nav>
  );
};
