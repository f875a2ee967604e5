/**
 * Bringing work in: choose a file, see what its columns mean, what will be made and which lines are left out and why, all on
 * one page. Checking goes on while the mapping is edited; one undo takes the whole import back.
 */
import { FileInput } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Imported, ImportFile, ImportPreview } from "../../shared/ipc/answers.ts";
import type { Input } from "../../shared/ipc/contract.ts";
import { useDesk } from "../hooks.ts";
import { adviceOf } from "../state/advice.ts";
import { undoAction } from "../state/commands.ts";
import { call, desk } from "../state/desk.ts";
import { say } from "../state/said.ts";
import { view } from "../state/view.ts";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { Progress } from "../ui/Progress.tsx";
import { hasTitle } from "./import-map.ts";
import { LeftOut } from "./LeftOut.tsx";
import { Mapping } from "./Mapping.tsx";
import { Preview } from "./Preview.tsx";
import "./import.css";

type ImportMap = Input<"import.check">["map"];

const ChooseFile = ({ onFile }: { readonly onFile: (file: ImportFile) => void }) => {
  const { t } = useTranslation();
  const kind = useDesk((state) => state.carrier?.kind);
  const field = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState<string>();
  const take = (file: ImportFile | null) => {
    if (file !== null) onFile(file);
  };
  const fail = (error: unknown) => setWrong(adviceOf(error));
  const upload = async (file: File | undefined) => {
    if (file === undefined) return;
    take(await call("import.upload", { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }));
  };
  const choose = () => {
    setWrong(undefined);
    if (kind === "window") call("import.choose", {}).then(take, fail);
    else field.current?.click();
  };
  return (
    <div
      className="import-choose"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        upload(event.dataTransfer.files[0]).catch(fail);
      }}
    >
      <h1 className="import-title">{t("import.title")}</h1>
      <p className="import-words">{t("import.intro")}</p>
      <Button kind="primary" icon={<FileInput size="1.15em" strokeWidth={1.75} aria-hidden="true" />} onClick={choose}>
        {t("import.choose")}
      </Button>
      <input
        ref={field}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        hidden
        data-testid="import-file"
        aria-label={t("import.choose")}
        onChange={(event) => {
          upload(event.target.files?.[0]).catch(fail);
        }}
      />
      {wrong === undefined ? null : (
        <p className="field-wrong" role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
};

const Result = ({ file, result, onAgain }: { readonly file: ImportFile; readonly result: Imported; readonly onAgain: () => void }) => {
  const { t } = useTranslation();
  const { action } = result;
  return (
    <div className="import">
      <header className="import-head">
        <div>
          <h1 className="import-title">{result.cancelled ? t("import.cancelled") : t("import.done", { count: result.imported })}</h1>
          <p className="import-words">{t("import.doneWords", { name: file.name, rows: result.rows, bad: result.bad.length })}</p>
        </div>
      </header>
      <div className="import-side">
        {result.bad.length === 0 ? <EmptyState title={t("import.noneLeftOut")} /> : <LeftOut file={file} bad={result.bad} />}
      </div>
      <footer className="import-foot">
        <span>{action === null ? "" : t("import.undoWords")}</span>
        {action === null ? null : (
          <Button hint="Ctrl+Z" onClick={() => undoAction(action)}>
            {t("import.undo")}
          </Button>
        )}
        <Button onClick={onAgain}>{t("import.another")}</Button>
        <Button kind="primary" onClick={() => view.set({ view: "list" })}>
          {t("import.showList")}
        </Button>
      </footer>
    </div>
  );
};

export const ImportView = () => {
  const { t } = useTranslation();
  const progress = useDesk((state) => state.progress);
  const [file, setFile] = useState<ImportFile>();
  const [preview, setPreview] = useState<ImportPreview>();
  const [isChecking, setChecking] = useState(false);
  const [isRunning, setRunning] = useState(false);
  const [result, setResult] = useState<Imported>();
  const [wrong, setWrong] = useState<string>();
  const asked = useRef(0);

  const check = (token: string, map: ImportMap) => {
    const turn = ++asked.current;
    setChecking(true);
    setWrong(undefined);
    call("import.check", { token, map }).then(
      (found) => {
        // A newer mapping was asked for meanwhile: its answer is on the way.
        if (turn !== asked.current) return;
        setChecking(false);
        setPreview(found);
      },
      (error: unknown) => {
        if (turn !== asked.current) return;
        setChecking(false);
        setWrong(adviceOf(error));
      },
    );
  };
  const reset = () => {
    asked.current++;
    setFile(undefined);
    setPreview(undefined);
    setResult(undefined);
    setWrong(undefined);
    setRunning(false);
    setChecking(false);
    desk.set({ progress: undefined });
  };
  useEffect(() => () => desk.set({ progress: undefined }), []);

  const cancel = () => {
    if (file !== undefined && (isRunning || isChecking))
      call("import.cancel", { token: file.token }).catch((error: unknown) => say(adviceOf(error)));
    if (!isRunning) reset();
  };
  const run = () => {
    if (file === undefined || preview === undefined) return;
    setRunning(true);
    call("import.run", { token: file.token, map: preview.map as ImportMap }).then(
      (made) => {
        setRunning(false);
        setResult(made);
      },
      (error: unknown) => {
        setRunning(false);
        setWrong(adviceOf(error));
      },
    );
  };
  if (file === undefined) {
    return (
      <ChooseFile
        onFile={(chosen) => {
          setFile(chosen);
          check(chosen.token, null);
        }}
      />
    );
  }
  if (result !== undefined) return <Result file={file} result={result} onAgain={reset} />;
  const current = progress?.token === file.token ? progress : undefined;
  const isBusy = isChecking || isRunning;
  return (
    <div className="import">
      <header className="import-head">
        <div>
          <h1 className="import-title">{t("import.title")}</h1>
          <p className="import-words">
            {t("import.file", {
              name: file.name,
              lines: file.lines,
              delimiter: delimiterWord(file.delimiter),
              encoding: file.encoding.toUpperCase(),
            })}
          </p>
        </div>
        <div className="import-progress">
          {isBusy ? (
            <Progress
              label={
                current === undefined
                  ? t("import.reading")
                  : t(`importPhase.${current.phase}`, { done: current.done, total: current.total })
              }
              done={current?.done ?? 0}
              total={current?.total ?? null}
            />
          ) : null}
        </div>
      </header>
      {preview === undefined ? (
        <div>{wrong === undefined ? null : <EmptyState title={t("import.unreadable")} words={wrong} />}</div>
      ) : (
        <div className="import-body">
          <div className="import-side">
            <Mapping preview={preview} onMap={(map) => check(file.token, map as ImportMap)} />
            {wrong === undefined ? null : (
              <p className="import-section field-wrong" role="alert">
                {wrong}
              </p>
            )}
          </div>
          <div className="import-side">
            {hasTitle(preview.map) ? (
              <>
                <Preview preview={preview} />
                {preview.bad.length === 0 ? null : <LeftOut file={file} bad={preview.bad} />}
              </>
            ) : (
              <EmptyState title={t("import.noTitle")} words={t("import.noTitleWords")} />
            )}
          </div>
        </div>
      )}
      <footer className="import-foot">
        <span>{t("import.undoWords")}</span>
        <Button onClick={cancel}>{t("ui.cancel")}</Button>
        <Button kind="primary" disabled={isBusy || preview === undefined || preview.ready === 0} onClick={run}>
          {isChecking ? t("import.whenChecked") : t("import.run", { count: preview?.ready ?? 0 })}
        </Button>
      </footer>
    </div>
  );
};

const DELIMITERS: Readonly<Record<string, string>> = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar" };
const delimiterWord = (delimiter: string): string => DELIMITERS[delimiter] ?? delimiter;
