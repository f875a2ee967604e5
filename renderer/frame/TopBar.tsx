/**
 * The bar above the board: the day, how the board is cut, counts that filter, the filter field, and the one primary button.
 */
import { ChevronLeft, ChevronRight, ListFilter, Plus, Search } from "lucide-react";
import { useTranslation } from "react-i18next";
import { shiftDate } from "../../shared/domain/schedule/day.ts";
import { useDay, useDays, useSummary, useToday, useView } from "../hooks.ts";
import { type ChipName, clearFilter, view } from "../state/view.ts";
import { Button } from "../ui/Button.tsx";
import { Chip } from "../ui/Chip.tsx";
import { TextField } from "../ui/Field.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { Segments } from "../ui/Segments.tsx";
import { SavedFilters } from "./SavedFilters.tsx";

const DayNav = () => {
  const { t } = useTranslation();
  const { zone } = useDays();
  const day = useDay();
  const today = useToday();
  return (
    <div className="day-nav">
      <IconButton label={t("day.before")} hint="PgUp" onClick={() => view.set({ day: shiftDate(day, -1) })}>
        <ChevronLeft size="1.15em" aria-hidden="true" />
      </IconButton>
      <h1 className="day-name">{zone.longDay(day)}</h1>
      <IconButton label={t("day.after")} hint="PgDn" onClick={() => view.set({ day: shiftDate(day, 1) })}>
        <ChevronRight size="1.15em" aria-hidden="true" />
      </IconButton>
      <Button className="today-button" aria-pressed={day === today} onClick={() => view.set({ day: undefined })}>
        {t("day.today")}
      </Button>
    </div>
  );
};

const FilterField = () => {
  const { t } = useTranslation();
  const filter = useView((state) => state.filter);
  return (
    <div className="filter-field">
      <TextField
        value={filter}
        autoFocus
        aria-label={t("filter.label")}
        placeholder={t("filter.placeholder")}
        icon={<Search size="1.15em" strokeWidth={1.75} aria-hidden="true" />}
        onText={(text) => view.set({ filter: text })}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") {
            event.preventDefault();
            view.set({ filterAsk: "list" });
          }
          if (event.key !== "Escape") return;
          event.stopPropagation();
          clearFilter();
        }}
      />
    </div>
  );
};

export const TopBar = () => {
  const { t } = useTranslation();
  const summary = useSummary();
  const chip = useView((state) => state.chip);
  const grouping = useView((state) => state.grouping);
  const wide = useView((state) => state.wide);
  const viewName = useView((state) => state.view);
  const filterShown = useView((state) => state.filterShown || state.filter !== "");
  const press = (name: ChipName) => () => view.set({ chip: chip === name ? undefined : name });
  return (
    <div className="top-bar">
      <DayNav />
      {viewName === "board" ? (
        <Segments
          label={t("grouping.label")}
          value={grouping}
          options={[
            { value: "columns", label: t("grouping.columns") },
            { value: "technicians", label: t("grouping.technicians") },
          ]}
          onChange={(value) => view.set({ grouping: value })}
        />
      ) : null}
      <span className="bar-line" />
      <div className="bar-chips">
        <Chip
          label={t("chip.today")}
          count={summary.today}
          pressed={false}
          onPress={() => view.set({ chip: undefined, filter: "", filterShown: false, savedFilter: undefined })}
        />
        <Chip label={t("chip.unconfirmed")} count={summary.unconfirmed} pressed={chip === "unconfirmed"} onPress={press("unconfirmed")} />
        <Chip label={t("chip.late")} tone="late" count={summary.late} pressed={chip === "late"} onPress={press("late")} />
        <Chip label={t("chip.overlap")} tone="late" count={summary.overlap} pressed={chip === "overlap"} onPress={press("overlap")} />
        {wide ? <Chip label={t("chip.changed")} count={summary.changed} pressed={chip === "changed"} onPress={press("changed")} /> : null}
      </div>
      <div className="bar-end">
        <SavedFilters />
        {filterShown ? (
          <FilterField />
        ) : (
          <Button
            kind="plain"
            icon={<ListFilter size="1.15em" strokeWidth={1.75} aria-hidden="true" />}
            aria-keyshortcuts="Control+F"
            onClick={() => view.set({ filterShown: true })}
          >
            {t("filter.button")}
          </Button>
        )}
        <Button
          kind="primary"
          hint="C"
          aria-keyshortcuts="C"
          icon={<Plus size="1.15em" strokeWidth={2} aria-hidden="true" />}
          onClick={() => view.set({ creating: true })}
        >
          {t("order.new")}
        </Button>
      </div>
    </div>
  );
};
