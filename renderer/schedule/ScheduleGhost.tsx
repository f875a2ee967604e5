/**
 * The dashed outline of where a dragged visit would go, with one tag below that says how it fits.
 */
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { Misfit } from "../../shared/domain/schedule/fit.ts";
import type { Ghost } from "./ghost.ts";
import { clockText, percentOf, type Scale, widthPercent } from "./scale.ts";

/** The worst misfit in words; what else does not fit is said after the drop. */
const fitWords = (t: TFunction, misfit: Misfit | undefined, time: string): string => {
  if (misfit === undefined) return t("schedule.fits", { time });
  switch (misfit.code) {
    case "overlap":
      return t("schedule.fitOverlap", { time, minutes: misfit.minutes });
    case "absent":
      return t("schedule.fitAbsent", { time });
    case "outside_hours":
      return t("schedule.fitHours", { time });
    case "skill_missing":
      return t("schedule.fitSkill", { time, skills: misfit.skills.join(", ") });
    case "window_missed":
      return t("schedule.fitWindow", { time });
  }
};

export const ScheduleGhost = ({ ghost, scale }: { readonly ghost: Ghost; readonly scale: Scale }) => {
  const { t } = useTranslation();
  return (
    <div
      className="schedule-ghost"
      style={{ insetInlineStart: percentOf(scale, ghost.fromMinute), inlineSize: widthPercent(scale, ghost.minutes) }}
    >
      <span className="schedule-ghost-words">
        {ghost.number} {ghost.customer}
      </span>
      <span className="schedule-ghost-fit" data-fits={ghost.misfits.length === 0 || undefined}>
        {fitWords(t, ghost.misfits[0], clockText(ghost.fromMinute))}
      </span>
    </div>
  );
};
