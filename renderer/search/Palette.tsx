/**
 * Ctrl+K: finds any order by number, title, customer, phone or place, and runs any command by name. Nothing runs without Enter;
 * an Enter that is faster than the desk's search runs the first line that comes for that text.
 */
import { Dialog } from "@base-ui/react/dialog";
import { CornerDownRight, Search } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDays, useFound } from "../hooks.ts";
import { redo, undo } from "../state/commands.ts";
import { findOrders, fold, wordsOf } from "../state/search.ts";
import { openOrder, view } from "../state/view.ts";
import { floats } from "../ui/floats.ts";
import { KeyHint } from "../ui/KeyHint.tsx";
import { OrderNumber } from "../ui/OrderNumber.tsx";
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

interface Line {
  readonly id: string;
  readonly mark: ReactNode;
  readonly number: string;
  readonly name: string;
  readonly side: string;
  readonly keys: string | undefined;
  readonly run: () => void;
}

interface Lines {
  readonly orders: readonly Line[];
  readonly commands: readonly Line[];
  /** The desk's own search has answered for what is typed. */
  readonly isAnswered: boolean;
}

const useLines = (typed: string): Lines => {
  const { t } = useTranslation();
  const days = useDays();
  const all = useCommands();
  const words = wordsOf(typed);
  const found = useFound(typed);
  const near = findOrders(days.board, days.zone, days.today(), typed, ORDERS_SHOWN).map((order) => order.id);
  const isAnswered = found.text === typed.trim();
  const others = isAnswered ? found.orders.filter((id) => !near.includes(id)) : [];
  const orders = [...near, ...others].slice(0, ORDERS_SHOWN).flatMap((id): readonly Line[] => {
    const card = days.card(id);
    if (card === undefined) return [];
    return [
      {
        id,
        mark: <StatusMark mark={card.mark} name={t(`status.${card.status}`)} />,
        number: card.number,
        name: card.title,
        side: [card.customer, card.place].filter((part) => part !== "").join(" · "),
        keys: undefined,
        run: () => openOrder(id),
      },
    ];
  });
  const commands = all
    .filter((command) => words.every((word) => fold(command.label).includes(word)))
    .map(
      (command): Line => ({
        id: command.id,
        mark: <CornerDownRight className="hint-icon" strokeWidth={1.75} aria-hidden="true" />,
        number: "",
        name: command.label,
        side: "",
        keys: command.keys,
        run: command.run,
      }),
    );
  return { orders, commands, isAnswered };
};

export const Palette = () => {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [marked, setMarked] = useState(0);
  const listId = useId();
  /** The text for which Enter was pressed before anything was found. */
  const [awaited, setAwaited] = useState<string>();
  const { orders, commands, isAnswered } = useLines(typed);
  const lines = [...orders, ...commands];
  const at = Math.min(marked, lines.length - 1);
  const run = (line: Line | undefined) => {
    if (line === undefined) return;
    close();
    line.run();
  };
  useEffect(() => {
    if (awaited === undefined || !isAnswered) return;
    setAwaited(undefined);
    if (awaited === typed) run(orders[0]);
    // Once, when the answer comes: the lines are made anew with each drawing.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [awaited, isAnswered]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setMarked((at + step + lines.length) % Math.max(1, lines.length));
    }
    if (event.key === "Enter") {
      event.preventDefault();
      if (lines.length > 0) run(lines[at]);
      else if (!isAnswered) setAwaited(typed);
    }
  };
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : close())}>
      <Dialog.Portal container={floats()}>
        <Dialog.Backdrop className="dialog-shade" />
        <Dialog.Popup className="popup palette" aria-label={t("frame.search")}>
          <div className="palette-top">
            <Search size="1.25em" strokeWidth={1.75} aria-hidden="true" />
            <input
              className="palette-input"
              role="combobox"
              autoFocus // at once: what is typed right after Ctrl+K is meant for it, and would else be keys of the board
              aria-label={t("frame.search")}
              aria-expanded="true"
              aria-controls={listId}
              aria-activedescendant={lines[at] === undefined ? undefined : `${listId}-${at}`}
              autoComplete="off"
              value={typed}
              placeholder={t("palette.placeholder")}
              onChange={(event) => {
                setTyped(event.target.value);
                setMarked(0);
                setAwaited(undefined);
              }}
              onKeyDown={onKeyDown}
            />
            <KeyHint keys="Esc" />
          </div>
          <ul id={listId} role="listbox" aria-label={t("palette.found")} className="palette-list">
            {lines.map((line, index) => [
              index === orders.length && orders.length > 0 ? (
                <li key="commands" role="presentation" className="palette-caption">
                  {t("palette.commands")}
                </li>
              ) : null,
              <li
                key={line.id}
                id={`${listId}-${index}`}
                role="option"
                aria-selected={index === at}
                className="palette-line"
                ref={index === at ? (node) => node?.scrollIntoView({ block: "nearest" }) : undefined}
                onPointerDown={(event) => {
                  event.preventDefault();
                  run(line);
                }}
              >
                {line.mark}
                {line.number === "" ? null : <OrderNumber number={line.number} />}
                <span className="palette-name cut">{line.name}</span>
                <span className="palette-side cut">{line.side}</span>
                {line.keys === undefined ? null : <span className="menu-item-side">{line.keys.replaceAll("+", " ")}</span>}
                <KeyHint keys="Enter" />
              </li>,
            ])}
          </ul>
          {lines.length === 0 ? <p className="palette-empty">{t("palette.nothing", { typed })}</p> : null}
          <footer className="palette-foot">
            <span>{t("palette.foot")}</span>
            <span className="palette-keys">
              <KeyHint keys="↑" />
              <KeyHint keys="↓" /> {t("palette.others")}
            </span>
          </footer>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
};
