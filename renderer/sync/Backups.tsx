/**
 * The backups of this desk: when, how much, whether checked; one more at a press, and the way back to one. The host asks before it
 * restores; where it has no way to ask (a board in a browser), the row says the line for the command line instead. What is shown here is
 * the folder's own list. A button that was pressed keeps the focus, so nothing here is disabled while it works.
 */
import { Archive, TriangleAlert } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Backup, BackupList } from "../../shared/ipc/answers.ts";
import { timeWords } from "../frame/sync-words.ts";
import { useDays } from "../hooks.ts";
import { adviceOf, codeOf } from "../state/advice.ts";
import { call } from "../state/desk.ts";
import { say } from "../state/said.ts";
import { Button } from "../ui/Button.tsx";
import { restoreLine } from "./restore-line.ts";
import { SyncItem } from "./SyncItem.tsx";

const MEGABYTE = 1_000_000;
/** So many are shown until all are asked for. */
const SHOWN = 4;

/** What a page may not do, as the line to type; it stays until another backup is asked for. */
const ByCommand = ({ backup }: { readonly backup: Backup }) => {
  const { t } = useTranslation();
  const line = restoreLine(backup);
  return (
    <div className="sync-command" role="status">
      <p className="sync-item-words">{t("backup.byCommand")}</p>
      <code className="sync-line">{line}</code>
      <button
        type="button"
        className="link"
        onClick={() => {
          navigator.clipboard.writeText(line).then(
            () => say(t("backup.lineCopied")),
            () => say(t("backup.lineNotCopied")),
          );
        }}
      >
        {t("backup.copyLine")}
      </button>
    </div>
  );
};

const BackupRow = ({ backup, now, isBusy, isByCommand, onRestore }: RowProps) => {
  const { t } = useTranslation();
  const { zone } = useDays();
  const size =
    backup.bytes < MEGABYTE
      ? t("backup.kilobytes", { count: Math.ceil(backup.bytes / 1000) })
      : t("backup.megabytes", { count: Math.round(backup.bytes / MEGABYTE) });
  const records = backup.records === null ? "" : t("backup.records", { count: backup.records });
  return (
    <div className="sync-item" data-backup={backup.name}>
      {backup.verified ? (
        <Archive className="hint-icon" strokeWidth={1.75} aria-hidden="true" />
      ) : (
        <TriangleAlert className="hint-icon" strokeWidth={1.75} aria-hidden="true" />
      )}
      <div>
        <p className="sync-item-title tabular">{timeWords(backup.at, now, zone)}</p>
        <p className="sync-item-words tabular">
          {[t(`backup.${backup.kind}`), records, size, backup.verified ? t("backup.checked") : t("backup.unchecked")]
            .filter((words) => words !== "")
            .join(" · ")}
        </p>
      </div>
      <Button aria-disabled={isBusy} onClick={onRestore}>
        {t("backup.restore")}
      </Button>
      {isByCommand ? <ByCommand backup={backup} /> : null}
    </div>
  );
};

interface RowProps {
  readonly backup: Backup;
  readonly now: number;
  readonly isBusy: boolean;
  readonly isByCommand: boolean;
  readonly onRestore: () => void;
}

export const Backups = ({ now }: { readonly now: number }) => {
  const { t } = useTranslation();
  const [list, setList] = useState<BackupList>();
  const [isBusy, setBusy] = useState(false);
  const [isWhole, setWhole] = useState(false);
  const [byCommand, setByCommand] = useState<string>();
  const load = useCallback(
    () =>
      call("backup.list", {}).then(setList, (error: unknown) => {
        say(adviceOf(error));
      }),
    [],
  );
  useEffect(() => void load(), [load]);

  const run = async (work: () => Promise<string | undefined>) => {
    if (isBusy) return;
    setBusy(true);
    try {
      const done = await work();
      if (done !== undefined) say(done);
    } catch (error) {
      say(adviceOf(error));
    }
    await load();
    setBusy(false);
  };
  const create = () =>
    run(async () => {
      const { records } = await call("backup.create", {});
      return t("backup.made", { count: records ?? 0 });
    });
  const restore = ({ name }: Backup) =>
    run(async () => {
      setByCommand(undefined);
      try {
        await call("backup.restore", { name });
        return t("backup.restoring");
      } catch (error) {
        if (codeOf(error) !== "confirm_elsewhere") throw error;
        setByCommand(name);
        return undefined;
      }
    });
  if (list === undefined) return null;
  const shown = isWhole ? list.backups : list.backups.slice(0, SHOWN);
  return (
    <section aria-label={t("backup.title")}>
      <div className="sync-caption">
        <span>{t("backup.title")}</span>
        <button type="button" className="link" aria-disabled={isBusy} onClick={create}>
          {isBusy ? t("backup.working") : t("backup.create")}
        </button>
      </div>
      {list.problem === null ? null : (
        <div role="status">
          <SyncItem icon={TriangleAlert} title={t("backup.problem")} words={list.problem} />
        </div>
      )}
      {list.backups.length === 0 ? (
        <div className="sync-item">
          <Archive className="hint-icon" strokeWidth={1.75} aria-hidden="true" />
          <p className="sync-item-words">{t("backup.none")}</p>
        </div>
      ) : (
        shown.map((backup) => (
          <BackupRow
            key={backup.name}
            backup={backup}
            now={now}
            isBusy={isBusy}
            isByCommand={backup.name === byCommand}
            onRestore={() => restore(backup)}
          />
        ))
      )}
      {shown.length < list.backups.length ? (
        <div className="sync-caption">
          <button type="button" className="link" onClick={() => setWhole(true)}>
            {t("backup.more", { count: list.backups.length - shown.length })}
          </button>
        </div>
      ) : null}
    </section>
  );
};
