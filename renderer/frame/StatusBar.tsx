/**
 * The status bar tells the truth about sync in one grey phrase: who is connected, the last exchange, what nobody else has yet.
 * It counts seconds only while they are shown.
 */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDesk, useView } from "../hooks.ts";
import { view } from "../state/view.ts";
import { statusWords } from "./sync-words.ts";

const useSeconds = (): number => {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
};

export const StatusBar = () => {
  const { t } = useTranslation();
  const now = useSeconds();
  const sync = useDesk((state) => state.sync);
  const link = useDesk((state) => state.link);
  const zone = useDesk((state) => state.days?.zone);
  const isOpen = useView((state) => state.open !== undefined || state.sync);
  const wide = useView((state) => state.wide);
  return (
    <footer className="status-bar">
      <button type="button" className="status-words cut" data-testid="sync-words" onClick={() => view.set({ sync: true, open: undefined })}>
        {statusWords(sync, link, now, zone)}
      </button>
      <span className="status-keys">
        {isOpen ? <span>{t("keys.escCloses")}</span> : null}
        {!isOpen && wide ? (
          <>
            <span>{t("keys.enterOpens")}</span>
            <span>{t("keys.aAssigns")}</span>
            <span>{t("keys.sStatus")}</span>
          </>
        ) : null}
        <span>{t("keys.f1All")}</span>
      </span>
    </footer>
  );
};
