/**
 * Founding a workspace on this desk: its name, its zone, this desk's name. Or the demo: invented customers, nothing is sent.
 */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDesk } from "../hooks.ts";
import { adviceOf } from "../state/advice.ts";
import { call, goOn } from "../state/desk.ts";
import { Button } from "../ui/Button.tsx";
import { TextField } from "../ui/Field.tsx";

export const FoundTask = ({ way }: { readonly way: "new" | "demo" }) => {
  const { t } = useTranslation();
  const ownName = useDesk((state) => state.info?.deviceName ?? "");
  const [workspace, setWorkspace] = useState("");
  const [zone, setZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [name, setName] = useState(ownName);
  const [wrong, setWrong] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  const found = () => {
    setBusy(true);
    setWrong(undefined);
    const input =
      way === "demo"
        ? { way }
        : {
            way,
            zone,
            ...(workspace.trim() === "" ? {} : { workspaceName: workspace.trim() }),
            ...(name.trim() === "" ? {} : { deviceName: name.trim() }),
          };
    call("desk.found", input).then(goOn, (error: unknown) => {
      setBusy(false);
      setWrong(adviceOf(error));
    });
  };
  return (
    <form
      className="setup-task"
      onSubmit={(event) => {
        event.preventDefault();
        found();
      }}
    >
      <div>
        <h2 className="setup-task-title">{t(way === "new" ? "setup.newTitle" : "setup.demoTitle")}</h2>
        <p className="setup-words">{t(way === "new" ? "setup.newWords" : "setup.demoWords")}</p>
      </div>
      {way === "new" ? (
        <>
          <label className="setup-row">
            <span className="setup-label">{t("setup.workspaceName")}</span>
            <TextField value={workspace} onText={setWorkspace} placeholder={t("setup.workspacePlaceholder")} autoFocus />
          </label>
          <label className="setup-row">
            <span className="setup-label">{t("setup.zone")}</span>
            <TextField value={zone} onText={setZone} />
          </label>
          <label className="setup-row">
            <span className="setup-label">{t("setup.nameDesk")}</span>
            <TextField value={name} onText={setName} />
          </label>
        </>
      ) : null}
      {wrong === undefined ? null : (
        <p className="field-wrong" role="alert">
          {wrong}
        </p>
      )}
      <div className="setup-run">
        <Button kind="primary" hint="Enter" type="submit" disabled={isBusy}>
          {t(way === "new" ? "setup.found" : "setup.openDemo")}
        </Button>
      </div>
    </form>
  );
};
