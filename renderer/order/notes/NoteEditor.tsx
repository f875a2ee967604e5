/**
 * A text that several people write at once, edited where it stands. Loaded lazily with CodeMirror. Trouble is one quiet line
 * below it, never a dialog; what was typed stays in the field until it is safe.
 */
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RecordId } from "../../../shared/ids.ts";
import type { Host } from "../../../shared/ipc/contract.ts";
import type { OpenAt } from "../../state/view.ts";
import { openNoteSession } from "./note-session.ts";
import { createNoteView } from "./note-view.ts";
import "./notes.css";

/** What was typed before the text was there, and whether it was being typed still. */
export interface Early {
  readonly text: string;
  readonly hasFocus: boolean;
}

export interface NoteEditorProps {
  readonly host: Host;
  readonly record: RecordId;
  /** A text field of the record's type: `notes`, `description`. */
  readonly field: string;
  /** What the field is called, for people and screen readers. */
  readonly label: string;
  readonly placeholder: string;
  /** Begin a new paragraph at once; a new object asks anew. */
  readonly focus: OpenAt | undefined;
  readonly readOnly: boolean;
  readonly isShown: boolean;
  /** The text is there: the place that was held for it gives way in this call, and what was typed into it. */
  readonly ready: () => Early;
}

const NoteEditor = ({ host, record, field, label, placeholder, focus, readOnly, isShown, ready }: NoteEditorProps) => {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
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
        const { text, hasFocus } = ready();
        view.show(doc);
        if (hasFocus) view.append();
        if (text !== "") view.write(text);
        append.current = view.append;
      },
      trouble: setTrouble,
    });
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
  }, [host, record, field, label, placeholder, readOnly, ready]);

  // Now, and once more after a menu that closes has given the focus back to its card. Not while it is being typed in.
  useEffect(() => {
    if (focus === undefined) return undefined;
    append.current?.();
    const timer = setTimeout(() => {
      if (document.activeElement !== frame.current) append.current?.();
    });
    return () => clearTimeout(timer);
  }, [focus]);

  return (
    <div className="note-editor">
      <div
        ref={frame}
        className="field note-frame"
        style={isShown ? undefined : { display: "none" }}
        data-inline={readOnly ? "" : undefined}
        data-note={field}
      />
      <p role="status" className="note-trouble">
        {trouble === null ? "" : t("order.noteNotKept", { advice: trouble })}
      </p>
    </div>
  );
};

export default NoteEditor;
