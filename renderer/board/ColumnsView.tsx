/**
 * The board as status columns: five, side by side.
 */
import { useTranslation } from "react-i18next";
import { COLUMNS } from "../../shared/domain/status.ts";
import { Column } from "./Column.tsx";
import "./columns.css";

export const ColumnsView = () => {
  const { t } = useTranslation();
  return (
    <div className="columns" data-board="columns" role="region" aria-label={t("view.board")}>
      {COLUMNS.map((name) => (
        <Column key={name} name={name} />
      ))}
    </div>
  );
};
