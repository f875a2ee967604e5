/**
 * Numbers and hints in plain words: what a card, the tray and the panel say. One place, so that they say the same.
 */
import { t } from "../i18n.ts";
import type { Board } from "./board.ts";
import type { CardWindow } from "./cards.ts";
import { type Hint, promiseOf } from "./hints.ts";
import { instant, type Zone } from "./zone.ts";

export const windowWords = (window: CardWindow): string => {
  switch (window.kind) {
    case "hours":
      return window.to === "" ? window.from : `${window.from}–${window.to}`;
    case "day":
      return window.words;
    case "any":
      return t("card.anyTime");
    case "none":
      return t("card.noDate");
  }
};

/** `42 min`, `3 h`, `2 days`. */
export const lengthWords = (minutes: number): string => {
  if (minutes < 120) return t("time.minutes", { count: minutes });
  if (minutes < 48 * 60) return t("time.hours", { count: Math.round(minutes / 60) });
  return t("time.days", { count: Math.round(minutes / 1440) });
};

const HOLD_REASON_KEYS = {
  parts: "hold.parts",
  customer: "hold.customer",
  access: "hold.access",
  approval: "hold.approval",
  weather: "hold.weather",
} as const;

export const holdWords = (reason: string | null): string => {
  if (reason === null) return t("hold.none");
  const known = Object.entries(HOLD_REASON_KEYS).find(([key]) => key === reason);
  return known === undefined ? reason : t(known[1]);
};

const shortWindow = (from: number, to: number, zone: Zone): string => `${zone.hour(instant(from))}–${zone.hour(instant(to))}`;

export const hintWords = (hint: Hint, board: Board, zone: Zone): string => {
  switch (hint.kind) {
    case "late":
      return t("hint.late", { time: lengthWords(hint.minutes) });
    case "over": {
      const next = hint.atRisk;
      const order = next === undefined ? undefined : board.get("workOrder", next.workOrder);
      const promise = order === undefined ? undefined : promiseOf(order, next);
      const time = lengthWords(hint.minutes);
      return promise === undefined
        ? t("hint.over", { time })
        : t("hint.overRisk", { time, window: shortWindow(promise.from, promise.to, zone) });
    }
    case "overlap":
      return t("hint.overlap", { order: hint.order });
    case "startsSoon":
      return t("hint.startsSoon", { time: lengthWords(hint.minutes) });
    case "hold":
      return holdWords(hint.reason);
    case "changed":
      return t("hint.changed");
    case "notCalled":
      return t("hint.notCalled");
    case "edited":
      return t("hint.edited");
    case "suggest":
      return t("hint.allDone");
  }
};
