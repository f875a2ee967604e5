/**
 * A text that several people write at once, edited where it stands. Loaded lazily with CodeMirror. Trouble is one quiet line
 * below it, never a dialog; what was typed stays in the field until it is safe.
 */
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RecordId } from "../../../shared/ids.ts";
import type { Host } from "../../../shared/ipc/contract.ts";
import { openNoteSession } from "./note-session.ts";
import { createNoteView } from "./note-view.ts";
import "./notes.css";

export interface NoteEditorProps {
  readonly host: Host;
  readonly record: RecordId;
  /** A text field of the record's type: `notes`, `description`. */
  readonly field: string;
  /** What the field is called, for people and screen readers. */
  readonly label: string;
  readonly placeholder: string;
  /** Begin a new paragraph at once. */
  readonly focus?: boolean;
  readonly readOnly?: boolean;
}

const NoteEditor = ({ host, record, field, label, placeholder, focus = false, readOnly = false }: NoteEditorProps) => {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const wantsFocus = useRef(focus);
  const append = useRef<() => void>(undefined);
  const [trouble, setTrouble] = useState<string | null>(null);

  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    const view = createNoteView({ root, label, placeholder, readOnly });
    const session = openNoteSession({
      host,
      record,
      field,
      opened: (doc) => {
        view.show(doc);
        if (wantsFocus.current) view.append();
        wantsFocus.current = false;
      },
      trouble: setTrouble,
    });
    append.current = view.append;
    const flush = () => session.flush();
    window.addEventListener("pagehide", flush);
    document.addEventListener("visibilitychange", flush);
    element.addEventListener("focusout", flush);
    return () => {
      window.removeEventListener("pagehide", flush);
      document.removeEventListener("visibilitychange", flush);
      element.removeEventListener("focusout", flush);
      append.current = undefined;
      session.close();
      view.destroy();
    };
  }, [host, record, field, label, placeholder, readOnly]);

  useEffect(() => {
    if (focus) append.current?.();
  }, [focus]);

  return (
    <div className="note-editor">
      <div ref={frame} className="field note-frame" data-inline={readOnly ? "" : undefined} data-note={field} />
      <p role="status" className="note-trouble">
        {trouble === null ? "" : t("order.noteNotKept", { advice: trouble })}
      </p>
    </div>
  );
};

export default NoteEditor;
