/**
 * The first minute of a fresh desk: join, found, or look at the demo.
 */
import { Link, Play, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDesk } from "../hooks.ts";
import { Logo } from "../ui/Logo.tsx";
import { FoundTask } from "./FoundTask.tsx";
import { JoinTask } from "./JoinTask.tsx";
import "./setup.css";

const WAYS = [
  { way: "join", icon: Link },
  { way: "new", icon: Plus },
  { way: "demo", icon: Play },
] as const;

export const Setup = () => {
  const { t } = useTranslation();
  const version = useDesk((state) => state.info?.version ?? "");
  const [way, setWay] = useState<(typeof WAYS)[number]["way"]>("join");
  return (
    <div className="setup-frame">
      <header className="setup-bar">
        <Logo /> Switchyard
      </header>
      <main className="setup">
        <div>
          <h1 className="setup-title">{t("setup.title")}</h1>
          <div role="radiogroup" aria-label={t("setup.title")}>
            {WAYS.map(({ way: name, icon: Icon }) => (
              <button key={name} type="button" role="radio" aria-checked={name === way} className="setup-way" onClick={() => setWay(name)}>
                <Icon size="1.4em" strokeWidth={1.75} aria-hidden="true" />
                <span className="setup-way-name">{t(`setupWay.${name}`)}</span>
                <span className="setup-way-words">{t(`setupWayWords.${name}`)}</span>
              </button>
            ))}
          </div>
        </div>
        {way === "join" ? <JoinTask /> : <FoundTask key={way} way={way} />}
      </main>
      <footer className="status-bar">
        <span>{t("setup.nothingSent")}</span>
        <span className="status-keys">{t("setup.version", { version })}</span>
      </footer>
    </div>
  );
};
