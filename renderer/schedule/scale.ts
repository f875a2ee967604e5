/**
 * Minutes of the day to places across the schedule and back. Places are fractions of the width, so that zoom and resizing
 * need no layout of our own. Pure.
 */

/** Visits move and resize in steps of this many minutes. */
export const STEP_MINUTES = 15;

export interface Scale {
  /** Minutes after midnight at the left and right edge. */
  readonly from: number;
  readonly to: number;
}

export const scaleOfHours = ([first, last]: readonly [number, number]): Scale => ({ from: first * 60, to: last * 60 });

/** A CSS length: the place of a minute, percent of the row's width. */
export const percentOf = (scale: Scale, minute: number): string =>
  `${(((minute - scale.from) / (scale.to - scale.from)) * 100).toFixed(4)}%`;

export const widthPercent = (scale: Scale, minutes: number): string => `${((minutes / (scale.to - scale.from)) * 100).toFixed(4)}%`;

/** The minute under a point `x` from the row's left edge, `width` wide (pixels both). */
export const minuteAtPoint = (scale: Scale, x: number, width: number): number =>
  scale.from + (x / Math.max(1, width)) * (scale.to - scale.from);

export const snapMinute = (minute: number): number => Math.round(minute / STEP_MINUTES) * STEP_MINUTES;

/** `14:30`, and `24:00` at the end of the day. */
export const clockText = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(Math.round(minute) % 60).padStart(2, "0")}`;
