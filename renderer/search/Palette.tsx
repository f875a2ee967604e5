/**
 * Ctrl+K: finds any order by number, title, customer, phone or place, and runs any command by name. Nothing runs without Enter.
 */
import { Dialog } from "@base-ui/react/dialog";
import { Command } from "cmdk";
import { CornerDownRight, Search } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDays } from "../hooks.ts";
import { redo, undo } from "../state/commands.ts";
import { findOrders, fold, wordsOf } from "../state/search.ts";
import { openOrder, view } from "../state/view.ts";
import { KeyHint } from "../ui/KeyHint.tsx";
import { StatusMark } from "../ui/StatusMark.tsx";
import "../ui/Popup.css";
import "./palette.css";

const ORDERS_SHOWN = 12;

interface PaletteCommand {
  readonly id: string;
  readonly label: string;
  readonly keys?: string;
  readonly run: () => void;
}

const useCommands = (): readonly PaletteCommand[] => {
  const { t } = useTranslation();
  return [
    { id: "new", label: t("order.new"), keys: "C", run: () => view.set({ creating: true }) },
    { id: "board", label: t("palette.go", { view: t("view.board") }), keys: "G+B", run: () => view.set({ view: "board" }) },
    { id: "schedule", label: t("palette.go", { view: t("view.schedule") }), keys: "G+S", run: () => view.set({ view: "schedule" }) },
    { id: "list", label: t("palette.go", { view: t("view.list") }), keys: "G+L", run: () => view.set({ view: "list" }) },
    { id: "trash", label: t("palette.go", { view: t("view.trash") }), run: () => view.set({ view: "trash" }) },
    { id: "import", label: t("menu.import"), run: () => view.set({ view: "import" }) },
    { id: "sync", label: t("menu.sync"), keys: "Ctrl+Shift+S", run: () => view.set({ sync: true, open: undefined }) },
    { id: "invite", label: t("menu.invite"), run: () => view.set({ inviting: true }) },
    { id: "undo", label: t("undo.undo"), keys: "Ctrl+Z", run: undo },
    { id: "redo", label: t("undo.redo"), keys: "Ctrl+Y", run: redo },
    { id: "keys", label: t("menu.keys"), keys: "F1", run: () => view.set({ keys: true }) },
  ];
};

const close = () => view.set({ palette: false });

export const Palette = () => {
  const { t } = useTranslation();
  const { board } = useDays();
  const days = useDays();
  const [typed, setTyped] = useState("");
  const commands = useCommands();
  const words = wordsOf(typed);
  const orders = findOrders(board, typed, ORDERS_SHOWN);
  const shown = commands.filter((command) => words.every((word) => fold(command.label).includes(word)));
  const run = (action: () => void) => () => {
    close();
    action();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : close())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-shade" />
        <Dialog.Popup className="popup palette" aria-label={t("frame.search")}>
          <Command shouldFilter={false} label={t("frame.search")} loop>
            <div className="palette-top">
              <Search size="1.25em" strokeWidth={1.75} aria-hidden="true" />
              <Command.Input className="palette-input" value={typed} onValueChange={setTyped} placeholder={t("palette.placeholder")} autoFocus />
              <KeyHint keys="Esc" />
            </div>
            <Command.List className="palette-list">
              {orders.map((order) => {
                const card = days.card(order.id);
                if (card === undefined) return null;
                return (
                  <Command.Item key={order.id} value={order.id} className="palette-line" onSelect={run(() => openOrder(order.id))}>
                    <StatusMark mark={card.mark} name={t(`status.${card.status}`)} />
                    <span className="card-number">{card.number}</span>
                    <span className="palette-name cut">{card.title}</span>
                    <span className="palette-side cut">{[card.customer, card.place].filter((part) => part !== "").join(" · ")}</span>
                    <KeyHint keys="Enter" />
                  </Command.Item>
                );
              })}
              {orders.length > 0 && shown.length > 0 ? <div className="palette-caption">{t("palette.commands")}</div> : null}
              {shown.map((command) => (
                <Command.Item key={command.id} value={command.id} className="palette-line" onSelect={run(command.run)}>
                  <CornerDownRight className="hint-icon" strokeWidth={1.75} aria-hidden="true" />
                  <span className="palette-name cut">{command.label}</span>
                  <span className="palette-side" />
                  {command.keys === undefined ? null : <span className="menu-item-side">{command.keys.replaceAll("+", " ")}</span>}
                  <KeyHint keys="Enter" />
                </Command.Item>
              ))}
              {orders.length === 0 && shown.length === 0 ? <p className="palette-empty">{t("palette.nothing", { typed })}</p> : null}
            </Command.List>
            <footer className="palette-foot">
              <span>{t("palette.foot")}</span>
              <span className="palette-keys">
                <KeyHint keys="↑" />
                <KeyHint keys="↓" /> {t("palette.others")}
              </span>
            </footer>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
};
