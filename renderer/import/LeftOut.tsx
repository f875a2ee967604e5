/**
 * The lines that are left out, each with its place in the file and the reason. They can be kept as a file to mend.
 */
import { useTranslation } from "react-i18next";
import type { BadRow, ImportFile } from "../../shared/ipc/answers.ts";
import { Button } from "../ui/Button.tsx";

const SHOWN = 200;

/** A leading sign would make a spreadsheet run it as a formula. */
const cell = (text: string): string => `"${(/^[=+\-@]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

const save = (file: ImportFile, bad: readonly BadRow[]): void => {
  const lines = ["line,column,reason", ...bad.map((row) => [String(row.line), cell(row.column), cell(row.reason)].join(","))];
  const url = URL.createObjectURL(new Blob([`${lines.join("\r\n")}\r\n`], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${file.name.replace(/\.\w+$/, "")} left out.csv`;
  link.click();
  URL.revokeObjectURL(url);
};

export const LeftOut = ({ file, bad }: { readonly file: ImportFile; readonly bad: readonly BadRow[] }) => {
  const { t } = useTranslation();
  return (
    <>
      <div className="import-section">
        <h2>{t("import.leftOut")}</h2>
        <span className="import-quiet tabular">{t("import.leftOutCount", { count: bad.length })}</span>
        <Button kind="plain" onClick={() => save(file, bad)}>
          {t("import.saveLines")}
        </Button>
      </div>
      <table className="import-table" data-testid="left-out">
        <thead>
          <tr>
            <th scope="col" className="import-line">
              {t("import.line")}
            </th>
            <th scope="col" className="import-will">
              {t("import.columnShort")}
            </th>
            <th scope="col">{t("import.reason")}</th>
          </tr>
        </thead>
        <tbody>
          {bad.slice(0, SHOWN).map((row, index) => (
            // A line may be left out for two reasons.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={`${row.line} ${index}`}>
              <td className="import-quiet tabular">{row.line}</td>
              <td title={row.column}>{row.column}</td>
              <td title={row.reason}>{row.reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {bad.length > SHOWN ? <p className="import-section import-quiet">{t("import.moreLeftOut", { count: bad.length - SHOWN })}</p> : null}
    </>
  );
};
