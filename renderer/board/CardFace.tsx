/**
 * What stands on a card, wherever one is drawn: in a column, in the hand while dragging, in the tray's peek.
 */
import { useTranslation } from "react-i18next";
import type { Board } from "../state/board.ts";
import type { CardModel } from "../state/cards.ts";
import type { Hint } from "../state/hints.ts";
import { hintWords, windowWords } from "../state/words.ts";
import type { Zone } from "../state/zone.ts";
import { HintMark } from "../ui/HintMark.tsx";
import { OrderNumber } from "../ui/OrderNumber.tsx";
import { PriorityMark } from "../ui/PriorityMark.tsx";
import { StatusMark } from "../ui/StatusMark.tsx";

const TONES: { readonly [Kind in Hint["kind"]]?: "late" | "hold" } = {
  late: "late",
  over: "late",
  overlap: "late",
  startsSoon: "late",
  hold: "hold",
};

export const HintLine = ({ hints, board, zone }: { readonly hints: readonly Hint[]; readonly board: Board; readonly zone: Zone }) => (
  <div className="card-hints">
    {hints.map((hint) => (
      <span key={hint.kind} className="hint" data-hint={hint.kind} data-tone={TONES[hint.kind]}>
        <HintMark kind={hint.kind} />
        <span className="hint-words cut">{hintWords(hint, board, zone)}</span>
      </span>
    ))}
  </div>
);

export interface CardFaceProps {
  readonly card: CardModel;
  readonly board: Board;
  readonly zone: Zone;
}

export const CardFace = ({ card, board, zone }: CardFaceProps) => {
  const { t } = useTranslation();
  const place = [card.customer, card.place].filter((part) => part !== "").join(" · ");
  // Twice, of which the column's width shows one: beside the number, or where that leaves no room for the window, before the title.
  const priority = (narrow: boolean) =>
    card.priority === "normal" ? null : (
      <span className="card-priority" data-narrow={narrow ? "" : undefined}>
        <PriorityMark priority={card.priority} name={t(`priority.${card.priority}`)} />
      </span>
    );
  return (
    <>
      <div className="card-line card-top">
        <StatusMark mark={card.mark} name={t(`status.${card.status}`)} />
        <OrderNumber number={card.number} />
        {priority(false)}
        <span className="card-window" data-words={card.window.kind === "hours" ? undefined : ""}>
          {windowWords(card.window)}
        </span>
      </div>
      <div className="card-line">
        {priority(true)}
        <span className="card-title cut">{card.title === "" ? t("order.untitled") : card.title}</span>
      </div>
      <div className="card-line">
        <span className="card-place cut">{place}</span>
        {card.people.map((person) => (
          <span key={person.id} className="card-person" title={person.name}>
            {person.initials}
          </span>
        ))}
      </div>
      {card.hints.length === 0 ? null : <HintLine hints={card.hints} board={board} zone={zone} />}
    </>
  );
};
