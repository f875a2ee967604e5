/**
 * What the sync panel says of now. While the host on this machine does not answer, nobody knows who is connected and what is the same: it
 * says that instead of what was last heard.
 */
import type { PeerStatus, SyncStatus } from "../../shared/ipc/answers.ts";
import { agoWords } from "../frame/sync-words.ts";
import { t } from "../i18n.ts";
import type { Link } from "../state/socket-host.ts";
import type { Zone } from "../state/zone.ts";

/** Whether what was last heard still says how things are. */
export const isHeard = (link: Link): boolean => link === "ready";

/** Beside the panel's title: is it safe. */
export const summaryWords = (sync: SyncStatus | undefined, link: Link): string => {
  if (!isHeard(link)) return t("sync.hostAwayShort");
  if (sync === undefined) return "";
  if (sync.unseen > 0) return t("sync.unseen", { count: sync.unseen });
  return sync.peers.length === 0 ? t("sync.onlyDesk") : t("sync.everySeen");
};

/** Whether a desk is here, since when it is not, and whether it holds the same. */
export const peerWords = (peer: PeerStatus, link: Link, now: number, zone: Zone): { readonly here: string; readonly compared: string } => {
  const here = isHeard(link) ? (peer.connected ? t("sync.here") : t("sync.away")) : t("sync.notKnownNow");
  const compared = peer.identical === true ? t("sync.identical") : peer.identical === false ? t("sync.catchingUp") : t("sync.unknown");
  return {
    here: peer.lastExchange === null ? here : `${here} · ${agoWords(peer.lastExchange, now, zone)}`,
    compared: isHeard(link) && peer.connected ? compared : "",
  };
};

/** Above the fingerprint: whose it is, and when. */
export const fingerprintWords = (sync: SyncStatus, link: Link): string => {
  if (!isHeard(link)) return t("sync.fingerprintThen");
  const connected = sync.peers.filter((peer) => peer.connected);
  const isSame = connected.some((peer) => peer.identical === true);
  return isSame ? t("sync.fingerprintSame", { count: connected.length }) : t("sync.fingerprint");
};

/** Of this desk's own row. */
export const listenWords = (sync: SyncStatus | undefined, link: Link): string => {
  if (!isHeard(link)) return t("sync.notKnownNow");
  return sync?.port == null ? t("sync.notListening") : t("sync.listens", { port: sync.port });
};
