/**
 * F1: every key, by what it is for.
 */
import { useTranslation } from "react-i18next";
import { view } from "../state/view.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { KeyHint } from "../ui/KeyHint.tsx";
import "./cheat-sheet.css";

const GROUPS = [
  {
    name: "orders",
    keys: [
      ["C", "new"],
      ["Enter", "open"],
      ["A", "assign"],
      ["D", "dispatch"],
      ["S", "status"],
      ["H", "hold"],
      ["P", "priority"],
      ["V", "visit"],
      ["N", "note"],
      ["L", "tags"],
      ["Del", "cancel"],
      ["Shift+F10", "menu"],
      ["Ctrl+H", "history"],
    ],
  },
  {
    name: "moving",
    keys: [
      ["↑ ↓ ← →", "arrows"],
      ["Shift+↓", "extend"],
      ["Ctrl+A", "all"],
      ["PgUp", "dayBefore"],
      ["PgDn", "dayAfter"],
      ["Home", "today"],
      ["G+B", "board"],
      ["G+S", "schedule"],
      ["G+L", "list"],
    ],
  },
  {
    name: "bars",
    keys: [
      ["Ctrl+→", "later"],
      ["Ctrl+↓", "handOver"],
      ["Ctrl+Shift+→", "longer"],
      ["T", "time"],
      ["U", "tray"],
    ],
  },
  {
    name: "everywhere",
    keys: [
      ["Ctrl+K", "palette"],
      ["Ctrl+F", "filter"],
      ["Ctrl+Shift+F", "savedFilters"],
      ["Ctrl+Z", "undo"],
      ["Ctrl+Y", "redo"],
      ["Ctrl+Shift+S", "sync"],
      ["F6", "panes"],
      ["Esc", "back"],
      ["F1", "sheet"],
    ],
  },
] as const;

export const CheatSheet = () => {
  const { t } = useTranslation();
  return (
    <Dialog wide title={t("menu.keys")} onClose={() => view.set({ keys: false })}>
      <div className="cheat-sheet">
        {GROUPS.map((group) => (
          <section key={group.name}>
            <h3 className="cheat-title">{t(`cheat.${group.name}`)}</h3>
            <dl>
              {group.keys.map(([keys, name]) => (
                <div key={name} className="cheat-row">
                  <dt>{t(`cheatKey.${name}`)}</dt>
                  <dd>
                    <KeyHint keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <p className="cheat-foot">{t("cheat.foot")}</p>
      </div>
    </Dialog>
  );
};
