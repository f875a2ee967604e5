/**
 * Joining a workspace: the code, which desk to ask, and this desk's name. Names are not proof; only the desk that made the
 * code can answer it.
 */
import { Check, Monitor } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDesk } from "../hooks.ts";
import { adviceOf } from "../state/advice.ts";
import { call, desk, goOn } from "../state/desk.ts";
import { Button } from "../ui/Button.tsx";
import { TextField } from "../ui/Field.tsx";
import { CodeField, isWholeCode } from "./CodeField.tsx";

export const JoinTask = () => {
  const { t } = useTranslation();
  const ownName = useDesk((state) => state.info?.deviceName ?? "");
  const nearby = useDesk((state) => state.sync?.nearby);
  const [code, setCode] = useState("");
  const [name, setName] = useState(ownName);
  const [asked, setAsked] = useState<string>();
  const [typed, setTyped] = useState<string>();
  const [wrong, setWrong] = useState<string>();
  const [isJoining, setJoining] = useState(false);

  useEffect(() => {
    call("sync.status", {}).then(
      (sync) => desk.set({ sync }),
      (error: unknown) => setWrong(adviceOf(error)),
    );
  }, []);

  const address = typed ?? asked ?? nearby?.[0]?.address;
  const askedName = nearby?.find((each) => each.address === address)?.name ?? address;
  const join = () => {
    if (isJoining || !isWholeCode(code)) return;
    setJoining(true);
    setWrong(undefined);
    call("desk.join", {
      code,
      ...(address === undefined || address.trim() === "" ? {} : { address: address.trim() }),
      ...(name.trim() === "" ? {} : { deviceName: name.trim() }),
    }).then(
      async () => goOn(await call("desk.info", {})),
      (error: unknown) => {
        setJoining(false);
        setWrong(adviceOf(error));
      },
    );
  };
  return (
    <form
      className="setup-task"
      onSubmit={(event) => {
        event.preventDefault();
        join();
      }}
    >
      <div>
        <h2 className="setup-task-title">{t("setup.code")}</h2>
        <p className="setup-words">{t("setup.codeWords")}</p>
        <CodeField value={code} onCode={setCode} />
        <p className="setup-third">{t("setup.codeHint")}</p>
      </div>
      <div>
        <div className="desks-head">
          <h3>{t("setup.desksFound")}</h3>
          <button type="button" className="link" onClick={() => setTyped(typed === undefined ? "" : undefined)}>
            {typed === undefined ? t("setup.typeAddress") : t("setup.chooseDesk")}
          </button>
        </div>
        {typed === undefined ? (
          <div className="desks">
            {nearby?.map((each) => (
              <button
                key={each.device}
                type="button"
                className="desk-row"
                aria-pressed={each.address === address}
                onClick={() => setAsked(each.address)}
              >
                <Monitor className="hint-icon" strokeWidth={1.75} aria-hidden="true" />
                <span>{each.name ?? t("setup.unnamedDesk")}</span>
                <span className="setup-third tabular">{each.address}</span>
                {each.address === address ? (
                  <span className="desk-row-side">
                    <Check className="hint-icon" strokeWidth={1.75} aria-hidden="true" /> {t("setup.willBeAsked")}
                  </span>
                ) : null}
              </button>
            ))}
            {nearby === undefined || nearby.length === 0 ? <p className="desk-row setup-third">{t("setup.looking")}</p> : null}
          </div>
        ) : (
          <div className="desks">
            <TextField
              value={typed}
              onText={setTyped}
              aria-label={t("sync.address")}
              placeholder={t("sync.addressPlaceholder")}
              autoFocus
            />
          </div>
        )}
        <p className="setup-third">{t("setup.notProof")}</p>
      </div>
      <label className="setup-row">
        <span className="setup-label">{t("setup.nameDesk")}</span>
        <TextField value={name} onText={setName} />
      </label>
      {wrong === undefined ? null : (
        <p className="field-wrong" role="alert">
          {wrong}
        </p>
      )}
      <div className="setup-run">
        <Button kind="primary" hint="Enter" type="submit" disabled={isJoining || !isWholeCode(code)}>
          {isJoining ? t("setup.joining") : t("setup.join")}
        </Button>
        {askedName === undefined ? null : <span className="setup-words">{t("setup.askedToConfirm", { desk: askedName, name })}</span>}
      </div>
    </form>
  );
};
