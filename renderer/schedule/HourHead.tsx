/**
 * The head of the schedule: hours across, and the present time as a tag on the now line.
 */
import { clockText, percentOf, type Scale } from "./scale.ts";

export interface HourHeadProps {
  readonly scale: Scale;
  /** The minute of the day now; undefined on another day. */
  readonly now: number | undefined;
}

export const HourHead = ({ scale, now }: HourHeadProps) => {
  const hours: number[] = [];
  for (let minute = scale.from; minute < scale.to; minute += 60) hours.push(minute);
  return (
    <div className="schedule-hours" aria-hidden="true">
      {hours.map((minute) => (
        <span key={minute} className="schedule-hour" style={{ insetInlineStart: percentOf(scale, minute) }}>
          {String(minute / 60).padStart(2, "0")}
        </span>
      ))}
      {now !== undefined && now >= scale.from && now <= scale.to && (
        <span className="schedule-now-tag" style={{ insetInlineStart: percentOf(scale, now) }}>
          {clockText(now)}
        </span>
      )}
    </div>
  );
};
