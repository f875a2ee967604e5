/**
 * The first lines as the orders they will be.
 */
import { useTranslation } from "react-i18next";
import type { ImportPreview } from "../../shared/ipc/answers.ts";

export const Preview = ({ preview }: { readonly preview: ImportPreview }) => {
  const { t } = useTranslation();
  return (
    <>
      <div className="import-section">
        <h2>{t("import.preview")}</h2>
        <span className="import-quiet tabular">{t("import.ready", { count: preview.ready })}</span>
      </div>
      <table className="import-table">
        <thead>
          <tr>
            <th scope="col" className="import-line">
              {t("import.line")}
            </th>
            <th scope="col">{t("import.order")}</th>
            <th scope="col">{t("import.values")}</th>
            <th scope="col" className="import-will">
              {t("import.will")}
            </th>
          </tr>
        </thead>
        <tbody>
          {preview.preview.map((row) => {
            const values = Object.entries(row.values)
              .filter(([field]) => field !== "title")
              .map(([, value]) => value)
              .join(" · ");
            return (
              <tr key={row.line}>
                <td className="import-quiet tabular">{row.line}</td>
                <th scope="row" title={row.title}>
                  {row.title}
                </th>
                <td className="import-quiet" title={values}>
                  {values}
                </td>
                <td>{t(`importWill.${row.will}`)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
};
