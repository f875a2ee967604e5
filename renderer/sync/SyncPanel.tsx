/**
 * Sync, answered in the order asked: is it safe, who is here, are we the same, what waits, whose clock is wrong.
 */
import { Clock, FingerprintPattern, History, Monitor, TriangleAlert, Unplug, X } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PeerStatus, SyncStatus } from "../../shared/ipc/answers.ts";
import { timeWords } from "../frame/sync-words.ts";
import { useDays, useDesk, useView } from "../hooks.ts";
import { adviceOf } from "../state/advice.ts";
import { call } from "../state/desk.ts";
import { say } from "../state/said.ts";
import { view } from "../state/view.ts";
import { lengthWords } from "../state/words.ts";
import { Button } from "../ui/Button.tsx";
import { TextField } from "../ui/Field.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { KeyHint } from "../ui/KeyHint.tsx";
import { Backups } from "./Backups.tsx";
import { fingerprintWords, isHeard, listenWords, peerWords, summaryWords } from "./panel-words.ts";
import { SyncItem } from "./SyncItem.tsx";
import "./sync.css";

/** A clock this far off is named. */
const CLOCK_OFF_MS = 60_000;

const useSecond = (): number => {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
};

const PeerRow = ({ peer, now }: { readonly peer: PeerStatus; readonly now: number }) => {
  const { t } = useTranslation();
  const { zone } = useDays();
  const link = useDesk((state) => state.link);
  const { here, compared } = peerWords(peer, link, now, zone);
  return (
    <tr data-peer={peer.device}>
      <td>
        <span className="sync-device">
          <Monitor className="hint-icon" strokeWidth={1.75} aria-hidden="true" />
          {peer.name}
        </span>
      </td>
      <td>{t(`role.${peer.role}`)}</td>
      <td className="tabular">{here}</td>
      <td className="sync-quiet">{compared}</td>
      <td className="sync-quiet tabular">{peer.version}</td>
    </tr>
  );
};

const Waiting = ({ sync, now }: { readonly sync: SyncStatus; readonly now: number }) => {
  const { t } = useTranslation();
  const { zone } = useDays();
  const clocks = sync.peers.filter((peer) => Math.abs(peer.clockOffsetMs ?? 0) >= CLOCK_OFF_MS);
  const ownOff = Math.abs(sync.clockOffsetMs) >= CLOCK_OFF_MS;
  const troubled = sync.peers.flatMap(({ device, name, problem }) => (problem === null ? [] : [{ device, name, problem }]));
  if (sync.unseen === 0 && sync.held.length === 0 && clocks.length === 0 && !ownOff && troubled.length === 0 && sync.problem === null)
    return null;
  const clockWords = (name: string, offset: number): string =>
    t(offset > 0 ? "sync.clockAhead" : "sync.clockBehind", { name, time: lengthWords(Math.round(Math.abs(offset) / 60_000)) });
  return (
    <>
      <div className="sync-caption">
        <span>{t("sync.waiting")}</span>
      </div>
      {sync.problem === null ? null : <SyncItem icon={TriangleAlert} title={t("sync.problemHere")} words={sync.problem} />}
      {troubled.map(({ device, name, problem }) => (
        <SyncItem key={device} icon={TriangleAlert} title={t("sync.problemWith", { name })} words={problem} />
      ))}
      {sync.unseen === 0 ? null : <SyncItem icon={Clock} title={t("sync.unseen", { count: sync.unseen })} words={t("sync.unseenWords")} />}
      {sync.held.map((held) => (
        <SyncItem
          key={`${held.device ?? ""}${held.until}`}
          icon={History}
          title={t("sync.held", { count: held.changes, name: held.name })}
          words={t("sync.heldWords", { time: timeWords(held.until, now, zone) })}
        />
      ))}
      {clocks.map((peer) => (
        <SyncItem key={peer.device} icon={Clock} title={clockWords(peer.name, peer.clockOffsetMs ?? 0)} words={t("sync.clockWords")} />
      ))}
      {ownOff ? <SyncItem icon={Clock} title={clockWords(t("sync.thisDesk"), sync.clockOffsetMs)} words={t("sync.clockWords")} /> : null}
    </>
  );
};

const Dial = () => {
  const { t } = useTranslation();
  const [address, setAddress] = useState("");
  const dial = () => {
    if (address.trim() === "") return;
    call("sync.dial", { address: address.trim() }).then(
      () => setAddress(""),
      (error: unknown) => say(adviceOf(error)),
    );
  };
  return (
    <form
      className="sync-dial"
      onSubmit={(event) => {
        event.preventDefault();
        dial();
      }}
    >
      <TextField value={address} onText={setAddress} aria-label={t("sync.address")} placeholder={t("sync.addressPlaceholder")} />
      <Button disabled={address.trim() === ""} onClick={dial}>
        {t("sync.dial")}
      </Button>
    </form>
  );
};

export const SyncPanel = () => {
  const { t } = useTranslation();
  const now = useSecond();
  const sync = useDesk((state) => state.sync);
  const info = useDesk((state) => state.info);
  const link = useDesk((state) => state.link);
  const over = useView((state) => !state.wide);
  const close = () => view.set({ sync: false });
  return (
    <aside className="panel" data-wide="" data-over={over ? "" : undefined} aria-label={t("sync.title")}>
      <header className="sync-head">
        <h2 className="sync-title">{t("sync.title")}</h2>
        <span className="sync-summary cut">{summaryWords(sync, link)}</span>
        <KeyHint keys="Ctrl+Shift+S" />
        <IconButton label={t("ui.close")} hint="Esc" onClick={close}>
          <X size="1.15em" aria-hidden="true" />
        </IconButton>
      </header>
      <div className="panel-scroll">
        {isHeard(link) ? null : (
          <div role="status">
            <SyncItem icon={Unplug} title={t("sync.hostAwayShort")} words={t("sync.hostAwayWords")} />
          </div>
        )}
        <table className="sync-table">
          <thead>
            <tr>
              <th scope="col">{t("sync.device")}</th>
              <th scope="col">{t("sync.role")}</th>
              <th scope="col">{t("sync.lastSeen")}</th>
              <th scope="col">{t("sync.compared")}</th>
              <th scope="col">{t("sync.version")}</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <td>
                <span className="sync-device">
                  <Monitor className="hint-icon" strokeWidth={1.75} aria-hidden="true" />
                  {info?.deviceName}
                  <span className="sync-here">{t("sync.thisDesk")}</span>
                </span>
              </td>
              <td>{info?.role == null ? "" : t(`role.${info.role}`)}</td>
              <td className="sync-quiet tabular" colSpan={2}>
                {listenWords(sync, link)}
              </td>
              <td className="sync-quiet tabular">{info?.version}</td>
            </tr>
            {sync?.peers.map((peer) => (
              <PeerRow key={peer.device} peer={peer} now={now} />
            ))}
          </tbody>
        </table>
        {sync === undefined ? null : (
          <>
            <div className="sync-print">
              <FingerprintPattern size="1.5em" strokeWidth={1.5} aria-hidden="true" />
              <div>
                <p className="sync-item-words">{fingerprintWords(sync, link)}</p>
                <p className="sync-words">{sync.fingerprint.words}</p>
              </div>
            </div>
            <Waiting sync={sync} now={now} />
            <Backups now={now} />
          </>
        )}
      </div>
      <footer className="sync-foot">
        <Dial />
        <Button
          disabled={info?.role !== "admin"}
          title={info?.role === "admin" ? undefined : t("invite.adminOnly")}
          onClick={() => view.set({ inviting: true })}
        >
          {t("menu.invite")}
        </Button>
      </footer>
    </aside>
  );
};
