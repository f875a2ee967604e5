/**
 * What a filter that keeps nothing says, on the schedule and in the board's first empty column: what it names that there is not, what is
 * hidden, where it would match, and the ways on. Looks beyond the live set too, so that what is far away is counted.
 */
import { useTranslation } from "react-i18next";
import { useDays, useElsewhere, useFiltered } from "../hooks.ts";
import { clearFilter, view } from "../state/view.ts";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";

const clearAll = (): void => {
  clearFilter();
  view.set({ chip: undefined });
};

export interface FilterNoteProps {
  readonly title: string;
  /** What the filter hides or dims here, in words. */
  readonly hidden: string;
}

export const FilterNote = ({ title, hidden }: FilterNoteProps) => {
  const { t } = useTranslation();
  const days = useDays();
  const { notKnown } = useFiltered();
  const other = useElsewhere();
  const words = [
    ...notKnown.map(({ kind, typed }) => t(`filterUnknown.${kind}`, { typed })),
    hidden,
    other === undefined ? "" : t("filter.elsewhere", { count: other.count }),
  ];
  return (
    <EmptyState title={title} words={words.filter((part) => part !== "").join(" ")}>
      {other === undefined ? null : (
        <Button onClick={() => view.set({ day: other.day === days.today() ? undefined : other.day })}>
          {t("filter.goTo", { day: days.zone.longDay(other.day) })}
        </Button>
      )}
      <Button onClick={clearAll}>{t("filter.clear")}</Button>
    </EmptyState>
  );
};
