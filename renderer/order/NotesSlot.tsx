/**
 * A text of an order (notes, description), edited where it stands by whoever has it open. The editor is loaded when it is first
 * needed.
 */
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { RecordId } from "../../shared/ids.ts";
import { useDesk } from "../hooks.ts";

const NoteEditor = lazy(() => import("./notes/NoteEditor.tsx"));

export interface NotesSlotProps {
  readonly order: RecordId;
  readonly field: "notes" | "description";
  /** The person pressed N: the field wants the focus. */
  readonly focus: boolean;
}

export const NotesSlot = ({ order, field, focus }: NotesSlotProps) => {
  const { t } = useTranslation();
  const host = useDesk((state) => state.carrier?.host);
  const isViewer = useDesk((state) => state.info?.role === "viewer");
  if (host === undefined) return null;
  return (
    <Suspense fallback={<div className="field note-frame" aria-busy="true" />}>
      <NoteEditor
        host={host}
        record={order}
        field={field}
        label={t(`field.${field}`)}
        placeholder={t(field === "notes" ? "order.addNote" : "order.addDescription")}
        focus={focus}
        readOnly={isViewer}
      />
    </Suspense>
  );
};
