/**
 * The dashed outline of where a dragged visit would go, with one tag below that says how it fits.
 */
import { useTranslation } from "react-i18next";
import type { Misfit } from "../../shared/domain/schedule/fit.ts";
import type { Ghost } from "./ghost.ts";
import { clockText, percentOf, type Scale, widthPercent } from "./scale.ts";

/** i18next key and numbers of the worst misfit; what else does not fit is in the bar's hints after the drop. */
const wordsOf = (misfit: Misfit | undefined): readonly [string, Readonly<Record<string, unknown>>] => {
  if (misfit === undefined) return ["schedule.fits", {}];
  switch (misfit.code) {
    case "overlap":
      return ["schedule.fitOverlap", { minutes: misfit.minutes }];
    case "absent":
      return ["schedule.fitAbsent", {}];
    case "outside_hours":
      return ["schedule.fitHours", {}];
    case "skill_missing":
      return ["schedule.fitSkill", { skills: misfit.skills.join(", ") }];
    case "window_missed":
      return ["schedule.fitWindow", {}];
  }
};

export const ScheduleGhost = ({ ghost, scale }: { readonly ghost: Ghost; readonly scale: Scale }) => {
  const { t } = useTranslation();
  const [key, values] = wordsOf(ghost.misfits[0]);
  return (
    <div
      className="schedule-ghost"
      style={{ insetInlineStart: percentOf(scale, ghost.fromMinute), inlineSize: widthPercent(scale, ghost.minutes) }}
    >
      <span className="schedule-ghost-words">
        {ghost.number} {ghost.customer}
      </span>
      <span className="schedule-ghost-fit" data-fits={ghost.misfits.length === 0 || undefined}>
        {t(key, { ...values, time: clockText(ghost.fromMinute) })}
      </span>
    </div>
  );
};
