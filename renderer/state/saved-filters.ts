/**
 * Named filters: the words and the chip that somebody keeps under a name, as records of the workspace, so that every desk has them and
 * they are undone and restored like all else.
 */
import type { SavedView } from "../../shared/domain/records.ts";
import { type CollectionId, parseCollectionId } from "../../shared/ids.ts";
import { t } from "../i18n.ts";
import { refused, tell } from "./commands.ts";
import { call } from "./desk.ts";
import { type ChipName, type ViewState, view } from "./view.ts";

/** What the board's and the list's filters are called among saved views. */
const KIND = "orders";
const CHIPS: readonly ChipName[] = ["late", "unconfirmed", "overlap", "changed"];

const collection = (): CollectionId => {
  const id = parseCollectionId("savedView");
  if (id === undefined) throw new Error("savedView is no collection");
  return id;
};

type Shown = Pick<ViewState, "filter" | "chip">;

const contentOf = ({ filter, chip }: Shown): { text: string; chip: string | null } => ({ text: filter.trim(), chip: chip ?? null });

/** Those of the board, by name. */
export const filtersOf = (all: readonly SavedView[]): readonly SavedView[] =>
  all.filter(({ kind }) => kind === KIND).sort((a, b) => (a.name ?? "").localeCompare(b.name ?? ""));

/** Whether anything is filtered. */
export const isFiltering = (shown: Shown): boolean => shown.filter.trim() !== "" || shown.chip !== undefined;

/** Whether what is shown is what the filter says. */
export const isShown = ({ filter }: SavedView, shown: Shown): boolean => {
  const { text, chip } = contentOf(shown);
  return filter.text === text && filter.chip === chip;
};

export const pickFilter = ({ id, filter }: SavedView): void =>
  view.set({
    filter: filter.text,
    filterShown: filter.text !== "",
    chip: CHIPS.find((chip) => chip === filter.chip),
    savedFilter: id,
  });

/** Keeps what is shown under a name. */
export const saveFilter = (name: string): void => {
  call("record.create", { collection: collection(), values: { name, kind: KIND, filter: contentOf(view.get()) } }).then((written) => {
    tell(written, t("savedFilter.saved", { name }));
    view.set({ savedFilter: written.record.id });
  }, refused);
};

export const renameFilter = ({ id }: SavedView, name: string): void => {
  call("record.set", { record: id, values: { name } }).then((written) => tell(written), refused);
};

/** The filter says from now on what is shown. */
export const changeFilter = ({ id, name }: SavedView): void => {
  call("record.set", { record: id, values: { filter: contentOf(view.get()) } }).then(
    (written) => tell(written, t("savedFilter.saved", { name: name ?? "" })),
    refused,
  );
};

export const deleteFilter = ({ id, name }: SavedView): void => {
  call("record.delete", { record: id }).then((written) => {
    tell(written, t("savedFilter.deleted", { name: name ?? "" }));
    view.set({ savedFilter: undefined });
  }, refused);
};
