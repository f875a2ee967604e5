/**
 * Asks for a typed time of one visit (`T`): `14:30`, `tomorrow 9`. Enter moves it, Esc leaves it.
 */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { RecordId } from "../../shared/ids.ts";
import { useDays } from "../hooks.ts";
import { parseMoment } from "../state/typed-time.ts";
import { TextField } from "../ui/Field.tsx";
import { Popover } from "../ui/Popover.tsx";
import { moveTo } from "./actions.ts";

const barOf = (visit: RecordId): HTMLElement | null => document.querySelector(`.schedule [data-visit="${CSS.escape(visit)}"]`);

export const TimeAsk = ({ visit, onClose }: { readonly visit: RecordId; readonly onClose: () => void }) => {
  const { t } = useTranslation();
  const days = useDays();
  const [text, setText] = useState("");
  const [unreadable, setUnreadable] = useState(false);
  const bar = barOf(visit);
  if (bar === null) return null;
  const commit = (): void => {
    const at = parseMoment(text, days.day(), days.today(), days.zone);
    if (at === undefined) return setUnreadable(true);
    moveTo(visit, at);
    return onClose();
  };
  return (
    <Popover anchor={bar} label={t("schedule.timeAsk")} onClose={onClose}>
      <form
        className="schedule-time-ask"
        onSubmit={(event) => {
          event.preventDefault();
          commit();
        }}
      >
        <TextField
          autoFocus
          value={text}
          onText={(next) => {
            setText(next);
            setUnreadable(false);
          }}
          aria-label={t("schedule.timeAsk")}
          aria-invalid={unreadable}
          placeholder="14:30"
        />
        {unreadable && <p role="alert">{t("schedule.timeUnreadable")}</p>}
      </form>
    </Popover>
  );
};
