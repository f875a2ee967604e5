/**
 * What a key, a right click or a drop asks beside a card: a status, a priority, a reason, a technician, or the whole menu.
 * One at a time; the letter of a line runs it at once; Esc leaves everything as it was.
 */
import { useTranslation } from "react-i18next";
import { HOLD_REASONS, type OrderStatus, type VisitStatus } from "../../shared/domain/status.ts";
import { useDays, useView } from "../hooks.ts";
import { cancelOrders, deleteOrders, holdOrders, setPriority, setStatus, setVisitStatus, unassign, visitMeant } from "../state/commands.ts";
import { type Ask, openOrder, view } from "../state/view.ts";
import { holdWords } from "../state/words.ts";
import { AnchoredMenu } from "../ui/Menu.tsx";
import type { MenuLine } from "../ui/MenuList.tsx";
import { type Priority, PriorityMark } from "../ui/PriorityMark.tsx";
import { type Mark, StatusMark } from "../ui/StatusMark.tsx";
import { AssignFloat } from "./AssignFloat.tsx";
import { anchorOf, elementOfOrder } from "./anchor.ts";

const ORDER_LINES: readonly { readonly status: OrderStatus; readonly letter: string; readonly mark: Mark }[] = [
  { status: "new", letter: "N", mark: "new" },
  { status: "scheduled", letter: "S", mark: "planned" },
  { status: "in_progress", letter: "P", mark: "working" },
  { status: "on_hold", letter: "H", mark: "hold" },
  { status: "done", letter: "D", mark: "done" },
  { status: "closed", letter: "C", mark: "done" },
  { status: "cancelled", letter: "X", mark: "cancelled" },
];

const VISIT_LINES: readonly { readonly status: VisitStatus; readonly letter: string; readonly mark: Mark }[] = [
  { status: "confirmed", letter: "F", mark: "confirmed" },
  { status: "dispatched", letter: "O", mark: "dispatched" },
  { status: "travelling", letter: "T", mark: "travelling" },
  { status: "working", letter: "W", mark: "working" },
  { status: "paused", letter: "U", mark: "paused" },
  { status: "no_access", letter: "A", mark: "cancelled" },
];

const PRIORITY_LINES: readonly { readonly priority: Priority; readonly letter: string }[] = [
  { priority: "urgent", letter: "U" },
  { priority: "high", letter: "H" },
  { priority: "normal", letter: "N" },
  { priority: "low", letter: "L" },
];

const CANCEL_REASONS = ["customer", "duplicate", "elsewhere", "mistake"] as const;

const LetterOf = (word: string, taken: ReadonlySet<string>): string =>
  [...word.toUpperCase()].find((letter) => /[A-Z]/.test(letter) && !taken.has(letter)) ?? "";

/** Each line gets the first letter of its words that no line before it has. */
const withLetters = (lines: readonly Omit<MenuLine, "keys">[]): readonly MenuLine[] => {
  const taken = new Set<string>();
  return lines.map((line) => {
    const letter = LetterOf(line.label, taken);
    taken.add(letter);
    return letter === "" ? line : { ...line, keys: letter };
  });
};

const useLines = (ask: Ask): { readonly title: string; readonly lines: readonly MenuLine[] } => {
  const { t } = useTranslation();
  const days = useDays();
  const { orders } = ask;
  const first = orders[0];
  const card = first === undefined ? undefined : days.card(first);
  const askNext = (kind: Ask["kind"]) => () => view.set({ ask: { ...ask, kind } });
  switch (ask.kind) {
    case "status": {
      const visit = first === undefined ? undefined : visitMeant(first);
      return {
        title: t("ask.status"),
        lines: [
          ...ORDER_LINES.map(
            ({ status, letter, mark }): MenuLine => ({
              id: status,
              label: t(`status.${status}`),
              keys: letter,
              icon: <StatusMark mark={mark} />,
              ...(card?.status === status ? { side: t("ask.now") } : {}),
              run: status === "on_hold" ? askNext("hold") : status === "cancelled" ? askNext("cancel") : () => setStatus(orders, status),
            }),
          ),
          ...(visit === undefined
            ? []
            : VISIT_LINES.map(
                ({ status, letter, mark }, index): MenuLine => ({
                  id: `visit-${status}`,
                  label: t(`visitStatus.${status}`),
                  keys: letter,
                  icon: <StatusMark mark={mark} />,
                  apart: index === 0,
                  ...(card?.visitStatus === status ? { side: t("ask.now") } : {}),
                  run: () => setVisitStatus(orders, status),
                }),
              )),
        ],
      };
    }
    case "priority":
      return {
        title: t("ask.priority"),
        lines: PRIORITY_LINES.map(({ priority, letter }) => ({
          id: priority,
          label: t(`priority.${priority}`),
          keys: letter,
          icon: priority === "normal" ? <span className="mark" /> : <PriorityMark priority={priority} />,
          ...(card?.priority === priority ? { side: t("ask.now") } : {}),
          run: () => setPriority(orders, priority),
        })),
      };
    case "hold":
      return {
        title: t("ask.hold"),
        lines: withLetters(HOLD_REASONS.map((reason) => ({ id: reason, label: holdWords(reason), run: () => holdOrders(orders, reason) }))),
      };
    case "cancel":
      return {
        title: t("ask.cancel"),
        lines: [
          ...withLetters(
            CANCEL_REASONS.map((reason) => ({
              id: reason,
              label: t(`cancelReason.${reason}`),
              run: () => cancelOrders(orders, t(`cancelReason.${reason}`)),
            })),
          ),
          { id: "delete", label: t("ask.deleteInstead"), keys: "Del", apart: true, run: () => deleteOrders(orders) },
        ],
      };
    case "menu":
    case "assign":
    case "visit": {
      const visit = first === undefined ? undefined : visitMeant(first);
      return {
        title: orders.length === 1 ? (card?.number ?? "") : t("ask.many", { count: orders.length }),
        lines: [
          {
            id: "open",
            label: t("action.open"),
            keys: "Enter",
            disabled: orders.length !== 1,
            run: () => (first === undefined ? undefined : openOrder(first)),
          },
          { id: "assign", label: t("action.assign"), keys: "A", run: askNext("assign") },
          { id: "visit", label: t("action.addVisit"), keys: "V", run: askNext("visit") },
          {
            id: "dispatch",
            label: t("action.dispatch"),
            keys: "D",
            disabled: visit === undefined,
            run: () => setVisitStatus(orders, "dispatched"),
          },
          { id: "status", label: t("action.status"), keys: "S", apart: true, run: askNext("status") },
          { id: "hold", label: t("action.hold"), keys: "H", run: askNext("hold") },
          { id: "priority", label: t("action.priority"), keys: "P", run: askNext("priority") },
          {
            id: "note",
            label: t("action.note"),
            keys: "N",
            disabled: orders.length !== 1,
            run: () => (first === undefined ? undefined : openOrder(first, "notes")),
          },
          {
            id: "unassign",
            label: t("action.unassign"),
            disabled: visit === undefined,
            run: () => (visit === undefined ? undefined : unassign(visit)),
          },
          { id: "cancel", label: t("action.cancel"), keys: "Del", apart: true, run: askNext("cancel") },
          { id: "delete", label: t("action.delete"), run: () => deleteOrders(orders) },
        ],
      };
    }
  }
};

const AskMenu = ({ ask }: { readonly ask: Ask }) => {
  const { title, lines } = useLines(ask);
  return (
    <AnchoredMenu
      key={ask.kind}
      anchor={anchorOf(ask)}
      label={title}
      caption={title}
      lines={lines}
      letters
      onClose={() => view.set((state) => ({ ask: state.ask === ask ? undefined : state.ask }))}
      returnFocus={() => elementOfOrder(ask.orders.at(-1))}
    />
  );
};

export const AskFloat = () => {
  const ask = useView((state) => state.ask);
  if (ask === undefined) return null;
  return ask.kind === "assign" || ask.kind === "visit" ? <AssignFloat key={ask.orders.join()} ask={ask} /> : <AskMenu ask={ask} />;
};
