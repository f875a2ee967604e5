/**
 * The state of sync in plain words: who is here, what is safe. The status bar, the sidebar and the panel say the same.
 */
import type { SyncStatus } from "../../shared/ipc/answers.ts";
import { t } from "../i18n.ts";
import type { Link } from "../state/socket-host.ts";
import { instant, type Zone } from "../state/zone.ts";

/** `Yard 2 and Front office`; beyond three the rest is counted. */
export const namesWords = (names: readonly string[]): string => {
  if (names.length <= 3) return new Intl.ListFormat("en", { type: "conjunction" }).format(names);
  return t("sync.namesAndMore", { names: names.slice(0, 2).join(", "), count: names.length - 2 });
};

/** `3 s ago`, `12 min ago`, `at 10:21`, `Nov 23 17:20`. */
export const agoWords = (at: number, now: number, zone: Zone): string => {
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 60) return t("sync.secondsAgo", { count: seconds });
  if (seconds < 3600) return t("sync.minutesAgo", { count: Math.round(seconds / 60) });
  const day = zone.dateAt(instant(at));
  const time = zone.time(instant(at));
  return day === zone.dateAt(instant(now)) ? t("sync.atTime", { time }) : `${zone.shortDay(day)} ${time}`;
};

/** The line at the foot of the sidebar. */
export const deskWords = (sync: SyncStatus | undefined): string => {
  if (sync === undefined) return "";
  const connected = sync.peers.filter((peer) => peer.connected).length;
  if (sync.unseen > 0) return t("sync.unseenShort", { count: sync.unseen });
  if (connected > 0) return t("sync.upToDateWith", { count: connected });
  return sync.peers.length === 0 ? t("sync.onlyDesk") : t("sync.noDeskSeen");
};

/** The sentence of the status bar. */
export const statusWords = (sync: SyncStatus | undefined, link: Link, now: number, zone: Zone | undefined): string => {
  if (link === "away") return t("sync.hostAway");
  if (sync === undefined || zone === undefined) return t("sync.starting");
  if (sync.problem !== null) return sync.problem;
  if (sync.rejoining !== null) return t("sync.rejoining", { name: sync.rejoining });
  const unseen = sync.unseen === 0 ? t("sync.allSeen") : t("sync.unseenSafe", { count: sync.unseen });
  const connected = sync.peers.filter((peer) => peer.connected).map((peer) => peer.name);
  if (connected.length > 0) {
    const parts = [t("sync.connected", { names: namesWords(connected) })];
    if (sync.lastExchange !== null) parts.push(t("sync.lastExchange", { ago: agoWords(sync.lastExchange, now, zone) }));
    return [...parts, unseen].join(" · ");
  }
  if (sync.peers.length === 0) return sync.unseen === 0 ? t("sync.alone") : t("sync.aloneWith", { count: sync.unseen });
  const since = sync.aloneSince === null ? t("sync.offline") : t("sync.offlineSince", { time: timeWords(sync.aloneSince, now, zone) });
  return [since, sync.unseen === 0 ? t("sync.nothingWaits") : t("sync.unseenWaiting", { count: sync.unseen })].join(" · ");
};

/** `10:21`, on another day `Nov 23 17:20`. */
export const timeWords = (at: number, now: number, zone: Zone): string => {
  const day = zone.dateAt(instant(at));
  const time = zone.time(instant(at));
  return day === zone.dateAt(instant(now)) ? time : `${zone.shortDay(day)} ${time}`;
};
