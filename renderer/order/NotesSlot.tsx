/**
 * The notes of an order: one text, edited where it stands by whoever has it open. The editor is loaded when it is first needed.
 */
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { RecordId } from "../../shared/ids.ts";
import { useDesk } from "../hooks.ts";

const NoteEditor = lazy(() => import("./notes/NoteEditor.tsx"));

export interface NotesSlotProps {
  readonly order: RecordId;
  /** The person pressed N: the field wants the focus. */
  readonly focus: boolean;
}

export const NotesSlot = ({ order, focus }: NotesSlotProps) => {
  const { t } = useTranslation();
  const host = useDesk((state) => state.carrier?.host);
  const isViewer = useDesk((state) => state.info?.role === "viewer");
  if (host === undefined) return null;
  return (
    <Suspense fallback={<div className="field note-frame" aria-busy="true" />}>
      <NoteEditor
        host={host}
        record={order}
        field="notes"
        label={t("field.notes")}
        placeholder={t("order.addNote")}
        focus={focus}
        readOnly={isViewer}
      />
    </Suspense>
  );
};
