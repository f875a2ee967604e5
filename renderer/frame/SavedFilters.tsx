/**
 * The named filters beside the filter field: one button, its menu picks, keeps, renames and deletes. Ctrl+Shift+F opens it, or the arrow
 * down in the filter field; arrows walk, Enter runs.
 */
import { Bookmark } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SavedView } from "../../shared/domain/records.ts";
import { useAll, useView } from "../hooks.ts";
import {
  changeFilter,
  deleteFilter,
  filtersOf,
  isFiltering,
  isShown,
  pickFilter,
  renameFilter,
  saveFilter,
} from "../state/saved-filters.ts";
import { type ChipName, view } from "../state/view.ts";
import { Button } from "../ui/Button.tsx";
import { TextField } from "../ui/Field.tsx";
import { AnchoredMenu } from "../ui/Menu.tsx";
import type { MenuLine } from "../ui/MenuList.tsx";
import { Popover } from "../ui/Popover.tsx";

const CHIP_WORDS = { late: "chip.late", unconfirmed: "chip.unconfirmed", overlap: "chip.overlap", changed: "chip.changed" } as const;

const close = () => view.set({ filterAsk: undefined });
const asks = (ask: "save" | "rename") => () => view.set({ filterAsk: ask });

interface NameFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onName: (name: string) => void;
}

/** Enter keeps, Esc takes back. */
const NameField = ({ label, value, onName }: NameFieldProps) => {
  const { t } = useTranslation();
  const [name, setName] = useState(value);
  const keep = () => {
    if (name.trim() === "") return;
    close();
    onName(name.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    keep();
  };
  return (
    <div className="filter-name">
      <TextField value={name} maxLength={60} autoFocus aria-label={label} placeholder={label} onText={setName} onKeyDown={onKeyDown} />
      <Button kind="primary" hint="Enter" disabled={name.trim() === ""} onClick={keep}>
        {t("savedFilter.keep")}
      </Button>
    </div>
  );
};

const useLines = (filters: readonly SavedView[], picked: SavedView | undefined): readonly MenuLine[] => {
  const { t } = useTranslation();
  const filter = useView((state) => state.filter);
  const chip = useView((state) => state.chip);
  const shown = { filter, chip };
  const chipWords = (name: string | null): string => {
    const known = (Object.keys(CHIP_WORDS) as ChipName[]).find((each) => each === name);
    return known === undefined ? "" : t(CHIP_WORDS[known]);
  };
  const lines: MenuLine[] = filters.map((each) => ({
    id: each.id,
    label: each.name ?? "",
    side: [chipWords(each.filter.chip), each.filter.text].filter((part) => part !== "").join(" · "),
    run: () => pickFilter(each),
  }));
  const rest: Omit<MenuLine, "apart">[] = [];
  if (isFiltering(shown) && !filters.some((each) => isShown(each, shown)))
    rest.push({ id: "save", label: t("savedFilter.save"), run: asks("save") });
  if (picked !== undefined) {
    const name = picked.name ?? "";
    if (isFiltering(shown) && !isShown(picked, shown))
      rest.push({ id: "change", label: t("savedFilter.change", { name }), run: () => changeFilter(picked) });
    rest.push({ id: "rename", label: t("savedFilter.rename", { name }), run: asks("rename") });
    rest.push({ id: "delete", label: t("savedFilter.delete", { name }), run: () => deleteFilter(picked) });
  }
  if (filters.length === 0 && rest.length === 0)
    rest.push({ id: "none", label: t("savedFilter.none"), disabled: true, run: () => undefined });
  return [...lines, ...rest.map((line, index) => (index === 0 && lines.length > 0 ? { ...line, apart: true } : line))];
};

export const SavedFilters = () => {
  const { t } = useTranslation();
  const filters = filtersOf(useAll("savedView"));
  const saved = useView((state) => state.savedFilter);
  const ask = useView((state) => state.filterAsk);
  const wide = useView((state) => state.wide);
  const button = useRef<HTMLButtonElement>(null);
  const picked = filters.find(({ id }) => id === saved);
  const lines = useLines(filters, picked);
  const anchor = { getBoundingClientRect: () => button.current?.getBoundingClientRect() ?? new DOMRect() };
  const returnFocus = () => button.current;
  return (
    <>
      <Button
        ref={button}
        kind="plain"
        className="saved-filters"
        icon={<Bookmark size="1.15em" strokeWidth={1.75} aria-hidden="true" />}
        aria-label={t("savedFilter.title")}
        title={picked?.name ?? undefined}
        aria-haspopup="menu"
        aria-expanded={ask === "list"}
        aria-keyshortcuts="Control+Shift+F"
        onClick={() => view.set({ filterAsk: "list" })}
      >
        {picked === undefined ? wide ? t("savedFilter.button") : null : <span className="cut">{picked.name}</span>}
      </Button>
      {ask === "list" ? (
        <AnchoredMenu
          anchor={anchor}
          label={t("savedFilter.title")}
          lines={lines}
          onClose={close}
          returnFocus={() => (view.get().filterAsk === undefined ? button.current : false)}
        />
      ) : null}
      {ask === "save" ? (
        <Popover anchor={anchor} label={t("savedFilter.save")} onClose={close} returnFocus={returnFocus}>
          <NameField label={t("savedFilter.name")} value="" onName={saveFilter} />
        </Popover>
      ) : null}
      {ask === "rename" && picked !== undefined ? (
        <Popover anchor={anchor} label={t("savedFilter.rename", { name: picked.name ?? "" })} onClose={close} returnFocus={returnFocus}>
          <NameField label={t("savedFilter.name")} value={picked.name ?? ""} onName={(name) => renameFilter(picked, name)} />
        </Popover>
      ) : null}
    </>
  );
};
