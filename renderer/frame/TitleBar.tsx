/**
 * The title bar: the workspace and its menu at the left, search in the middle. In the app's window it is what one drags;
 * the window's own buttons lie over its end (window controls overlay).
 */
import { ChevronsUpDown, PanelLeft, Search, Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useDesk, useView } from "../hooks.ts";
import { undo } from "../state/commands.ts";
import { setTheme, THEMES, theme } from "../state/theme.ts";
import { view } from "../state/view.ts";
import { Button } from "../ui/Button.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { KeyHint } from "../ui/KeyHint.tsx";
import { Logo } from "../ui/Logo.tsx";
import { Menu } from "../ui/Menu.tsx";
import { isSidebarFolded } from "./folding.ts";

export const TitleBar = () => {
  const { t } = useTranslation();
  const name = useDesk((state) => state.info?.workspace?.name ?? "Switchyard");
  const role = useDesk((state) => state.info?.role);
  const label = useDesk((state) => state.undo);
  const folded = useView(isSidebarFolded);
  return (
    <header className="title-bar">
      <div className="title-start">
        <Menu
          label={t("menu.workspace")}
          trigger={
            <Button kind="plain" className="workspace-button" aria-label={t("menu.workspaceOf", { name })}>
              <Logo />
              <span className="cut">{name}</span>
              <ChevronsUpDown size="1em" aria-hidden="true" />
            </Button>
          }
          lines={[
            { id: "import", label: t("menu.import"), run: () => view.set({ view: "import", open: undefined, sync: false }) },
            { id: "invite", label: t("menu.invite"), disabled: role !== "admin", run: () => view.set({ inviting: true }) },
            { id: "sync", label: t("menu.sync"), keys: "Ctrl+Shift+S", run: () => view.set({ sync: true, open: undefined }) },
            { id: "trash", label: t("view.trash"), run: () => view.set({ view: "trash" }) },
            ...THEMES.map((name, index) => ({
              id: name,
              label: t(`theme.${name}`),
              apart: index === 0,
              ...(theme() === name ? { side: t("ask.now") } : {}),
              run: () => setTheme(name),
            })),
            { id: "keys", label: t("menu.keys"), keys: "F1", apart: true, run: () => view.set({ keys: true }) },
          ]}
        />
        <IconButton
          label={folded ? t("frame.unfoldSidebar") : t("frame.foldSidebar")}
          aria-expanded={!folded}
          onClick={() => view.set({ sidebar: folded })}
        >
          <PanelLeft size="1.15em" strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
        <IconButton
          label={label === null ? t("undo.undo") : t("undo.undoOf", { label })}
          hint="Ctrl+Z"
          disabled={label === null}
          onClick={undo}
        >
          <Undo2 size="1.15em" strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
      </div>
      <button type="button" className="search-button" onClick={() => view.set({ palette: true })} aria-keyshortcuts="Control+K">
        <Search size="1.15em" strokeWidth={1.75} aria-hidden="true" />
        <span className="cut">{t("frame.search")}</span>
        <KeyHint keys="Ctrl+K" />
      </button>
    </header>
  );
};
