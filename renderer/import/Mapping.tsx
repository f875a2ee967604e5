/**
 * Which column goes where, with its first value and what it is read as.
 */
import { History } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ImportPreview } from "../../shared/ipc/answers.ts";
import { Segments } from "../ui/Segments.tsx";
import { Select } from "../ui/Select.tsx";
import { dateOrder, keyColumn, mapFields, withColumn, withDateOrder, withKey } from "./import-map.ts";

export interface MappingProps {
  readonly preview: ImportPreview;
  readonly onMap: (map: Readonly<Record<string, unknown>>) => void;
}

export const Mapping = ({ preview, onMap }: MappingProps) => {
  const { t } = useTranslation();
  const fields = mapFields();
  const order = dateOrder(preview.map);
  const key = keyColumn(preview.map);
  const columns = preview.columns;
  return (
    <>
      <table className="import-table">
        <thead>
          <tr>
            <th scope="col">{t("import.column")}</th>
            <th scope="col">{t("import.firstLine")}</th>
            <th scope="col" className="import-field">
              {t("import.goesTo")}
            </th>
            <th scope="col">{t("import.meaning")}</th>
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <tr key={column.header}>
              <th scope="row" title={column.header}>
                {column.header}
              </th>
              <td className="import-quiet" title={column.first}>
                {column.first}
              </td>
              <td>
                <Select
                  label={t("import.goesToOf", { column: column.header })}
                  value={column.field}
                  options={[
                    { value: null, label: t("import.leaveOut") },
                    ...fields.map((field) => ({ value: field.id, label: field.name })),
                  ]}
                  onChange={(field) => onMap(withColumn(preview.map, column.header, field))}
                />
              </td>
              <td className="import-quiet" title={column.meaning}>
                {column.meaning}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {preview.guessed.length === 0 ? null : (
        <div className="import-section">
          <History className="hint-icon" strokeWidth={1.75} aria-hidden="true" />
          <p className="import-words">{t("import.guessed", { guesses: preview.guessed.join(", ") })}</p>
        </div>
      )}
      <div className="import-options">
        <span className="import-words">{t("import.key")}</span>
        <Select
          label={t("import.key")}
          value={key}
          options={[
            { value: null, label: t("import.noKey") },
            ...columns.map((column) => ({ value: column.header, label: column.header })),
          ]}
          onChange={(header) => onMap(withKey(preview.map, header))}
        />
        {order === undefined ? null : (
          <>
            <span className="import-words">{t("import.dates")}</span>
            <span>
              <Segments
                label={t("import.dates")}
                value={order}
                options={[
                  { value: "month", label: t("import.monthFirst") },
                  { value: "day", label: t("import.dayFirst") },
                ]}
                onChange={(next) => onMap(withDateOrder(preview.map, next))}
              />
            </span>
          </>
        )}
      </div>
    </>
  );
};
